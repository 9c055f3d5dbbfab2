import { readJson, setKey, without } from '../json.ts';
import { annotationOf, isObject, metadataOf, type Json, type JsonObject, type KubeObject } from '../object.ts';
import { goJson } from './go-json.ts';
import { PatchError } from './patch.ts';

/** The annotation in which kubectl keeps the manifest that was applied last. */
export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * The object as kubectl applies it: with itself, as one line of JSON, in the last-applied annotation.
 * Source: k8s.io/kubectl/pkg/util/apply.go `GetModifiedConfiguration`.
 */
export function withLastApplied(object: KubeObject): KubeObject {
  const metadata = metadataOf(object);
  const given = isObject(metadata['annotations']) ? metadata['annotations'] : {};
  const own = Object.entries(without(given, LAST_APPLIED)).map(([key, value]) => [key, value ?? ''] as const);
  const annotated = (annotations: JsonObject): KubeObject => ({ ...object, metadata: { ...metadata, annotations } });
  const annotations = Object.fromEntries(own);
  return annotated({ ...annotations, [LAST_APPLIED]: `${goJson(annotated(annotations))}\n` });
}

/**
 * The manifest that was applied last; an empty object where the live object does not tell.
 * @throws PatchError where the annotation holds anything but an object. Source: kubectl `GetOriginalConfiguration`.
 */
export function lastAppliedOf(live: KubeObject): JsonObject {
  const text = annotationOf(live, LAST_APPLIED) ?? '';
  if (text === '') return {};
  let value: Json;
  try {
    value = readJson(text);
  } catch {
    throw new PatchError('invalid JSON document');
  }
  if (value === null) return {};
  if (!isObject(value)) throw new PatchError('invalid JSON document');
  return value;
}

/** Was the object ever applied by kubectl, or by a plain apply of Argo CD? */
export const hasLastApplied = (live: KubeObject): boolean => annotationOf(live, LAST_APPLIED) !== undefined;

/**
 * The value without any member that is null; nulls that are items of a list stay. The very value where there is none.
 * Source: kubectl apply.go `pruneNulls`.
 */
export function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) {
    const items = value.map(withoutNulls);
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  if (!isObject(value)) return value;
  let left: JsonObject | undefined;
  for (const key of Object.keys(value)) {
    const inner = value[key] ?? null;
    const next = inner === null ? undefined : withoutNulls(inner);
    if (next === inner) continue;
    left ??= { ...value };
    if (next === undefined) Reflect.deleteProperty(left, key);
    else setKey(left, key, next);
  }
  return left ?? value;
}
