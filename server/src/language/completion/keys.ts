import { ANNOTATIONS, type Annotation } from '../../core/annotations/catalogue.ts';
import { HOOK, HOOK_DELETE_POLICY, SYNC_OPTIONS, SYNC_WAVE } from '../../core/annotations/keys.ts';
import { snippetText } from '../../core/patterns/pieces.ts';
import { isAtLeast } from '../../core/versions.ts';
import type { Span } from '../../manifest/model.ts';
import { pointerOf } from '../../manifest/pointer.ts';
import type { KeyContext, MetadataContext } from './context-model.ts';
import type { MapPlace } from './map-places.ts';
import { valueSnippet } from './value-snippets.ts';

/** A key that is offered, before it is given the shape of the protocol. */
export interface OfferedKey {
  readonly label: string;
  readonly newText: string;
  /** What is typed to choose it, where that is not the label. */
  readonly typedAs?: string;
  /** The same with the value as places to fill in, for clients that can. */
  readonly snippet?: string;
  readonly annotation?: Annotation;
  readonly detail: string;
  /** The first Argo CD that knows it, where the configured one is older. */
  readonly needs?: string;
}

export interface OfferedKeys {
  readonly replace: Span;
  readonly keys: readonly OfferedKey[];
}

export interface KeyFacts {
  readonly argocdVersion: string;
  /** Now, as RFC 3339, for annotations that hold a time. */
  readonly now: string;
}

/** What makes one manifest a hook makes no sense on everything that kustomize builds. */
const OF_ONE_MANIFEST: ReadonlySet<string> = new Set(
  ANNOTATIONS.filter(({ key }) => key.includes('/hook')).map(({ key }) => key),
);

/** Annotations that can be added at a place: its own kind's, without those that are there; those too new come last. */
function candidates(place: MapPlace, existing: ReadonlySet<string>, argocdVersion: string): Annotation[] {
  const { onApplication, byKustomize } = place;
  const seen = new Set(existing);
  const fitting = ANNOTATIONS.filter(({ key, places, offered }) => {
    if (!offered || (byKustomize && OF_ONE_MANIFEST.has(key))) return false;
    return onApplication || !places.includes('application');
  });
  const rank = ({ places, since }: Annotation): number =>
    (isAtLeast(argocdVersion, since) ? 0 : 2) + (onApplication && !places.includes('application') ? 1 : 0);
  return fitting
    .sort((a, b) => rank(a) - rank(b))
    .filter(({ key }) => {
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    });
}

/** Values of an annotation that this Argo CD knows. */
const valuesFor = ({ values }: Annotation, argocdVersion: string): string[] =>
  values.filter(({ since }) => isAtLeast(argocdVersion, since)).map(({ name }) => name);

const needsOf = ({ since }: Annotation, argocdVersion: string): { needs?: string } =>
  isAtLeast(argocdVersion, since) ? {} : { needs: since };

/** Keys of `metadata.annotations`, with the colon, the quotes and the indentation that are still missing. */
export function offeredKeys(context: KeyContext, { argocdVersion, now }: KeyFacts): OfferedKeys {
  const { replace, prefix, suffix, json = false, pointer = false } = context;
  // Where the colon stands already, what is behind it stays.
  const complete = suffix.endsWith(': ');
  const keys = candidates(context, context.existing, argocdVersion).map((annotation): OfferedKey => {
    const written = pointer ? pointerOf(annotation.key) : annotation.key;
    const newText = prefix + written + suffix;
    const value = () => valueSnippet(annotation, valuesFor(annotation, argocdVersion), { quoted: json, now });
    return {
      label: annotation.key,
      newText,
      ...(pointer ? { typedAs: written } : {}),
      ...(complete ? { snippet: snippetText(newText) + value() } : {}),
      annotation,
      detail: annotation.summary,
      ...needsOf(annotation, argocdVersion),
    };
  });
  return { replace, keys };
}

/** The annotations that are worth a map of their own. */
const STARTERS = [HOOK, SYNC_WAVE, HOOK_DELETE_POLICY, SYNC_OPTIONS];

/** Below `metadata` without annotations: the map itself, and the map together with its first entry. */
export function offeredMaps(context: MetadataContext, { argocdVersion, now }: KeyFacts): OfferedKeys {
  const { replace, map, prefix, json = false } = context;
  const open = prefix + map.open;
  const known = candidates(context, new Set(), argocdVersion);
  const keys = STARTERS.flatMap((key): OfferedKey[] => {
    const annotation = known.find((candidate) => candidate.key === key);
    if (!annotation) return [];
    const entry = `${open}${json ? `"${key}"` : key}: `;
    const value = valueSnippet(annotation, valuesFor(annotation, argocdVersion), { quoted: json, now });
    return [
      {
        label: key,
        newText: entry + map.close,
        snippet: snippetText(entry) + value + snippetText(map.close),
        annotation,
        detail: `adds annotations: ${annotation.summary}`,
        ...needsOf(annotation, argocdVersion),
      },
    ];
  });
  const empty: OfferedKey = {
    label: 'annotations',
    newText: open + map.close,
    detail: 'Annotations of the object, for hooks and waves.',
    ...(map.close === '' ? {} : { snippet: `${snippetText(open)}$1${snippetText(map.close)}` }),
  };
  return { replace, keys: [empty, ...keys] };
}
