import type { HealthResult } from '../health/model.ts';
import { nameOf, type KubeObject } from '../object.ts';
import { alone, type Steps } from './exchange.ts';
import * as say from './messages.ts';
import type { HookPhase } from './model.ts';
import { Failure, getLive } from './requests.ts';
import type { PassState } from './state.ts';
import type { SyncTask } from './task.ts';

/** State and message of a hook by its live object; or why its health is not known. */
export type HookState = { readonly state: HookPhase; readonly message: string } | { readonly error: string };

const isError = (health: HealthResult): health is { readonly error: string } => health !== null && 'error' in health;

/** Source: sync_context.go `getOperationPhase`. */
export function hookState(state: PassState, live: KubeObject): HookState {
  const health = state.input.health(live);
  if (isError(health)) return { error: `failed to get resource health: ${health.error}` };
  switch (health?.status) {
    case 'Unknown':
    case 'Degraded':
      return { state: 'Failed', message: health.message };
    case 'Progressing':
    case 'Suspended':
      return { state: 'Running', message: health.message };
    case 'Healthy':
      return { state: 'Succeeded', message: health.message };
    case 'Missing':
    case '':
    case undefined:
      return { state: 'Succeeded', message: say.created(nameOf(live)) };
  }
}

/** Brings running tasks up to date with their live objects. Source: sync_context.go `Sync`. */
export function refresh(state: PassState, tasks: readonly SyncTask[]): void {
  for (const task of tasks) {
    if (!task.running || !task.live) continue;
    if (task.hook) refreshHook(state, task, task.live.object);
    else refreshResource(state, task, task.live.object);
  }
}

function refreshHook(state: PassState, task: SyncTask, live: KubeObject): void {
  const now = hookState(state, live);
  if ('error' in now) state.results.record(task, task.status, 'Error', `failed to get resource health: ${now.error}`);
  else state.results.record(task, task.status, now.state, now.message);
}

/** A resource whose health is neither good nor bad, or cannot be told, goes on running. */
function refreshResource(state: PassState, task: SyncTask, live: KubeObject): void {
  const health = state.input.health(live);
  if (health === null) state.results.record(task, task.status, 'Succeeded', task.message);
  else if (isError(health)) return;
  else if (health.status === 'Healthy') state.results.record(task, task.status, 'Succeeded', health.message);
  else if (health.status === 'Degraded') state.results.record(task, task.status, 'Failed', health.message);
}

/** Looks for running tasks that the watch cache does not show: what is gone can never become healthy. */
export function* findMissing(state: PassState, tasks: readonly SyncTask[]): Steps<void> {
  for (const task of tasks) {
    if (task.live) continue;
    const found = yield* alone(state, getLive(state, task));
    if (!(found instanceof Failure)) continue;
    if (found.notFound) state.results.record(task, 'SyncFailed', 'Error', say.missing(task));
    else state.results.record(task, task.status, 'Error', `Failed to get live resource ${found.error}`);
  }
}
