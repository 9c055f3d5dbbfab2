/** A place in a text as the language protocol counts: 0-based line, character in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** Offsets at which the lines of a text begin. A line ends with `\n`, `\r\n` or a single `\r`. */
export function lineStarts(text: string): number[] {
  const starts = [0];
  if (!text.includes('\r')) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    return starts;
  }
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 10) starts.push(i + 1);
    else if (unit === 13 && text.charCodeAt(i + 1) !== 10) starts.push(i + 1);
  }
  return starts;
}

/** Offset at which the line after that of an offset begins; the length of the text where there is none. */
export function nextLineStart(text: string, offset: number): number {
  const feed = text.indexOf('\n', offset);
  const end = feed < 0 ? text.length : feed + 1;
  const lone = text.slice(offset, end).search(LONE_RETURN);
  return lone < 0 ? end : offset + lone + 1;
}

const LONE_RETURN = /\r(?!\n)/;

/** Tells whether a line of the text ends with a single `\r`, as on the Macs of old. */
export const hasLoneReturn = (text: string): boolean => text.includes('\r') && LONE_RETURN.test(text);

/** The text with a line feed for each single `\r`: of equal length, so that every place stays where it is. */
export const withLineFeeds = (text: string): string => (hasLoneReturn(text) ? text.replace(/\r(?!\n)/g, '\n') : text);

/** How many line ends a text holds. */
export function countLineEnds(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  for (let at = text.indexOf('\r'); at >= 0; at = text.indexOf('\r', at + 1)) {
    if (text.charCodeAt(at + 1) !== 10) count++;
  }
  return count;
}

/** Index of the last entry of an ascending list that is not above a value; 0 where every entry is above it. */
export function lastAtMost(ascending: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((ascending[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * Offset of a place in a text. Places beyond the end of a line are at its end, before the line end; lines beyond the
 * text are at the end of the text.
 */
export function offsetIn(text: string, starts: readonly number[], position: Position): number {
  if (position.line < 0) return 0;
  const start = starts[position.line];
  if (start === undefined) return text.length;
  const next = starts[position.line + 1] ?? text.length;
  const offset = Math.min(start + Math.max(0, position.character), next);
  return Math.max(start, beforeLineEnd(text, offset, start));
}

/** Place of an offset in a text. An offset within a line end is at the end of its line. */
export function positionIn(text: string, starts: readonly number[], offset: number): Position {
  const clamped = Math.max(0, Math.min(offset, text.length));
  const line = lastAtMost(starts, clamped);
  const start = starts[line] ?? 0;
  return { line, character: Math.max(0, beforeLineEnd(text, clamped, start) - start) };
}

function beforeLineEnd(text: string, offset: number, lineStart: number): number {
  let at = offset;
  while (at > lineStart && (text.charCodeAt(at - 1) === 10 || text.charCodeAt(at - 1) === 13)) at--;
  return at;
}
