import type { Span } from './model.ts';
import { FIRST, maskTemplates, REST, writesNothing } from './template.ts';

/**
 * A second way to mask templates, for texts that the first one leaves unreadable: here a template that can only stand
 * for further entries of a map or a list becomes white space, and helpers that a file defines are no part of its text.
 *
 *   labels: {{- include "labels" . | nindent 4 }}     - {{ toYaml . | nindent 4 | trim }}     verbs: ["get"{{ if .x }}, "list"{{ end }}]
 *     app: shop                                         labelSelector: {}
 *
 * With the first branches alone, what stands between `else` and `end` is left out too: `{}` or `[]` in the place of
 * entries, for example, which cannot be read together with them.
 */
export function maskStructure(text: string, templates: readonly Span[], branches: 'all' | 'first' = 'all'): string {
  if (text.length > LONGEST) return maskTemplates(text, templates);
  const defined = definitionsIn(text, templates);
  if (branches === 'first') defined.push(...otherBranches(text, templates));
  const units = text.split('');
  const blank = ({ start, end }: Span): void => {
    for (let i = start; i < end; i++) if (units[i] !== '\n' && units[i] !== '\r') units[i] = ' ';
  };
  defined.forEach(blank);
  const left = templates.filter((template) => {
    if (defined.some(({ start, end }) => start <= template.start && template.end <= end)) return false;
    const column = blockColumn(text, template);
    if (column !== undefined) {
      const line = lineStart(text, template.start);
      blank({ start: line, end: template.end });
      for (let i = line + column; i < lineEnd(text, template.start); i++) units[i] = REST;
      units[line + column] = FIRST;
      return false;
    }
    const structural = standsForEntries(text, template) || isBetweenItems(text, template);
    if (structural) blank(template);
    return !structural;
  });
  return maskTemplates(units.join(''), left);
}

/** Longer texts are not looked at a second time, and no more lines than these for what a template stands beside. */
const LONGEST = 1_000_000;
const LINES = 40;

const OPENS = /^\{\{-?\s*(?:if|range|with|define|block)\b/;
const DEFINES = /^\{\{-?\s*define\b/;
const ENDS = /^\{\{-?\s*end\b/;

/** The stretches from `define` to its `end`. */
function definitionsIn(text: string, templates: readonly Span[]): Span[] {
  const found: Span[] = [];
  let depth = 0;
  let start: number | undefined;
  for (const template of templates) {
    const action = text.slice(template.start, template.end);
    if (OPENS.test(action)) {
      if (start === undefined && !DEFINES.test(action)) continue;
      start ??= template.start;
      depth++;
    } else if (start !== undefined && ENDS.test(action) && --depth === 0) {
      found.push({ start, end: template.end });
      start = undefined;
    }
  }
  return found;
}

const ELSE = /^\{\{-?\s*else\b/;

/** The stretches from each first `else` to its `end`. */
function otherBranches(text: string, templates: readonly Span[]): readonly Span[] {
  const found: Span[] = [];
  const open: { otherwise?: number }[] = [];
  for (const { start, end } of templates) {
    const action = text.slice(start, end);
    const innermost = open.at(-1);
    if (OPENS.test(action)) open.push({});
    else if (innermost && ELSE.test(action)) innermost.otherwise ??= start;
    else if (innermost && ENDS.test(action)) {
      open.pop();
      if (innermost.otherwise !== undefined) found.push({ start: innermost.otherwise, end });
    }
  }
  return found;
}

/** A key, or the dash of an item, with nothing but a template behind it. */
const HEAD = /^([ ]*(?:-[ ]+)*)(?:(?:[\w./-]+|"[^"]*"|'[^']*')[ ]*:|-)[ ]*$/;

/** Whether a template is all that a key or a dash has on its line, while entries of the value follow on the next. */
function standsForEntries(text: string, { start, end }: Span): boolean {
  const head = HEAD.exec(text.slice(lineStart(text, start), start));
  if (!head || text.slice(end, lineEnd(text, end)).trim() !== '') return false;
  const next = nextContent(text, end);
  if (!next) return false;
  const isDash = !head[0].trimEnd().endsWith(':');
  const column = isDash ? head[0].trimEnd().length - 1 : (head[1] ?? '').length;
  return next.column > column || (!isDash && next.column === column && /^-(?:\s|$)/.test(next.content));
}

/** Whether a template that writes nothing itself stands behind a text in quotes, where nothing else may. */
function isBetweenItems(text: string, { start, end }: Span): boolean {
  return writesNothing(text.slice(start, end)) && /[^\s[{,:(]["'][ ]*$/.test(text.slice(lineStart(text, start), start));
}

/** Nothing but templates. */
const TEMPLATES_ALONE = /^(?:\{\{(?:(?!\}\}).)*\}\}\s*)+$/;

/** The head of a literal or folded block. */
const BLOCK = /(?:^|[\s:-])[|>][+-]?[ \t]*$/;

/**
 * For a template that stands alone on one of the first lines of a block and further to the right than what follows:
 * the column at which the block's content begins.
 */
function blockColumn(text: string, { start, end }: Span): number | undefined {
  const line = lineStart(text, start);
  if (text.slice(line, start).trim() !== '' || text.slice(end, lineEnd(text, end)).trim() !== '') return undefined;
  if (text.slice(start, end).includes('\n')) return undefined;
  let above = line;
  let lines = 0;
  for (let content = ''; content === '' || TEMPLATES_ALONE.test(content);) {
    if (above === 0 || lines++ > LINES) return undefined;
    const before = lineStart(text, above - 1);
    content = text.slice(before, above).trim();
    above = before;
  }
  const head = text.slice(above, lineEnd(text, above)).trimEnd();
  if (!BLOCK.test(head)) return undefined;
  const next = nextContent(text, end);
  const parent = /^ */.exec(head)?.[0].length ?? 0;
  return next && next.column > parent && line + next.column < end ? next.column : undefined;
}

/** The next line that holds more than templates and comments. */
function nextContent(text: string, from: number): { readonly column: number; readonly content: string } | undefined {
  let line = lineEnd(text, from) + 1;
  for (let lines = 0; line < text.length && lines < LINES; line = lineEnd(text, line) + 1, lines++) {
    const full = text.slice(line, lineEnd(text, line)).trimEnd();
    const content = full.trimStart();
    if (content === '' || content.startsWith('#') || TEMPLATES_ALONE.test(content)) continue;
    return { column: full.length - content.length, content };
  }
  return undefined;
}

const lineStart = (text: string, offset: number): number => (offset <= 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1);

const lineEnd = (text: string, offset: number): number => {
  const feed = text.indexOf('\n', offset);
  return feed < 0 ? text.length : feed;
};

const BOLDER = [
  maskStructure,
  (text: string, templates: readonly Span[]): string => maskStructure(text, templates, 'first'),
];

/** What a reader makes of a text with its templates masked in the way that leaves the fewest problems. */
export function readBest<T extends { readonly problems: readonly unknown[] }>(
  text: string,
  templates: readonly Span[],
  read: (masked: string) => T,
): T {
  let best = read(maskTemplates(text, templates));
  for (const mask of BOLDER) {
    if (best.problems.length === 0 || templates.length === 0) break;
    const next = read(mask(text, templates));
    if (next.problems.length < best.problems.length) best = next;
  }
  return best;
}
