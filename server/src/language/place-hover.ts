import { annotationFor } from '../core/annotations/catalogue.ts';
import { parseList } from '../core/annotations/parse.ts';
import type { Span, YamlDocument } from '../manifest/model.ts';
import { keyOfPointer } from '../manifest/pointer.ts';
import { annotationContext } from './completion/context.ts';
import type { KeyContext, ValueContext } from './completion/context-model.ts';
import type { MapPlace } from './completion/map-places.ts';
import { optionContext } from './completion/option-context.ts';
import { describeKey } from './describe.ts';
import type { HoverText } from './hover-text.ts';
import { optionHover } from './option-hover.ts';
import { valueText } from './value-text.ts';

/**
 * The same for annotations and sync options that are none of a manifest's own: in the template of an ApplicationSet, in
 * a kustomization or a patch, or in values of a chart. They are found from the lines around, as completion finds them.
 */
export function placeHover(document: YamlDocument, offset: number, argocdVersion: string): HoverText | undefined {
  const context = annotationContext(document, offset);
  if (context?.kind === 'key') return onKey(document.text, context, argocdVersion);
  if (context?.kind === 'value') return onValue(context, argocdVersion);
  const option = optionContext(document, offset);
  const written = option && document.text.slice(option.replace.start, option.replace.end);
  const value = written?.trim() ?? '';
  if (!option || written === undefined || value === '') return undefined;
  const start = option.replace.start + written.indexOf(value);
  const span = { start, end: start + value.length };
  if (offset < span.start || offset > span.end) return undefined;
  return optionHover({ value, span, style: 'plain', templated: isTemplated(value) }, argocdVersion);
}

const isTemplated = (text: string): boolean => /\{\{|\$[{(]/.test(text);

function onKey(text: string, { replace, pointer, ...place }: KeyContext, argocdVersion: string): HoverText | undefined {
  const written = text.slice(replace.start, replace.end);
  const annotation = annotationFor(pointer ? keyOfPointer(written) : written, place.onApplication);
  return annotation && { span: replace, markdown: join(describeKey(annotation, argocdVersion), place) };
}

function onValue(context: ValueContext, argocdVersion: string): HoverText | undefined {
  const { key, text, replace, cursor } = context;
  const annotation = annotationFor(key, context.onApplication);
  if (!annotation || isTemplated(text) || replace.start === replace.end) return undefined;
  const list = annotation.kind === 'list' || annotation.kind === 'options';
  const item = list ? itemAt(text, cursor) : { start: 0, end: text.length };
  const value = text.slice(item.start, item.end);
  if (list && parseList(value).length === 0) return undefined;
  const span = { start: replace.start + item.start, end: replace.start + item.end };
  return { span, markdown: join(valueText(annotation, value, argocdVersion), context) };
}

/** The item of a comma list that the cursor stands in, without the spaces around it. */
function itemAt(text: string, cursor: number): Span {
  const before = cursor === 0 ? 0 : text.lastIndexOf(',', cursor - 1) + 1;
  const comma = text.indexOf(',', cursor);
  const item = text.slice(before, comma < 0 ? text.length : comma);
  const start = before + item.length - item.trimStart().length;
  return { start: Math.min(start, cursor), end: Math.max(before + item.trimEnd().length, cursor) };
}

function join(about: string, place: MapPlace): string {
  const here = hereOf(place);
  return here === '' ? about : `${about}\n\n---\n\nHere: ${here}`;
}

/** What is said of an annotation in a patch. */
export const PATCHES = 'a patch writes it on what it changes, beside the annotations that are there.';

function hereOf({ byKustomize, generated, inValues, patched }: MapPlace): string {
  if (byKustomize) return 'kustomize writes it on what it builds.';
  if (generated) return 'every Application that the ApplicationSet generates gets it.';
  if (patched) return PATCHES;
  return inValues ? 'a value of a chart, whose templates decide what gets it.' : '';
}
