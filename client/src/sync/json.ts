import { isObject, type Json, type JsonObject } from '#core/object';

/** The value at a path of keys; undefined where a part of the path is missing or no object. */
export const at = (value: Json | undefined, ...path: readonly string[]): Json | undefined =>
  path.reduce<Json | undefined>((v, key) => (isObject(v) ? v[key] : undefined), value);

/** The objects of a list; empty for anything else. */
export const objectsOf = (value: Json | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter((item) => isObject(item)) : [];

/** A text, or the empty text for anything else. */
export const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

/** A number (a bigint rounded to one), or the fallback for anything else. */
export function numberOf(value: Json | undefined, fallback: number): number {
  return typeof value === 'number' ? value : typeof value === 'bigint' ? Number(value) : fallback;
}

/** Equal as JSON values; the order of keys does not matter. */
export function equal(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => equal(item, b[i]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]));
}

/** The object without some of its keys; the given object is left as it is. */
export function without(object: JsonObject, ...keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

/** JSON text with every digit of big integers; `indent` as in JSON.stringify. */
export function stringify(value: Json, indent = 0): string {
  return write(value, indent, '');
}

function write(value: Json, indent: number, margin: string): string {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = margin + ' '.repeat(indent);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  const parts = Array.isArray(value)
    ? value.map((item) => write(item, indent, inner))
    : Object.entries(value).map(([k, v]) => `${JSON.stringify(k)}:${indent > 0 ? ' ' : ''}${write(v, indent, inner)}`);
  if (parts.length === 0) return open + close;
  return indent > 0
    ? `${open}\n${parts.map((part) => inner + part).join(',\n')}\n${margin}${close}`
    : `${open}${parts.join(',')}${close}`;
}
