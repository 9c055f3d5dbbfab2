import type { Span } from './model.ts';

/**
 * Templates in a manifest: Helm's and the like `{{ … }}`, Hugo's `{{< … >}}`, `${…}` and `$(…)`. What they come to is
 * never guessed. They are masked by characters of the private use area, unit for unit, so that the text around them
 * can be read and every place stays where it is.
 */

export const FIRST = '\ue000';
export const REST = '\ue001';
const MASKED = /\ue000\ue001*/g;

const OPENING = /\{\{|\$\{|\$\(/g;

/** Tells whether a text holds a template. */
export const hasTemplate = (text: string): boolean =>
  OPENING.test(reset(OPENING, text)) && templatesIn(text).length > 0;

function reset(pattern: RegExp, text: string): string {
  pattern.lastIndex = 0;
  return text;
}

/** Nothing longer is a template: what looks like the start of one is then looked at no further. */
const MAX_ACTION = 4000;
const MAX_VARIABLE = 400;

/** Control structures and assignments write nothing themselves; what stands between them is read like any other text. */
const WRITES_NOTHING = /^\{\{-?\s*(?:if|else|end|with|range|define|block|break|continue|\/\*|\$[\w.]*\s*:?=)/;

export const writesNothing = (template: string): boolean => WRITES_NOTHING.test(template);

/** Where the templates of a text stand, in their order. */
export function templatesIn(text: string): Span[] {
  const spans: Span[] = [];
  const opening = new RegExp(OPENING);
  const lastComment = text.lastIndexOf('*/');
  for (let match = opening.exec(text); match !== null; match = opening.exec(text)) {
    const start = match.index;
    const end = match[0] === '{{' ? endOfAction(text, start, lastComment) : endOfVariable(text, start);
    if (end === undefined) continue;
    spans.push({ start, end });
    opening.lastIndex = end;
  }
  return spans;
}

/** The templates, of a list in their order, that a stretch of the text holds or cuts. */
export function templatesWithin<T extends Span>(templates: readonly T[], { start, end }: Span): readonly T[] {
  let low = 0;
  let high = templates.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((templates[middle]?.end ?? 0) <= start) low = middle + 1;
    else high = middle;
  }
  let last = low;
  while (last < templates.length && (templates[last]?.start ?? 0) < end) last++;
  return templates.slice(low, last);
}

/** End of `{{ … }}`: texts in quotes may hold braces, comments and actions may run over lines. */
function endOfAction(text: string, start: number, lastComment: number): number | undefined {
  if (/^\{\{-?\s*\/\*/.test(text.slice(start, start + 16)) && lastComment > start) {
    const end = text.indexOf('}}', text.indexOf('*/', start));
    return end < 0 ? undefined : end + 2;
  }
  const limit = Math.min(text.length, start + MAX_ACTION);
  for (let i = start + 2; i < limit; i++) {
    const unit = text[i];
    if (unit === '}' && text[i + 1] === '}') return i + 2;
    if (unit === '{' && text[i + 1] === '{') return undefined;
    if (unit === '"' || unit === '`') i = endOfQuoted(text, i, limit) ?? i;
  }
  return undefined;
}

/** Index of the closing quote; undefined where the line (or, for a backquote, the limit) comes before it. */
function endOfQuoted(text: string, start: number, limit: number): number | undefined {
  const quote = text[start];
  for (let i = start + 1; i < limit; i++) {
    const unit = text[i];
    if (unit === quote) return i;
    if (quote === '"' && unit === '\n') return undefined;
    if (quote === '"' && unit === '\\') i++;
  }
  return undefined;
}

/** End of `${…}` or `$(…)`, with brackets of the same kind inside, on one line. */
function endOfVariable(text: string, start: number): number | undefined {
  const open = text[start + 1];
  const close = open === '{' ? '}' : ')';
  const limit = Math.min(text.length, start + MAX_VARIABLE);
  let depth = 0;
  for (let i = start + 1; i < limit; i++) {
    const unit = text[i];
    if (unit === '\n') return undefined;
    if (unit === open) depth++;
    else if (unit === close && --depth === 0) return i + 1;
  }
  return undefined;
}

/**
 * The text with its templates masked, of equal length. A line that holds templates and white space alone becomes
 * blank: it makes entries of its own, or none.
 */
export function maskTemplates(text: string, templates: readonly Span[]): string {
  const parts: string[] = [];
  let at = 0;
  for (let i = 0; i < templates.length; i++) {
    const first = templates[i];
    if (first === undefined) break;
    // Templates that follow each other on one line with white space between are looked at together.
    let last = first;
    for (
      let next = templates[i + 1];
      next && /^[ \t]*$/.test(text.slice(last.end, next.start));
      i++, next = templates[i + 1]
    ) {
      last = next;
    }
    const alone = isBlankBefore(text, first.start) && isBlankAfter(text, last.end);
    parts.push(text.slice(at, first.start));
    const stretch = text.slice(first.start, last.end);
    parts.push(alone ? stretch.replace(/[^\r\n]/g, ' ') : mask(stretch, first.start, templates, i));
    at = last.end;
  }
  parts.push(text.slice(at));
  return parts.join('');
}

/** Masks the templates of a stretch; what a template has on further lines becomes white space. */
function mask(stretch: string, offset: number, templates: readonly Span[], lastIndex: number): string {
  let masked = stretch;
  for (let i = lastIndex; i >= 0; i--) {
    const template = templates[i];
    if (template === undefined || template.start < offset) break;
    const start = template.start - offset;
    const end = template.end - offset;
    const [line = '', ...rest] = stretch.slice(start, end).split(/(?<=\n)/);
    const first = FIRST + line.slice(1).replace(/[^\r\n]/g, REST);
    masked = masked.slice(0, start) + first + rest.join('').replace(/[^\r\n]/g, ' ') + masked.slice(end);
  }
  return masked;
}

function isBlankBefore(text: string, start: number): boolean {
  const line = text.lastIndexOf('\n', start - 1) + 1;
  return text.slice(line, start).trim() === '';
}

function isBlankAfter(text: string, end: number): boolean {
  const feed = text.indexOf('\n', end);
  const rest = text.slice(end, feed < 0 ? text.length : feed).trim();
  return rest === '' || rest.startsWith('#');
}

/** Puts the templates of a masked scalar back into its value, in their order. */
export function unmask(value: string, originals: readonly string[]): string {
  let index = 0;
  return value.replace(MASKED, (masked) => originals[index++] ?? masked);
}

export const isMasked = (value: string): boolean => value.includes(FIRST);

/** Tells whether anything of a mask stands in a stretch of a masked text. */
export const holdsMask = (masked: string): boolean => masked.includes(FIRST) || masked.includes(REST);
