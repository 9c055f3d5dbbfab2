import { compareBytes, isObject, type Json } from '../../../core/object.ts';
import { isEqual } from '../../../core/equal.ts';
import { fail } from '../problem.ts';
import { isTrue, text, type Value } from '../values.ts';
import { ascii, intOf, jsonOf, listOf, MAX_LENGTH, textOf, type Functions, type TemplateFunction } from './model.ts';

/** No list of an Application is longer; what compares every item with every other stops there. */
const MAX_COUNT = 200;

const isThere = (value: Json): boolean => value !== null;

/** Source: sprig strings.go `strslice`. */
function textsOf(value: Value): string[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value.filter(isThere).map(text) : [text(value)];
}

const onList = (run: (list: Json[]) => Value): TemplateFunction => ({
  wants: ['any'],
  run: ([list]) => run(listOf(list)),
});

const listAnd = (run: (list: readonly Json[], value: Json) => Value): TemplateFunction => ({
  wants: ['any', 'any'],
  run: ([list, value]) => run(listOf(list), jsonOf(value)),
});

const has = (list: readonly Json[], value: Json): boolean => list.some((item) => isEqual(item, value));

function uniq(list: readonly Json[]): Json[] {
  const kept: Json[] = [];
  if (list.length > MAX_COUNT) return fail('a list is too long to be compared');
  for (const item of list) if (!has(kept, item)) kept.push(item);
  return kept;
}

function numbers(from: number, to: number, step: number): bigint[] {
  if (step === 0 || Math.abs(to - from) / Math.abs(step) > MAX_COUNT) return fail('it counts too far');
  const list: bigint[] = [];
  for (let i = from; step > 0 ? i < to : i > to; i += step) list.push(BigInt(i));
  return list;
}

function slice(list: readonly Json[], bounds: readonly number[]): Value {
  const [from = 0, to = list.length] = bounds;
  return 0 <= from && from <= to && to <= list.length ? list.slice(from, to) : fail('the bounds of slice lie outside');
}

/** Sprig's, which takes the place of Go's own and cuts lists alone. */
const part: TemplateFunction = {
  wants: ['any'],
  more: 'int',
  run: ([items, ...bounds]) => slice(listOf(items), bounds.map(intOf)),
};
const first = onList(([item]) => item);
const last = onList((list) => list.at(-1));
const rest = onList((list) => list.slice(1));
const initial = onList((list) => list.slice(0, -1));
const append = listAnd((list, value) => [...list, value]);
const prepend = listAnd((list, value) => [value, ...list]);
const list: TemplateFunction = { wants: [], more: 'any', run: (values) => values.map(jsonOf) };
const compact = onList((items) => items.filter(isTrue));
const reverse = onList((items) => items.toReversed());
const unique = onList(uniq);
const hasItem: TemplateFunction = {
  wants: ['any', 'any'],
  run: ([value, items]) => (items === undefined || items === null ? false : has(listOf(items), jsonOf(value))),
};
const without: TemplateFunction = {
  wants: ['any'],
  more: 'any',
  run: ([items, ...omitted]) => listOf(items).filter((item) => !has(omitted.map(jsonOf), item)),
};

/** Functions of lists, and those that choose between values. Source: Masterminds/sprig list.go, defaults.go, numeric.go. */
export const LISTS: Functions = {
  ...{ list, tuple: list, first, mustFirst: first, last, mustLast: last, rest, mustRest: rest },
  ...{ initial, mustInitial: initial, append, push: append, mustAppend: append, mustPush: append },
  ...{ prepend, mustPrepend: prepend, compact, mustCompact: compact, reverse, mustReverse: reverse },
  ...{ uniq: unique, mustUniq: unique, has: hasItem, mustHas: hasItem, without, mustWithout: without },
  concat: { wants: ['any'], more: 'any', run: (lists) => lists.flatMap(listOf) },
  join: {
    wants: ['string', 'any'],
    run: ([sign, value]) => {
      const joined = textsOf(value).join(textOf(sign));
      return joined.length <= MAX_LENGTH ? joined : fail('join gives too much');
    },
  },
  sortAlpha: onList((items) => textsOf(items).sort(compareBytes)),
  toStrings: { wants: ['any'], run: ([value]) => textsOf(value) },
  ...{ slice: part, mustSlice: part },
  until: { wants: ['int'], run: ([to]) => numbers(0, intOf(to), intOf(to) < 0 ? -1 : 1) },
  untilStep: { wants: ['int', 'int', 'int'], run: ([from, to, step]) => numbers(intOf(from), intOf(to), intOf(step)) },
  default: {
    wants: ['any'],
    more: 'any',
    run: ([fallback, given]) => (isTrue(given) ? given : fallback),
  },
  empty: { wants: ['any'], run: ([value]) => !isTrue(value) },
  coalesce: { wants: [], more: 'any', run: (values) => values.find(isTrue) },
  all: { wants: [], more: 'any', run: (values) => values.every(isTrue) },
  any: { wants: [], more: 'any', run: (values) => values.some(isTrue) },
  ternary: { wants: ['any', 'any', 'bool'], run: ([yes, no, which]) => (which === true ? yes : no) },
  fail: { wants: ['string'], run: ([why]) => fail(ascii(why)) },
  kindIs: { wants: ['string', 'any'], run: ([kind, value]) => kind === goKind(value) },
  kindOf: { wants: ['any'], run: ([value]) => goKind(value) },
};

/** Source: Go's reflect `Kind`. Integers are of several kinds, which are not told apart here. */
function goKind(value: Value): string {
  if (value === undefined || value === null) return 'invalid';
  if (Array.isArray(value)) return 'slice';
  if (isObject(value)) return 'map';
  if (typeof value === 'bigint') return fail('the kind of an integer is not known here');
  return typeof value === 'string' ? 'string' : typeof value === 'boolean' ? 'bool' : 'float64';
}
