/** Walks over the lines of a text from any offset, without taking the whole text apart. */
export interface TextLine {
  /** Offset of the first unit, and of the line end (or the end of the text). */
  readonly start: number;
  readonly end: number;
}

const isLineEnd = (unit: number): boolean => unit === 10 || unit === 13;

/** The line that holds an offset; a line ends with `\n`, `\r\n` or a single `\r`. */
export function lineAt(text: string, offset: number): TextLine {
  let start = Math.max(0, Math.min(offset, text.length));
  // Between `\r` and `\n` there is no line.
  if (text.charCodeAt(start) === 10 && text.charCodeAt(start - 1) === 13) start--;
  while (start > 0 && !isLineEnd(text.charCodeAt(start - 1))) start--;
  return { start, end: endOf(text, start) };
}

/** The line above, undefined at the top. */
export function lineAbove(text: string, line: TextLine): TextLine | undefined {
  if (line.start === 0) return undefined;
  let end = line.start - 1;
  if (text.charCodeAt(end) === 10 && text.charCodeAt(end - 1) === 13) end--;
  let start = end;
  while (start > 0 && !isLineEnd(text.charCodeAt(start - 1))) start--;
  return { start, end };
}

/** The line below, undefined at the bottom. */
export function lineBelow(text: string, line: TextLine): TextLine | undefined {
  if (line.end >= text.length) return undefined;
  const crlf = text.charCodeAt(line.end) === 13 && text.charCodeAt(line.end + 1) === 10;
  const start = line.end + (crlf ? 2 : 1);
  return { start, end: endOf(text, start) };
}

function endOf(text: string, start: number): number {
  let end = start;
  while (end < text.length && !isLineEnd(text.charCodeAt(end))) end++;
  return end;
}
