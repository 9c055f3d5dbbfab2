import { fail } from '../problem.ts';
import { quoted } from '../printf.ts';
import { text, type Value } from '../values.ts';
import { normalizeName } from '../../normalize-name.ts';
import { ascii, intOf, jsonOf, MAX_LENGTH, onTexts, textOf, type Functions, type TemplateFunction } from './model.ts';
import { slugified } from './slug.ts';

const isThere = (value: Value): boolean => value !== undefined && value !== null;

/** Go's `strings.Trim`: letters of a set at both ends. */
function trimmed(letters: string, whole: string): string {
  let [start, end] = [0, ascii(whole).length];
  while (start < end && ascii(letters).includes(whole[start] ?? '')) start++;
  while (start < end && letters.includes(whole[end - 1] ?? '')) end--;
  return whole.slice(start, end);
}

function truncated(count: number, whole: string): string {
  if (count < 0) return whole.length + count > 0 ? whole.slice(whole.length + count) : whole;
  return whole.slice(0, count);
}

function substring(start: number, end: number, whole: string): string {
  const [from, to] = start < 0 ? [0, end] : [start, end < 0 || end > whole.length ? whole.length : end];
  return 0 <= to && from <= to && to <= whole.length ? whole.slice(from, to) : fail('the bounds of substr lie outside');
}

function indented(spaces: number, whole: string): string {
  if (spaces < 0 || spaces > 1000) fail('it is indented by an unlikely number of spaces');
  const margin = ' '.repeat(spaces);
  return margin + whole.replaceAll('\n', `\n${margin}`);
}

function repeated(count: number, whole: string): string {
  return count >= 0 && count * whole.length <= MAX_LENGTH ? whole.repeat(count) : fail('repeat gives too much');
}

/** Words between capitals, digits and signs are put together in ways of their own: only the plain ones are known. */
const joinedBy =
  (sign: string): ((whole: string) => string) =>
  (whole) =>
    /^[a-z]+(?:[-_ ][a-z]+)*$/.test(whole) || whole === ''
      ? whole.replace(/[-_ ]/g, sign)
      : fail(`what becomes of ${whole} is not known here`);

function slugify(values: readonly Value[]): string {
  const [size, smart] = values.slice(0, -1);
  if (values.length === 0 || values.length > 3) return fail('slugify wants one to three values');
  if (smart !== undefined && typeof smart !== 'boolean') return fail('slugify wants true or false as its second value');
  return slugified(textOf(values.at(-1)), values.length < 2 ? 50 : intOf(size), smart ?? true);
}

/** Named as every object's own method is. */
const toString: TemplateFunction = { wants: ['any'], run: ([value]) => text(jsonOf(value)) };

/** Functions of texts: sprig's, and Argo CD's own. Source: Masterminds/sprig strings.go; applicationset/utils/utils.go. */
export const STRINGS: Functions = {
  toString,
  normalize: onTexts(1, (whole) => normalizeName(whole ?? '')),
  slugify: { wants: [], more: 'any', run: slugify },
  lower: onTexts(1, (whole) => ascii(whole).toLowerCase()),
  upper: onTexts(1, (whole) => ascii(whole).toUpperCase()),
  title: onTexts(1, (whole) => ascii(whole).replace(/(?<!\w)[a-z]/g, (letter) => letter.toUpperCase())),
  untitle: onTexts(1, (whole) => ascii(whole).replace(/(?<!\S)[A-Z]/g, (letter) => letter.toLowerCase())),
  trim: onTexts(1, (whole) => ascii(whole).trim()),
  trimAll: onTexts(2, (letters = '', whole = '') => trimmed(letters, whole)),
  trimall: onTexts(2, (letters = '', whole = '') => trimmed(letters, whole)),
  trimPrefix: onTexts(2, (prefix = '', whole = '') => (whole.startsWith(prefix) ? whole.slice(prefix.length) : whole)),
  trimSuffix: onTexts(2, (suffix = '', whole = '') =>
    suffix !== '' && whole.endsWith(suffix) ? whole.slice(0, -suffix.length) : whole,
  ),
  nospace: onTexts(1, (whole) => ascii(whole).replace(/\s/g, '')),
  contains: onTexts(2, (part = '', whole = '') => whole.includes(part)),
  hasPrefix: onTexts(2, (part = '', whole = '') => whole.startsWith(part)),
  hasSuffix: onTexts(2, (part = '', whole = '') => whole.endsWith(part)),
  replace: onTexts(3, (old = '', by = '', whole = '') =>
    old === '' ? fail('replace is told to replace nothing') : whole.replaceAll(old, () => by),
  ),
  snakecase: onTexts(1, (whole) => joinedBy('_')(whole ?? '')),
  kebabcase: onTexts(1, (whole) => joinedBy('-')(whole ?? '')),
  splitList: onTexts(2, (sign = '', whole = '') => (sign === '' ? [...ascii(whole)] : whole.split(sign))),
  split: onTexts(2, (sign = '', whole = '') =>
    Object.fromEntries((sign === '' ? [...ascii(whole)] : whole.split(sign)).map((part, i) => [`_${i}`, part])),
  ),
  trunc: { wants: ['int', 'string'], run: ([count, whole]) => truncated(intOf(count), ascii(whole)) },
  substr: {
    wants: ['int', 'int', 'string'],
    run: ([start, end, whole]) => substring(intOf(start), intOf(end), ascii(whole)),
  },
  repeat: { wants: ['int', 'string'], run: ([count, whole]) => repeated(intOf(count), textOf(whole)) },
  indent: { wants: ['int', 'string'], run: ([spaces, whole]) => indented(intOf(spaces), textOf(whole)) },
  nindent: { wants: ['int', 'string'], run: ([spaces, whole]) => `\n${indented(intOf(spaces), textOf(whole))}` },
  quote: {
    wants: [],
    more: 'any',
    run: (values) =>
      values
        .filter(isThere)
        .map((value) => quoted(text(jsonOf(value))))
        .join(' '),
  },
  squote: {
    wants: [],
    more: 'any',
    run: (values) =>
      values
        .filter(isThere)
        .map((value) => `'${text(jsonOf(value))}'`)
        .join(' '),
  },
  cat: {
    wants: [],
    more: 'any',
    run: (values) =>
      values
        .filter(isThere)
        .map((value) => text(jsonOf(value)))
        .join(' '),
  },
};
