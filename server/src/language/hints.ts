import {
  declaredWave,
  deletePhases,
  helmDeletePolicy,
  hookTypes,
  isHook,
  isSkip,
  syncPhases,
} from '../core/annotations/classify.ts';
import {
  DELETE_POLICIES,
  HELM_HOOK,
  HELM_HOOK_DELETE_POLICY,
  HELM_HOOK_WEIGHT,
  HOOK,
  HOOK_DELETE_POLICY,
  SYNC_WAVE,
} from '../core/annotations/keys.ts';
import { listOf } from '../core/annotations/parse.ts';
import type { PlanPlace } from '../core/plan/query.ts';
import { waveText } from '../core/plan/words.ts';
import { annotationOf, type KubeObject } from '../core/object.ts';
import type { AnnotationEntry, Manifest, Span, YamlDocument } from '../manifest/model.ts';
import { ORDERING_KEYS, type PlaceFacts } from './here.ts';
import { listed } from './naming.ts';
import { mayBringEntries } from './templates.ts';

/** What holds although nobody wrote it, shown behind what somebody wrote. */
export interface Hint {
  /** Offset in the document; always the end of something on one line. */
  readonly at: number;
  readonly label: string;
  /** One sentence: why. */
  readonly tooltip: string;
}

/** Documents without any of these words have no hints: they are not parsed for them. */
const WORDS = /argocd\.argoproj\.io\/|helm\.sh\/hook|Namespace|CustomResourceDefinition/;

/**
 * What is only implied by the manifests of a document: the default delete policy, the wave that an invalid one comes
 * to, what Argo CD makes of Helm's annotations, and where a Namespace or a CRD really goes. Nothing is said about a
 * manifest whose annotations a template makes.
 */
export function hintsOf(document: YamlDocument, facts: PlaceFacts | undefined): Hint[] {
  if (!WORDS.test(document.text)) return [];
  return document.manifests.flatMap((manifest) => {
    const templated = manifest.annotations.some((entry) => entry.templated && ORDERING_KEYS.has(entry.key));
    if (templated || mayBringEntries(document, manifest)) return [];
    const own = new Map<string, AnnotationEntry>();
    for (const entry of manifest.annotations) if (entry.merged !== true) own.set(entry.key, entry);
    const behind = (key: string): number | undefined => endOf(document.text, own.get(key)?.valueSpan);
    return [
      ...policyHints(manifest.object, behind),
      ...waveHints(manifest.object, behind),
      ...helmHints(manifest.object, behind),
      ...pulledHints(document.text, manifest, facts, behind),
    ];
  });
}

type Behind = (key: string) => number | undefined;

/** The end of a value that stands on one line. */
function endOf(text: string, span: Span | undefined): number | undefined {
  return span && span.end > span.start && !/[\r\n]/.test(text.slice(span.start, span.end)) ? span.end : undefined;
}

const hint = (at: number | undefined, label: string, tooltip: string): Hint[] =>
  at === undefined ? [] : [{ at, label, tooltip }];

/** No policy that Argo CD knows: BeforeHookCreation holds. Source: hook/delete_policy.go, sync_task.go. */
function policyHints(object: KubeObject, behind: Behind): Hint[] {
  if (!isHook(object) || syncPhases(object).length === 0) return [];
  const known =
    listOf(object, HOOK_DELETE_POLICY).some((item) => (DELETE_POLICIES as readonly string[]).includes(item)) ||
    listOf(object, HELM_HOOK_DELETE_POLICY).some((item) => helmDeletePolicy(item) !== undefined);
  if (known) return [];
  const label = 'BeforeHookCreation (default)';
  const why =
    'No delete policy that Argo CD knows: what an earlier sync left is deleted right before the hook is created anew.';
  const at = behind(HOOK_DELETE_POLICY) ?? behind(HELM_HOOK_DELETE_POLICY);
  if (at !== undefined) return hint(at, label, why);
  return hint(behind(HOOK) ?? behind(HELM_HOOK), `delete policy: ${label}`, why);
}

/** Waves count for nothing among SyncFail hooks and hooks of a deletion, which all start together. */
const wavesCount = (object: KubeObject): boolean => syncPhases(object).some((phase) => phase !== 'SyncFail');

function waveHints(object: KubeObject, behind: Behind): Hint[] {
  const at = behind(SYNC_WAVE);
  if (at === undefined || isSkip(object)) return [];
  const { wave, origin } = declaredWave(object);
  if (origin !== 'annotation')
    return hint(
      at,
      `really: ${waveText(wave)}`,
      'The value is no integer to Argo CD, which ignores it without a word.',
    );
  if (wavesCount(object)) return [];
  const all = [...syncPhases(object), ...deletePhases(object)];
  return all.length === 0
    ? []
    : hint(at, 'no effect', `All ${listed(all)} hooks start together, whatever their waves.`);
}

/** What Argo CD makes of Helm's annotations. */
const helmHints = (object: KubeObject, behind: Behind): Hint[] => [
  ...helmHookHints(object, behind(HELM_HOOK)),
  ...weightHints(object, behind(HELM_HOOK_WEIGHT)),
];

function helmHookHints(object: KubeObject, at: number | undefined): Hint[] {
  const alone = only(object, HELM_HOOK);
  if (at === undefined || !isHook(alone)) return [];
  const overruled = hookTypes(only(object, HOOK)).length > 0;
  const phases = [...(overruled ? [] : hookTypes(alone)), ...deletePhases(alone)];
  if (phases.length > 0)
    return hint(at, listed(phases), 'As this Argo CD runs the Helm hook. To it, install and upgrade are both a sync.');
  return overruled
    ? hint(
        at,
        `overruled by ${HOOK}`,
        'Argo CD’s own annotation names a phase of a sync, so that Helm’s does not count.',
      )
    : hint(at, 'never applied', 'Argo CD has no phase for any of these Helm hooks.');
}

/** An object with one of the annotations alone. */
function only(object: KubeObject, key: string): KubeObject {
  const value = annotationOf(object, key);
  return value === undefined ? {} : { metadata: { annotations: { [key]: value } } };
}

function weightHints(object: KubeObject, at: number | undefined): Hint[] {
  if (at === undefined || !wavesCount(object)) return [];
  const { wave, origin } = declaredWave(object);
  switch (origin) {
    case 'annotation':
      return hint(at, `overruled by ${SYNC_WAVE}`, 'The weight counts only where no wave is given.');
    case 'helm-weight':
      return hint(at, waveText(wave), 'Argo CD takes Helm’s weight for the wave.');
    case 'default':
      return hint(at, waveText(wave), 'The weight is no integer to Argo CD, which ignores it.');
  }
}

/** A Namespace or a CRD that goes before the first manifest that needs it. */
function pulledHints(text: string, manifest: Manifest, facts: PlaceFacts | undefined, behind: Behind): Hint[] {
  if (!facts) return [];
  const { file, line } = facts.at(manifest);
  const moved = (place: PlanPlace): boolean =>
    place.task.phaseReason.code === 'pulled-forward' || place.task.waveReason.code === 'pulled-forward';
  const place = facts.view.placesAt(file, line).find(moved);
  if (!place) return [];
  const at =
    behind(SYNC_WAVE) ?? behind(HELM_HOOK_WEIGHT) ?? endOf(text, manifest.nameSpan) ?? endOf(text, manifest.kindSpan);
  const why = [place.task.phaseReason, place.task.waveReason].filter(({ code }) => code === 'pulled-forward');
  return hint(at, `really: ${place.phase} ${waveText(place.wave.wave)}`, why.map(({ text }) => text).join(' '));
}
