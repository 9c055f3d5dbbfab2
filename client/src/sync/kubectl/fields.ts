import { LAST_APPLIED } from '#core/apply/last-applied';
import { isObject, metadataOf, type Json, type JsonObject, type KubeObject } from '#core/object';
import { readJson } from '#core/json';
import type { Response } from '#core/sync/model';
import { moveOwnership } from '#core/sync/migration';
import { equal, objectsOf, textOf, without } from '../json.ts';

/** An entry of `metadata.managedFields`: who set which fields, and how. */
export interface ManagedEntry {
  readonly manager: string;
  readonly operation: string;
  readonly subresource: string;
  readonly fields: JsonObject;
}

const MANAGED_LAST_APPLIED = `f:${LAST_APPLIED}`;

/** The entries of an object's managedFields. */
export function managedEntries(object: KubeObject): ManagedEntry[] {
  return objectsOf(metadataOf(object)['managedFields']).map((value) => ({
    manager: textOf(value['manager']),
    operation: textOf(value['operation']),
    subresource: textOf(value['subresource']),
    fields: isObject(value['fieldsV1']) ? value['fieldsV1'] : {},
  }));
}

/** The object without `metadata.managedFields`: the server keeps its own where a request says nothing of them. */
export function withoutManagedFields(object: KubeObject): KubeObject {
  const metadata = object['metadata'];
  if (!isObject(metadata) || metadata['managedFields'] === undefined) return object;
  return { ...object, metadata: without(metadata, 'managedFields') };
}

/**
 * The object with managedFields that tell who manages it and how, and not which fields: most of an object's size is
 * there, and beside the adapter only the migration to server-side apply looks at it, for the managers.
 */
export function slim(object: KubeObject): KubeObject {
  const metadata = object['metadata'];
  if (!isObject(metadata) || metadata['managedFields'] === undefined) return object;
  const managers = objectsOf(metadata['managedFields']).map((entry) =>
    without(entry, 'fieldsV1', 'fieldsType', 'time'),
  );
  return { ...object, metadata: { ...metadata, managedFields: managers } };
}

/** An answer whose object is slim. */
export const slimmed = (answer: Response): Response =>
  answer.object === undefined ? answer : { ...answer, object: slim(answer.object) };

/**
 * Does the live object say everything that the target says? A list counts as equal when it has the same length and its
 * items say what the target's say, one by one. Never true where a write would change something of the target's; false
 * also where the server only writes a value otherwise (`0.5` as `500m`).
 */
export function covers(live: Json | undefined, target: Json | undefined): boolean {
  if (target === undefined || target === null) return live === undefined || live === null;
  if (isObject(target)) {
    if (!isObject(live)) return Object.keys(target).length === 0 && live === undefined;
    return Object.keys(target).every((key) => covers(live[key], target[key]));
  }
  if (Array.isArray(target)) {
    if (!Array.isArray(live)) return target.length === 0 && live === undefined;
    return live.length === target.length && target.every((item, i) => covers(live[i], item));
  }
  return equal(live, target);
}

/** A path in the notation of managedFields: `f:spec`, `f:containers`, `k:{"name":"web"}`. */
export type FieldPath = readonly string[];

/** What a write never takes away: identity, and what the server sets itself. */
const FIXED = new Set(['f:name', 'f:namespace', 'f:uid', 'f:generateName', 'f:resourceVersion']);

/** Paths of `fields` that the object does not say: single values, and items of lists as a whole. */
export function fieldsOutside(fields: JsonObject, object: Json | undefined, path: FieldPath = []): FieldPath[] {
  return Object.entries(fields).flatMap(([key, inner]) => {
    if (key === '.' || key === MANAGED_LAST_APPLIED) return [];
    const here = [...path, key];
    const value = step(object, key);
    const leaf = !isObject(inner) || Object.keys(inner).every((name) => name === '.');
    const item = !key.startsWith('f:');
    if (value === undefined && (leaf || item)) {
      return here[0] === 'f:metadata' && FIXED.has(here[1] ?? '') ? [] : [here];
    }
    return leaf ? [] : fieldsOutside(inner, value, here);
  });
}

