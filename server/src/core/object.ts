/** Any JSON value. Integers beyond 2^53 are bigints, so that no digit is lost on the way to a cluster. */
export type Json = null | boolean | number | bigint | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

/** A Kubernetes object as plain data: a manifest's value, or a live object. Nothing about its shape is certain. */
export type KubeObject = JsonObject;

/** Group, version and kind of an object; the core group is the empty string. */
export interface Gvk {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** Identity of an object. Cluster-scoped objects have an empty namespace. */
export interface ObjectId {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

/** Splits `apps/v1` into group and version; `v1` is the core group. */
export function splitApiVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf('/');
  return slash < 0
    ? { group: '', version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

export const apiVersionOf = (object: KubeObject): string => text(object['apiVersion']);
export const kindOf = (object: KubeObject): string => text(object['kind']);
export const groupOf = (object: KubeObject): string => splitApiVersion(apiVersionOf(object)).group;

export function gvkOf(object: KubeObject): Gvk {
  return { ...splitApiVersion(apiVersionOf(object)), kind: kindOf(object) };
}

/** The object's `metadata`, or an empty object where it has none. */
export function metadataOf(object: KubeObject): JsonObject {
  const metadata = object['metadata'];
  return isObject(metadata) ? metadata : {};
}

export const nameOf = (object: KubeObject): string => text(metadataOf(object)['name']);
export const generateNameOf = (object: KubeObject): string => text(metadataOf(object)['generateName']);
export const namespaceOf = (object: KubeObject): string => text(metadataOf(object)['namespace']);
export const uidOf = (object: KubeObject): string => text(metadataOf(object)['uid']);
export const resourceVersionOf = (object: KubeObject): string => text(metadataOf(object)['resourceVersion']);
export const isTerminating = (object: KubeObject): boolean => text(metadataOf(object)['deletionTimestamp']) !== '';

/** The object's finalizers; anything that is no text is left out. */
export function finalizersOf(object: KubeObject): string[] {
  const finalizers = metadataOf(object)['finalizers'];
  return Array.isArray(finalizers) ? finalizers.filter((f) => typeof f === 'string') : [];
}

/** The value of one annotation; undefined where the key is absent or its value is no text. */
export function annotationOf(object: KubeObject, key: string): string | undefined {
  const annotations = metadataOf(object)['annotations'];
  if (!isObject(annotations) || !Object.hasOwn(annotations, key)) return undefined;
  const value = annotations[key];
  return typeof value === 'string' ? value : undefined;
}

/** A file of kustomize, which is no object of a cluster; kustomize takes one without an apiVersion too. */
export const isKustomization = (object: KubeObject): boolean =>
  groupOf(object) === 'kustomize.config.k8s.io' || (kindOf(object) === 'Kustomization' && apiVersionOf(object) === '');

export function objectIdOf(object: KubeObject): ObjectId {
  return { group: groupOf(object), kind: kindOf(object), namespace: namespaceOf(object), name: nameOf(object) };
}

/** `group/Kind/namespace/name`, the key of an object everywhere: engine, terminal, tree (`/ConfigMap/shop/settings`). */
export const keyOf = (id: ObjectId): string => `${id.group}/${id.kind}/${id.namespace}/${id.name}`;

/** Compares two texts by their bytes in UTF-8, as Go compares strings. */
export function compareBytes(a: string, b: string): number {
  if (a === b) return 0;
  // UTF-16 order equals UTF-8 order but where a surrogate meets a unit above it.
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return fixSurrogate(x) - fixSurrogate(y);
  }
  return a.length - b.length;
}
/**
 * Sorts by the bytes of each item's key, items with equal keys as they stand. Where no key holds a surrogate the order
 * of the engine's own texts is the same, and much quicker.
 */
export function sortByBytes<T extends { readonly key: string }>(items: T[]): T[] {
  if (items.some(({ key }) => SURROGATE.test(key))) return items.sort((a, b) => compareBytes(a.key, b.key));
  return items.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}
const SURROGATE = /[\ud800-\udfff]/;

const fixSurrogate = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);
