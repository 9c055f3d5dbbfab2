import { fail } from '../problem.ts';
import type { Value } from '../values.ts';
import { textOf, type Functions, type TemplateFunction } from './model.ts';

/** Source: sprig numeric.go `toInt64`: of a text that is no number it makes 0. */
function integer(value: Value): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value === 'number')
    return Number.isSafeInteger(Math.trunc(value)) ? BigInt(Math.trunc(value)) : fail('a number is too large');
  if (value === undefined || value === null) return 0n;
  if (typeof value !== 'string') return fail('it is no number');
  if (/^[+-]?[1-9]\d{0,14}$|^[+-]?0$/.test(value)) return BigInt(value.replace('+', ''));
  return /^[^\d+-]*$/.test(value) ? 0n : fail(`the number that ${value} is taken for is not known here`);
}

/** Nobody counts further: a result beyond is told by Go otherwise. */
const LIMIT = 2n ** 53n;

const bounded = (result: bigint): bigint =>
  -LIMIT < result && result < LIMIT ? result : fail('a number is too large');

const onIntegers = (count: number, run: (a: bigint, b: bigint) => bigint): TemplateFunction => ({
  wants: Array<'any'>(count).fill('any'),
  run: (values) => {
    const [a = 0n, b = 0n] = values.map(integer);
    return bounded(run(a, b));
  },
});

const folding = (run: (a: bigint, b: bigint) => bigint): TemplateFunction => ({
  wants: ['any'],
  more: 'any',
  run: (values) => values.map(integer).reduce((a, b) => bounded(run(a, b))),
});

const notZero = (divisor: bigint): bigint => (divisor === 0n ? fail('it divides by zero') : divisor);

/** Integers, as sprig counts. Source: Masterminds/sprig numeric.go. */
export const NUMBERS: Functions = {
  add: { wants: [], more: 'any', run: (values) => values.map(integer).reduce((a, b) => bounded(a + b), 0n) },
  add1: onIntegers(1, (a) => a + 1n),
  sub: onIntegers(2, (a, b) => a - b),
  mul: folding((a, b) => a * b),
  div: onIntegers(2, (a, b) => a / notZero(b)),
  mod: onIntegers(2, (a, b) => a % notZero(b)),
  max: folding((a, b) => (a > b ? a : b)),
  biggest: folding((a, b) => (a > b ? a : b)),
  min: folding((a, b) => (a < b ? a : b)),
  int: onIntegers(1, (a) => a),
  int64: onIntegers(1, (a) => a),
  atoi: {
    wants: ['string'],
    run: ([value]) => (/^[+-]?\d{1,15}$/.test(textOf(value)) ? BigInt(textOf(value).replace('+', '')) : 0n),
  },
};
