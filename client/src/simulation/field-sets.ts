import { strategyOf, type PatchField, type PatchSchema } from '#core/apply/patch';
import { equal, writeJson } from '#core/json';
import { isObject, type Json, type JsonObject, type KubeObject } from '#core/object';
import { step, type FieldPath } from '../sync/kubectl/fields.ts';
import { without } from '../sync/json.ts';

/**
 * Sets of fields in the notation of `metadata.managedFields`: `{}` is a field itself, `.` says so of one that has members
 * too. Maps are owned member by member, lists as a whole but where their items have a key or are told apart by value.
 * Source: sigs.k8s.io/structured-merge-diff/typed `ToFieldSet`, `Compare`; fieldpath `Set`.
 */
export type FieldSet = JsonObject;

const SELF = '.';

/** What nobody owns. Source: k8s.io/apimachinery/pkg/util/managedfields/internal/stripmeta.go. */
const NOBODYS = ['name', 'namespace', 'uid', 'resourceVersion', 'generation', 'creationTimestamp', 'managedFields'];

/** Maps of built-in kinds that are owned as a whole: `+structType=atomic` and `+mapType=atomic` of their types. */
const WHOLE: ReadonlySet<string> = new Set([
  ...['selector', 'labelSelector', 'namespaceSelector', 'podSelector', 'objectSelector', 'nodeSelector'],
  ...['configMapKeyRef', 'secretKeyRef', 'fieldRef', 'resourceFieldRef', 'roleRef', 'dataSource', 'claimRef'],
]);

/** Keys that tell items apart beside the one by which they are merged, and what the server takes for one that is absent. */
const FURTHER_KEYS: Readonly<Record<string, readonly [string, Json | undefined]>> = {
  port: ['protocol', 'TCP'],
  containerPort: ['protocol', 'TCP'],
  topologyKey: ['whenUnsatisfiable', undefined],
};

/** A value, the name of its field, and what the type says of it; without a schema it is a custom resource's. */
interface Typed {
  readonly value: Json;
  readonly name: string;
  readonly field: PatchField | undefined;
}
interface Member extends Typed {
  readonly key: string;
  readonly isItem: boolean;
}

/** What a manager may own of an object. */
function rootOf(object: KubeObject, schema: PatchSchema | undefined): Typed {
  const metadata = isObject(object['metadata']) ? without(object['metadata'], ...NOBODYS) : {};
  const rest = without(object, 'apiVersion', 'kind', 'metadata', 'status');
  const value = Object.keys(metadata).length > 0 ? { ...rest, metadata } : rest;
  return { value, name: '', field: schema && { mergeKey: '', strategies: [], schema } };
}

/** The members of a value that are owned one by one; undefined where it is owned as a whole. */
function membersOf({ value, name, field }: Typed): readonly Member[] | undefined {
  if (Array.isArray(value)) return field && strategyOf(field).strategy === 'merge' ? itemsOf(value, field) : undefined;
  if (!isObject(value) || (field && WHOLE.has(name))) return undefined;
  return Object.entries(value).map(([key, inner]) => ({
    ...{ key: `f:${key}`, name: key, value: inner, isItem: false },
    field: field?.schema.field(key),
  }));
}

function itemsOf(items: readonly Json[], field: PatchField): readonly Member[] | undefined {
  const item = { name: '', isItem: true };
  if (field.mergeKey === '')
    return items.map((value) => ({ ...item, key: `v:${writeJson(value)}`, value, field: undefined }));
  if (!items.every(isObject)) return undefined;
  const type: PatchField = { mergeKey: '', strategies: [], schema: field.schema };
  return items.map((value) => ({ ...item, key: `k:${writeJson(keysOf(value, field.mergeKey))}`, value, field: type }));
}

function keysOf(item: JsonObject, mergeKey: string): JsonObject {
  const [further, usual] = FURTHER_KEYS[mergeKey] ?? ['', undefined];
  const second = item[further] ?? usual;
  return { [mergeKey]: item[mergeKey] ?? null, ...(second === undefined ? {} : { [further]: second }) };
}

function setOf(typed: Typed): FieldSet {
  const members = membersOf(typed) ?? [];
  return Object.fromEntries(members.map((member) => [member.key, memberSet(member)]));
}

function memberSet(member: Member): FieldSet {
  const set = setOf(member);
  return member.isItem && Object.keys(set).length > 0 ? { [SELF]: {}, ...set } : set;
}

/** All that an object says. */
export const fieldsOf = (object: KubeObject, schema: PatchSchema | undefined): FieldSet =>
  setOf(rootOf(object, schema));

