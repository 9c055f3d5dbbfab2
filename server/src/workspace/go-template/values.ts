import { compareBytes, isObject, type Json } from '../../core/object.ts';
import { fail } from './problem.ts';

/**
 * A value of a Go template: numbers are Go's float64, which JSON and YAML give; bigints are its integers, which
 * constants and functions give. `undefined`: there is none.
 */
export type Value = Json | undefined;

/** Parameters as Go reads them: every number is a float64. */
export function asGoValue(value: Json): Json {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(asGoValue);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, asGoValue(entry)]));
}

/** The truth of a value. Source: text/template/exec.go `isTrue`; sprig's `empty` is its opposite. */
export function isTrue(value: Value): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value === 'object') return (Array.isArray(value) ? value : Object.keys(value)).length > 0;
  return value !== '' && value !== 0 && value !== 0n && value !== false;
}

/** What `{{ value }}` prints. @throws TemplateProblem where there is no value, which Go prints as `<no value>` */
export function printed(value: Value): string {
  return value === undefined || value === null ? fail('it has no value') : text(value);
}

/** A value as Go's `%v` has it. */
export function text(value: Json): string {
  if (typeof value === 'string') return value;
  if (value === null) return '<nil>';
  if (typeof value === 'number') return floatText(value);
  if (Array.isArray(value)) return `[${value.map(text).join(' ')}]`;
  if (!isObject(value)) return String(value);
  return `map[${sortedEntries(value)
    .map(([key, entry]) => `${key}:${text(entry)}`)
    .join(' ')}]`;
}

/** The entries of a map in the order in which Go ranges over it. */
export const sortedEntries = (map: Readonly<Record<string, Json>>): [string, Json][] =>
  Object.entries(map).sort(([a], [b]) => compareBytes(a, b));

/** Go's `%v` of a float64: the fewest digits, with an exponent from a million on and below 0.0001. */
export function floatText(value: number): string {
  if (Object.is(value, -0)) return '-0';
  const [digits = '', exponent = ''] = value.toExponential().split('e');
  const power = Number(exponent);
  if (-5 < power && power < 6) return String(value);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

export type Kind = 'string' | 'int' | 'float' | 'bool' | 'list' | 'map' | 'none';

export function kindOf(value: Value): Kind {
  if (value === undefined || value === null) return 'none';
  if (Array.isArray(value)) return 'list';
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'bigint':
      return 'int';
    case 'number':
      return 'float';
    case 'boolean':
      return 'bool';
    default:
      return 'map';
  }
}
