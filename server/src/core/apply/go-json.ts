import { compareBytes, isObject, type Json } from '../object.ts';

/** What Go's encoder writes as an escape although JSON does not ask for it. */
const ESCAPED = /[<>&\u2028\u2029]/g;

/**
 * JSON as Go's encoder writes it: on one line, keys in the order of their bytes, `<`, `>`, `&` and the two line
 * separators as escapes. Integers keep all their digits. Source: Go, encoding/json `Marshal`.
 */
export function goJson(value: Json): string {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'string') return goString(value);
  if (Array.isArray(value)) return `[${value.map(goJson).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = sortedKeys(value).map((key) => `${goString(key)}:${goJson(value[key] ?? null)}`);
  return `{${members.join(',')}}`;
}

/** Texts without anything to escape, which nearly all are. */
const PLAIN = /^[\w .,:;=+*/@#$%()[\]{}|~!?'-]*$/;

const goString = (text: string): string =>
  PLAIN.test(text)
    ? `"${text}"`
    : JSON.stringify(text).replace(ESCAPED, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

/**
 * A value as Go prints it with `%v`: `map[app:web n:1]`, `[a b]`, `<nil>`. It tells items of a merged list apart and puts
 * them in order. Source: Go, package fmt.
 */
export function goText(value: Json | undefined): string {
  if (value === undefined || value === null) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (!isObject(value)) return String(value);
  return `map[${sortedKeys(value)
    .map((key) => `${key}:${goText(value[key])}`)
    .join(' ')}]`;
}

const sortedKeys = (value: object): string[] => Object.keys(value).sort(compareBytes);
