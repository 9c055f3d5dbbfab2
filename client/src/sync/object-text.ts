import { writeJson } from '#core/json';
import { groupOf, isObject, kindOf, type Json, type JsonObject, type KubeObject } from '#core/object';
import { HIDDEN, written } from './diff.ts';
import { equal } from './json.ts';

/** An object before and after a write as YAML, to be shown beside each other. Values of Secrets are masked. */
export interface ObjectTexts {
  readonly before: string;
  readonly after: string;
}

/** Texts of more would be read by nobody, and cost the editor's memory. */
const LONGEST = 512 * 1024;

/**
 * Two states of an object as a person would write them. A value of a Secret that differs shows that it does.
 * @param hide takes further values out of a text
 * @returns undefined where the object is too large to be shown
 */
export function objectTexts(
  before: KubeObject,
  after: KubeObject,
  hide: (text: string) => string = (text) => text,
): ObjectTexts | undefined {
  const [old, next] = [written(before), written(after)];
  const texts = {
    before: hide(yamlOf(masked(old, old))),
    after: hide(yamlOf(masked(next, old))),
  };
  return texts.before.length + texts.after.length > LONGEST ? undefined : texts;
}

const MASKED = ['data', 'stringData', 'binaryData'] as const;

function masked(object: KubeObject, before: KubeObject): KubeObject {
  if (kindOf(object) !== 'Secret' || groupOf(object) !== '') return object;
  const copy = { ...object };
  for (const field of MASKED) {
    const values = object[field];
    if (values === undefined) continue;
    copy[field] = isObject(values)
      ? Object.fromEntries(
          Object.entries(values).map(([key, value]) => {
            const old = isObject(before[field]) ? before[field][key] : undefined;
            return [key, equal(old, value) ? HIDDEN : `${HIDDEN}, changed`];
          }),
        )
      : HIDDEN;
  }
  return copy;
}

/** A value as YAML in blocks, for reading: keys of objects in order, texts of several lines as blocks. */
const yamlOf = (object: JsonObject): string => `${lines(object, true).join('\n')}\n`;

const FIRST = ['apiVersion', 'kind', 'metadata'];

function lines(value: Json, isRoot = false): string[] {
  if (Array.isArray(value) && value.length > 0)
    return value.flatMap((item) => lines(item).map((line, i) => (i === 0 ? `- ${line}` : `  ${line}`)));
  if (isObject(value) && Object.keys(value).length > 0) {
    const keys = Object.keys(value).sort();
    const ordered = isRoot
      ? [...FIRST.filter((key) => keys.includes(key)), ...keys.filter((key) => !FIRST.includes(key))]
      : keys;
    return ordered.flatMap((key) => entry(scalar(key), value[key] ?? null));
  }
  return [scalar(value)];
}

function entry(key: string, value: Json): string[] {
  if (Array.isArray(value) && value.length > 0) return [`${key}:`, ...lines(value)];
  if (isObject(value) && Object.keys(value).length > 0) return [`${key}:`, ...lines(value).map((line) => `  ${line}`)];
  if (typeof value === 'string' && isBlock(value)) {
    const kept = value.endsWith('\n');
    const body = kept ? value.slice(0, -1) : value;
    return [`${key}: |${kept ? '' : '-'}`, ...body.split('\n').map((line) => (line === '' ? '' : `  ${line}`))];
  }
  return [`${key}: ${scalar(value)}`];
}

/** Can a text stand as a block and be read back as it is? */
const isBlock = (text: string): boolean =>
  text.includes('\n') && !/^\s|\n\n$|\r|[^\P{Cc}\n\t]/u.test(text) && !/^\n/.test(text);

/** Words of letters and digits; a colon within one begins no value. */
const PLAIN = /^[A-Za-z_/][\w./-]*(?::[\w./-]+)*(?: [\w./-]+(?::[\w./-]+)*)*$/;
const OTHER_MEANING = /^(?:true|false|yes|no|on|off|y|n|null|nan|inf)$/i;

const scalar = (value: Json): string =>
  typeof value === 'string' && PLAIN.test(value) && !OTHER_MEANING.test(value) ? value : writeJson(value);
