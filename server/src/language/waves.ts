import { declaredWave } from '../core/annotations/classify.ts';
import { HELM_HOOK, HELM_HOOK_WEIGHT, HOOK, SYNC_WAVE } from '../core/annotations/keys.ts';
import { annotationOf, type KubeObject } from '../core/object.ts';
import { addAnnotation, setAnnotationValue, type Edit } from '../manifest/edit.ts';
import type { AnnotationEntry, Manifest, YamlDocument } from '../manifest/model.ts';

/** How a manifest is given a wave: by an edit of its text, not at all because it has it, or not, and why. */
export type WaveEdit =
  | { readonly kind: 'edit'; readonly key: string; readonly edit: Edit }
  | { readonly kind: 'same' }
  | { readonly kind: 'refused'; readonly reason: string };

const refused = (reason: string): WaveEdit => ({ kind: 'refused', reason });

/**
 * The annotation that a manifest's wave is written in: the one that Argo CD reads it from; where there is none, the
 * weight for a hook of Helm's, so that Helm orders it alike, and the sync wave for everything else.
 * Source: gitops-engine/pkg/sync/syncwaves/waves.go `Wave` (the sync wave counts before Helm's weight).
 */
export function waveKey(object: KubeObject): string {
  const { origin } = declaredWave(object);
  if (origin === 'annotation' || annotationOf(object, SYNC_WAVE) !== undefined) return SYNC_WAVE;
  if (origin === 'helm-weight') return HELM_HOOK_WEIGHT;
  const isHelmHook = annotationOf(object, HELM_HOOK) !== undefined && annotationOf(object, HOOK) === undefined;
  return isHelmHook ? HELM_HOOK_WEIGHT : SYNC_WAVE;
}

/** The edit of a document that gives one of its manifests a wave. Comments, quotes, indentation and line ends stay. */
export function waveEdit(document: YamlDocument, manifest: Manifest, wave: number): WaveEdit {
  const { object, annotations } = manifest;
  if (!Number.isSafeInteger(wave)) return refused(`${wave} is no wave: a wave is a whole number.`);
  if (manifest.templated || document.masked.length > 0)
    return refused('It holds a template, so what it becomes is known only when it is rendered. Set its wave by hand.');
  if (declaredWave(object).wave === wave) return { kind: 'same' };
  const key = waveKey(object);
  const entry = annotations.findLast((one) => one.key === key && isOwn(manifest, one));
  const edit = entry
    ? setAnnotationValue(document, entry, String(wave))
    : addAnnotation(document, manifest, key, String(wave));
  if (!edit)
    return refused(
      `Its annotations stand elsewhere (an alias), where others may share them. Write ${key}: "${wave}" by hand.`,
    );
  return { kind: 'edit', key, edit };
}

/** Written in the manifest itself, and not brought in by a merge key or an alias. */
const isOwn = ({ annotationsSpan, annotationsKeySpan }: Manifest, { merged, keySpan }: AnnotationEntry): boolean =>
  merged !== true &&
  annotationsSpan !== undefined &&
  annotationsKeySpan !== undefined &&
  annotationsSpan.start >= annotationsKeySpan.start &&
  keySpan.start >= annotationsSpan.start &&
  keySpan.end <= annotationsSpan.end;

/** The object with its wave written in the annotation that an edit writes it in. */
export function withWave(object: KubeObject, key: string, wave: number): KubeObject {
  const metadata = asMap(object['metadata']);
  return {
    ...object,
    metadata: { ...metadata, annotations: { ...asMap(metadata['annotations']), [key]: String(wave) } },
  };
}

const asMap = (value: KubeObject[string] | undefined): KubeObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
