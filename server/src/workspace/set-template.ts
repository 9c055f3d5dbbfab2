import { isObject, type Json, type JsonObject } from '../core/object.ts';
import { setKey } from '../manifest/read-yaml.ts';

/** What a generator of an ApplicationSet gives for one application. Without Go templates the keys are flat: `path.basename`. */
export type Parameters = JsonObject;

/** The template of an ApplicationSet with parameters put in, and the expressions that had to stay as they are written. */
export interface Filled<T> {
  readonly value: T;
  readonly left: readonly string[];
}

/** Puts parameters into every text of a value, keys included. */
export function fill(value: Json, parameters: Parameters, goTemplate: boolean): Filled<Json> {
  const left: string[] = [];
  const text = (written: string): string => {
    const filled = fillText(written, parameters, goTemplate);
    left.push(...filled.left);
    return filled.value;
  };
  const visit = (part: Json): Json => {
    if (typeof part === 'string') return text(part);
    if (Array.isArray(part)) return part.map(visit);
    if (!isObject(part)) return part;
    const object: JsonObject = {};
    for (const [key, entry] of Object.entries(part)) setKey(object, text(key), visit(entry));
    return object;
  };
  return { value: visit(value), left: [...new Set(left)] };
}

const ACTION = /\{\{(-?)((?:"(?:[^"\\]|\\.)*"|`[^`]*`|[^}"`]|\}(?!\}))*?)(-?)\}\}/g;

/**
 * Puts parameters into a text. An expression that names no parameter, or is more than a path with simple functions,
 * stays as it is written: nothing is guessed. Source: applicationset/utils/utils.go `Render.Replace`.
 */
export function fillText(written: string, parameters: Parameters, goTemplate: boolean): Filled<string> {
  if (!written.includes('{{')) return { value: written, left: [] };
  const left: string[] = [];
  const value = written.replace(ACTION, (action, before: string, expression: string, after: string) => {
    const trims = before !== '' || after !== '';
    const found = goTemplate ? (trims ? undefined : evaluate(expression, parameters)) : parameters[expression.trim()];
    const text = asText(found, goTemplate);
    if (text === undefined) left.push(action);
    return text ?? action;
  });
  return { value, left };
}

/** The simpler templates put in texts alone; Go prints numbers and booleans too. */
function asText(value: Json | undefined, goTemplate: boolean): string | undefined {
  if (typeof value === 'string') return value;
  const printed = typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint';
  return goTemplate && printed ? String(value) : undefined;
}

const WORD = /\s*(?:("(?:[^"\\]|\\.)*")|`([^`]*)`|(-?\d+)|(\.[\w.-]*)|([A-Za-z]\w*)|(\|))/y;

type Word =
  | { readonly kind: 'value'; readonly value: Json | undefined }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'pipe' };

/** A pipeline of paths, constants and functions; undefined where it is anything else, or has no value. */
function evaluate(expression: string, parameters: Parameters): Json | undefined {
  const words = wordsOf(expression.trimEnd(), parameters);
  if (!words) return undefined;
  let piped: Json | undefined;
  let stage: Word[] = [];
  for (const [i, word] of [...words, { kind: 'pipe' } as const].entries()) {
    if (word.kind !== 'pipe') {
      stage.push(word);
      continue;
    }
    if (stage.length === 0) return undefined;
    const first = i === stage.length;
    piped = call(stage, first ? [] : [piped]);
    stage = [];
  }
  return piped;
}

function wordsOf(expression: string, parameters: Parameters): Word[] | undefined {
  const words: Word[] = [];
  for (let at = 0; at < expression.length; at = WORD.lastIndex) {
    WORD.lastIndex = at;
    const match = WORD.exec(expression);
    if (!match) return undefined;
    const [, quoted, raw, number, path, name] = match;
    if (quoted !== undefined) words.push({ kind: 'value', value: unquoted(quoted) });
    else if (raw !== undefined) words.push({ kind: 'value', value: raw });
    else if (number !== undefined) words.push({ kind: 'value', value: Number(number) });
    else if (path !== undefined) words.push({ kind: 'value', value: valueAt(path, parameters) });
    else if (name !== undefined) words.push({ kind: 'name', name });
    else words.push({ kind: 'pipe' });
  }
  return words;
}

function unquoted(text: string): string | undefined {
  try {
    return JSON.parse(text) as string;
  } catch {
    return undefined;
  }
}

function valueAt(path: string, parameters: Parameters): Json | undefined {
  if (path === '.') return parameters;
  let value: Json | undefined = parameters;
  for (const key of path.slice(1).split('.'))
    value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return value;
}

function call(stage: readonly Word[], piped: readonly (Json | undefined)[]): Json | undefined {
  const [first, ...rest] = stage;
  const values = rest.flatMap((word) => (word.kind === 'value' ? [word.value] : []));
  if (values.length < rest.length) return undefined;
  if (first?.kind === 'value') return rest.length === 0 && piped.length === 0 ? first.value : undefined;
  const operation = first?.kind === 'name' ? FUNCTIONS[first.name] : undefined;
  return operation?.(...values, ...piped);
}

type Operation = (...values: readonly (Json | undefined)[]) => Json | undefined;

const onValue =
  (change: (value: Json | undefined) => Json | undefined): Operation =>
  (value, ...more) =>
    more.length === 0 ? change(value) : undefined;

const onText =
  (change: (text: string) => string): Operation =>
  (value, ...more) =>
    typeof value === 'string' && more.length === 0 ? change(value) : undefined;

/** Functions of so many texts. */
const onTexts =
  (count: number, change: (texts: readonly string[]) => string): Operation =>
  (...values) => {
    const texts = values.filter((value) => typeof value === 'string');
    return texts.length === values.length && values.length === count ? change(texts) : undefined;
  };

const isEmpty = (value: Json | undefined): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  value === 0 ||
  value === false ||
  (Array.isArray(value) && value.length === 0);

const FUNCTIONS: Readonly<Record<string, Operation>> = {
  index: (value, ...keys) =>
    keys.reduce<Json | undefined>((at, key) => {
      if (Array.isArray(at) && typeof key === 'number') return at[key];
      return isObject(at) && typeof key === 'string' && Object.hasOwn(at, key) ? at[key] : undefined;
    }, value),
  default: (fallback, value) => (isEmpty(value) ? fallback : value),
  normalize: onText(normalizeName),
  lower: onText((text) => text.toLowerCase()),
  upper: onText((text) => text.toUpperCase()),
  trim: onText((text) => text.trim()),
  quote: onText((text) => JSON.stringify(text)),
  squote: onText((text) => `'${text}'`),
  toString: onValue((value) => asText(value, true)),
  trimPrefix: onTexts(2, ([prefix = '', text = '']) => (text.startsWith(prefix) ? text.slice(prefix.length) : text)),
  trimSuffix: onTexts(2, ([suffix = '', text = '']) =>
    text.endsWith(suffix) ? text.slice(0, -suffix.length || undefined) : text,
  ),
  replace: onTexts(3, ([old = '', by = '', text = '']) => text.replaceAll(old, () => by)),
  trunc: (length, text) => {
    if (typeof length !== 'number' || typeof text !== 'string') return undefined;
    return length < 0 ? text.slice(length) : text.slice(0, length);
  },
};

/** A name as Kubernetes takes it. Source: applicationset/utils/template_functions.go `SanitizeName`. */
export function normalizeName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^-a-z0-9.]/g, '-')
    .slice(0, 253)
    .replace(/^[-.]+|[-.]+$/g, '');
}
