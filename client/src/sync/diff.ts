import { LAST_APPLIED } from '#core/apply/last-applied';
import { writeJson } from '#core/json';
import { groupOf, isObject, kindOf, metadataOf, type Json, type JsonObject, type KubeObject } from '#core/object';
import { equal, without } from './json.ts';

/** What the server writes into metadata by itself. */
const SERVER_FIELDS = [
  'managedFields',
  'resourceVersion',
  'uid',
  'generation',
  'creationTimestamp',
  'selfLink',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
];
/** Stands for a value that nobody is to see. */
export const HIDDEN = '(secret)';

/** The object as a person wrote it: without its status and what the server and kubectl add. */
export function written(object: KubeObject): KubeObject {
  const metadata = without(metadataOf(object), ...SERVER_FIELDS);
  const { annotations } = metadata;
  if (isObject(annotations)) {
    const own = without(annotations, LAST_APPLIED);
    if (Object.keys(own).length > 0) metadata['annotations'] = own;
    else Reflect.deleteProperty(metadata, 'annotations');
  }
  return { ...without(object, 'status'), metadata };
}

/**
 * Lines of difference between two states of an object, one for each value: `- spec.replicas: 1`, `+ spec.replicas: 3`.
 * Entries of lists are named by their `name` where all have one. The values of a Secret are left out.
 */
export function diffLines(before: KubeObject, after: KubeObject): string[] {
  const secret = kindOf(after) === 'Secret' && groupOf(after) === '';
  const lines: string[] = [];
  compare(written(before), written(after), '', (sign, path, value) => {
    const hidden = secret && /^(?:data|stringData|binaryData)(?:\.|$)/.test(path);
    lines.push(`${sign} ${path}: ${hidden ? HIDDEN : writeJson(value)}`);
  });
  return lines;
}

type Report = (sign: '-' | '+', path: string, value: Json) => void;

function compare(before: Json | undefined, after: Json | undefined, path: string, report: Report): void {
  if (equal(before, after)) return;
  const [old, next] = [entriesOf(before), entriesOf(after)];
  if (old && next) {
    for (const key of new Set([...Object.keys(old), ...Object.keys(next)]))
      compare(old[key], next[key], path === '' ? key : key.startsWith('[') ? path + key : `${path}.${key}`, report);
    return;
  }
  if (before !== undefined) leaves(before, path, (p, value) => report('-', p, value));
  if (after !== undefined) leaves(after, path, (p, value) => report('+', p, value));
}

/** The single values below a value, so that nothing is hidden or shown by the object around it. */
function leaves(value: Json, path: string, report: (path: string, value: Json) => void): void {
  const entries = entriesOf(value);
  if (!entries || Object.keys(entries).length === 0) return report(path, value);
  for (const [key, entry] of Object.entries(entries))
    leaves(entry, path === '' ? key : key.startsWith('[') ? path + key : `${path}.${key}`, report);
}

/** An object, or a list whose entries have names of their own or else their numbers; undefined for any other value. */
function entriesOf(value: Json | undefined): JsonObject | undefined {
  if (isObject(value)) return value;
  if (!Array.isArray(value)) return undefined;
  const names = value.map((item) => (isObject(item) && typeof item['name'] === 'string' ? item['name'] : ''));
  const named = names.every((name) => name !== '') && new Set(names).size === names.length;
  return Object.fromEntries(value.map((item, index) => [`[${named ? (names[index] ?? '') : index}]`, item]));
}
