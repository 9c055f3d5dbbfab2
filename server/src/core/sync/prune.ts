import { isTerminating, keyOf, objectIdOf } from '../object.ts';
import type { Exchange } from './exchange.ts';
import * as say from './messages.ts';
import type { ResultStatus } from './model.ts';
import { failureOf } from './requests.ts';
import type { PassState } from './state.ts';
import type { SyncTask } from './task.ts';
import { pruneOption } from './prune-option.ts';

/** What came of one request to the cluster for a task. */
export interface Done {
  readonly status: ResultStatus;
  readonly message: string;
}

/**
 * Deletes an object that is no target any more, unless pruning is off, refused, or already under way.
 * Source: sync_context.go `pruneObject`.
 */
export function* pruneTask(state: PassState, task: SyncTask, dryRun: boolean): Exchange<Done> {
  const { options } = state;
  const object = task.live?.object ?? task.object;
  if (!options.prune) return { status: 'PruneSkipped', message: say.PRUNING_REQUIRED };
  if (pruneOption(task, options) === 'false') return { status: 'PruneSkipped', message: say.PRUNING_REFUSED };
  if (dryRun) return { status: 'Pruned', message: say.PRUNED_DRY_RUN };
  if (!isTerminating(object)) {
    const response = yield {
      verb: 'prune',
      key: keyOf(objectIdOf(object)),
      object,
      task: task.index,
      propagation: options.prunePropagationPolicy,
    };
    const failure = failureOf(response);
    if (failure) return { status: 'SyncFailed', message: failure.error };
  }
  return { status: 'Pruned', message: say.PRUNED };
}
