import { PHASE_NAMES } from '../annotations/catalogue.ts';
import { helmHookType, isHook } from '../annotations/classify.ts';
import { HELM_HOOK, HELM_HOOK_WEIGHT, HOOK, SYNC_WAVE } from '../annotations/keys.ts';
import { nearest } from '../annotations/nearest.ts';
import { listOf } from '../annotations/parse.ts';
import { annotationOf, isKustomization, isObject, metadataOf, type KubeObject } from '../object.ts';
import type { PhaseReasonCode, PlanPhaseName, Reason, SkippedManifest, WaveReasonCode } from './model.ts';
import { plannedLabel, type PlannedTask } from './planned.ts';

/** Why a task is in its phase. */
export function phaseReason(task: PlannedTask): Reason<PhaseReasonCode> {
  const { object, phase, pulledBy, placed } = task;
  if (pulledBy)
    return {
      code: 'pulled-forward',
      text: `Moved to ${phase} before ${plannedLabel(pulledBy)}, which needs it.`,
    };
  if (!placed)
    return { code: 'namespace-creation', text: 'CreateNamespace=true: created first where it does not exist yet.' };
  return declaredPhaseReason(object, phase);
}

/** Why a manifest takes part in a phase by what it declares itself. */
export function declaredPhaseReason(object: KubeObject, phase: PlanPhaseName): Reason<PhaseReasonCode> {
  if (!isHook(object)) return { code: 'default', text: 'No hook annotation: a resource of the Sync phase.' };
  if (listOf(object, HOOK).includes(phase))
    return { code: 'annotation', text: `${HOOK}: ${annotationOf(object, HOOK) ?? ''}` };
  return {
    code: 'helm-hook',
    text: `${HELM_HOOK}: ${annotationOf(object, HELM_HOOK) ?? ''}, which Argo CD runs as ${phase}.`,
  };
}

/** Why a task is in its wave. */
export function waveReason(task: PlannedTask): Reason<WaveReasonCode> {
  if (task.pulledBy)
    return {
      code: 'pulled-forward',
      text: `Takes wave ${task.wave} of ${plannedLabel(task.pulledBy)}, which needs it; it declares wave ${task.declaredWave}.`,
    };
  return declaredWaveReason(task.object, task.declaredFrom);
}

/** Where a declared wave was read. */
export function declaredWaveReason(
  object: KubeObject,
  from: 'annotation' | 'helm-weight' | 'default',
): Reason<WaveReasonCode> {
  switch (from) {
    case 'annotation':
      return { code: from, text: `${SYNC_WAVE}: "${annotationOf(object, SYNC_WAVE) ?? ''}"` };
    case 'helm-weight':
      return { code: from, text: `${HELM_HOOK_WEIGHT}: "${annotationOf(object, HELM_HOOK_WEIGHT) ?? ''}"` };
    case 'default':
      return {
        code: from,
        text: defaultWaveText(object),
      };
  }
}

/** A template is never guessed: the object stands in wave 0 because it has to stand somewhere. */
function defaultWaveText(object: KubeObject): string {
  const key = [SYNC_WAVE, HELM_HOOK_WEIGHT].find((name) => isTemplated(annotationOf(object, name)));
  if (key !== undefined)
    return `The wave comes from a template (${key}: ${annotationOf(object, key) ?? ''}) and is not known here: shown in wave 0.`;
  return hasAnnotation(object, SYNC_WAVE)
    ? `${SYNC_WAVE} is no integer to Argo CD, so the wave is 0.`
    : 'No sync-wave annotation: wave 0.';
}

const isTemplated = (value: string | undefined): boolean => value !== undefined && /\{\{|\$[{(]/.test(value);

const hasAnnotation = (object: KubeObject, key: string): boolean => {
  const annotations = metadataOf(object)['annotations'];
  return isObject(annotations) && Object.hasOwn(annotations, key);
};

/** Why Argo CD does not apply a hook of no known phase. */
export function ignoredReason(object: KubeObject): SkippedManifest['reason'] {
  const own = annotationOf(object, HOOK);
  if (isKustomization(object))
    return {
      code: 'unknown-hook',
      text: 'Kustomize reads this file, and no cluster knows its kind: nothing is applied for it, and nothing pruned.',
    };
  if (own === undefined)
    return {
      code: 'helm-hook-ignored',
      text: `Argo CD runs none of the Helm hooks "${annotationOf(object, HELM_HOOK) ?? ''}": it never applies this manifest.`,
    };
  if (isTemplated(own))
    return {
      code: 'unknown-hook',
      text: `The hook comes from a template (${own}): whether Argo CD applies this manifest, and when, is not known here.`,
    };
  const items = listOf(object, HOOK);
  if (items.length === 0)
    return {
      code: 'empty-hook',
      text: 'The hook annotation is empty: Argo CD never applies this manifest, and prunes a live copy.',
    };
  const named = items.map((item) => `"${item}"`).join(', ');
  return {
    code: 'unknown-hook',
    text: `${named} ${items.length === 1 ? 'is no phase' : 'are no phases'} of Argo CD: it never applies this manifest, and prunes a live copy.${suggestion(items)}`,
  };
}

/** The phases that were probably meant. */
function suggestion(items: readonly string[]): string {
  const meant = items.flatMap((item) => nearest(item, PHASE_NAMES) ?? helmHookType(item) ?? []);
  return meant.length === 0 ? '' : ` Did you mean ${[...new Set(meant)].join(' and ')}?`;
}

export const SKIP_REASON: SkippedManifest['reason'] = {
  code: 'skip',
  text: 'hook: Skip. Argo CD neither applies nor prunes it.',
};

export const DUPLICATE_REASON: SkippedManifest['reason'] = {
  code: 'duplicate',
  text: 'The same object stands further down again, and Argo CD takes the last one.',
};
