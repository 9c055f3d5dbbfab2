import { pointerOf } from './pointer.ts';
import type { AnnotationEntry, Manifest, Span, YamlDocument } from './model.ts';
import { doubleQuoted, writeScalar } from './scalar-text.ts';

/** A stretch of a document that gives way to a text. Offsets in UTF-16 units from the start of the document. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

/** The text after edits that do not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const ordered = [...edits].sort((a, b) => b.start - a.start);
  return ordered.reduce((result, edit) => result.slice(0, edit.start) + edit.newText + result.slice(edit.end), text);
}

/** Gives an annotation another value, in the quotes that it has; a plain one is quoted where it must be. */
export function setAnnotationValue({ text }: YamlDocument, entry: AnnotationEntry, value: string): Edit {
  const { start, end } = entry.valueSpan;
  const space = entry.style === 'none' && !/\s/.test(text[start - 1] ?? '') ? ' ' : '';
  const gap = entry.style === 'none' && text[end] === '#' ? ' ' : '';
  // A block scalar ends with the line feed of its last line.
  const feed = entry.style === 'block' && text[end - 1] === '\n' ? endOfLine(text) : '';
  return {
    start,
    end,
    newText: space + writeScalar(value, entry.style, inFlow(text, entry.keySpan.start)) + gap + feed,
  };
}

/** Gives an annotation another key, in the quotes that it has. */
export function renameAnnotation({ text }: YamlDocument, entry: AnnotationEntry, key: string): Edit {
  const { start, end } = entry.keySpan;
  if (entry.pointer === true) return { start, end, newText: pointerOf(key) };
  const quote = text[start];
  const style = quote === '"' ? 'double' : quote === "'" ? 'single' : 'plain';
  return { start, end, newText: writeScalar(key, style, inFlow(text, start)) };
}

/**
 * Puts another item in the place of each equal one of an annotation's comma list; without another one they are taken
 * out. What stands around them stays as it is. Undefined where the value is no text.
 */
export function replaceListItem(
  document: YamlDocument,
  entry: AnnotationEntry,
  item: string,
  by: string | undefined,
): Edit | undefined {
  if (typeof entry.value !== 'string') return undefined;
  const parts = entry.value.split(',').flatMap((part) => {
    if (part.trim() !== item) return [part];
    return by === undefined ? [] : [part.replace(item, () => by)];
  });
  // Without its block a text keeps none of the line feeds that the block gave it.
  const value = entry.style === 'block' ? parts.map((part) => part.trim()).join(',') : parts.join(',');
  return setAnnotationValue(document, entry, by === undefined ? value.trimStart() : value);
}

/**
 * Takes an annotation out: its whole lines, or its place between commas; with the last annotation the map goes too.
 * Undefined for an entry that a merge key or an alias brings.
 */