/** Is the path among the fields? */
export function hasField(fields: JsonObject, path: FieldPath): boolean {
  let at: Json | undefined = fields;
  for (const key of path) at = isObject(at) ? at[key] : undefined;
  return at !== undefined;
}

/** Does the object say something at the path? */
export const says = (object: KubeObject, path: FieldPath): boolean =>
  path.reduce<Json | undefined>((value, key) => step(value, key), object) !== undefined;

/** A copy of the object without the value at the path; the object itself where it does not say it. */
export function withoutField(object: Json, path: FieldPath): Json {
  const [key, ...rest] = path;
  if (key === undefined) return object;
  const inner = step(object, key);
  if (inner === undefined) return object;
  if (Array.isArray(object)) {
    return rest.length === 0
      ? object.filter((item) => item !== inner)
      : object.map((item) => (item === inner ? withoutField(item, rest) : item));
  }
  if (!isObject(object)) return object;
  const name = key.slice(2);
  if (rest.length > 0) return { ...object, [name]: withoutField(inner, rest) };
  return without(object, name);
}

/** One step of a managedFields path down a value; undefined where the value does not go there. */
export function step(value: Json | undefined, key: string): Json | undefined {
  const name = key.slice(2);
  if (key.startsWith('f:')) return isObject(value) ? value[name] : undefined;
  if (!Array.isArray(value)) return undefined;
  if (key.startsWith('i:')) return value[Number(name)];
  const wanted = readJson(name);
  if (key.startsWith('v:')) return value.find((item) => equal(item, wanted));
  if (!isObject(wanted)) return undefined;
  // A key that the manifest leaves to its default (a port's protocol) matches.
  return value.find(
    (item) => isObject(item) && Object.entries(wanted).every(([k, v]) => item[k] === undefined || equal(item[k], v)),
  );
}

/**
 * A JSON patch that hands the fields which `manager` has set by plain writes to its server-side applies, so that the next
 * apply neither meets itself as a conflict nor leaves standing what the manifest no longer says. Undefined where there
 * are none. The last-applied annotation stays with nobody, so that it is not removed.
 * Source: k8s.io/client-go/util/csaupgrade/upgrade.go `UpgradeManagedFieldsPatch`.
 */
export function adoptPatch(live: KubeObject, manager: string): Json | undefined {
  const entries = objectsOf(metadataOf(live)['managedFields']);
  const moved = moveOwnership(entries, manager, manager);
  if (moved === entries) return undefined;
  const value = moved.map((entry) =>
    entry['manager'] === manager && entry['operation'] === 'Apply' && isObject(entry['fieldsV1'])
      ? { ...entry, fieldsV1: withoutLastApplied(entry['fieldsV1']) }
      : entry,
  );
  return [
    { op: 'replace', path: '/metadata/managedFields', value },
    { op: 'replace', path: '/metadata/resourceVersion', value: metadataOf(live)['resourceVersion'] ?? '' },
  ];
}

function withoutLastApplied(fields: JsonObject): JsonObject {
  const metadata = fields['f:metadata'];
  const annotations = isObject(metadata) ? metadata['f:annotations'] : undefined;
  if (!isObject(metadata) || !isObject(annotations) || annotations[MANAGED_LAST_APPLIED] === undefined) return fields;
  return { ...fields, 'f:metadata': { ...metadata, 'f:annotations': without(annotations, MANAGED_LAST_APPLIED) } };
}

/** Who owns which fields of a server-side apply's conflict, from the answer's causes: `kubectl` → `.spec.replicas`. */
export function conflictOwners(status: JsonObject): Map<string, string[]> {
  const owners = new Map<string, string[]>();
  const details = status['details'];
  for (const cause of objectsOf(isObject(details) ? details['causes'] : undefined)) {
    if (cause['reason'] !== 'FieldManagerConflict') continue;
    const owner = /"([^"]*)"/.exec(textOf(cause['message']))?.[1] ?? textOf(cause['message']);
    owners.set(owner, [...(owners.get(owner) ?? []), textOf(cause['field'])]);
  }
  return owners;
}