/** What an object says that another did not say, or said otherwise. */
export const changedFields = (before: KubeObject, after: KubeObject, schema: PatchSchema | undefined): FieldSet =>
  changed(rootOf(before, schema), rootOf(after, schema)) ?? {};

function changed(before: Typed, after: Typed): FieldSet | undefined {
  if (before.value === after.value) return undefined;
  const [olds, news] = [membersOf(before), membersOf(after)];
  if (!olds || !news || news.length === 0) return equal(before.value, after.value) ? undefined : setOf(after);
  const known = new Map(olds.map((member) => [member.key, member]));
  const entries = news.flatMap((member) => {
    const old = known.get(member.key);
    const set = old ? changed(old, member) : memberSet(member);
    return set ? [[member.key, set] as const] : [];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

const isSelf = (set: FieldSet): boolean => Object.keys(set).length === 0;
const opened = (set: Json): FieldSet => (isObject(set) && !isSelf(set) ? set : { [SELF]: {} });
const closed = (set: FieldSet): FieldSet => (Object.keys(set).length === 1 && SELF in set ? {} : set);

function combined(a: FieldSet, b: FieldSet, keepsOnly: boolean): FieldSet {
  const result: FieldSet = {};
  for (const [key, inner] of Object.entries(a)) {
    const other = b[key];
    if (other === undefined) {
      if (!keepsOnly) result[key] = inner;
    } else if (key === SELF) {
      if (keepsOnly) result[key] = inner;
    } else {
      const both = combined(opened(inner), opened(other), keepsOnly);
      if (!isSelf(both)) result[key] = closed(both);
    }
  }
  return result;
}

/** The fields of the first set that are not in the second. */
export const minus = (a: FieldSet, b: FieldSet): FieldSet => combined(a, b, false);

/** The fields that are in both. */
export const inBoth = (a: FieldSet, b: FieldSet): FieldSet => combined(a, b, true);

/** The fields that a value still says. */
export function within(set: FieldSet, value: Json | undefined): FieldSet {
  const result: FieldSet = {};
  for (const [key, inner] of Object.entries(set)) {
    const there = key === SELF ? value : step(value, key);
    if (there === undefined || !isObject(inner)) continue;
    const left = isSelf(inner) ? inner : within(inner, there);
    if (isSelf(inner) || !isSelf(left)) result[key] = left;
  }
  return result;
}

/** Paths of what is in a set and in no other one: fields, items with all that they hold, maps that hold nothing else. */
export function pathsOutside(
  set: FieldSet,
  kept: FieldSet,
  value: Json | undefined,
  path: FieldPath = [],
): FieldPath[] {
  return Object.entries(set).flatMap(([key, inner]) => {
    if (key === SELF || !isObject(inner)) return [];
    const here = [...path, key];
    const there = step(value, key);
    const others = kept[key];
    if (isObject(others)) return isSelf(inner) ? [] : pathsOutside(inner, others, there, here);
    const isWhole = !key.startsWith('f:') || isSelf(inner) || (isObject(there) && holdsOnly(there, inner));
    return isWhole ? [here] : pathsOutside(inner, {}, there, here);
  });
}

const holdsOnly = (value: JsonObject, set: FieldSet): boolean =>
  Object.entries(value).every(([key, inner]) => {
    const own = set[`f:${key}`];
    return isObject(own) && (isSelf(own) || (isObject(inner) && holdsOnly(inner, own)));
  });

/** The object without the maps that a manifest replaces as a whole, so that they can be merged. */
export function withoutReplaced(object: JsonObject, manifest: JsonObject): JsonObject {
  const entries = Object.entries(object).flatMap(([key, value]) => {
    const said = manifest[key];
    if (!isObject(value) || !isObject(said)) return [[key, value] as const];
    return WHOLE.has(key) ? [] : [[key, withoutReplaced(value, said)] as const];
  });
  return Object.fromEntries(entries);
}

/** The fields of a set as the API server writes their paths: `.spec.ports[port=80,protocol="TCP"].targetPort`. */
export const pathTexts = (set: FieldSet, before = ''): string[] =>
  Object.entries(set).flatMap(([key, inner]) => {
    if (key === SELF) return [before];
    const here = before + stepText(key);
    return isObject(inner) && !isSelf(inner) ? pathTexts(inner, here) : [here];
  });

function stepText(key: string): string {
  const text = key.slice(2);
  if (key.startsWith('f:')) return `.${text}`;
  if (key.startsWith('v:')) return `[=${text}]`;
  const keys = Object.entries(JSON.parse(text) as JsonObject).map(([name, value]) => `${name}=${writeJson(value)}`);
  return `[${keys.join(',')}]`;
}
