import { hasHealthCheck } from '#core/health/kinds';
import { isTerminating, keyOf, metadataOf, uidOf, type KubeObject, type ObjectId } from '#core/object';
import type { Action, OperationState, PassOutcome, ResourceResult, Response, Step, TaskView } from '#core/sync/model';
import { shownMessage } from '#core/sync/messages';
import { drive, writesNothing, type StepHandler } from './drive.ts';
import type { Engine, Given } from './engine.ts';
import { Journal, type Seen } from './journal.ts';
import { textOf } from './json.ts';
import type { OperationLease } from './lease.ts';
import type { OperationRecord } from './record.ts';
import type { Recorder } from './recorder.ts';
import type { SyncPorts, SyncRequest } from './request.ts';
import type { RunParts } from './run-parts.ts';
import type { Stop } from './signal.ts';
import { waveDelay } from './wave-delay.ts';
import type { OperationEnd } from './model.ts';

const TERMINATING: OperationState = { phase: 'Terminating', message: 'operation is terminating' };
const TIMED_OUT: OperationState = { phase: 'Terminating', message: 'operation is terminating due to timeout' };
const taskKey = (id: ObjectId, phase: string): string => `${keyOf(id)} ${phase}`;

/** What a request is answered that was not made any more. */
const NOT_SENT: Response = { error: 'not sent: the operation was terminated before' };

export interface OperationParts extends RunParts {
  readonly request: SyncRequest;
  readonly ports: SyncPorts;
  /** What its passes do. */
  readonly engine: Engine;
  readonly startedAt: number;
  readonly recorder: Recorder;
  /** What keeps others from syncing the application meanwhile; absent: nothing. */
  readonly lease?: OperationLease | undefined;
  /** The operation was cut off in this state, and goes on. */
  readonly resumed?: OperationRecord | undefined;
}

/**
 * One attempt of an operation: a pass whenever something has happened, until the engine says that it has ended, it is
 * terminated, or nothing more will happen.
 */
export class Attempt {
  readonly #parts: OperationParts;
  /** Given when the operation is to be terminated. */
  readonly #terminate: Stop;
  readonly #terminating: () => OperationState;
  readonly #seen: Seen;
  #journal: Journal;
  #operation: OperationState = { phase: 'Running', message: '' };
  #results: readonly ResourceResult[] = [];
  #tasks: readonly TaskView[] = [];
  #applied: KubeObject[] = [];
  /** Milliseconds of the running pass that were a pause between waves. */
  #delayed = 0;

