import { batchesOf } from '../plan/order.ts';
import { applyTask } from './apply.ts';
import { together, type Steps } from './exchange.ts';
import { removeFinalizer } from './finalizers.ts';
import type { HookPhase, ResultStatus } from './model.ts';
import { pruneTask, type Done } from './prune.ts';
import { requiresConfirmation } from './prune-option.ts';
import { deleteLive } from './requests.ts';
import type { PassState } from './state.ts';
import type { SyncTask } from './task.ts';

/** What came of a group: all went well; something has to go, or be confirmed, first; something failed. */
export type GroupState = 'ok' | 'pending' | 'failed';

/** Source: sync_context.go `operationPhases`. */
const STATES: Readonly<Record<ResultStatus, HookPhase>> = {
  '': '',
  Synced: 'Running',
  SyncFailed: 'Failed',
  Pruned: 'Succeeded',
  PruneSkipped: 'Succeeded',
};

/**
 * Runs tasks together, for good or as a dry run: finalizers of left-over hooks, prunes, deletion of left-over hooks,
 * then the targets, one batch of a kind after the other. Source: sync_context.go `runTasks`.
 */
export function* runGroup(state: PassState, tasks: readonly SyncTask[], dryRunOnly: boolean): Steps<GroupState> {
  const dryRun = dryRunOnly || state.options.dryRun;
  yield { stage: 'run', dryRun, tasks: tasks.map((task) => task.index) };
  const prunes = tasks.filter((task) => task.prune);
  const creates = tasks.filter((task) => !task.prune);
  if (!dryRun && !(yield* removeFinalizers(state, tasks))) return 'failed';
  const unconfirmed = !state.options.pruneConfirmed && prunes.some((task) => requiresConfirmation(task, state.options));
  if (unconfirmed) return 'pending';
  if (!(yield* runPrunes(state, prunes, dryRun))) return 'failed';
  const deleted = dryRun ? 'ok' : yield* deleteLeftOvers(state, creates);
  if (deleted !== 'ok') return deleted;
  let result: GroupState = 'ok';
  for (const batch of batchesOf(creates.map(asOrderable))) {
    const ok = yield* runCreates(
      state,
      batch.map(({ task }) => task),
      dryRun,
    );
    if (!ok) result = 'failed';
  }
  return result;
}

const asOrderable = (task: SyncTask) => ({ task, target: task.target, live: task.live?.object });

function* removeFinalizers(state: PassState, tasks: readonly SyncTask[]): Steps<boolean> {
  const hooks = tasks.filter((task) => task.hook && task.pending && task.live);
  const members = hooks.map((task) => removeFinalizer(state, task));
  const failures = yield* together(state, 'finalizers', false, members);
  hooks.forEach((task, i) => {
    const failure = failures[i];
    if (failure) state.results.record(task, task.status, 'Error', `failed to remove hook finalizer: ${failure.error}`);
  });
  return failures.every((failure) => failure === undefined);
}

function* runPrunes(state: PassState, tasks: readonly SyncTask[], dryRun: boolean): Steps<boolean> {
  const members = tasks.map((task) => pruneTask(state, task, dryRun));
  return record(state, tasks, yield* together(state, 'prune', dryRun, members), dryRun);
}

function* runCreates(state: PassState, batch: readonly SyncTask[], dryRun: boolean): Steps<boolean> {
  const tasks = batch.filter((task) => !(dryRun && task.skipDryRun));
  const members = tasks.map((task) => applyTask(state, task, task.target ?? task.object, dryRun));
  return record(state, tasks, yield* together(state, 'create', dryRun, members), dryRun);
}

/** Writes results; of a dry run only failures, unless the whole operation is one. False where something failed. */
function record(state: PassState, tasks: readonly SyncTask[], outcomes: readonly Done[], dryRun: boolean): boolean {
  tasks.forEach((task, i) => {
    const outcome = outcomes[i];
    if (!outcome || (dryRun && !state.options.dryRun && outcome.status !== 'SyncFailed')) return;
    const reached = STATES[outcome.status];
    // Nothing is created in a dry run, so there is nothing to wait for.
    const at = state.options.dryRun && reached === 'Running' ? 'Succeeded' : reached;
    state.results.record(task, outcome.status, at, outcome.message);
  });
  return outcomes.every((outcome) => outcome.status !== 'SyncFailed');
}

/** BeforeHookCreation. What was not there any more is created at once; for what was deleted a later pass waits. */
function* deleteLeftOvers(state: PassState, creates: readonly SyncTask[]): Steps<GroupState> {
  const tasks = creates.filter((task) => task.deletedBeforeCreation);
  const members = tasks.map((task) => deleteLive(state, task));
  const failures = yield* together(state, 'delete', false, members);
  let result: GroupState = 'ok';
  tasks.forEach((task, i) => {
    const failure = failures[i];
    if (!failure) {
      if (result === 'ok') result = 'pending';
    } else if (failure.notFound) task.live = undefined;
    else {
      result = 'failed';
      state.results.record(task, task.status, 'Error', `failed to delete resource: ${failure.error}`);
    }
  });
  return result;
}
