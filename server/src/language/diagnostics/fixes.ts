import { doubleQuoted, needsQuotes } from '../completion/quoting.ts';
import type { AnnotationEntry, Manifest, ScalarStyle, Span, YamlDocument } from '../../manifest/model.ts';
import { additionOf, removalOf } from './entry-edits.ts';
import { itemsOf, withItemReplaced } from './items.ts';
import type { DocumentEdit, Fix } from './model.ts';

type TextEntry = AnnotationEntry & { readonly value: string };

/** Equal but for case, spaces, hyphens and underscores: there is no doubt about what was meant. */
const sameLetters = (a: string, b: string): boolean => fold(a) === fold(b);
const fold = (word: string): string => word.toLowerCase().replace(/[\s_-]+/g, '');

/** A value as it is written in place of another one, in the same quotes. */
function inStyle(value: string, style: ScalarStyle): string {
  if (style === 'single') return `'${value.replace(/'/g, "''")}'`;
  if (style === 'double') return doubleQuoted(value);
  return needsQuotes(value) || style === 'none' || style === 'block' ? doubleQuoted(value) : value;
}

/** Writes a value over that of an entry; where none is written, behind the colon and a space. */
function valueEdit({ text }: YamlDocument, entry: AnnotationEntry, value: string): DocumentEdit {
  const { valueSpan, style } = entry;
  const space = text[valueSpan.start - 1] === ':' ? ' ' : '';
  return { span: valueSpan, newText: space + inStyle(value, style) };
}

/** Puts the item that was meant in the place of one of a comma list. */
export function replaceItem(fix: { document: YamlDocument; entry: TextEntry; item: string; by: string }): Fix {
  const { document, entry, item, by } = fix;
  const spans = itemsOf(document, entry)
    .filter(({ name }) => name === item)
    .map(({ span }) => span);
  const exact = spans.every((span) => span !== entry.valueSpan);
  const edits = exact
    ? spans.map((span) => ({ span, newText: by }))
    : [valueEdit(document, entry, withItemReplaced(entry.value, item, by))];
  return { title: `Replace with ${by}`, edits, preferred: true, safe: sameLetters(item, by) };
}

/** Gives an annotation another value, in the quotes that it has. */
export function setAnnotation(fix: {
  document: YamlDocument;
  entry: AnnotationEntry;
  value: string;
  title: string;
  preferred?: boolean;
  safe?: boolean;
}): Fix {
  const { document, entry, value, title, preferred = false, safe = false } = fix;
  return { title, edits: [valueEdit(document, entry, value)], preferred, safe };
}

/** Puts a plain value in quotes; an empty one becomes the empty text. */
export function quoteValue(fix: { document: YamlDocument; entry: AnnotationEntry; written: string }): Fix {
  const { document, entry, written } = fix;
  const quoted = doubleQuoted(written === '~' ? '' : written);
  const space = document.text[entry.valueSpan.start - 1] === ':' ? ' ' : '';
  const edit = { span: entry.valueSpan, newText: space + quoted };
  return { title: `Quote the value: ${quoted}`, edits: [edit], preferred: true, safe: true };
}

/** Gives an annotation another key. */
export function renameKey({
  document,
  entry,
  by,
}: {
  document: YamlDocument;
  entry: AnnotationEntry;
  by: string;
}): Fix {
  const quote = document.text[entry.keySpan.start];
  const newText = quote === '"' || quote === "'" ? `${quote}${by}${quote}` : by;
  return {
    title: `Rename to ${by}`,
    edits: [{ span: entry.keySpan, newText }],
    preferred: true,
    safe: sameLetters(entry.key, by),
  };
}

/** Puts another text in the place of a scalar, in the same quotes. */
export function replaceSpan(fix: { span: Span; style: ScalarStyle; was: string; by: string }): Fix {
  const { span, style, was, by } = fix;
  return {
    title: `Replace with ${by}`,
    edits: [{ span, newText: inStyle(by, style) }],
    preferred: true,
    safe: sameLetters(was, by),
  };
}

/** Takes an annotation away. */
export function removeAnnotation(fix: {
  document: YamlDocument;
  manifest: Manifest;
  entry: AnnotationEntry;
  title: string;
}): Fix {
  const { document, manifest, entry, title } = fix;
  return { title, edits: removalOf(document, manifest, entry), preferred: false, safe: false };
}

/** Adds an annotation to a manifest that has others. */
export function addAnnotation(fix: {
  document: YamlDocument;
  manifest: Manifest;
  key: string;
  value: string;
  title: string;
}): Fix {
  const { document, manifest, key, value, title } = fix;
  return { title, edits: additionOf(document, manifest, key, value), preferred: false, safe: false };
}
