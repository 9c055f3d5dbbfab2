import { alone, type Steps } from './exchange.ts';
import { removeFinalizer } from './finalizers.ts';
import * as say from './messages.ts';
import { hookState } from './refresh.ts';
import { deleteLive, Failure, getLive } from './requests.ts';
import type { PassState } from './state.ts';
import type { SyncTask } from './task.ts';

/**
 * Takes the finalizer off completed hooks, in their order; a failure becomes the hook's result.
 * Source: sync_context.go `Sync`, `Terminate`.
 */
export function* releaseCompleted(state: PassState, tasks: readonly SyncTask[]): Steps<void> {
  for (const task of tasks.filter(({ hook, completed }) => hook && completed)) {
    const failure = yield* alone(state, removeFinalizer(state, task));
    if (failure) state.results.record(task, task.status, 'Error', `Failed to remove hook finalizer: ${failure.error}`);
  }
}

/**
 * Ends every running hook: what has completed meanwhile keeps its outcome, what still runs is deleted. False where one
 * of them could not be ended. Source: sync_context.go `terminateHooksPreemptively`.
 */
export function* terminateHooks(state: PassState, tasks: readonly SyncTask[]): Steps<boolean> {
  let ended = true;
  for (const task of tasks.filter(({ hook, running }) => hook && running)) {
    if (!(yield* terminateHook(state, task))) ended = false;
  }
  return ended;
}

function* terminateHook(state: PassState, task: SyncTask): Steps<boolean> {
  const { results } = state;
  if (!task.live) {
    const found = yield* alone(state, getLive(state, task));
    if (!(found instanceof Failure)) task.live = { object: found };
    else if (!found.notFound) {
      results.record(task, task.status, 'Error', `Failed to get live resource: ${found.error}`);
      return false;
    }
  }
  if (!task.live) {
    results.record(task, task.status, 'Succeeded', say.HOOK_TERMINATED);
    return true;
  }
  const now = hookState(state, task.live.object);
  const unknown = 'error' in now;
  if (unknown) results.record(task, task.status, 'Error', `Failed to get hook health: ${now.error}`);
  const held = yield* alone(state, removeFinalizer(state, task));
  if (held) {
    results.record(task, task.status, 'Error', `Failed to remove hook finalizer: ${held.error}`);
    return false;
  }
  if (unknown || now.state === 'Running' || task.has('HookFailed')) {
    const failure = yield* alone(state, deleteLive(state, task));
    if (failure && !failure.notFound) {
      results.record(task, task.status, 'Failed', `Failed to delete: ${failure.error}`);
      return false;
    }
  }
  if (!unknown && now.state !== 'Running') results.record(task, task.status, now.state, now.message);
  else if (!unknown) results.record(task, task.status, 'Failed', say.HOOK_TERMINATED);
  return true;
}
