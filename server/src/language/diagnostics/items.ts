import { trimSpace } from '../../core/annotations/parse.ts';
import type { AnnotationEntry, Span, YamlDocument } from '../../manifest/model.ts';

/** One item of a comma list, with the place where it is written. */
export interface ListItem {
  readonly name: string;
  /** The item alone, or the whole value where it cannot be told apart (escapes, block scalars). */
  readonly span: Span;
}

/**
 * Items of a comma list as Argo CD reads them (trimmed, empty ones dropped), each with its place in the text. An item
 * that comes twice is listed twice.
 */
export function itemsOf(document: YamlDocument, entry: AnnotationEntry & { readonly value: string }): ListItem[] {
  const from = contentStart(document, entry);
  const items: ListItem[] = [];
  let at = 0;
  for (const part of entry.value.split(',')) {
    const name = trimSpace(part);
    if (name !== '') {
      const start = at + part.indexOf(name);
      const own = from === undefined ? undefined : { start: from + start, end: from + start + name.length };
      items.push({ name, span: own ?? entry.valueSpan });
    }
    at += part.length + 1;
  }
  return items;
}

/** Where the value's text begins in the document; undefined where it is not written there letter by letter. */
function contentStart(
  { text }: YamlDocument,
  { valueSpan, value, style }: AnnotationEntry & { readonly value: string },
): number | undefined {
  if (style === 'block' || style === 'none') return undefined;
  const start = valueSpan.start + (style === 'plain' ? 0 : 1);
  return text.startsWith(value, start) ? start : undefined;
}
