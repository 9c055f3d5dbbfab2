import { isObject, type Json, type JsonObject, type KubeObject } from '../core/object.ts';
import type { Path } from '../manifest/locate.ts';
import { isIdentity, unresolvedTemplate } from './certain.ts';

/** What keeps an object from being synced, and the path to the value that it is about. */
export interface ObjectRefusal {
  readonly path: Path;
  readonly message: string;
}

/**
 * Why Argo CD could not apply the object, or what it would apply is not known; undefined where nothing says so.
 * @param templates what looks like a template may be one: the object was not rendered
 */
export const refusalOf = (object: KubeObject, templates = true): ObjectRefusal | undefined =>
  withoutType(object) ?? (templates ? templateIn(object) : undefined) ?? notText(object);

function withoutType(object: KubeObject): ObjectRefusal | undefined {
  const missing = ['kind', 'apiVersion'].find((key) => typeof object[key] !== 'string' || object[key] === '');
  if (missing === undefined) return undefined;
  return { path: [], message: `This object has no ${missing}, so that Argo CD cannot apply it: give it one.` };
}

/** A template that is left in the object where it decides about what is applied. */
export function templateIn(object: KubeObject): ObjectRefusal | undefined {
  const found = unresolvedTemplate(object);
  if (!found) return undefined;
  const [, map, key] = found.path;
  const where = map === 'annotations' && typeof key === 'string' ? key : undefined;
  const text = object['kind'] === 'Secret' && !isIdentity(found.path) ? found.path.join('.') : found.text;
  return { path: found.path, message: templateMessage(text, where) };
}

const SECRET = /["']?kind["']?\s*:\s*["']?Secret(?:List)?\b/;
const WHY = /(\b(?:be read|read it|\.json file)): [\s\S]*$/;

/** Why a text cannot be read; readers repeat what they stumble over, so that of a Secret the reason is not told. */
export const withoutSecrets = (text: string, message: string): string =>
  SECRET.test(text) ? message.replace(WHY, '$1. It is a Secret: what stands there is not repeated here.') : message;

/** What a template is called that is left in a text: itself, but in a Secret. */
export const shownTemplate = (text: string, template: string): string => (SECRET.test(text) ? 'in a Secret' : template);

/** @param annotation the annotation whose value the template is */
export const templateMessage = (text: string, annotation?: string): string =>
  annotation === undefined
    ? `It holds a template that is not resolved (${shorten(text)}): what would be applied is not known. Render it first.`
    : `It holds a template that is not resolved (${shorten(text)}) as its ${annotation}: what that comes to is not known here. Render it first.`;

const shorten = (text: string): string => {
  const line = text.split(/\r?\n/)[0]?.trim() ?? '';
  return line.length > 60 ? `${line.slice(0, 57)}…` : line;
};

/** Source: gitops-engine and util/kube `SetAppInstance` read annotations and labels as texts, and fail otherwise. */
export function notText(object: JsonObject): ObjectRefusal | undefined {
  const metadata = object['metadata'];
  if (!isObject(metadata)) return undefined;
  for (const map of ['annotations', 'labels']) {
    const entries = metadata[map];
    if (!isObject(entries)) continue;
    const wrong = Object.entries(entries).find(([, value]) => typeof value !== 'string');
    if (!wrong) continue;
    const [key, value] = wrong;
    const message = `The value of ${key} in the ${map} is ${kindOfValue(value)}, no text: Argo CD then fails to read the whole application. ${isScalarValue(value) ? 'Put it in quotes.' : 'Write it as one text in quotes.'}`;
    return { path: ['metadata', map, key], message };
  }
  return undefined;
}

const isScalarValue = (value: Json): boolean => typeof value !== 'object' || value === null;

/** What a value that is no text is to YAML: `a number`, `a list`. */
export function kindOfValue(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  return typeof value === 'boolean' ? 'a boolean' : 'a number';
}