export function removeAnnotation({ text }: YamlDocument, manifest: Manifest, entry: AnnotationEntry): Edit | undefined {
  const { annotationsSpan: map, annotationsKeySpan: mapKey, metadataSpan } = manifest;
  if (!map || !mapKey || entry.merged === true || !within(entry.keySpan, map)) return undefined;
  const alone = manifest.annotations.filter((other) => within(other.keySpan, map)).length === 1;
  const merges = /(?:^|\s|[{,])<<[ \t]*:/.test(text.slice(map.start, map.end));
  if (alone && !merges) {
    return removeEntry(text, mapKey.start, map.end, metadataSpan ?? { start: mapKey.start, end: map.end });
  }
  return removeEntry(text, entry.keySpan.start, Math.max(entry.valueSpan.end, entry.keySpan.end), map);
}

/** Takes an entry out of a map: its lines with what stands behind it, or its place between commas. */
export function removeEntry(text: string, start: number, end: number, map: Span): Edit {
  if (text[map.start] === '{') return removeFlowEntry(text, start, end);
  const lineStart = startOfLine(text, start);
  // Behind a dash (`- metadata:`) the next entry takes the place.
  const from = text.slice(lineStart, start).trim() === '' ? lineStart : start;
  const to = text[end - 1] === '\n' && end > start ? end : nextLine(text, end);
  if (from === lineStart) return { start: from, end: to, newText: '' };
  const indent = /^[ \t]*/.exec(text.slice(to, map.end))?.[0].length ?? 0;
  return { start: from, end: Math.min(to + indent, text.length), newText: '' };
}

function removeFlowEntry(text: string, start: number, end: number): Edit {
  const after = /^\s*,[ \t]*(?:\r?\n[ \t]*)?/.exec(text.slice(end));
  if (after) return { start, end: end + after[0].length, newText: '' };
  const before = /,?\s*$/.exec(text.slice(0, start));
  return { start: start - (before?.[0].length ?? 0), end, newText: '' };
}

/** An annotation to add. */
export interface NewAnnotation {
  readonly key: string;
  readonly value: string;
}

/**
 * Adds annotations behind the ones that are there, as the file indents; `annotations` and `metadata` are made where
 * they are missing. Undefined where the annotations stand elsewhere (an alias) or cannot be told apart.
 */
export function addAnnotations(
  document: YamlDocument,
  manifest: Manifest,
  added: readonly NewAnnotation[],
): Edit | undefined {
  const { text } = document;
  const { annotationsSpan: map, annotationsKeySpan: mapKey, metadataSpan: metadata, metadataKeySpan } = manifest;
  const flow = text[manifest.span.start] === '{';
  const entries = added.map(
    ({ key, value }) => `${writeScalar(key, flow ? 'double' : 'plain')}: ${doubleQuoted(value)}`,
  );
  const entry = entries.join(', ');
  const step = indentation(text, manifest);
  if (map && mapKey) {
    if (text[map.start] === '{') return addToFlow(text, map, entry, manifest.annotations.at(-1));
    const last = manifest.annotations.findLast((other) => within(other.keySpan, map));
    if (text[map.start] === '*' || !last) return undefined;
    return addLines(text, Math.max(last.valueSpan.end, last.keySpan.end), entries, column(text, map.start));
  }
  if (mapKey) return fillEmpty(text, mapKey, entries, step);
  if (metadata) {
    if (text[metadata.start] === '{')
      return addToFlow(text, metadata, `${flow ? '"annotations"' : 'annotations'}: {${entry}}`);
    const lines = ['annotations:', ...entries.map((line) => step + line)];
    const named = manifest.nameSpan;
    if (named && within(named, metadata)) return addLines(text, named.end, lines, column(text, metadata.start));
    const indent = ' '.repeat(column(text, metadata.start));
    const newText = lines.map((line) => line + endOfLine(text) + indent).join('');
    return { start: metadata.start, end: metadata.start, newText };
  }
  if (metadataKeySpan)
    return fillEmpty(text, metadataKeySpan, ['annotations:', ...entries.map((line) => step + line)], step);
  if (!manifest.kindSpan || flow) return undefined;
  const lines = ['metadata:', `${step}annotations:`, ...entries.map((line) => step + step + line)];
  return addLines(text, manifest.kindSpan.end, lines, column(text, manifest.span.start));
}

/** Writes the entries of a map below its key, which has nothing or null behind it. */
function fillEmpty(text: string, key: Span, lines: readonly string[], step: string): Edit | undefined {
  const written = /^["']?[ \t]*:[ \t]*(?:~|null)?(?=[ \t]*(?:#|\r?\n|$))/.exec(text.slice(key.end));
  if (!written) return undefined;
  const colon = key.end + written[0].indexOf(':') + 1;
  const edit = addLines(text, key.end + written[0].length, lines, column(text, key.start) + step.length);
  const rest = text.slice(key.end + written[0].length, edit.start);
  const comment = rest.trim() === '' ? '' : ` ${rest.trim()}`;
  return {
    start: colon,
    end: edit.end,
    newText: comment + (rest.endsWith('\n') ? endOfLine(text) : '') + edit.newText,
  };
}

/** Adds lines after the line that holds an offset. */
function addLines(text: string, after: number, lines: readonly string[], indent: number): Edit {
  const eol = endOfLine(text);
  const at = text[after - 1] === '\n' ? after : nextLine(text, after);
  const before = at > 0 && text[at - 1] !== '\n' ? eol : '';
  const block = lines.map((line) => ' '.repeat(indent) + line).join(eol);
  return { start: at, end: at, newText: before + block + (before === '' ? eol : '') };
}

/** Adds one annotation; see `addAnnotations`. */
export const addAnnotation = (
  document: YamlDocument,
  manifest: Manifest,
  key: string,
  value: string,
): Edit | undefined => addAnnotations(document, manifest, [{ key, value }]);

function addToFlow(text: string, map: Span, entry: string, last?: AnnotationEntry): Edit | undefined {
  const inside = text.slice(map.start + 1, map.end - 1);
  if (text[map.end - 1] !== '}') return undefined;
  if (inside.trim() === '') return { start: map.start + 1, end: map.end - 1, newText: entry };
  const lead = /^\s*/.exec(inside)?.[0] ?? '';
  const content = inside.trimEnd();
  const at = last ? Math.max(last.valueSpan.end, last.keySpan.end) : map.start + 1 + content.length;
  const comma = /^\s*,/.exec(text.slice(at, map.end));
  if (comma && last) return { start: at + comma[0].length, end: at + comma[0].length, newText: (lead || ' ') + entry };
  return { start: at, end: at, newText: `,${lead.includes('\n') ? lead : ' '}${entry}` };
}

/** One step of indentation as the manifest is written. */
function indentation(text: string, { metadataSpan, metadataKeySpan }: Manifest): string {
  if (!metadataSpan || !metadataKeySpan || text[metadataSpan.start] === '{') return '  ';
  const step = column(text, metadataSpan.start) - column(text, metadataKeySpan.start);
  return ' '.repeat(step > 0 && step <= 8 ? step : 2);
}

const within = (inner: Span, outer: Span): boolean => outer.start <= inner.start && inner.end <= outer.end;
export const startOfLine = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1) + 1;
export const column = (text: string, offset: number): number => offset - startOfLine(text, offset);
export const endOfLine = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');

export function nextLine(text: string, offset: number): number {
  const feed = text.indexOf('\n', offset);
  return feed < 0 ? text.length : feed + 1;
}

/** Tells whether an entry stands in a flow map: a bracket or a comma comes before it. */
const inFlow = (text: string, offset: number): boolean =>
  /[{,]\s*$/.test(text.slice(Math.max(0, offset - 400), offset));
