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
export function hookNotes(task: Pick<PlanTask, 'hook' | 'deletePolicies' | 'name' | 'generateName'>): string[] {
  const { hook, deletePolicies } = task;
  if (hook.length === 0) return [];
  if (hook.every((phase) => phase === 'PreDelete' || phase === 'PostDelete'))
    return deletionNotes(hook, deletePolicies);
  return policyNotes(deletePolicies, task.generateName !== null && task.name === '');
}

/** Hooks of an application's deletion are cleaned up on their own outcome. Source: controller/hook.go `cleanupHooks`. */
function deletionNotes(phases: readonly string[], policies: readonly string[]): string[] {
  const succeeded = policies.includes('HookSucceeded');
  const failed = policies.includes('HookFailed');
  if (succeeded || failed)
    return [`deleted when it has ${succeeded && failed ? 'ended' : succeeded ? 'succeeded' : 'failed'}`];
  return phases.includes('PostDelete') ? ['outlives the Application'] : [];
}
