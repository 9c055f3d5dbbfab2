import {
  type DeletePhase,
  type DeletePolicy,
  type SyncPhase,
  HELM_HOOK,
  HELM_HOOK_DELETE_POLICY,
  HELM_HOOK_WEIGHT,
  HOOK,
  HOOK_DELETE_POLICY,
  SYNC_WAVE,
} from '../../core/annotations/keys.ts';
import type { Manifest, Span } from '../../manifest/model.ts';
import type { ManifestFacts } from './facts.ts';
import { entryOf, judged } from './model.ts';

/** Whether one of these annotations holds a template, which may say anything. */
export const isTold = (manifest: Manifest, ...keys: readonly string[]): boolean =>
  keys.some((key) => entryOf(manifest, key)?.templated === true);

const NONE = [] as const;

/** The phases of a sync in which a hook runs; none where a template may decide, and for what is no hook of a sync. */
export function syncPhasesOf(manifest: Manifest, facts: ManifestFacts): readonly SyncPhase[] {
  if (!facts.isHook || isTold(manifest, HOOK, HELM_HOOK)) return NONE;
  return facts.hookTypes.filter((type) => type !== 'Skip');
}

/** The same for the phases of a deletion. */
export function deletePhasesOf(manifest: Manifest, facts: ManifestFacts): readonly DeletePhase[] {
  return isTold(manifest, HOOK, HELM_HOOK) ? NONE : facts.deletePhases;
}

/** Delete policies of a hook; undefined where a template may decide. */
export function policiesOf(manifest: Manifest, facts: ManifestFacts): readonly DeletePolicy[] | undefined {
  return isTold(manifest, HOOK_DELETE_POLICY, HELM_HOOK_DELETE_POLICY) ? undefined : facts.deletePolicies;
}

/**
 * When Argo CD deletes a hook of a sync, in words (`every sync deletes it and creates it anew`); empty where nothing
 * does, because each sync makes one of another name.
 */
export function deletionWords(policies: readonly DeletePolicy[], generatedName: boolean): string {
  const words = [
    policies.includes('BeforeHookCreation') && !generatedName ? 'every sync deletes it and creates it anew' : '',
    policies.includes('HookSucceeded') ? 'every sync that succeeds deletes it at its end' : '',
    policies.includes('HookFailed') ? 'every sync that fails deletes it' : '',
  ];
  return words.filter((text) => text !== '').join(', and ');
}

/** The annotation that a manifest has its wave from, where a rule may judge it. */
export const waveEntry = (manifest: Manifest, { wave }: ManifestFacts): ReturnType<typeof judged> =>
  judged(manifest, wave.origin === 'annotation' ? SYNC_WAVE : HELM_HOOK_WEIGHT);

/** The value of the annotation that makes the manifest a hook. */
export function hookPlace(manifest: Manifest): Span | undefined {
  const entry = entryOf(manifest, HOOK) ?? entryOf(manifest, HELM_HOOK);
  return entry && (entry.valueSpan.start < entry.valueSpan.end ? entry.valueSpan : entry.keySpan);
}

/** Whether an annotation of its own says that Argo CD applies the manifest. */
export const isForArgocd = (manifest: Manifest): boolean => manifest.annotations.some(({ key }) => isKeyOfArgocd(key));

export const isKeyOfArgocd = (key: string): boolean => key.startsWith('argocd.argoproj.io/');
