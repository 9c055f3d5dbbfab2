import { deletePhases, deletePolicies, hookTypes } from '../core/annotations/classify.ts';
import type { DeletePolicy } from '../core/annotations/keys.ts';
import { generateNameOf, groupOf, isObject, kindOf, nameOf, type KubeObject } from '../core/object.ts';
import { hasTemplate } from '../manifest/template.ts';

/**
 * Why a hook that an earlier sync left is taken for the new one. Seen on Argo CD 3.6.1: an object that is still there
 * is patched with the hook finalizer, and its old end counts (sync_context.go `runTasks`, no delete without
 * BeforeHookCreation).
 */
export type StaleCase = 'once-then-never' | 'failure-sticks' | 'second-failure-silent';

/** Jobs and Pods end once and cannot be run again in place; every other kind is applied like any object. */
export function endsOnce(object: KubeObject): boolean {
  const group = groupOf(object);
  return (kindOf(object) === 'Job' && group === 'batch') || (kindOf(object) === 'Pod' && group === '');
}

/** The name is made anew by each sync, so no sync ever finds what an earlier one left. */
export const hasGeneratedName = (object: KubeObject): boolean => nameOf(object) === '' && generateNameOf(object) !== '';

/** What goes wrong with a hook that keeps its name and lacks BeforeHookCreation; undefined where nothing does. */
export function staleCase(
  object: KubeObject,
  policies: readonly DeletePolicy[] = deletePolicies(object),
): StaleCase | undefined {
  const phases = hookTypes(object).filter((type) => type !== 'Skip');
  if (phases.length === 0 || policies.length === 0 || policies.includes('BeforeHookCreation')) return undefined;
  if (!endsOnce(object) || hasGeneratedName(object) || nameOf(object) === '') return undefined;
  const succeeded = policies.includes('HookSucceeded');
  const failed = policies.includes('HookFailed');
  if (succeeded && failed) return undefined;
  const onFailureOnly = phases.every((phase) => phase === 'SyncFail');
  if (succeeded) return onFailureOnly ? 'second-failure-silent' : 'failure-sticks';
  return onFailureOnly ? undefined : 'once-then-never';
}

/** Seconds after its end in which Kubernetes deletes a Job by itself; undefined where it does not. */
export function ttlSeconds(object: KubeObject): number | undefined {
  const spec = object['spec'];
  const ttl = isObject(spec) ? spec['ttlSecondsAfterFinished'] : undefined;
  return typeof ttl === 'number' && kindOf(object) === 'Job' ? ttl : undefined;
}

/** From here on Kubernetes' own deletion comes too late to count on. */
const LONG_TTL_SECONDS = 3_600;

/** Kubernetes deletes the Job soon after its end, or a template decides when, so that it may be gone by the next sync. */
export function mayVanish(object: KubeObject): boolean {
  const spec = object['spec'];
  const ttl = isObject(spec) && kindOf(object) === 'Job' ? spec['ttlSecondsAfterFinished'] : undefined;
  return typeof ttl === 'number' ? ttl < LONG_TTL_SECONDS : typeof ttl === 'string' && hasTemplate(ttl);
}

/** A name from a template with a revision or a random part is another one in each sync. */
export function isNamedAnew(object: KubeObject): boolean {
  const name = nameOf(object);
  return hasTemplate(name) && /revision|rand|now|date|uuid|sha|tag|version/i.test(name);
}

/** What becomes of a hook after the sync, in sentences for a person. Empty for what is no hook of a sync. */
export function policySentences(object: KubeObject): string {
  if (hookTypes(object).length === 0) return deleteHookSentences(object);
  const policies = deletePolicies(object);
  if (policies.length === 0) return '';
  const names = policies.join(', ');
  if (hasGeneratedName(object) && !policies.includes('HookSucceeded'))
    return `Each sync makes a new one with a name of its own${policies.includes('HookFailed') ? ` and deletes it only when the sync fails (${names})` : ''}: the others are never deleted. Add HookSucceeded.`;
  return [outcome(policies, names), consequence(object, policies)].filter((text) => text !== '').join(' ');
}

function outcome(policies: readonly DeletePolicy[], names: string): string {
  const before = policies.includes('BeforeHookCreation');
  const succeeded = policies.includes('HookSucceeded');
  const failed = policies.includes('HookFailed');
  if (succeeded && failed) return `Deleted at the end of the sync, however it ends (${names}).`;
  if (succeeded && before)
    return `Deleted when the whole sync succeeds; if it fails it stays to be looked at until the next sync (${names}).`;
  if (failed && before) return `Deleted when the whole sync fails; else it stays until the next sync (${names}).`;
  if (succeeded) return `Deleted when the whole sync succeeds (${names}).`;
  if (failed) return `Deleted when the whole sync fails (${names}).`;
  return 'Stays after the sync; the next one deletes it right before it creates it anew (BeforeHookCreation, the default).';
}

function consequence(object: KubeObject, policies: readonly DeletePolicy[]): string {
  const kind = kindOf(object);
  const ttl = ttlSeconds(object);
  const until = ttl === undefined ? '' : ` (unless Kubernetes has deleted it, ${ttl} s after its end)`;
  switch (staleCase(object, policies)) {
    case undefined:
      return '';
    case 'failure-sticks':
      return `If the sync fails it stays, and the next sync takes the failed ${kind} for its own result without running it${until}: add BeforeHookCreation.`;
    case 'once-then-never':
      return `After a success it stays, and no later sync runs it again${until}: add BeforeHookCreation.`;
    case 'second-failure-silent':
      return `A sync that fails does not delete it, so it does not run on the second failure${until}: add BeforeHookCreation.`;
  }
}

/** Source: controller/hook.go `cleanupHooks`: only HookSucceeded and HookFailed count. */
function deleteHookSentences(object: KubeObject): string {
  const phases = deletePhases(object);
  if (phases.length === 0) return '';
  const policies = deletePolicies(object);
  if (policies.includes('HookSucceeded')) return 'Deleted when it has succeeded (HookSucceeded).';
  return phases.includes('PostDelete')
    ? 'Nothing deletes it: it outlives the Application. Add HookSucceeded.'
    : 'Deleted together with the resources of the Application; where the Application has no resources finalizer it stays behind.';
}
