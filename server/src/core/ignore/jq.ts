import { equal } from '../json.ts';
import { isObject, type Json } from '../object.ts';
import { parseJq, type Jq, type JqFunction } from './jq-parse.ts';
import type { Path } from './paths.ts';

/** A value, and where it stands; without a path it was made by the expression. */
interface Found {
  readonly value: Json;
  readonly path?: Path;
}

/** An expression that jq would end with an error. */
class JqError extends Error {}

/** Where an expression points to in an object. */
export type Locate = (object: Json) => Path[];

/**
 * A jq path expression as `del(…)` takes it; undefined where it holds something that is not understood here. Where jq
 * would end with an error it points nowhere, as Argo CD then leaves the rule out.
 * Source: util/argo/normalizers/diff_normalizer.go `NewIgnoreNormalizer`, `jqNormalizerPatch.Apply`.
 */
export function jqPaths(expression: string): Locate | undefined {
  const parsed = parseJq(expression);
  if (parsed === undefined || !isLocating(parsed) || !patternsIn(parsed).every(isTame)) return undefined;
  return (object) => {
    try {
      const found = [...run(parsed, { value: object, path: [] })];
      return found.flatMap(({ value, path }) => (path && path.length > 0 && value !== undefined ? [path] : []));
    } catch (error) {
      if (error instanceof JqError) return [];
      throw error;
    }
  };
}

/** Does the expression give places, and not values that it makes? */
function isLocating(jq: Jq): boolean {
  switch (jq.kind) {
    case 'identity':
    case 'recurse':
      return true;
    case 'key':
    case 'items':
    case 'try':
      return isLocating(jq.of);
    case 'pipe':
    case 'comma':
    case 'alternative':
      return isLocating(jq.left) && isLocating(jq.right);
    case 'call':
      return jq.name === 'select' || jq.name === 'empty';
    default:
      return false;
  }
}

/** What regular expressions are built of. */
function patternsIn(jq: Jq): Jq[] {
  switch (jq.kind) {
    case 'key':
      return [...patternsIn(jq.of), ...patternsIn(jq.key)];
    case 'items':
    case 'try':
      return patternsIn(jq.of);
    case 'pipe':
    case 'comma':
    case 'and':
    case 'or':
    case 'alternative':
    case 'compare':
      return [...patternsIn(jq.left), ...patternsIn(jq.right)];
    case 'call':
      return [...(jq.name === 'test' ? jq.args : []), ...jq.args.flatMap(patternsIn)];
    default:
      return [];
  }
}

/** A pattern that means the same in Go and here, and that cannot run for long: no group is repeated. */
function isTame(jq: Jq): boolean {
  if (jq.kind !== 'literal' || typeof jq.value !== 'string') return false;
  return jq.value.length <= 200 && !/\)[*+?{]|\(\?|\\[1-9pPkAzQEC]/.test(jq.value) && isPattern(jq.value);
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}

function* run(jq: Jq, input: Found): Generator<Found> {
  switch (jq.kind) {
    case 'identity':
      yield input;
      return;
    case 'recurse':
      yield* everything(input);
      return;
    case 'literal':
      yield { value: jq.value };
      return;
    case 'key':
      for (const of of run(jq.of, input)) for (const { value: key } of run(jq.key, input)) yield* member(of, key);
      return;
    case 'items':
      for (const of of run(jq.of, input)) yield* itemsOf(of);
      return;
    case 'try':
      yield* tried(jq.of, input);
      return;
    case 'pipe':
      for (const left of run(jq.left, input)) yield* run(jq.right, left);
      return;
    case 'comma':
      yield* run(jq.left, input);
      yield* run(jq.right, input);
      return;
    case 'alternative': {
      const left = [...tried(jq.left, input)].filter(({ value }) => isTrue(value));
      yield* left.length > 0 ? left : run(jq.right, input);
      return;
    }
    case 'and':
    case 'or':
      for (const { value: left } of run(jq.left, input)) {
        if (isTrue(left) === (jq.kind === 'or')) yield { value: jq.kind === 'or' };
        else for (const { value: right } of run(jq.right, input)) yield { value: isTrue(right) };
      }
      return;
    case 'compare':
      for (const { value: right } of run(jq.right, input))
        for (const { value: left } of run(jq.left, input)) yield { value: compared(left, right, jq.operator) };
      return;
    case 'call':
      yield* called(jq.name, jq.args, input);
  }
}

function* tried(jq: Jq, input: Found): Generator<Found> {
  try {
    yield* run(jq, input);
  } catch (error) {
    if (!(error instanceof JqError)) throw error;
  }
}

function* everything(found: Found): Generator<Found> {
  yield found;
  if (Array.isArray(found.value) || isObject(found.value)) for (const inner of itemsOf(found)) yield* everything(inner);
}

const below = (path: Path | undefined, step: string | number): { path?: Path } =>
  path ? { path: [...path, step] } : {};

function* itemsOf({ value, path }: Found): Generator<Found> {
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) yield { value: item, ...below(path, i) };
  } else if (isObject(value)) {
    for (const [key, inner] of Object.entries(value)) yield { value: inner, ...below(path, key) };
  } else throw new JqError(`cannot iterate over ${typeOf(value)}`);
}

