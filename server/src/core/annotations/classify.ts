import { annotationOf, type KubeObject } from '../object.ts';
import {
  DELETE_PHASES,
  DELETE_POLICIES,
  HELM_HOOK,
  HELM_HOOK_DELETE_POLICY,
  HELM_HOOK_WEIGHT,
  HOOK,
  HOOK_DELETE_POLICY,
  SYNC_PHASES,
  SYNC_WAVE,
  type DeletePhase,
  type DeletePolicy,
  type HookType,
  type SyncPhase,
} from './keys.ts';
import { listOf, parseInteger, parseList } from './parse.ts';

const HELM_TYPES: ReadonlyMap<string, HookType> = new Map([
  ['pre-install', 'PreSync'],
  ['pre-upgrade', 'PreSync'],
  ['post-install', 'PostSync'],
  ['post-upgrade', 'PostSync'],
]);

const HELM_DELETE_TYPES: ReadonlyMap<string, DeletePhase> = new Map([
  ['pre-delete', 'PreDelete'],
  ['post-delete', 'PostDelete'],
]);

const HELM_POLICIES: ReadonlyMap<string, DeletePolicy> = new Map([
  ['before-hook-creation', 'BeforeHookCreation'],
  ['hook-succeeded', 'HookSucceeded'],
  ['hook-failed', 'HookFailed'],
]);

const isHookType = (item: string): item is HookType =>
  item === 'Skip' || (SYNC_PHASES as readonly string[]).includes(item);
const isDeletePhase = (item: string): item is DeletePhase => (DELETE_PHASES as readonly string[]).includes(item);
const isPolicy = (item: string): item is DeletePolicy => (DELETE_POLICIES as readonly string[]).includes(item);

/** The sync phase that a Helm hook is mapped to; undefined for one that Argo CD does not run in a sync. */
export const helmHookType = (item: string): HookType | undefined => HELM_TYPES.get(item);

/** The same for a hook of a deletion. Source: controller/hook.go `isPreDeleteHook`, `isPostDeleteHook`. */
export const helmDeletePhase = (item: string): DeletePhase | undefined => HELM_DELETE_TYPES.get(item);
export const helmDeletePolicy = (item: string): DeletePolicy | undefined => HELM_POLICIES.get(item);

/**
 * Hook types that the engine sees: Argo CD's own, or Helm's where Argo CD's annotation names none.
 * Source: gitops-engine/pkg/sync/hook/hook.go `Types`.
 */
export function hookTypes(object: KubeObject): HookType[] {
  const own = annotationOf(object, HOOK);
  const types = own === undefined ? [] : parseList(own).filter(isHookType);
  const helm = types.length > 0 ? undefined : annotationOf(object, HELM_HOOK);
  if (helm === undefined) return types;
  return unique(parseList(helm).flatMap((item) => HELM_TYPES.get(item) ?? []));
}

const unique = <T>(items: T[]): T[] => (items.length < 2 ? items : [...new Set(items)]);

/** Neither applied nor pruned: `Skip` alone. Source: hook.go `Skip`. */
export function isSkip(object: KubeObject): boolean {
  const types = hookTypes(object);
  return types.length === 1 && types[0] === 'Skip';
}

/** Source: hook.go `IsHook`, hook/helm/hook.go `IsHook`. */
export function isHook(object: KubeObject): boolean {
  if (annotationOf(object, HOOK) !== undefined) return !isSkip(object);
  const helm = annotationOf(object, HELM_HOOK);
  return helm !== undefined && helm !== 'crd-install';
}

/** A hook of no known phase: Argo CD drops it without a word. Source: ignore/ignore.go `Ignore`. */
export const isIgnored = (object: KubeObject): boolean => isHook(object) && hookTypes(object).length === 0;

/** Phases of a sync in which the object takes part. Source: sync_phase.go `syncPhases`. */
export function syncPhases(object: KubeObject): SyncPhase[] {
  if (isSkip(object)) return [];
  if (!isHook(object)) return ['Sync'];
  return hookTypes(object).filter((type) => type !== 'Skip');
}

/**
 * Phases of an application's deletion in which the object takes part (either annotation counts).
 * Source: controller/hook.go `isPreDeleteHook`, `isPostDeleteHook`.
 */
export function deletePhases(object: KubeObject): DeletePhase[] {
  const own = annotationOf(object, HOOK);
  const helm = annotationOf(object, HELM_HOOK);
  if (own === undefined && helm === undefined) return [];
  const found = new Set<DeletePhase>(own === undefined ? [] : parseList(own).filter(isDeletePhase));
  for (const item of helm === undefined ? [] : parseList(helm)) {
    const phase = helmDeletePhase(item);
    if (phase) found.add(phase);
  }
  return DELETE_PHASES.filter((phase) => found.has(phase));
}

/** Takes part in an application's deletion and in nothing else. Source: controller/state.go `partitionTargetObjsForSync`. */
export const isDeleteHookOnly = (object: KubeObject): boolean =>
  deletePhases(object).length > 0 && hookTypes(object).length === 0;

/** Where a wave comes from. */
export type WaveOrigin = 'annotation' | 'helm-weight' | 'default';

/** The declared wave and where it was read. Source: syncwaves/waves.go `Wave`, hook/helm/weight.go `Weight`. */
export function declaredWave(object: KubeObject): { wave: number; origin: WaveOrigin } {
  const wave = integerAt(object, SYNC_WAVE);
  if (wave !== undefined) return { wave, origin: 'annotation' };
  const weight = integerAt(object, HELM_HOOK_WEIGHT);
  return weight !== undefined ? { wave: weight, origin: 'helm-weight' } : UNDECLARED;
}
const UNDECLARED = { wave: 0, origin: 'default' } as const;

function integerAt(object: KubeObject, key: string): number | undefined {
  const value = annotationOf(object, key);
  return value === undefined ? undefined : parseInteger(value);
}

/**
 * Delete policies of a hook: both families together, BeforeHookCreation where none is known. Empty for what is no hook.
 * Source: hook/delete_policy.go `DeletePolicies`, sync_task.go `hasHookDeletePolicy`.
 */
export function deletePolicies(object: KubeObject): DeletePolicy[] {
  if (!isHook(object)) return [];
  const own = listOf(object, HOOK_DELETE_POLICY).filter(isPolicy);
  const helm = listOf(object, HELM_HOOK_DELETE_POLICY).flatMap((item) => HELM_POLICIES.get(item) ?? []);
  const policies = unique([...own, ...helm]);
  return policies.length > 0 ? policies : ['BeforeHookCreation'];
}
