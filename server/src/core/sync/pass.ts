import { isTerminating, keyOf, namespaceOf, objectIdOf } from '../object.ts';
import { buildTasks, type Built } from './build.ts';
import type { Steps } from './exchange.ts';
import { deleteHooks, failPhase } from './fail-phase.ts';
import { runGroup } from './group.ts';
import * as say from './messages.ts';
import type { Pass, PassInput, PassOutcome, TaskView } from './model.ts';
import { isNamespace } from './namespace.ts';
import { findMissing, refresh } from './refresh.ts';
import { PassState } from './state.ts';
import type { SyncTask } from './task.ts';
import { releaseCompleted, terminateHooks } from './terminate.ts';

/**
 * One pass of a sync: yields what it wants from the cluster and ends with the new state of the operation. It keeps
 * nothing between passes but operation and results. Source: gitops-engine/pkg/sync/sync_context.go `Sync`.
 *
 * A dry-run operation is no different at its end: as Argo CD does, it releases completed hooks and deletes left-over
 * ones whose policy says so. Whoever carries requests out must hold back those of a dry run that are none themselves.
 */
export function* syncPass(input: PassInput): Pass {
  const state = new PassState(input);
  const built = yield* buildTasks(state);
  const views = built.tasks.map((task) => task.view());
  if (built.valid) yield* run(state, built.tasks);
  else refuse(state, built);
  return outcome(state, built.valid, views);
}

/**
 * The pass that ends an operation on request: running hooks are deleted, resources stay as they are.
 * Source: sync_context.go `Terminate`.
 */
export function* terminatePass(input: PassInput): Pass {
  const state = new PassState(input);
  const { tasks, valid } = yield* buildTasks(state);
  const views = tasks.map((task) => task.view());
  yield* releaseCompleted(state, tasks);
  if (yield* terminateHooks(state, tasks)) state.set('Failed', say.TERMINATED);
  else state.set('Error', say.TERMINATED_WITH_ERRORS);
  return outcome(state, valid, views);
}

const outcome = (state: PassState, valid: boolean, tasks: readonly TaskView[]): PassOutcome => ({
  valid,
  tasks,
  operation: state.operation,
  results: state.results.list(),
});

function refuse(state: PassState, { tasks }: Built): void {
  const failed = tasks.filter((task) => task.status === 'SyncFailed');
  state.set('Failed', say.invalid(failed.map((task) => task.message)));
}

function* run(state: PassState, tasks: readonly SyncTask[]): Steps<void> {
  if (!state.results.started && !(yield* prepare(state, tasks))) return;
  refresh(state, tasks);
  const multiStep = isMultiStep(tasks);
  const running = tasks.filter((task) => task.running && (multiStep || task.hook));
  if (running.length > 0) {
    yield* findMissing(state, running);
    state.wait(running, 'completion');
    return;
  }
  const going = tasks.filter(({ status, live }) => status === 'Pruned' && live && isTerminating(live.object));
  if (going.length > 0) {
    state.wait(going, 'deletion');
    return;
  }
  yield* releaseCompleted(state, tasks);
  const left = tasks.filter((task) => task.hook && task.live && !task.running);
  yield* goOn(state, tasks, {
    onSuccess: left.filter((task) => task.has('HookSucceeded')),
    onFailure: left.filter((task) => task.has('HookFailed')),
  });
}

/** First and last task, of all, differ in phase or wave. Source: sync_tasks.go `multiStep`. */
function isMultiStep(tasks: readonly SyncTask[]): boolean {
  const first = tasks[0];
  const last = tasks.at(-1);
  return first?.phase !== last?.phase || first?.wave !== last?.wave;
}

/** Before anything is written: the destination namespace, and a dry run of everything else. False where one failed. */
function* prepare(state: PassState, tasks: readonly SyncTask[]): Steps<boolean> {
  const namespace = tasks.find((task) => !task.live && isNamespace(task.target, state.input.namespace));
  if (namespace && (yield* runGroup(state, [namespace], false)) === 'failed') {
    yield* failPhase(state, [], [namespace], say.NAMESPACE_FAILED);
    return false;
  }
  const dry = outOfSync(
    state,
    tasks.filter((task) => task !== namespace),
  );
  if ((yield* runGroup(state, dry, true)) !== 'failed') return true;
  state.set('Failed', say.DRY_RUN_FAILED);
  return false;
}

