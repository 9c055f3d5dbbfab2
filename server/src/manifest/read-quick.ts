import type { Json, JsonObject } from '../core/object.ts';
import { DialectError, jsonOf, resolvePlain } from './dialect.ts';

/**
 * A reader for the plain form in which most manifests are written: block maps and lists, scalars on one line, literal
 * blocks. Ten times quicker than a full one, and never in doubt: wherever anything else stands (anchors, tags, escapes,
 * tabs, texts over several lines, templates, repeated keys) it gives up, and a full reader has to look.
 */

/** Characters that need no second look. */
const OTHER_CHARACTER = /[^\n\x20-\x7e\u00a1-\u2027\u2030-\ud7ff]/;
const MARK = /^(?:---|\.\.\.)/gm;

/** The value of a text that holds one YAML document; undefined where it is not certain. */
export function readQuick(text: string): Json | undefined {
  if (OTHER_CHARACTER.test(text)) return undefined;
  let start = 0;
  for (const { index } of text.matchAll(MARK)) {
    const end = text.indexOf('\n', index);
    if (index !== 0 || start !== 0 || end < 0 || text.slice(3, end).trim() !== '' || text[0] === '.') return undefined;
    start = end + 1;
  }
  try {
    return new QuickReader(text, start).read();
  } catch (error) {
    if (error === UNCERTAIN || error instanceof DialectError) return undefined;
    throw error;
  }
}

/** Thrown where the reader gives up: always the same one, since a stack each time would cost more than the reading. */
const UNCERTAIN = new Error('not certain');

const MAX_DEPTH = 64;
const KEY = /[A-Za-z_][\w./-]*/y;
const END = -1;

const SPACE = 32;
const DOUBLE = 34;
const HASH = 35;
const SINGLE = 39;
const DASH = 45;
const COLON = 58;
const NEWLINE = 10;

class QuickReader {
  readonly #text: string;
  /** Where the content of the current line begins; the end of the text behind the last one. */
  #at: number;
  /** Its column; -1 behind the last line. */
  #column = 0;
  #depth = 0;
  /** There may be comments behind values. */
  readonly #comments: boolean;

  constructor(text: string, start: number) {
    this.#text = text;
    this.#comments = text.includes(' #');
    this.#at = start;
  }

