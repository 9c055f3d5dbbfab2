import type { Json } from '../core/object.ts';
import { column, endOfLine, nextLine, removeEntry, startOfLine, type Edit } from './edit.ts';
import { Locator, type Path } from './locate.ts';
import { writeScalar } from './scalar-text.ts';

/**
 * Edits of fields anywhere in a document. They parse its text: for fixes that somebody asks for, not for keystrokes.
 * Undefined is what cannot be done by touching nothing else: a map behind an alias or under an anchor that others use.
 */

/** A field to be written: its keys, from the map that the edit names, and its value. */
export interface NewField {
  readonly key: string;
  readonly value: string | number | boolean | readonly NewField[];
}

/** Writes fields into the map at a path, in front of what is there. The caller knows that it lacks them. */
export function addFields(text: string, path: Path, fields: readonly NewField[]): Edit | undefined {
  const locator = new Locator(text);
  const map = locator.map(path);
  const key = locator.key(path);
  if (!map || fields.length === 0) return undefined;
  const between = key ? text.slice(key.end, map.span.start) : '';
  if (/[&*!]/.test(between.replace(/#.*/g, ''))) return undefined;
  if (map.flow) return addToFlow(text, map.span, map.keys[0]?.start, fields);
  if (!key) return undefined;
  const header = text.slice(key.end, nextLine(text, key.end));
  if (!/^["']?[ \t]*:[ \t]*(?:#.*)?\r?\n$/.test(header)) return undefined;
  const at = nextLine(text, key.end);
  const indent = column(text, map.span.start);
  const step = Math.max(1, Math.min(8, indent - column(text, key.start))) || 2;
  const eol = endOfLine(text);
  const lines = fields.flatMap((field) => linesOf(field, step)).map((line) => ' '.repeat(indent) + line + eol);
  return { start: at, end: at, newText: lines.join('') };
}

function linesOf({ key, value }: NewField, step: number): string[] {
  const name = writeScalar(key, 'plain');
  if (typeof value !== 'object') return [`${name}: ${scalar(value, false)}`];
  return [`${name}:`, ...value.flatMap((field) => linesOf(field, step)).map((line) => ' '.repeat(step) + line)];
}

/** Texts get quotes where they would be something else without them, and everywhere in JSON. */
function scalar(value: string | number | boolean, json: boolean): string {
  if (typeof value !== 'string') return String(value);
  return writeScalar(value, json ? 'double' : 'plain', true);
}

function flowOf({ key, value }: NewField, json: boolean): string {
  const inside =
    typeof value === 'object' ? `{${value.map((field) => flowOf(field, json)).join(', ')}}` : scalar(value, json);
  return `${writeScalar(key, json ? 'double' : 'plain', true)}: ${inside}`;
}

function addToFlow(
  text: string,
  map: { start: number; end: number },
  first: number | undefined,
  fields: readonly NewField[],
): Edit {
  const at = first ?? map.start + 1;
  // JSON quotes its keys, and so does a flow map that has begun to.
  const quoted = first === undefined ? text[map.start - 1] === '"' || /^\s*\{/.test(text) : text[first] === '"';
  const written = fields.map((field) => flowOf(field, quoted));
  if (first === undefined) return { start: at, end: at, newText: written.join(', ') };
  const lead = text.slice(startOfLine(text, at), at);
  const separator = lead.trim() === '' ? `,${endOfLine(text)}${lead}` : ', ';
  return { start: at, end: at, newText: written.map((field) => field + separator).join('') };
}

/** Takes the field at a path out of its map, which is empty then if it was the only one. */
export function removeField(text: string, path: Path): Edit | undefined {
  const locator = new Locator(text);
  const map = locator.map(path.slice(0, -1));
  const key = locator.key(path);
  const value = locator.value(path);
  if (!map || !key || !value || key.start < map.span.start || map.span.end < key.end) return undefined;
  if (map.keys.length > 1) return removeEntry(text, key.start, Math.max(value.end, key.end), map.span);
  const parent = locator.key(path.slice(0, -1));
  const between = parent && /^(["']?[ \t]*:)((?:\s|#.*)*)$/.exec(text.slice(parent.end, map.span.start));
  if (!parent || !between) return undefined;
  const start = parent.end + (between[1] ?? '').length;
  if (map.flow) return { ...map.span, newText: '{}' };
  // Comments above the field stay, without the indentation that led to it.
  const above = (between[2] ?? '').replace(/^[ \t]*(?=\r?\n)|[ \t]*$/g, '');
  const end = text[map.span.end - 1] === '\n' ? map.span.end : nextLine(text, map.span.end);
  return { start, end, newText: ` {}${above}` };
}

/** Puts another scalar in the place of the one at a path; undefined where none is written there. */
export function setField(text: string, path: Path, value: Exclude<Json, object | null>): Edit | undefined {
  const locator = new Locator(text);
  const key = locator.key(path);
  const place = locator.value(path);
  if (!key || !place || place.start < key.end || place.start === place.end) return undefined;
  if (/^[*&!|>[{]/.test(text.slice(place.start, place.start + 1))) return undefined;
  const newText = typeof value === 'string' ? writeScalar(value, styleAt(text, place.start), true) : String(value);
  return { ...place, newText };
}

/** Gives the field at a path another key, and another text if one is given. */
export function renameField(text: string, path: Path, key: string, value?: string): Edit[] | undefined {
  const locator = new Locator(text);
  const was = locator.key(path);
  const place = locator.value(path);
  if (!was || !place || place.start < was.end) return undefined;
  const rename = { ...was, newText: writeScalar(key, styleAt(text, was.start)) };
  if (value === undefined) return [rename];
  if (/^[*&!|>[{]/.test(text.slice(place.start, place.start + 1))) return undefined;
  return [rename, { ...place, newText: writeScalar(value, styleAt(text, place.start), true) }];
}

/** The quotes in which a key or value is written. */
function styleAt(text: string, start: number): 'double' | 'single' | 'plain' {
  const quote = text[start];
  return quote === '"' ? 'double' : quote === "'" ? 'single' : 'plain';
}
