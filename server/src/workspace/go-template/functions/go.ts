import { isObject } from '../../../core/object.ts';
import { fail } from '../problem.ts';
import { isTrue, kindOf, text, type Value } from '../values.ts';
import { formatted } from '../printf.ts';
import { ascii, intOf, jsonOf, textOf, type Functions } from './model.ts';

const COMPARED = ['string', 'int', 'float', 'bool'];

/** Source: text/template/funcs.go `eq`. */
function isEqual(a: Value, b: Value): boolean {
  const [first, second] = [kindOf(a), kindOf(b)];
  if (first === 'none' || second === 'none') return first === second;
  if (first !== second) return fail(`a value of type ${first} cannot be compared with one of type ${second}`);
  return COMPARED.includes(first) ? a === b : fail(`values of type ${first} cannot be compared`);
}

/** Source: text/template/funcs.go `lt`. */
function isLess(a: Value, b: Value): boolean {
  if (typeof a === 'string' && typeof b === 'string') return ascii(a) < ascii(b);
  if (typeof a === 'bigint' && typeof b === 'bigint') return a < b;
  if (typeof a === 'number' && typeof b === 'number') return a < b;
  return fail('values of these types have no order');
}

/** Source: text/template/funcs.go `index`. */
function index([item, ...keys]: readonly Value[]): Value {
  if (item === undefined || item === null) return fail('index looks into what has no value');
  return keys.reduce<Value>((at, key) => {
    if (Array.isArray(at)) {
      const i = intOf(key);
      return i in at ? at[i] : fail(`there is no item ${i} in a list of ${at.length}`);
    }
    if (!isObject(at)) return fail('index looks into what is neither a list nor a map');
    if (typeof key !== 'string') return fail('the keys of a map are texts');
    return Object.hasOwn(at, key) ? at[key] : undefined;
  }, item);
}

function length(item: Value): Value {
  if (typeof item === 'string') return BigInt(ascii(item).length);
  if (Array.isArray(item)) return BigInt(item.length);
  return isObject(item) ? BigInt(Object.keys(item).length) : fail('len wants a text, a list or a map');
}

/** Source: fmt `Sprint`: a space between two values neither of which is a text. */
function print(values: readonly Value[]): string {
  return values
    .map((value, i) => {
      const before = values[i - 1];
      const apart = i > 0 && typeof value !== 'string' && typeof before !== 'string';
      return (apart ? ' ' : '') + text(jsonOf(value));
    })
    .join('');
}

const PERCENT = /[^A-Za-z0-9\-_.~ ]/g;
const queryEscaped = (written: string): string =>
  ascii(written)
    .replace(PERCENT, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
    .replaceAll(' ', '+');

/** Go's own functions, but for `and` and `or`, which look at their values one by one. Source: text/template/funcs.go. */
export const GO: Functions = {
  not: { wants: ['any'], run: ([value]) => !isTrue(value) },
  eq: {
    wants: ['any', 'any'],
    more: 'any',
    run: ([value, ...others]) => others.some((other) => isEqual(value, other)),
  },
  ne: { wants: ['any', 'any'], run: ([a, b]) => !isEqual(a, b) },
  lt: { wants: ['any', 'any'], run: ([a, b]) => isLess(a, b) },
  le: { wants: ['any', 'any'], run: ([a, b]) => !isLess(b, a) },
  gt: { wants: ['any', 'any'], run: ([a, b]) => isLess(b, a) },
  ge: { wants: ['any', 'any'], run: ([a, b]) => !isLess(a, b) },
  index: { wants: ['any'], more: 'any', run: index },
  len: { wants: ['any'], run: ([value]) => length(value) },
  print: { wants: [], more: 'any', run: print },
  println: {
    wants: [],
    more: 'any',
    run: (values) => `${values.map((value): string => text(jsonOf(value))).join(' ')}\n`,
  },
  printf: { wants: ['string'], more: 'any', run: ([format, ...values]) => formatted(textOf(format), values) },
  urlquery: { wants: ['string'], run: ([value]) => queryEscaped(textOf(value)) },
};
