import { resolvePlain } from './dialect.ts';
import type { ScalarStyle } from './model.ts';

/** What else some YAML 1.1 reader on the way to Argo CD takes for a date, a time or a number to base 60. */
const READ_OTHERWISE = /^(?:\d{4}-\d{1,2}-\d{1,2}.*|[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?)$/;
/** How no plain text may begin, and what would end or break one. Flow collections end a text at brackets and commas. */
const BREAKS_PLAIN = /^[\s&*!|>'"%@`#,[\]{}]|^[-?:](?=\s|$)|:(?=\s|$)|\s#|\s$|[\p{Cc}\u2028\u2029\ufeff]/u;
const BREAKS_FLOW = /[,[\]{}]|^[-?:]/;

/** Tells whether a text must be quoted in YAML to stay that text. */
export function needsQuotes(value: string, flow = false): boolean {
  if (resolvePlain(value).kind !== 'text' || READ_OTHERWISE.test(value) || BREAKS_PLAIN.test(value)) return true;
  return /^(?:---|\.\.\.)/.test(value) || (flow && BREAKS_FLOW.test(value));
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** The text in double quotes; what YAML and JSON write differently is written as both read it. */
export const doubleQuoted = (value: string): string => `"${value.replace(/[\\"\p{Cc}\u2028\u2029\ufeff]/gu, escape)}"`;

const escape = (unit: string): string => ESCAPES[unit] ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

const singleQuoted = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** The text as a scalar of YAML: in the given style where that can hold it, else in double quotes. */
export function writeScalar(value: string, style: ScalarStyle, flow = false): string {
  if (style === 'single' && !/[\p{Cc}\u2028\u2029\ufeff]/u.test(value)) return singleQuoted(value);
  if (style === 'plain' && !needsQuotes(value, flow)) return value;
  return doubleQuoted(value);
}
