import {
  addAnnotation as additionOf,
  removeAnnotation as removalOf,
  renameAnnotation,
  replaceListItem,
  setAnnotationValue,
  type Edit,
} from '../../manifest/edit.ts';
import type { AnnotationEntry, Manifest, ScalarStyle, Span, YamlDocument } from '../../manifest/model.ts';
import { doubleQuoted, needsQuotes, writeScalar } from '../../manifest/scalar-text.ts';
import { itemsOf } from './items.ts';
import type { Fix } from './model.ts';

type TextEntry = AnnotationEntry & { readonly value: string };

/** Equal but for case, spaces, hyphens and underscores: there is no doubt about what was meant. */
const sameLetters = (a: string, b: string): boolean => fold(a) === fold(b);
const fold = (word: string): string => word.toLowerCase().replace(/[\s_-]+/g, '');

/** The edits of a fix, where there may be nothing to do. */
export const editsOf = (edit: Edit | undefined): readonly Edit[] => (edit ? [edit] : []);

/** Puts the item that was meant in the place of one of a comma list; the others are not touched. */
export function replaceItem(fix: { document: YamlDocument; entry: TextEntry; item: string; by: string }): Fix {
  const { document, entry, item, by } = fix;
  const spans = itemsOf(document, entry)
    .filter(({ name }) => name === item)
    .map(({ span }) => span);
  const exact = spans.every((span) => span !== entry.valueSpan) && !needsQuotes(by, true);
  return {
    title: `Replace with ${by}`,
    edits: exact
      ? spans.map((span) => ({ ...span, newText: by }))
      : editsOf(replaceListItem(document, entry, item, by)),
    preferred: true,
    safe: sameLetters(item, by),
  };
}

/** Takes an item out of a comma list. */
export function removeItem(fix: { document: YamlDocument; entry: AnnotationEntry; item: string }): Fix {
  const { document, entry, item } = fix;
  return {
    title: `Remove ${item}`,
    edits: editsOf(replaceListItem(document, entry, item, undefined)),
    preferred: false,
    safe: false,
  };
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
  return { title, edits: [setAnnotationValue(document, entry, value)], preferred, safe };
}

/** Puts a plain value in quotes; an empty one, and `~`, become the empty text. */
export function quoteValue(fix: {
  document: YamlDocument;
  entry: AnnotationEntry;
  written: string;
  safe: boolean;
}): Fix {
  const { document, entry, written, safe } = fix;
  const text = written === '~' ? '' : written;
  // Read as a text each of these values would need quotes, so it gets them.
  const edit = setAnnotationValue(document, entry, text);
  return { title: `Quote the value: ${doubleQuoted(text)}`, edits: [edit], preferred: true, safe };
}

/** Gives an annotation another key. */
export function renameKey(fix: { document: YamlDocument; entry: AnnotationEntry; by: string }): Fix {
  const { document, entry, by } = fix;
  return {
    title: `Rename to ${by}`,
    edits: [renameAnnotation(document, entry, by)],
    preferred: true,
    safe: sameLetters(entry.key, by),
  };
}

/** Puts another text in the place of a scalar, in the same quotes. */
export function replaceSpan(fix: { span: Span; style: ScalarStyle; was: string; by: string }): Fix {
  const { span, style, was, by } = fix;
  return {
    title: `Replace with ${by}`,
    edits: [{ ...span, newText: writeScalar(by, style) }],
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
  return { title, edits: editsOf(removalOf(document, manifest, entry)), preferred: false, safe: false };
}

/** Adds an annotation to a manifest. */
export function addAnnotation(fix: {
  document: YamlDocument;
  manifest: Manifest;
  key: string;
  value: string;
  title: string;
}): Fix {
  const { document, manifest, key, value, title } = fix;
  return { title, edits: editsOf(additionOf(document, manifest, key, value)), preferred: false, safe: false };
}

/** Several repairs as one; nothing where one of them is not possible. */
export function together(title: string, parts: readonly Fix[]): Fix {
  const possible = parts.length > 0 && parts.every(({ edits }) => edits.length > 0);
  return { title, edits: possible ? parts.flatMap(({ edits }) => edits) : [], preferred: false, safe: false };
}
