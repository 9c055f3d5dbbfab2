import { compareBytes } from '../object.ts';
import type { ResourceResult } from './model.ts';

/** What a message says of a task. */
interface Named {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly hook: boolean;
}

const label = (task: Named): string => `${task.group}/${task.kind}/${task.name}`;
const distinct = (messages: readonly string[]): string[] => [...new Set(messages)].sort(compareBytes);

/** What a message of an operation waits for. */
export type Awaited = 'completion' | 'deletion' | 'confirmation' | 'deletion confirmation';

/**
 * `waiting for completion of hook batch/Job/migrate and 2 more resources`; empty when nothing is awaited. A hook is
 * named before any resource. Source: sync_context.go `setRunningPhase`.
 */
export function waiting(tasks: readonly Named[], awaited: Awaited): string {
  const hooks = tasks.filter((task) => task.hook);
  const first = hooks[0] ?? tasks[0];
  if (!first) return '';
  const what = {
    completion: hooks.length > 0 ? 'completion of hook' : 'healthy state of',
    deletion: hooks.length > 0 ? 'deletion of hook' : 'deletion of',
    confirmation: 'pruning confirmation of',
    'deletion confirmation': 'deletion confirmation of',
  }[awaited];
  const others = tasks.length - 1;
  const sort = hooks.length === tasks.length ? 'hooks' : 'resources';
  return `waiting for ${what} ${label(first)}${others > 0 ? ` and ${others} more ${sort}` : ''}`;
}

/** A message with its reasons, each once, in the order of their bytes. Source: sync_context.go `executeSyncFailPhase`. */
export const withReasons = (message: string, reasons: readonly string[]): string =>
  reasons.length === 0 ? message : `${message}, reason: ${distinct(reasons).join(',')}`;

/** Tasks were found invalid. Source: sync_context.go `Sync`. */
export function invalid(messages: readonly string[]): string {
  const reasons = distinct(messages.filter((message) => message !== ''));
  const text = 'one or more synchronization tasks are not valid';
  return reasons.length === 0 ? text : `${text}: ${reasons.join('; ')}`;
}

const TOO_LONG = 'metadata.annotations: Too long: must have at most 262144 bytes';

/**
 * The message of a result as Argo CD shows it: two errors of the API server are told so that one knows what to do.
 * @param installed a version in which the server knows the kind
 * Source: util/argo/argo.go `AugmentSyncMsg`.
 */
export function shownMessage(result: ResourceResult, installed: string | undefined): string {
  const { group, version, kind, namespace, name, message } = result;
  if (message.includes('the server could not find the requested resource')) {
    const place = `for requested resource ${namespace}/${name}.`;
    return installed === undefined
      ? `The Kubernetes API could not find ${group}/${kind} ${place} Make sure the "${kind}" CRD is installed on the destination cluster.`
      : `The Kubernetes API could not find version "${version}" of ${group}/${kind} ${place} Version "${installed}" of ${group}/${kind} is installed on the destination cluster.`;
  }
  if (!message.includes(TOO_LONG) || message.includes('-Additional Info:')) return message;
  return `${message} \n -Additional Info: This error usually means that you are trying to add a large resource on client side. Consider using Server-side apply or syncing with replace enabled. Note: Syncing with Replace enabled is potentially destructive as it may cause resource deletion and re-creation.`;
}

export const missing = (task: Named): string => `Resource ${label(task)} is missing, it might have been deleted`;
export const created = (name: string): string => `${name} created`;
export const updated = (kind: string, name: string): string => `${kind}/${name} updated`;

export const SUCCEEDED_ALL_RUN = 'successfully synced (all tasks run)';
export const SUCCEEDED_NO_MORE = 'successfully synced (no more tasks)';
export const TASKS_RUNNING = 'one or more tasks are running';
export const DRY_RUN_FAILED = 'one or more objects failed to apply (dry run)';
export const APPLY_FAILED = 'one or more objects failed to apply';
export const TASKS_UNSUCCESSFUL = 'one or more synchronization tasks completed unsuccessfully';
export const SYNC_FAIL_HOOKS_FAILED = 'one or more SyncFail hooks failed';
export const NAMESPACE_FAILED = 'the namespace failed to apply';
export const TERMINATED = 'Operation terminated';
export const TERMINATED_WITH_ERRORS = 'Operation termination had errors';
export const HOOK_TERMINATED = 'Terminated';
export const DELETED = 'successfully deleted';
export const DELETED_RESOURCE = 'deleted';
export const DELETING_RESOURCE = 'is being deleted';
export const DELETION_FAILED = 'one or more objects failed to be deleted';
export const PRUNED = 'pruned';
export const PRUNED_DRY_RUN = 'pruned (dry run)';
export const PRUNING_REQUIRED = 'ignored (requires pruning)';
export const PRUNING_REFUSED = 'ignored (no prune)';