  /** @param from the state in which the attempt begins, or was cut off */
  constructor(
    parts: OperationParts,
    terminate: Stop,
    timedOut: () => boolean,
    from?: Pick<OperationRecord, 'state' | 'results' | 'journal'>,
  ) {
    this.#parts = parts;
    this.#operation = from?.state ?? this.#operation;
    this.#results = from?.results ?? this.#results;
    this.#journal = new Journal(from?.journal);
    this.#seen = {
      keyOf: (action) => parts.session.keyOfAction(action),
      live: (key) => parts.session.cache.get(key),
      made: (prefix) => parts.session.madeSince(prefix, parts.startedAt),
      health: (object) => parts.ports.cluster.health(object),
    };
    this.#terminate = terminate;
    this.#terminating = () => (timedOut() ? TIMED_OUT : TERMINATING);
  }

  async run(): Promise<OperationEnd> {
    const { bell, ports } = this.#parts;
    // Cut off between the end of an attempt and what follows from it.
    if (this.#hasEnded) return this.#ended();
    const ring = (): void => bell.ring();
    this.#terminate.addEventListener('abort', ring);
    ports.approved?.addEventListener('abort', ring);
    try {
      for (;;) {
        bell.reset();
        if (this.#terminate.aborted && !this.#isCutOff) return await this.terminate();
        const before = ports.clock.now();
        this.#delayed = 0;
        const moved = await this.#pass();
        if (this.#operation.phase !== 'Running') return this.#ended();
        // A pass rests as long as the last one took, so that a storm of news costs half the time at most.
        const took = ports.clock.now() - before - this.#delayed;
        await ports.clock.sleep(Math.min(took, 500), this.#terminate);
        if (!moved && !(await this.#wait())) return this.#ended();
      }
    } finally {
      this.#terminate.removeEventListener('abort', ring);
      ports.approved?.removeEventListener('abort', ring);
    }
  }

  get #hasEnded(): boolean {
    return this.#operation.phase !== 'Running' && this.#operation.phase !== 'Terminating';
  }

  /** A pass was cut off, and has to come to its end first: what it has started has no results yet. */
  get #isCutOff(): boolean {
    return this.#journal.isResumed && this.#operation.phase === 'Running';
  }

  #ended(): OperationEnd {
    return { operation: this.#operation, results: this.#results, finishedAt: this.#parts.ports.clock.now() };
  }

  /** One pass; true where it leaves the operation in another state, so that the next may have more to do. */
  async #pass(): Promise<boolean> {
    const { session, progress, failures } = this.#parts;
    await session.refresh();
    await failures.look(this.#awaited());
    let outcome = await drive(this.#parts.engine.pass(this.#given()), {
      ...this.#stored(),
      perform: (action) => this.#perform(action, () => this.#terminate.aborted),
      started: () => {
        this.#applied = [];
      },
      waveDone: (step) => this.#waveDone(step),
    });
    outcome = { ...outcome, results: outcome.results.map((result) => this.#shown(result)) };
    const moved =
      outcome.operation.message !== this.#operation.message ||
      JSON.stringify(outcome.results) !== JSON.stringify(this.#results);
    await this.#keep(outcome);
    progress.passed(outcome);
    this.#follow(outcome);
    if (outcome.operation.phase === 'Running') this.#parts.waits.passed(outcome.tasks, this.#awaited());
    return moved;
  }

  #shown(result: ResourceResult): ResourceResult {
    const found = this.#parts.session.discovered(result);
    const message = shownMessage(result, 'error' in found ? found.installed : undefined);
    return message === result.message ? result : { ...result, message };
  }

  /** Requests are stored before they are made, and what came of them afterwards. */
  #stored(): Pick<StepHandler, 'asked' | 'answered'> {
    const { recorder, engine, lease } = this.#parts;
    if (engine.dryRun) return {};
    return {
      asked: async (actions) => {
        if (!this.#journal.intend(actions, this.#seen)) return;
        await lease?.ensure();
        await recorder.batch(this.#journal.entries);
      },
      answered: async (actions) => {
        if (!actions.every(writesNothing)) await recorder.batch(this.#journal.entries);
      },
    };
  }

  async #keep(outcome: PassOutcome): Promise<void> {
    this.#operation = outcome.operation;
    this.#results = outcome.results;
    this.#tasks = outcome.tasks;
    this.#parts.failures.passed(outcome.tasks);
    this.#journal = new Journal();
    await this.#parts.recorder.passed(this.#operation, this.#results);
  }

  #given(): Given {
    const { ports } = this.#parts;
    const journal = this.#journal;
    return {
      view: (live) => journal.view(live, this.#seen),
      health: (object) => {
        const before = journal.health(object);
        return before === undefined ? ports.cluster.health(object) : before;
      },
      approved: ports.approved?.aborted === true,
      operation: this.#operation,
      results: this.#results,
    };
  }

  async #perform(action: Action, isOver: () => boolean): Promise<Response> {
    const { session, progress, engine, recorder } = this.#parts;
    if (engine.dryRun && !writesNothing(action)) return {};
    const known = this.#journal.known(action, this.#seen);
    if (known) return this.#note(action, known);
    if (isOver()) return NOT_SENT;
    const going = session.goingAlready(action);
    if (going) return going;
    const response = await session.perform(action);
    this.#journal.answered(action, response);
    if (!writesNothing(action)) recorder.answered(this.#journal.entries);
    const key = session.keyOfAction(action, response);
    progress.answered(action, key, response);
    if (response.error === undefined && action.dryRun === undefined && action.task !== undefined)
      this.#applied.push(session.cache.get(key) ?? action.object);
    return response;
  }

  /** An answer of before, or one that follows from what is there now. */
  #note(action: Action, response: Response): Response {
    const { session } = this.#parts;
    this.#journal.answered(action, response);
    const object = session.cache.get(session.keyOfAction(action));
    if (response.error === undefined && action.task !== undefined && object) this.#applied.push(object);
    return response;
  }

  async #waveDone(step: Extract<Step, { stage: 'waveHook' }>): Promise<void> {
    if (step.final) return;
    const { request, ports } = this.#parts;
    const delay = request.waveDelay ?? waveDelay(this.#applied, (object) => ports.cluster.health(object));
    if (delay <= 0) return;
    // What was waited for before this wave has come to its end: nobody is to be told why it has not.
    this.#parts.waits.passed(this.#tasks, []);
    const before = ports.clock.now();
    await ports.clock.sleep(delay, this.#terminate);
    this.#delayed += ports.clock.now() - before;
  }

  /** Hooks that run: their logs are followed. What was there before this operation has nothing new to say. */
  #follow({ tasks }: PassOutcome): void {
    const { session, logs, startedAt } = this.#parts;
    for (const view of tasks) {
      if (!view.hook || !view.target) continue;
      const key = session.keyOf(view);
      const hook = session.cache.get(key);
      if (!hook || uidOf(hook) === '') continue;
      if (Date.parse(textOf(metadataOf(hook)['creationTimestamp'])) + 1000 > startedAt) logs.follow(key, hook);
    }
  }

  /** Waits for news; false where none will come. */
  async #wait(): Promise<boolean> {
    const { ports, request, startedAt, news, tellStuck } = this.#parts;
    // A Pod that crashes and restarts for ever brings news without end.
    const horizon = startedAt + (request.horizon ?? Infinity);
    const stuck = (): Promise<void> => tellStuck(this.#operation, this.#awaited());
    if (ports.clock.now() < horizon) return news({ terminate: this.#terminate, horizon, stuck });
    await stuck();
    return false;
  }

  /**
   * The tasks that are waited for: those that run (what has no health check is done as soon as it is applied), and those
   * whose object has to go first.
   */
  #awaited(): TaskView[] {
    const running = new Set(
      this.#results
        .filter(({ hookPhase }) => hookPhase === 'Running')
        .map((result) => taskKey(result, result.syncPhase)),
    );
    const { session } = this.#parts;
    const isGoing = (view: TaskView): boolean => {
      if (!view.live) return false;
      const live = session.cache.get(session.keyOf(view));
      return live !== undefined && isTerminating(live);
    };
    const isRunning = (view: TaskView): boolean =>
      running.size > 0 && running.has(taskKey(view, view.phase)) && (view.hook || hasHealthCheck(view));
    return this.#tasks.filter((view) => isGoing(view) || isRunning(view));
  }

  /** Ends the operation on request: what runs as a hook is deleted, everything else stays. */
  async terminate(): Promise<OperationEnd> {
    const { progress, recorder } = this.#parts;
    const state = this.#terminating();
    // Cut off in this very pass: what is known of it stays.
    if (this.#operation.phase !== 'Terminating') await recorder.passed(state, this.#results);
    this.#operation = state;
    progress.operation(state);
    const outcome = await drive(this.#parts.engine.terminate(this.#given()), {
      ...this.#stored(),
      perform: (action) => this.#perform(action, () => false),
    });
    const suffix = state === TIMED_OUT ? ', triggered by controller sync timeout' : '';
    const message = outcome.operation.message + suffix;
    await this.#keep({ ...outcome, operation: { ...outcome.operation, message } });
    progress.passed({ ...outcome, operation: this.#operation });
    return this.#ended();
  }
}
