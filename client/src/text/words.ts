import type { PlanTask } from '#core/plan/model';
import { taskName } from '#core/plan/query';
import { hookNotes } from '#core/plan/words';

/** `Job/db-migration`; a generated name is its prefix with an ellipsis. */
export const taskLabel = (task: PlanTask): string => `${task.kind}/${taskName(task)}`;

/** `Job/db-migration` of a key `batch/Job/shop/db-migration`. */
export function keyLabel(key: string): string {
  const [, kind = '', , ...name] = key.split('/');
  return `${kind}/${name.join('/')}`;
}

/** What a task is, for a person: a hook and what becomes of it, or a deletion. */
export function taskNotes(task: PlanTask): string {
  if (task.prune) return 'deleted: not in the manifests any more';
  if (task.hook.length === 0) return '';
  return ['hook', ...hookNotes(task)].join(', ');
}

const SAFE = /^[\w@%+=:,./-]+$/;

/** A word as it is typed in a shell. */
export const shellWord = (word: string): string =>
  SAFE.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;

/** A sentence without its dot, for use inside of another. */
export const withoutDot = (text: string): string => text.replace(/\.$/, '');
