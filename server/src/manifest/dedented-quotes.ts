/**
 * Texts in quotes whose further lines stand no deeper than their key. YAML forbids that; Argo CD's reader does not look,
 * and older tools wrote the descriptions of their CRDs so. Source: go-yaml/yaml.v2 scannerc.go
 * `yaml_parser_scan_flow_scalar`, which knows no indentation.
 *
 * The line breaks within quotes are written as characters of the private use area, unit for unit, so that the text can
 * be read on one line and every place stays where it is; `foldLines` then makes of them what YAML makes of line breaks.
 */

const SPACE = '\ue002';
const FEED = '\ue003';
const ESCAPED_FEED = '\ue004';
const STAND_INS = /[\ue002-\ue004]/;
const RUNS = /[\ue002-\ue004]+/g;

/** White space with a line break in it; with a backslash in front it is an escaped break in double quotes. */
const BREAK = /\\?[ \t]*\r?\n[ \t\r\n]*/y;
/** The head of a literal or folded block at the end of a line. */
const BLOCK_HEAD = /(?:^|[\s:-])[|>][+-]?\d?[+-]?[ \t]*(?:#.*)?$/;

/** The text with every line break within quotes written otherwise; undefined where there is none. */
export function joinQuotedLines(text: string): string | undefined {
  if (STAND_INS.test(text)) return undefined;
  const parts: string[] = [];
  let copied = 0;
  let line = 0;
  while (line < text.length) {
    const end = endOfLine(text, line);
    let at = line;
    let last = end;
    for (;;) {
      const open = openingQuote(text, at, last, at === line ? '\n' : '"');
      if (open === undefined) break;
      const { breaks, next } = readQuoted(text, open);
      for (const { start, end: breakEnd, standIn } of breaks) {
        parts.push(text.slice(copied, start), standIn);
        copied = breakEnd;
      }
      at = next;
      last = endOfLine(text, at);
    }
    line = last + 1;
    if (BLOCK_HEAD.test(text.slice(at, last).trimEnd())) line = behindBlock(text, line, indentOf(text, last));
  }
  if (copied === 0) return undefined;
  parts.push(text.slice(copied));
  return parts.join('');
}

/** The text of a scalar with its line breaks as YAML folds them: one is a space, each further one a line feed. */
export function foldLines(value: string): string {
  if (!STAND_INS.test(value)) return value;
  return value.replace(RUNS, (run) => {
    const feeds = run.split(FEED).length - 1;
    if (run.startsWith(ESCAPED_FEED)) return '\n'.repeat(feeds - 1);
    return feeds === 1 ? ' ' : '\n'.repeat(feeds - 1);
  });
}

const endOfLine = (text: string, from: number): number => {
  const feed = text.indexOf('\n', from);
  return feed < 0 ? text.length : feed;
};

/**
 * Where a text in quotes begins between two places of a line, in front of a comment: at the start of a value or key. `behind` is what
 * stands in front: a line feed at the start of a line.
 */
function openingQuote(text: string, from: number, to: number, behind: string): number | undefined {
  // The last unit that is no white space.
  let before = behind;
  let spaced = behind === '\n';
  for (let i = from; i < to; i++) {
    const unit = text[i] ?? '';
    if (unit === ' ' || unit === '\t') {
      spaced = true;
      continue;
    }
    if (unit === '#' && spaced) return undefined;
    if ((unit === '"' || unit === "'") && ('\n,[{'.includes(before) || (spaced && ':?-'.includes(before)))) return i;
    before = unit;
    spaced = false;
  }
  return undefined;
}

interface Break {
  readonly start: number;
  readonly end: number;
  readonly standIn: string;
}

/** The line breaks of a text in quotes, and what follows it. */
function readQuoted(text: string, open: number): { readonly breaks: readonly Break[]; readonly next: number } {
  const quote = text[open];
  const breaks: Break[] = [];
  let i = open + 1;
  while (i < text.length) {
    BREAK.lastIndex = i;
    const found = BREAK.exec(text)?.[0];
    if (found !== undefined && (found[0] !== '\\' || quote === '"')) {
      const body = found.replace(/\n/g, FEED).replace(/[ \t\r]/g, SPACE);
      breaks.push({ start: i, end: i + found.length, standIn: body.replace(/^\\/, ESCAPED_FEED) });
      i += found.length;
    } else if (quote === '"' && text[i] === '\\') i += 2;
    else if (text[i] !== quote) i++;
    else if (quote === "'" && text[i + 1] === quote) i += 2;
    else return { breaks, next: i + 1 };
  }
  return { breaks: [], next: text.length };
}

/** How far the line is indented that an offset stands in. */
function indentOf(text: string, offset: number): number {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^ */.exec(text.slice(start, offset))?.[0].length ?? 0;
}

/** The start of the first line behind a block: the first that has content and is indented no deeper than its head. */
function behindBlock(text: string, from: number, indent: number): number {
  let line = from;
  while (line < text.length) {
    const end = endOfLine(text, line);
    if (text.slice(line, end).trim() !== '' && indentOf(text, end) <= indent) return line;
    line = end + 1;
  }
  return line;
}
