import { withLineFeeds } from './lines.ts';

/**
 * Where the YAML documents of a text begin. A separator is `---` or `...` at the start of a line, whatever stands
 * around it: YAML ends a document there even inside a block scalar or a quoted text. `---` opens the document that
 * follows it and belongs to it, as do comments, blank lines and directives above the first one; `...` belongs to the
 * document that it ends.
 */

const NEWLINE = 10;
const BOM = 0xfeff;

/**
 * Offsets at which the documents begin, in UTF-16 units: the first is 0, the others each follow a line end. The
 * documents put together are the text. A text of n units costs O(n).
 */
export const splitDocuments = (text: string): number[] => splitAtLineFeeds(withLineFeeds(text));

function splitAtLineFeeds(text: string): number[] {
  const starts = [0];
  let start = 0;
  let opened = opensAt(text, 0);
  let dashes = nextSeparator(text, '---', 0);
  let dots = endMark(text, 0);
  while (dashes >= 0 || dots >= 0) {
    if (dots >= 0 && (dashes < 0 || dots < dashes)) {
      const next = text.indexOf('\n', dots) + 1;
      if (next === 0 || next === text.length) break;
      start = next;
      starts.push(start);
      opened = opensAt(text, start);
      dots = endMark(text, start);
      if (dashes >= 0 && dashes <= start) dashes = nextSeparator(text, '---', start);
    } else {
      if (opened || hasContent(text, start, dashes)) {
        start = dashes;
        starts.push(start);
      }
      opened = true;
      dashes = nextSeparator(text, '---', dashes + 1);
    }
  }
  return starts;
}

/** The first `...` of a document and what follows it. */
function endMark(text: string, start: number): number {
  const first = firstUnit(text, start);
  return isSeparator(text, '...', first) ? first : nextSeparator(text, '...', first);
}

/** The documents of a text, in their order. */
export function documentTexts(text: string): string[] {
  const starts = splitDocuments(text);
  return starts.map((start, i) => text.slice(start, starts[i + 1] ?? text.length));
}

/** Tells whether two texts, one after the other, are two documents (or more) with a border between them. */
export function isBorder(first: string, after: string): boolean {
  if (first.endsWith('\r') && after.startsWith('\n')) return false;
  const before = withLineFeeds(first);
  if (before.charCodeAt(before.length - 1) !== NEWLINE || after === '') return false;
  const lastLine = before.lastIndexOf('\n', before.length - 2) + 1;
  if (isSeparator(before, '...', lastLine === 0 ? firstUnit(before, 0) : lastLine)) return true;
  return isSeparator(after, '---', 0) && (opensAt(before, 0) || hasContent(before, 0, before.length));
}

const firstUnit = (text: string, at: number): number => (text.charCodeAt(at) === BOM ? at + 1 : at);

/** A document that starts here opens itself, by `---`. */
const opensAt = (text: string, start: number): boolean => isSeparator(text, '---', firstUnit(text, start));

function isSeparator(text: string, mark: '---' | '...', at: number): boolean {
  if (!text.startsWith(mark, at)) return false;
  const after = at + 3;
  if (after >= text.length) return true;
  const unit = text.charCodeAt(after);
  return unit === 32 || unit === 9 || unit === NEWLINE || unit === 13;
}

/** The first separator of a kind that stands after a line feed at or after `from`; -1 where there is none. */
function nextSeparator(text: string, mark: '---' | '...', from: number): number {
  let at = Math.max(0, from - 1);
  for (;;) {
    at = text.indexOf(`\n${mark}`, at);
    if (at < 0) return -1;
    if (at + 1 > from && isSeparator(text, mark, at + 1)) return at + 1;
    at += 1;
  }
}

/** Tells whether a stretch of whole lines holds more than blank lines, comments and directives. */
function hasContent(text: string, start: number, end: number): boolean {
  let line = firstUnit(text, start);
  while (line < end) {
    const feed = text.indexOf('\n', line);
    const lineEnd = feed < 0 || feed > end ? end : feed;
    let at = line;
    while (at < lineEnd && isBlank(text.charCodeAt(at))) at++;
    const directive = at === line && text[at] === '%';
    if (at < lineEnd && text[at] !== '#' && !directive) return true;
    line = lineEnd + 1;
  }
  return false;
}

const isBlank = (unit: number): boolean => unit === 32 || unit === 9 || unit === 13;