  read(): Json {
    if (this.#nextContent(this.#at) !== 0) throw UNCERTAIN;
    const value = this.#map(0);
    if (this.#at < this.#text.length) throw UNCERTAIN;
    return value;
  }

  /** Goes to the first line with content at or below the start of a line, and gives its column. */
  #nextContent(lineStart: number): number {
    const text = this.#text;
    for (let line = lineStart; line < text.length;) {
      let at = line;
      while (text.charCodeAt(at) === SPACE) at++;
      const unit = text.charCodeAt(at);
      if (at < text.length && unit !== NEWLINE && unit !== HASH) {
        this.#at = at;
        return (this.#column = at - line);
      }
      const end = text.indexOf('\n', at);
      if (end < 0) break;
      line = end + 1;
    }
    this.#at = text.length;
    return (this.#column = END);
  }

  #endOfLine(at: number): number {
    const end = this.#text.indexOf('\n', at);
    return end < 0 ? this.#text.length : end;
  }

  #isItem(): boolean {
    if (this.#text.charCodeAt(this.#at) !== DASH) return false;
    const after = this.#text.charCodeAt(this.#at + 1);
    return after === SPACE || after === NEWLINE || Number.isNaN(after);
  }

  /** The map whose first key stands at the current place. */
  #map(column: number): JsonObject {
    if (++this.#depth > MAX_DEPTH) throw UNCERTAIN;
    const object: JsonObject = {};
    while (this.#column === column && !this.#isItem()) {
      const key = this.#key();
      if (key === '__proto__' || Object.hasOwn(object, key)) throw UNCERTAIN;
      object[key] = this.#valueOf(column);
    }
    if (this.#column > column || (this.#column === column && this.#isItem())) throw UNCERTAIN;
    this.#depth--;
    return object;
  }

  /** The key at the current place, with its colon. */
  #key(): string {
    const text = this.#text;
    const unit = text.charCodeAt(this.#at);
    let key: string;
    let end: number;
    if (unit === DOUBLE || unit === SINGLE) {
      end = this.#endOfQuoted(this.#at);
      key = text.slice(this.#at + 1, end - 1);
    } else {
      KEY.lastIndex = this.#at;
      if (!KEY.test(text)) throw UNCERTAIN;
      end = KEY.lastIndex;
      key = text.slice(this.#at, end);
      if (key.length <= 5 && resolvePlain(key).kind !== 'text') throw UNCERTAIN;
    }
    const after = text.charCodeAt(end + 1);
    if (text.charCodeAt(end) !== COLON || !(after === SPACE || after === NEWLINE || Number.isNaN(after)))
      throw UNCERTAIN;
    this.#at = end + 1;
    return key;
  }

  /** Behind the closing quote of a text on one line without escapes. */
  #endOfQuoted(start: number): number {
    const text = this.#text;
    const quote = text.charCodeAt(start) === DOUBLE ? '"' : "'";
    const close = text.indexOf(quote, start + 1);
    if (close < 0 || close > this.#endOfLine(start)) throw UNCERTAIN;
    if (quote === '"' ? text.slice(start, close).includes('\\') : text.charCodeAt(close + 1) === SINGLE)
      throw UNCERTAIN;
    return close + 1;
  }

  /** The value behind a key of a map at a column: on its line, or below. */
  #valueOf(column: number): Json {
    const text = this.#text;
    let at = this.#at;
    while (text.charCodeAt(at) === SPACE) at++;
    const unit = text.charCodeAt(at);
    if (at >= text.length || unit === NEWLINE || unit === HASH) {
      this.#nextContent(this.#endOfLine(at) + 1);
      if (this.#column === column && this.#isItem()) return this.#list(column);
      return this.#column > column ? this.#node() : null;
    }
    this.#at = at;
    return this.#scalar(column);
  }

  /** A map, list or scalar that begins at the current place, on a line of its own or behind a dash. */
  #node(): Json {
    const column = this.#column;
    if (this.#isItem()) return this.#list(column);
    const text = this.#text;
    const unit = text.charCodeAt(this.#at);
    let end: number;
    if (unit === DOUBLE || unit === SINGLE) end = this.#endOfQuoted(this.#at);
    else {
      KEY.lastIndex = this.#at;
      end = KEY.test(text) ? KEY.lastIndex : -1;
    }
    if (end >= 0 && text.charCodeAt(end) === COLON) return this.#map(column);
    return this.#scalar(column - 1);
  }

  #list(column: number): Json[] {
    if (++this.#depth > MAX_DEPTH) throw UNCERTAIN;
    const text = this.#text;
    const items: Json[] = [];
    while (this.#column === column && this.#isItem()) {
      let at = this.#at + 1;
      while (text.charCodeAt(at) === SPACE) at++;
      const unit = text.charCodeAt(at);
      if (at >= text.length || unit === NEWLINE || unit === HASH) {
        this.#nextContent(this.#endOfLine(at) + 1);
        items.push(this.#column > column ? this.#node() : null);
      } else {
        this.#column += at - this.#at;
        this.#at = at;
        items.push(this.#node());
      }
    }
    if (this.#column > column) throw UNCERTAIN;
    this.#depth--;
    return items;
  }

  /** A scalar at the current place inside a map (or list) at a column; goes to the next line with content. */
  #scalar(column: number): Json {
    const text = this.#text;
    const start = this.#at;
    const lineEnd = this.#endOfLine(start);
    const unit = text.charCodeAt(start);
    if (unit === DOUBLE || unit === SINGLE) {
      const end = this.#endOfQuoted(start);
      this.#endScalar(end, column);
      return text.slice(start + 1, end - 1);
    }
    const first = text[start] ?? '';
    if (first === '|') return this.#block(start, column);
    if (first === '[' || first === '{') return this.#flow(start, lineEnd, column);
    if ('&*!%@`>?,]}'.includes(first)) throw UNCERTAIN;
    if (this.#isItem() || unit === COLON) throw UNCERTAIN;
    const line = text.slice(start, lineEnd);
    const comment = this.#comments ? line.indexOf(' #') : -1;
    const written = (comment < 0 ? line : line.slice(0, comment)).trimEnd();
    if (written.includes(': ') || written.endsWith(':')) throw UNCERTAIN;
    this.#nextContent(lineEnd + 1);
    if (this.#column > column) throw UNCERTAIN;
    const scalar = resolvePlain(written);
    return scalar.kind === 'merge' ? scalar.value : jsonOf(scalar);
  }

  /** Nothing but a comment may follow on the line, and nothing deeper on the next one. */
  #endScalar(end: number, column: number): void {
    const lineEnd = this.#endOfLine(end);
    if (!/^(?: *| +#.*)$/.test(this.#text.slice(end, lineEnd))) throw UNCERTAIN;
    this.#nextContent(lineEnd + 1);
    if (this.#column > column) throw UNCERTAIN;
  }

  /** An empty collection, or a list of quoted texts and plain words on one line. */
  #flow(start: number, lineEnd: number, column: number): Json {
    const text = this.#text;
    const empty = text.charCodeAt(start + 1);
    if (text.startsWith('[]', start) || text.startsWith('{}', start)) {
      this.#endScalar(start + 2, column);
      return empty === 93 ? [] : {};
    }
    const list =
      /^\[( *(?:"[^"\\]*"|'[^']*'|[\w./=-][\w./=@+-]*) *(?:, *(?:"[^"\\]*"|'[^']*'|[\w./=-][\w./=@+-]*) *)*)\]/.exec(
        text.slice(start, lineEnd),
      );
    if (!list) throw UNCERTAIN;
    this.#endScalar(start + list[0].length, column);
    return [...(list[1] ?? '').matchAll(/"([^"]*)"|'([^']*)'|[\w./=@+-]+/g)].map(([item, double, single]) => {
      const quoted = double ?? single;
      if (quoted !== undefined) return quoted;
      if (item === '-' || /^-{3}|^=$/.test(item)) throw UNCERTAIN;
      return jsonOf(resolvePlain(item));
    });
  }

  /** A literal block (`|` or `|-`) with nothing unusual about its indentation. */
  #block(start: number, column: number): Json {
    const text = this.#text;
    const [, strip, rest = ''] = /^\|(-?)(.*)$/.exec(text.slice(start, this.#endOfLine(start))) ?? [];
    if (strip === undefined || !/^(?: *| +#.*)$/.test(rest)) throw UNCERTAIN;
    const lines: string[] = [];
    let indent = -1;
    let line = this.#endOfLine(start) + 1;
    while (line < text.length) {
      let at = line;
      while (text.charCodeAt(at) === SPACE) at++;
      const end = text.indexOf('\n', at);
      // What stands on the last line without a line feed is for a full reader.
      if (end < 0) throw UNCERTAIN;
      if (at === end) {
        if (indent < 0) throw UNCERTAIN;
        lines.push(text.slice(line + indent, end));
      } else {
        if (indent < 0) {
          if (at - line <= Math.max(column, 0)) throw UNCERTAIN;
          indent = at - line;
        }
        if (at - line < indent) {
          if (at - line > column && text.charCodeAt(at) !== HASH) throw UNCERTAIN;
          break;
        }
        lines.push(text.slice(line + indent, end));
      }
      line = end + 1;
    }
    if (indent < 0) throw UNCERTAIN;
    while (lines.at(-1) === '') lines.pop();
    this.#nextContent(line);
    if (this.#column > column) throw UNCERTAIN;
    return lines.join('\n') + (strip === '-' ? '' : '\n');
  }
}
