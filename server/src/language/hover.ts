import {
  annotationFor,
  isApplicationKind,
  isKnownSyncOption,
  knownValue,
  syncOption,
  type Annotation,
} from '../core/annotations/catalogue.ts';
import { SYNC_OPTIONS } from '../core/annotations/keys.ts';
import { parseInteger } from '../core/annotations/parse.ts';
import { nearest } from '../core/annotations/nearest.ts';
import { gvkOf } from '../core/object.ts';
import { waveText } from '../core/plan/words.ts';
import type { AnnotationEntry, Manifest, Span, YamlDocument } from '../manifest/model.ts';
import { describeKey, describeValue, footer } from './describe.ts';
import { itemsOf } from './diagnostics/items.ts';
import { hereText, ORDERING_KEYS, type PlaceFacts } from './here.ts';
import { escaped, optionHover } from './option-hover.ts';

export interface HoverText {
  /** What the hover is about. */
  readonly span: Span;
  readonly markdown: string;
}

export interface HoverFacts {
  readonly argocdVersion: string;
  /** Where the document's manifests stand in the plan of their application; undefined where no plan is known. */
  readonly place?: PlaceFacts | undefined;
}

/**
 * What is known about the annotation at an offset of a document, and about the effect that it has on this manifest.
 * Undefined, never an empty text, where there is nothing to say.
 */
export function hover(document: YamlDocument, offset: number, facts: HoverFacts): HoverText | undefined {
  const manifest = document.manifests.find(({ span }) => span.start <= offset && offset <= span.end);
  if (!manifest) return undefined;
  const option = manifest.syncOptions?.find(({ span }) => holds(span, offset));
  if (option) return optionHover(option, facts.argocdVersion);
  const onApplication = isApplicationKind(gvkOf(manifest.object));
  for (const entry of manifest.annotations) {
    if (entry.merged === true) continue;
    const onKey = holds(entry.keySpan, offset);
    if (!onKey && !holds(entry.valueSpan, offset)) continue;
    const annotation = annotationFor(entry.key, onApplication);
    if (!annotation) return undefined;
    if (onKey) return { span: entry.keySpan, markdown: keyText(annotation, document, manifest, facts) };
    return valueHover({ document, manifest, entry, annotation, offset, facts });
  }
  return undefined;
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
  const about = (text: string, span: Span): HoverText => ({ span, markdown: join(text, here) });
  const { value } = entry;
  if (entry.templated || typeof value !== 'string') {
    const note = entry.templated
      ? 'The value comes from a template, so nothing is said about it.'
      : 'This is no text to YAML: put it in quotes.';
    return about(`${describeKey(annotation, facts.argocdVersion)}\n\n${note}`, entry.valueSpan);
  }
  if (annotation.kind === 'integer') return about(integerText(value, annotation, facts), entry.valueSpan);
  const list = annotation.kind === 'list' || annotation.kind === 'options';
  const items = list ? itemsOf(document, { ...entry, value }) : [];
  const item = items.find(({ span }) => holds(span, offset)) ?? (items.length === 1 ? items[0] : undefined);
  const name = list ? item?.name : value;
  const known = name === undefined ? undefined : knownValue(annotation, name);
  if (known) return about(describeValue(known, annotation, facts.argocdVersion), item?.span ?? entry.valueSpan);
  if (list && name !== undefined && item) return about(unknownText(name, annotation, facts), item.span);
  return about(describeKey(annotation, facts.argocdVersion), entry.valueSpan);
}

function unknownText(name: string, annotation: Annotation, { argocdVersion }: HoverFacts): string {
  const option = annotation.key === SYNC_OPTIONS ? syncOption(name) : undefined;
  if (option) return describeValue(option, annotation, argocdVersion);
  if (annotation.key === SYNC_OPTIONS && isKnownSyncOption(name)) {
    const overrides = name === 'Prune=true' || name === 'Delete=true';
    const what = overrides
      ? 'what holds anyway, unless the Application says otherwise: on the object it wins.'
      : 'what holds without it: it changes nothing.';
    return [`**${name}** — ${what}`, footer(annotation.since, annotation.link, argocdVersion)].join('\n\n');
  }
  const meant = nearest(
    name,
    annotation.values.map((value) => value.name),
  );
  return [
    `**${escaped(name)}** — no value that Argo CD knows for \`${annotation.key}\`.${meant ? ` Did you mean ${meant}?` : ''}`,
    annotation.ifInvalid,
    footer(annotation.since, annotation.link, argocdVersion),
  ].join('\n\n');
}

function integerText(value: string, annotation: Annotation, facts: HoverFacts): string {
  const wave = parseInteger(value);
  const head =
    wave === undefined
      ? `**${escaped(value) || 'An empty value'}** — no integer. ${annotation.ifInvalid}`
      : `**${waveText(wave)}** — lower waves come before it, higher ones after it, within its phase.`;
  return [head, annotation.detail, footer(annotation.since, annotation.link, facts.argocdVersion)].join('\n\n');
}
