import { isObject, type Json, type JsonObject } from './object.ts';

/** A number that a double may not hold exactly has at least sixteen digits. */
const MANY_DIGITS = /\d{16}/;
const INTEGER = /^-?\d+$/;

/** Since ES2025 a reviver is told the text that a number was written with. */
type Reviver = (this: unknown, key: string, value: unknown, context?: { readonly source?: string }) => unknown;

const keepDigits: Reviver = (_key, value, context) => {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && INTEGER.test(source) ? BigInt(source) : value;
};

/**
 * Reads JSON without losing a digit: integers beyond 2^53 become bigints.
 * @throws SyntaxError where the text is no JSON
 */
export function readJson(text: string): Json {
  return (MANY_DIGITS.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text)) as Json;
}

/** Writes JSON, bigints with all their digits: on one line, or indented as by JSON.stringify. The counterpart of `readJson`. */
export const writeJson = (value: Json, indent = 0): string => write(value, indent, '');

function write(value: Json, indent: number, margin: string): string {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = margin + ' '.repeat(indent);
  const [open, close, parts] = Array.isArray(value)
    ? ['[', ']', value.map((item) => write(item, indent, inner))]
    : ['{', '}', members(value, indent, inner)];
  if (parts.length === 0) return open + close;
  return indent > 0
    ? `${open}\n${parts.map((part) => inner + part).join(',\n')}\n${margin}${close}`
    : `${open}${parts.join(',')}${close}`;
}

function members(object: JsonObject, indent: number, margin: string): string[] {
  const colon = indent > 0 ? ': ' : ':';
  const written: string[] = [];
  for (const key of Object.keys(object)) {
    const value = object[key];
    if (value !== undefined) written.push(`${JSON.stringify(key)}${colon}${write(value, indent, margin)}`);
  }
  return written;
}

/** Equal as JSON values; the order of keys does not matter. */
export function equal(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => equal(item, b[i]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]));
}

/** Sets a key as an own property, whatever its name; a later value takes the place of an earlier one. */
export function setKey<Value>(object: Record<string, Value>, key: string, value: Value): void {
  if (key === '__proto__')
    Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
  else object[key] = value;
}

/** The object without some of its keys; the given object is left as it is. */
export function without(object: JsonObject, ...keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}
