import type { PlanTask } from './model.ts';

/** `wave −1`: with a true minus sign, as people read numbers. */
export const waveText = (wave: number): string => `wave ${wave < 0 ? `−${-wave}` : wave}`;

/**
 * What becomes of a hook, short: `deleted when the sync succeeds`.
 * @param generated its name is another one in each sync, so that no sync finds what an earlier one left
 */
export function policyNotes(policies: readonly string[], generated: boolean): string[] {
  const succeeded = policies.includes('HookSucceeded');
  const failed = policies.includes('HookFailed');
  const end = succeeded && failed ? 'has ended' : succeeded ? 'succeeds' : failed ? 'fails' : undefined;
  const deleted = end === undefined ? [] : [`deleted when the sync ${end}`];
  if (generated) return ['new name every sync', ...(end === undefined ? ['never deleted'] : deleted)];
  return policies.includes('BeforeHookCreation') ? [...deleted, 'replaced by the next sync'] : deleted;
}

/** The same for a task of the plan; empty for what is no hook. */
export const hookNotes = (task: Pick<PlanTask, 'hook' | 'deletePolicies' | 'name' | 'generateName'>): string[] =>
  task.hook.length === 0 ? [] : policyNotes(task.deletePolicies, task.generateName !== null && task.name === '');