/** With ApplyOutOfSyncOnly, what differs from the cluster, and hooks. Source: sync_context.go `filterOutOfSyncTasks`. */
function outOfSync(state: PassState, tasks: readonly SyncTask[]): readonly SyncTask[] {
  if (!state.options.applyOutOfSyncOnly) return tasks;
  const paired = new Set(state.reconciliation.pairs.flatMap(({ key, target, live }) => (target && live ? [key] : [])));
  return tasks.filter((task) => {
    if (task.hook || !task.target || !task.live) return true;
    const key = keyOf({ ...objectIdOf(task.target), namespace: namespaceOf(task.live.object) });
    const modified = state.input.modified?.get(key) ?? (paired.has(key) ? false : undefined);
    return modified !== false;
  });
}

interface LeftHooks {
  readonly onSuccess: readonly SyncTask[];
  readonly onFailure: readonly SyncTask[];
}

/** Nothing that counts is running: fail, end, or run the next group. */
function* goOn(state: PassState, tasks: readonly SyncTask[], hooks: LeftHooks): Steps<void> {
  const syncFail = tasks.filter((task) => task.phase === 'SyncFail');
  const others = tasks.filter((task) => task.phase !== 'SyncFail');
  const failed = others.filter((task) => task.status === 'SyncFailed');
  if (others.some((task) => task.completed && !task.successful)) {
    yield* deleteHooks(state, hooks.onFailure);
    yield* failPhase(state, syncFail, failed, say.TASKS_UNSUCCESSFUL);
    return;
  }
  const pending = outOfSync(
    state,
    others.filter((task) => task.pending),
  );
  const first = pending[0];
  if (!first) {
    yield* deleteHooks(state, hooks.onSuccess);
    state.set('Succeeded', say.SUCCEEDED_NO_MORE);
    return;
  }
  yield* runNext(state, first, pending, syncFail, hooks);
}

const sameStep = (a: SyncTask, b: SyncTask | undefined): boolean => a.phase === b?.phase && a.wave === b.wave;

function* runNext(
  state: PassState,
  first: SyncTask,
  pending: readonly SyncTask[],
  syncFail: readonly SyncTask[],
  hooks: LeftHooks,
): Steps<void> {
  const { phase, wave } = first;
  const group = pending.filter((task) => sameStep(task, first));
  const final = sameStep(first, pending.at(-1));
  state.set('Running', say.TASKS_RUNNING);
  const result = yield* runGroup(state, group, false);
  if (result !== 'failed') {
    yield { stage: 'waveHook', phase, wave, final };
    const error = state.options.waveHookError;
    if (error?.phase === phase && error.wave === wave) {
      yield* terminateHooks(state, group);
      state.set('Error', `SyncWaveHook failed: ${error.message}`);
      return;
    }
  }
  switch (result) {
    case 'failed':
      return yield* failGroup(state, group, syncFail, hooks);
    case 'pending':
      return state.wait(
        group.filter((task) => task.deletedBeforeCreation || (task.prune && task.pending)),
        'deletion',
      );
    case 'ok':
      if (group.length < pending.length || group.some((task) => task.hook)) return state.wait(group, 'completion');
      yield* deleteHooks(state, hooks.onSuccess);
      state.set('Succeeded', say.SUCCEEDED_ALL_RUN);
  }
}

/** Something of a group failed: start the SyncFail hooks, and wait for what the group has started. */
function* failGroup(
  state: PassState,
  group: readonly SyncTask[],
  syncFail: readonly SyncTask[],
  hooks: LeftHooks,
): Steps<void> {
  const failed = group.filter((task) => task.status === 'SyncFailed');
  const running = group.filter((task) => task.running);
  if (running.length > 0) {
    const ended = syncFail.length === 0 || (yield* failPhase(state, syncFail, failed, say.APPLY_FAILED));
    state.wait(ended ? running : [...running, ...syncFail], 'completion');
  } else if (yield* failPhase(state, syncFail, failed, say.APPLY_FAILED)) {
    yield* deleteHooks(state, hooks.onFailure);
  }
}
