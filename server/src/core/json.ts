import type { Json, JsonObject } from './object.ts';

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

/** Writes JSON on one line, bigints with all their digits. The counterpart of `readJson`. */
export function writeJson(value: Json): string {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map(writeJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) return writeObject(value);
  return JSON.stringify(value);
}

function writeObject(object: JsonObject): string {
  const members: string[] = [];
  for (const key of Object.keys(object)) {
    const value = object[key];
    if (value !== undefined) members.push(`${JSON.stringify(key)}:${writeJson(value)}`);
  }
  return `{${members.join(',')}}`;
}
