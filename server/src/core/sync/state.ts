import { reconcile, type Reconciliation } from '../plan/reconcile.ts';
import { waiting } from './messages.ts';
import type { OperationPhase, OperationState, PassInput, SyncOptions } from './model.ts';
import { requiresConfirmation } from './prune-option.ts';
import { Results } from './results.ts';
import type { SyncTask } from './task.ts';

/** What one pass works on: its input, and what it has come to so far. */
export class PassState {
  readonly input: PassInput;
  readonly options: SyncOptions;
  readonly reconciliation: Reconciliation;
  readonly results: Results;
  #operation: OperationState;
  #batches = 0;

  constructor(input: PassInput) {
    this.input = input;
    this.options = input.options;
    this.reconciliation = reconcile(input.targets, input.live);
    this.results = new Results(input.results);
    this.#operation = input.operation;
  }

  get operation(): OperationState {
    return this.#operation;
  }

  set(phase: OperationPhase, message: string): void {
    this.#operation = { phase, message };
  }

  /** The operation goes on and waits for these tasks. Source: sync_context.go `setRunningPhase`. */
  wait(tasks: readonly SyncTask[], awaited: 'completion' | 'deletion'): void {
    const toConfirm = this.options.pruneConfirmed
      ? []
      : tasks.filter((task) => task.prune && requiresConfirmation(task, this.options));
    const message = toConfirm.length > 0 ? waiting(toConfirm, 'confirmation') : waiting(tasks, awaited);
    this.set('Running', message);
  }

  /** A number for the next batch. */
  nextBatch(): number {
    return this.#batches++;
  }
}
