import { flagAt, textsAt } from '../core/fields.ts';
import { isObject, type Json, type JsonObject } from '../core/object.ts';
import { setKey } from '../core/json.ts';
import { evaluateTemplate, type Data } from './go-template/go-template.ts';
import { asGoValue } from './go-template/values.ts';

/** What a generator of an ApplicationSet gives for one application. Without Go templates the keys are flat: `path.basename`. */
export type Parameters = JsonObject;

/** How the templates of an ApplicationSet are read. */
export interface TemplateMode {
  readonly goTemplate: boolean;
  readonly missingKey: Data['missingKey'];
  /** The generators give more parameters than are known here. */
  readonly open: boolean;
}

/** The template of an ApplicationSet with parameters put in, and the expressions that had to stay as they are written, some with the reason. */
export interface Filled<T> {
  readonly value: T;
  readonly left: readonly string[];
}

/** Source: applicationset/utils/utils.go `Render.Replace`, Go's text/template `Option`. */
export function templateModeOf(spec: JsonObject): TemplateMode {
  const options = textsAt(spec, 'goTemplateOptions');
  const missing = options.findLast((option) => option.startsWith('missingkey='))?.slice('missingkey='.length);
  const missingKey = missing === 'error' || missing === 'zero' ? missing : 'default';
  return { goTemplate: flagAt(spec, 'goTemplate'), missingKey, open: false };
}

/** Puts parameters into every text of a value, keys included. */
export function fill(value: Json, parameters: Parameters, mode: TemplateMode): Filled<Json> {
  const left: string[] = [];
  const fillOne = fillerOf(parameters, mode);
  const text = (written: string): string => {
    const filled = fillOne(written);
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

/** Puts parameters into a text. What has no text here stays as it is written: nothing is guessed. */
export const fillText = (written: string, parameters: Parameters, mode: TemplateMode): Filled<string> =>
  fillerOf(parameters, mode)(written);

/** Puts the same parameters into one text after the other. */
function fillerOf(
  parameters: Parameters,
  { goTemplate, missingKey, open }: TemplateMode,
): (written: string) => Filled<string> {
  if (!goTemplate) return (written) => fillSimply(written, parameters);
  const known = asGoValue(parameters);
  const data: Data = { parameters: isObject(known) ? known : {}, missingKey, open };
  return (written) => {
    const { text, left } = evaluateTemplate(written, data);
    return { value: text, left: left.map(({ source, why }) => `${shortened(source)}: ${why}`) };
  };
}

const MAX_SHOWN = 60;

function shortened(source: string): string {
  const line = source.replace(/\s+/g, ' ').trim();
  return line.length > MAX_SHOWN ? `${line.slice(0, MAX_SHOWN - 1)}…` : line;
}

const TAG = /\{\{([^}]*(?:\}(?!\})[^}]*)*)\}\}/g;

/** The simpler templates name a parameter, and put in texts alone. Source: applicationset/utils/utils.go `Render.Replace`. */
function fillSimply(written: string, parameters: Parameters): Filled<string> {
  if (!written.includes('{{')) return { value: written, left: [] };
  const left: string[] = [];
  const value = written.replace(TAG, (tag, name: string) => {
    const key = name.trim();
    const found = Object.hasOwn(parameters, key) ? parameters[key] : undefined;
    if (typeof found === 'string') return found;
    left.push(tag);
    return tag;
  });
  return { value, left };
}
