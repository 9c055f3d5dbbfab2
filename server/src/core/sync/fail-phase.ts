import { alone, type Steps } from './exchange.ts';
import { runGroup } from './group.ts';
import * as say from './messages.ts';
import { deleteLive } from './requests.ts';
import type { PassState } from './state.ts';
import type { SyncTask } from './task.ts';

const reasonsOf = (tasks: readonly SyncTask[]): string[] => tasks.map((task) => task.message);

/**
 * Fails the operation, after its SyncFail hooks: starts those that have not run, all at once, and waits for them.
 * True when nothing is left to wait for. Source: sync_context.go `executeSyncFailPhase`.
 */
export function* failPhase(
  state: PassState,
  syncFail: readonly SyncTask[],
  failed: readonly SyncTask[],
  message: string,
): Steps<boolean> {
  const text = say.withReasons(message, reasonsOf(failed));
  if (syncFail.every((task) => task.completed)) {
    const unable = syncFail.filter((task) => task.status === 'SyncFailed');
    const hooks = unable.length > 0 ? `\n${say.withReasons(say.SYNC_FAIL_HOOKS_FAILED, reasonsOf(unable))}` : '';
    state.set('Failed', text + hooks);
    return true;
  }
  const pending = syncFail.filter((task) => !task.completed && !task.running);
  yield* runGroup(state, pending, false);
  state.wait(pending, 'completion');
  return false;
}

/** Deletes hooks at the end of an operation; a failure is noted on the hook alone. Source: `deleteHooks`. */
export function* deleteHooks(state: PassState, hooks: readonly SyncTask[]): Steps<void> {
  for (const task of hooks) {
    const failure = yield* alone(state, deleteLive(state, task));
    if (failure && !failure.notFound)
      state.results.record(task, task.status, 'Error', `failed to delete resource: ${failure.error}`);
  }
}