/** A member that is not there is null, and at no place. */
function* member({ value, path }: Found, key: Json): Generator<Found> {
  if (typeof key === 'string' && (isObject(value) || value === null)) {
    const inner = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
    yield inner === undefined ? { value: null } : { value: inner, ...below(path, key) };
  } else if (typeof key === 'number' && (Array.isArray(value) || value === null)) {
    const list = value ?? [];
    const number = key < 0 ? key + list.length : key;
    const item = list[number];
    yield item === undefined ? { value: null } : { value: item, ...below(path, number) };
  } else throw new JqError(`cannot index ${typeOf(value)}`);
}

function* called(name: JqFunction, args: readonly Jq[], input: Found): Generator<Found> {
  const { value } = input;
  const [first] = args;
  const given = (): Json[] => (first ? [...run(first, input)].map((found) => found.value) : []);
  switch (name) {
    case 'select':
      for (const condition of given()) if (isTrue(condition)) yield input;
      return;
    case 'any':
    case 'all': {
      const met = [...itemsOf({ value })].map((item) =>
        (first ? [...run(first, item)] : []).map((one) => isTrue(one.value)),
      );
      yield { value: name === 'any' ? met.flat().includes(true) : !met.flat().includes(false) };
      return;
    }
    case 'empty':
      return;
    case 'not':
      yield { value: !isTrue(value) };
      return;
    case 'length':
      yield { value: lengthOf(value) };
      return;
    case 'type':
      yield { value: typeOf(value) };
      return;
    default:
      for (const argument of given()) yield { value: asked(name, value, argument) };
  }
}

function asked(name: 'has' | 'test' | 'startswith' | 'endswith' | 'contains', value: Json, argument: Json): boolean {
  if (name === 'has') {
    if (isObject(value) && typeof argument === 'string') return Object.hasOwn(value, argument);
    if (Array.isArray(value) && typeof argument === 'number') return argument >= 0 && argument < value.length;
    throw new JqError('has cannot be asked of this');
  }
  if (name === 'contains') return contains(value, argument);
  if (typeof value !== 'string' || typeof argument !== 'string') throw new JqError(`${name} asks texts`);
  if (name === 'test') return new RegExp(argument, 'u').test(value);
  return name === 'startswith' ? value.startsWith(argument) : value.endsWith(argument);
}

function contains(value: Json, part: Json): boolean {
  if (typeof value === 'string' && typeof part === 'string') return value.includes(part);
  if (Array.isArray(value) && Array.isArray(part))
    return part.every((wanted) => value.some((item) => typeOf(item) === typeOf(wanted) && contains(item, wanted)));
  if (isObject(value) && isObject(part))
    return Object.entries(part).every(([key, wanted]) => {
      const inner = Object.hasOwn(value, key) ? value[key] : undefined;
      return inner !== undefined && typeOf(inner) === typeOf(wanted) && contains(inner, wanted);
    });
  if (typeOf(value) !== typeOf(part)) throw new JqError('contains asks of one type');
  return equal(value, part);
}

const isTrue = (value: Json): boolean => value !== null && value !== false;

function lengthOf(value: Json): number {
  if (value === null) return 0;
  if (typeof value === 'string') return [...value].length;
  if (typeof value === 'number' || typeof value === 'bigint') return Math.abs(Number(value));
  if (typeof value === 'boolean') throw new JqError('boolean has no length');
  return Object.keys(value).length;
}

function typeOf(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'bigint') return 'number';
  return typeof value;
}

/** In jq's order of types; values of lists and maps are compared for being equal alone. */
function compared(left: Json, right: Json, operator: string): boolean {
  if (operator === '==') return equal(left, right);
  if (operator === '!=') return !equal(left, right);
  const order = orderOf(left, right);
  if (operator === '<') return order < 0;
  if (operator === '<=') return order <= 0;
  return operator === '>' ? order > 0 : order >= 0;
}

const TYPES = ['null', 'boolean', 'number', 'string', 'array', 'object'];

function orderOf(left: Json, right: Json): number {
  const types = TYPES.indexOf(typeOf(left)) - TYPES.indexOf(typeOf(right));
  if (types !== 0) return types;
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : left > right ? 1 : 0;
  if (Array.isArray(left) || isObject(left)) throw new JqError('lists and maps are not compared here');
  return Number(left) - Number(right);
}
