import { fail } from './problem.ts';

/** A part of a template: text as it is written, or what stands between `{{` and `}}`. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'action'; readonly tokens: readonly Token[]; readonly start: number; readonly end: number };

export type Token =
  | { readonly kind: 'space' }
  | { readonly kind: 'dot' | 'nil' }
  | { readonly kind: 'name' | 'field' | 'variable' | 'sign'; readonly text: string }
  | { readonly kind: 'constant'; readonly value: string | bigint | number | boolean };

const SPACE = ' \t\r\n';
const COMMENT = /^\{\{(- )?\s*\/\*[^]*?\*\/(?:\s(-))?\}\}/;

/**
 * Splits a template into its parts; white space that an action trims is gone.
 * Source: Go's text/template/parse/lex.go.
 * @throws TemplateProblem
 */
export function partsOf(source: string): Part[] {
  const parts: Part[] = [];
  let trimmed = false;
  const text = (from: number, to: number, trims: boolean): void => {
    let written = source.slice(from, to);
    if (trimmed) written = written.replace(/^[ \t\r\n]+/, '');
    if (trims) written = trimEnd(written);
    if (written !== '') parts.push({ kind: 'text', text: written });
  };
  let at = 0;
  for (;;) {
    const start = source.indexOf('{{', at);
    if (start < 0) break;
    const comment = source.startsWith('/*', start + 2) || /^\{\{- \s*\/\*/.test(source.slice(start, start + 64));
    const found = comment ? COMMENT.exec(source.slice(start)) : undefined;
    if (comment && !found) fail('a comment is not closed');
    const end = found ? start + found[0].length : endOfAction(source, start + 2);
    const inner = source.slice(start + 2, end - 2);
    const before = inner.startsWith('-') && SPACE.includes(inner[1] ?? 'x');
    const after = inner.endsWith('-') && SPACE.includes(inner.at(-2) ?? 'x');
    text(at, start, before);
    trimmed = after;
    if (!comment) {
      const tokens = tokensOf(inner.slice(before ? 1 : 0, after ? -1 : undefined));
      parts.push({ kind: 'action', tokens, start, end });
    }
    at = end;
  }
  text(at, source.length, false);
  return parts;
}

/** Without a pattern, which would look again and again at long white space. */
function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && SPACE.includes(text[end - 1] ?? 'x')) end--;
  return text.slice(0, end);
}

/** Behind the `}}` that ends an action: not one within quotes. */
function endOfAction(source: string, from: number): number {
  for (let i = from; i < source.length; i++) {
    const unit = source[i] ?? '';
    if (unit === '}' && source[i + 1] === '}') return i + 2;
    if (unit !== '"' && unit !== '`' && unit !== "'") continue;
    let close = i + 1;
    while (close < source.length && source[close] !== unit) close += source[close] === '\\' && unit !== '`' ? 2 : 1;
    i = close;
  }
  return fail('an action is not closed');
}

const TOKEN =
  /([ \t\r\n]+)|("(?:[^"\\\n]|\\.)*")|`([^`]*)`|'((?:[^'\\\n]|\\.)+)'|([+-]?(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|(\.[\p{L}_][\p{L}\p{Nd}_]*)|(\$[\p{L}\p{Nd}_]*)|([\p{L}_][\p{L}\p{Nd}_]*)|(:=|[|(),=])|(\.)/uy;

function tokensOf(inner: string): Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN);
  for (let at = 0; at < inner.length; at = pattern.lastIndex) {
    pattern.lastIndex = at;
    const match = pattern.exec(inner);
    if (!match) return fail(`${inner.slice(at, at + 10)} cannot be read`);
    tokens.push(tokenOf(match));
  }
  return tokens;
}

function tokenOf(match: RegExpExecArray): Token {
  const [, space, quoted, raw, letter, number, field, variable, name, sign] = match;
  if (space !== undefined) return { kind: 'space' };
  if (quoted !== undefined) return { kind: 'constant', value: unquoted(quoted) };
  if (raw !== undefined) return { kind: 'constant', value: raw.replaceAll('\r', '') };
  if (letter !== undefined) return { kind: 'constant', value: codePoint(letter) };
  if (number !== undefined) return { kind: 'constant', value: numberOf(number) };
  if (field !== undefined) return { kind: 'field', text: field.slice(1) };
  if (variable !== undefined) return { kind: 'variable', text: variable };
  if (sign !== undefined) return { kind: 'sign', text: sign };
  if (name === undefined) return { kind: 'dot' };
  if (name === 'nil') return { kind: 'nil' };
  return name === 'true' || name === 'false'
    ? { kind: 'constant', value: name === 'true' }
    : { kind: 'name', text: name };
}

/** Go's escapes are JSON's and some more, which hardly anybody uses. */
function unquoted(text: string): string {
  try {
    return JSON.parse(text.replace(/\t/g, '\\t')) as string;
  } catch {
    return fail(`the text ${text} has an escape that is not known here`);
  }
}

function codePoint(letter: string): bigint {
  const [first = '', ...more] = unquoted(`"${letter === '"' ? '\\"' : letter}"`);
  if (more.length > 0) fail(`'${letter}' is more than one letter`);
  return BigInt(first.codePointAt(0) ?? 0);
}

/** Integers are bigints, so that they are told from Go's floats. */
function numberOf(text: string): bigint | number {
  const plain = text.replaceAll('_', '');
  if (/^[+-]?0\d/.test(plain)) fail(`the number ${text} is not known here`);
  return /^[+-]?\d+$/.test(plain) ? BigInt(plain.replace('+', '')) : Number(plain);
}
