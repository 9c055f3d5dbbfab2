import { annotationOf, type KubeObject } from '../object.ts';

/** White space as Go's strings.TrimSpace sees it (unicode.IsSpace): JavaScript's `trim` takes U+FEFF too and not U+0085. */
const GO_SPACE =
  /^[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+|[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/g;

export function trimSpace(text: string): string {
  // Most texts begin and end with a visible character of ASCII: nothing to look for.
  const clean = isVisible(text.charCodeAt(0)) && isVisible(text.charCodeAt(text.length - 1));
  return clean ? text : text.replace(GO_SPACE, '');
}
const isVisible = (unit: number): boolean => unit > 0x20 && unit < 0x7f;

/**
 * Items of a comma list: trimmed, empty ones dropped, each kept where it stands first.
 * Source: gitops-engine/pkg/sync/resource/annotations.go `GetAnnotationCSVs`.
 */
export function parseList(value: string): string[] {
  if (!value.includes(',')) {
    const item = trimSpace(value);
    return item === '' ? [] : [item];
  }
  const items = value
    .split(',')
    .map(trimSpace)
    .filter((item) => item !== '');
  return [...new Set(items)];
}

/** The items of one annotation's comma list; empty where the annotation is absent. */
export function listOf(object: KubeObject, key: string): readonly string[] {
  const value = annotationOf(object, key);
  return value === undefined ? NONE : parseList(value);
}
const NONE: readonly string[] = [];

const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;
/** Every integer of so many characters is a double. */
const SAFE_DIGITS = 15;

/**
 * An integer as Go's strconv.Atoi reads it on 64 bits; undefined for anything else. A wave beyond 2^53 is rounded to
 * the nearest double (Argo CD orders by 64-bit integers; waves that far apart are undefined there too).
 */
export function parseInteger(value: string): number | undefined {
  if (!/^[+-]?[0-9]+$/.test(value)) return undefined;
  // Exact as a double; `-0` is 0.
  if (value.length <= SAFE_DIGITS) return Number(value) || 0;
  const exact = BigInt(value.startsWith('+') ? value.slice(1) : value);
  return exact < MIN_INT64 || exact > MAX_INT64 ? undefined : Number(exact);
}

/**
 * Value of the first item `Key=value` of an option list; undefined where there is none.
 * Source: annotations.go `GetAnnotationOptionValue`.
 */
export function optionValue(items: readonly string[], key: string): string | undefined {
  const prefix = `${key}=`;
  return items.find((item) => item.startsWith(prefix))?.slice(prefix.length);
}
