import { annotationFor, isApplicationKind, type Annotation } from '../core/annotations/catalogue.ts';
import { gvkOf } from '../core/object.ts';
import type { AnnotationEntry, Manifest, Span, YamlDocument } from '../manifest/model.ts';
import { describeKey } from './describe.ts';
import { itemsOf } from './diagnostics/items.ts';
import { hereText, ORDERING_KEYS, type PlaceFacts } from './here.ts';
import type { HoverText } from './hover-text.ts';
import { manifestHover } from './manifest-hover.ts';
import { optionHover } from './option-hover.ts';
import { placeHover } from './place-hover.ts';
import { valueText } from './value-text.ts';

export interface HoverFacts {
  readonly argocdVersion: string;
  /** Where the document's manifests stand in the plan of their application; undefined where no plan is known. */
  readonly place?: PlaceFacts | undefined;
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
  if (manifest && name) return manifestHover(document, manifest, name, facts.place);
  return placeHover(document, offset, facts.argocdVersion);
}

const holds = (span: Span, offset: number): boolean =>
  span.start <= offset && offset <= span.end && span.end > span.start;

function keyText(annotation: Annotation, document: YamlDocument, manifest: Manifest, facts: HoverFacts): string {
  const here = ORDERING_KEYS.has(annotation.key) ? hereText(document, manifest, facts.place) : '';
  return join(describeKey(annotation, facts.argocdVersion), here);
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
  const here = ORDERING_KEYS.has(annotation.key) && !entry.templated ? hereText(document, manifest, facts.place) : '';
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
