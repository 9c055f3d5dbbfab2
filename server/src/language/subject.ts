import { HELM_HOOK, HELM_HOOK_WEIGHT, HOOK, SYNC_WAVE } from '../core/annotations/keys.ts';
import { isObject } from '../core/object.ts';
import { referencePlaces, type ReferencePlace } from '../core/plan/references.ts';
import { Locator, type Path } from '../manifest/locate.ts';
import type { Manifest, Span, YamlDocument } from '../manifest/model.ts';

/** What the cursor stands on, as far as one can go from there to something else. */
export type Subject =
  /** The wave of a manifest, or its phase. */
  | { readonly about: 'wave' | 'phase'; readonly manifest: Manifest; readonly span: Span }
  /** The manifest itself: its name or kind. */
  | { readonly about: 'manifest'; readonly manifest: Manifest; readonly span: Span }
  /** The name of another object, which the manifest's pods need. */
  | {
      readonly about: 'reference';
      readonly manifest: Manifest;
      readonly span: Span;
      readonly reference: ReferencePlace;
    };

const WAVES: ReadonlySet<string> = new Set([SYNC_WAVE, HELM_HOOK_WEIGHT]);
const PHASES: ReadonlySet<string> = new Set([HOOK, HELM_HOOK]);

const holds = (span: Span | undefined, offset: number): span is Span =>
  span !== undefined && span.start <= offset && offset <= span.end && span.end > span.start;

/** What stands at an offset of a document; undefined where nothing leads on from there. */
export function subjectAt(document: YamlDocument, offset: number): Subject | undefined {
  const manifest = document.manifests.find(({ span }) => holds(span, offset));
  if (!manifest) return undefined;
  for (const { key, merged, valueSpan } of manifest.annotations) {
    if (merged === true || !holds(valueSpan, offset)) continue;
    if (WAVES.has(key)) return { about: 'wave', manifest, span: valueSpan };
    return PHASES.has(key) ? { about: 'phase', manifest, span: valueSpan } : undefined;
  }
  const named = [manifest.nameSpan, manifest.kindSpan].find((span) => holds(span, offset));
  if (named) return { about: 'manifest', manifest, span: named };
  return referenceAt(document, manifest, offset);
}

function referenceAt(document: YamlDocument, manifest: Manifest, offset: number): Subject | undefined {
  const places = referencePlaces(manifest.object);
  if (places.length === 0) return undefined;
  const locator = new Locator(document.text);
  const root = pathTo(document, manifest);
  for (const reference of places) {
    const span = locator.value([...root, ...reference.path]);
    if (holds(span, offset)) return { about: 'reference', manifest, span, reference };
  }
  return undefined;
}

/** Where the manifest stands in the value of its document: the root, or an item of a list. */
export function pathTo({ value }: YamlDocument, { object }: Manifest): Path {
  const items = isObject(value) ? value['items'] : undefined;
  const index = Array.isArray(items) ? items.indexOf(object) : -1;
  return index < 0 ? [] : ['items', index];
}
