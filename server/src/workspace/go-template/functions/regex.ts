import { fail } from '../problem.ts';
import type { Value } from '../values.ts';
import { ascii, intOf, textOf, type Functions, type TemplateFunction } from './model.ts';

/** Letters, classes, groups that are not repeated, alternatives: what Go and JavaScript read alike. */
const KNOWN =
  /^(?:\^|\$|\||\((?:\?:)?|\)\??(?![*+{])|(?:\\[dDwWs.\-/+*?()[\]{}^$|\\]|\[\^?(?:\\[dw.\-/\\]|[\w ./:@-])+\]|[\w ./:@,=~#%&!<>_"'-])(?:[*+?]|\{\d{1,2}(?:,\d{1,2})?\})?)*$/;
const REPEATS = /(?<!\\)(?:[*+]|\{\d)/g;

/** Nothing longer is looked through: of patterns such as `.*.*` it costs more with every letter. */
const MAX_TEXT = 100;
const MAX_REPEATS = 2;

/** Source: sprig regex.go, which is Go's regexp. */
function pattern(written: string, flags: string): RegExp {
  if (!KNOWN.test(written) || (written.match(REPEATS) ?? []).length > MAX_REPEATS)
    return fail(`the pattern ${written} is not known here`);
  try {
    return new RegExp(written, flags);
  } catch {
    return fail(`the pattern ${written} cannot be read`);
  }
}

function searched(text: string): string {
  return text.length <= MAX_TEXT && !/[\r\v]/.test(ascii(text)) ? text : fail('a text is too long to be searched');
}

/** Go's `$1` and `${1}`; a name runs as far as it can, so that `$1a` is the group `1a`. */
function replacement(written: string): string {
  if (/\$(?!\{\d\}|\d(?!\w)|\$)/.test(written)) return fail(`the replacement ${written} is not known here`);
  return written.replace(/\$\{(\d)\}/g, '$$$1');
}

/** Go and JavaScript go on otherwise behind a match of nothing. */
const something = (match: string): string => (match === '' ? fail('a pattern matches nothing at all') : match);

function replaced(by: Value, text: Value, written: string): string {
  const whole = searched(textOf(text));
  const expression = pattern(textOf(by), 'gu');
  for (const [match] of whole.matchAll(expression)) something(match);
  return whole.replace(expression, written);
}

function split(by: Value, text: Value): string[] {
  const whole = searched(textOf(text));
  if (/\((?!\?:)/.test(textOf(by))) fail('a pattern with groups is not known here');
  for (const [match] of whole.matchAll(pattern(textOf(by), 'gu'))) something(match);
  return whole.split(pattern(textOf(by), 'u'));
}

const matches: TemplateFunction = {
  wants: ['string', 'string'],
  run: ([by, text]) => pattern(textOf(by), 'u').test(searched(textOf(text))),
};
const finds: TemplateFunction = {
  wants: ['string', 'string'],
  run: ([by, text]) => pattern(textOf(by), 'u').exec(searched(textOf(text)))?.[0] ?? '',
};
const replaces: TemplateFunction = {
  wants: ['string', 'string', 'string'],
  run: ([by, text, written]) => replaced(by, text, replacement(textOf(written))),
};
const replacesLiteral: TemplateFunction = {
  wants: ['string', 'string', 'string'],
  run: ([by, text, written]) => replaced(by, text, textOf(written).replaceAll('$', '$$$$')),
};

/** Functions with patterns, as far as their meaning is beyond doubt. */
export const PATTERNS: Functions = {
  regexMatch: matches,
  mustRegexMatch: matches,
  regexFind: finds,
  mustRegexFind: finds,
  regexReplaceAll: replaces,
  mustRegexReplaceAll: replaces,
  regexReplaceAllLiteral: replacesLiteral,
  mustRegexReplaceAllLiteral: replacesLiteral,
  regexSplit: {
    wants: ['string', 'string', 'int'],
    run: ([by, text, count]) =>
      intOf(count) === -1 ? split(by, text) : fail('regexSplit is known here with -1 alone'),
  },
};
