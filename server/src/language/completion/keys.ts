import { ANNOTATIONS, type Annotation } from '../../core/annotations/catalogue.ts';
import { HOOK, HOOK_DELETE_POLICY, SYNC_OPTIONS, SYNC_WAVE } from '../../core/annotations/keys.ts';
import { isAtLeast } from '../../core/versions.ts';
import type { Span } from '../../manifest/model.ts';
import type { KeyContext, MetadataContext } from './context.ts';

/** A key that is offered, before it is given the shape of the protocol. */
export interface OfferedKey {
  readonly label: string;
  readonly newText: string;
  readonly annotation?: Annotation;
  readonly detail: string;
}

export interface OfferedKeys {
  readonly replace: Span;
  readonly keys: readonly OfferedKey[];
}

/** Annotations that can be added to an object: its own kind's, without those that are there or too new. */
function candidates(onApplication: boolean, existing: ReadonlySet<string>, argocdVersion: string): Annotation[] {
  const seen = new Set(existing);
  const ordered = onApplication
    ? [...ANNOTATIONS].sort(
        (a, b) => Number(b.places.includes('application')) - Number(a.places.includes('application')),
      )
    : ANNOTATIONS.filter((annotation) => !annotation.places.includes('application'));
  return ordered.filter((annotation) => {
    if (!annotation.offered || seen.has(annotation.key) || !isAtLeast(argocdVersion, annotation.since)) return false;
    seen.add(annotation.key);
    return true;
  });
}

/** Keys of `metadata.annotations`, with the colon, the quotes and the indentation that are still missing. */
export function offeredKeys(context: KeyContext, argocdVersion: string): OfferedKeys {
  const keys = candidates(context.onApplication, context.existing, argocdVersion).map((annotation) => ({
    label: annotation.key,
    newText: context.prefix + annotation.key + context.suffix,
    annotation,
    detail: annotation.summary,
  }));
  return { replace: context.replace, keys };
}

/** The annotations that are worth a map of their own. */
const STARTERS = [HOOK, SYNC_WAVE, HOOK_DELETE_POLICY, SYNC_OPTIONS];

/** Below `metadata` without annotations: the map itself, and the map together with its first entry. */
export function offeredMaps(context: MetadataContext, argocdVersion: string): OfferedKeys {
  const indent = ' '.repeat(context.column + Math.max(1, context.step));
  const map = `${context.prefix}annotations:${context.lineEnd}${indent}`;
  const known = candidates(context.onApplication, new Set(), argocdVersion);
  const keys: OfferedKey[] = STARTERS.flatMap((key) => {
    const annotation = known.find((candidate) => candidate.key === key);
    if (!annotation) return [];
    return [{ label: key, newText: `${map}${key}: `, annotation, detail: `adds annotations: ${annotation.summary}` }];
  });
  return {
    replace: context.replace,
    keys: [{ label: 'annotations', newText: map, detail: 'Annotations of the object, for hooks and waves.' }, ...keys],
  };
}
