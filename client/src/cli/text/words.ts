import type { PlanTask } from '#core/plan/model';
import { taskName } from '#core/plan/query';

/** `Job/db-migration`; a generated name is its prefix with an ellipsis. */
export const taskLabel = (task: PlanTask): string => `${task.kind}/${taskName(task)}`;

/** `Job/db-migration` of a key `batch/Job/shop/db-migration`. */
export function keyLabel(key: string): string {
  const [, kind = '', , ...name] = key.split('/');
  return `${kind}/${name.join('/')}`;
}

const POLICIES: Readonly<Record<string, string>> = {
  HookSucceeded: 'deleted when the sync succeeds',
  HookFailed: 'deleted when the sync fails',
  BeforeHookCreation: 'replaced by the next sync',
};

/** What a task is, for a person: a hook and what becomes of it, or a deletion. */
export function taskNotes(task: PlanTask): string {
  if (task.prune) return 'deleted: not in the manifests any more';
  if (task.hook.length === 0) return '';
  const generated = task.generateName !== null && task.name === '' ? ['new name every sync'] : [];
  return ['hook', ...generated, ...task.deletePolicies.flatMap((policy) => POLICIES[policy] ?? [])].join(', ');
}
