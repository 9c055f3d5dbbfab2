/** Lines longer than this are not looked at: nobody completes an annotation there, and it keeps the cost flat. */
const MAX_LINE = 5_000;

/** One line of block YAML, taken apart without a parser. All numbers are columns of the line. */
export interface BlockLine {
  /** Columns of the `-` marks in front. */
  readonly dashes: readonly number[];
  /** Where the key, or what may become one, begins and ends. */
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly key: string;
  /** Of the colon behind the key; -1 where there is none (yet). */
  readonly colon: number;
  /** Where the value begins: the first letter behind the colon, or the end of the line. */
  readonly valueStart: number;
}

const SPACE = 32;
const isBlank = (unit: number): boolean => unit === SPACE || unit === 9;

/** Takes a line apart; undefined for blank lines, comments, templates and lines that are too long. */
export function parseBlockLine(line: string): BlockLine | undefined {
  if (line.length > MAX_LINE) return undefined;
  const dashes: number[] = [];
  let at = 0;
  for (;;) {
    while (line.charCodeAt(at) === SPACE) at++;
    if (line[at] !== '-' || (at + 1 < line.length && !isBlank(line.charCodeAt(at + 1)))) break;
    dashes.push(at++);
  }
  const keyStart = at;
  const first = line[at];
  if (first === undefined || first === '#' || (first === '{' && line[at + 1] === '{')) return undefined;
  const quoted = first === '"' || first === "'";
  if (quoted) {
    const close = line.indexOf(first, at + 1);
    at = close < 0 ? line.length : close + 1;
  }
  let colon = -1;
  for (let i = at; i < line.length; i++) {
    if (line[i] === '#' && i > 0 && isBlank(line.charCodeAt(i - 1))) break;
    if (line[i] === ':' && (i + 1 === line.length || isBlank(line.charCodeAt(i + 1)))) {
      colon = i;
      break;
    }
    if (quoted && !isBlank(line.charCodeAt(i))) break;
  }
  let keyEnd = colon >= 0 ? colon : endOfPlain(line, keyStart);
  while (keyEnd > keyStart && isBlank(line.charCodeAt(keyEnd - 1))) keyEnd--;
  let valueStart = colon < 0 ? line.length : colon + 1;
  while (valueStart < line.length && isBlank(line.charCodeAt(valueStart))) valueStart++;
  const key = line.slice(keyStart, keyEnd);
  return { dashes, keyStart, keyEnd, key: quoted ? unquote(key) : key, colon, valueStart };
}

/** End of what stands from `from` on, without a comment behind it and the spaces before that. */
export function endOfPlain(line: string, from: number): number {
  let end = line.length;
  for (let i = from; i < line.length; i++) {
    if (line[i] === '#' && (i === 0 || isBlank(line.charCodeAt(i - 1)))) {
      end = i;
      break;
    }
  }
  while (end > from && isBlank(line.charCodeAt(end - 1))) end--;
  return end;
}

/** Whether nothing but a comment, an anchor or a tag stands behind the colon: the value follows on further lines. */
export function opensBlock(line: string, parsed: BlockLine): boolean {
  const rest = line.slice(parsed.valueStart, endOfPlain(line, parsed.valueStart));
  return rest === '' || /^[&!]\S*(?:[ \t]+[&!]\S*)?$/.test(rest);
}

const unquote = (text: string): string =>
  text.length >= 2 && text.endsWith(text[0] ?? '') ? text.slice(1, -1) : text.slice(1);
