import { annotationFor, isApplicationKind, type Annotation } from '../core/annotations/catalogue.ts';
import { gvkOf } from '../core/object.ts';
import type { AnnotationEntry, Manifest, Span, YamlDocument } from '../manifest/model.ts';
import { describeKey } from './describe.ts';
import { itemsOf } from './diagnostics/items.ts';
import { hereText, ORDERING_KEYS, type PlaceFacts } from './here.ts';
import type { HoverText } from './hover-text.ts';
import { manifestHover } from './manifest-hover.ts';
import { optionHover } from './option-hover.ts';
import { PATCHES, placeHover } from './place-hover.ts';
import { valueText } from './value-text.ts';

export interface HoverFacts {
  readonly argocdVersion: string;
  /** Where the document's manifests stand in the plan of their application; undefined where no plan is known. */
  readonly place?: PlaceFacts | undefined;
  /** A kustomization takes the file for a patch: its manifests are parts of others, and have no place of their own. */
  readonly patch?: boolean;
}

/**
 * What is known about the annotation, the sync option or the manifest's name at an offset of a document, and about the
 * effect that it has on this manifest.
 * Undefined, never an empty text, where there is nothing to say.
 */
export function hover(document: YamlDocument, offset: number, facts: HoverFacts): HoverText | undefined {
  if (!/kind|metadata|nnotations|argoproj|helm\.sh/.test(document.text)) return undefined;
  const manifest = document.manifests.find(({ span }) => span.start <= offset && offset <= span.end);
  const option = manifest?.syncOptions?.find(({ span }) => holds(span, offset));
  if (option) return optionHover(option, facts.argocdVersion);
  for (const entry of manifest?.annotations ?? []) {
    if (!manifest || entry.merged === true) continue;
    const onKey = holds(entry.keySpan, offset);
    if (!onKey && !holds(entry.valueSpan, offset)) continue;
    const annotation = annotationFor(entry.key, isApplicationKind(gvkOf(manifest.object)));
    if (!annotation) return undefined;
    if (onKey) return { span: entry.keySpan, markdown: keyText(annotation, document, manifest, facts) };
    return valueHover({ document, manifest, entry, annotation, offset, facts });
  }
  const name = manifest && [manifest.nameSpan, manifest.kindSpan].find((span) => span && holds(span, offset));
  if (manifest && name && facts.patch !== true) return manifestHover(document, manifest, name, facts.place);
  return placeHover(document, offset, facts.argocdVersion);
}

const holds = (span: Span, offset: number): boolean =>
  span.start <= offset && offset <= span.end && span.end > span.start;

function keyText(annotation: Annotation, document: YamlDocument, manifest: Manifest, facts: HoverFacts): string {
  return join(describeKey(annotation, facts.argocdVersion), hereOf(annotation, document, manifest, facts));
}

/** What the annotation comes to for the manifest; a patch is no manifest that has a place. */
function hereOf({ key }: Annotation, document: YamlDocument, manifest: Manifest, facts: HoverFacts): string {
  if (facts.patch === true) return `Here: ${PATCHES}`;
  return ORDERING_KEYS.has(key) ? hereText(document, manifest, facts.place) : '';
}

/** The sections of a hover, a line between them. */
const join = (about: string, here: string): string => (here === '' ? about : `${about}\n\n---\n\n${here}`);

interface Target {
  readonly document: YamlDocument;
  readonly manifest: Manifest;
  readonly entry: AnnotationEntry;
  readonly annotation: Annotation;
  readonly offset: number;
  readonly facts: HoverFacts;
}

function valueHover({ document, manifest, entry, annotation, offset, facts }: Target): HoverText {
  const here = entry.templated ? '' : hereOf(annotation, document, manifest, facts);
  const { argocdVersion } = facts;
  const about = (text: string, span: Span): HoverText => ({ span, markdown: join(text, here) });
  const { value } = entry;
  if (entry.templated || typeof value !== 'string') {
    const note = entry.templated
      ? 'The value comes from a template, so nothing is said about it.'
      : 'This is no text to YAML: put it in quotes.';
    return about(`${describeKey(annotation, argocdVersion)}\n\n${note}`, entry.valueSpan);
  }
  const list = annotation.kind === 'list' || annotation.kind === 'options';
  const items = list ? itemsOf(document, { ...entry, value }) : [];
  const item = items.find(({ span }) => holds(span, offset)) ?? (items.length === 1 ? items[0] : undefined);
  if (list && !item) return about(describeKey(annotation, argocdVersion), entry.valueSpan);
  return about(valueText(annotation, item?.name ?? value, argocdVersion), item?.span ?? entry.valueSpan);
}
