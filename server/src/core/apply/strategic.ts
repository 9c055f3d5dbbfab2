import { equal } from '../json.ts';
import { compareBytes, isObject, type Json, type JsonObject } from '../object.ts';
import { joinPatches } from './strategic-join.ts';
import {
  compareItems,
  inOrder,
  keyOfItem,
  kindOfItems,
  sameKey,
  sortedByKey,
  valuesDifference,
  type ListDifference,
} from './strategic-lists.ts';
import {
  DIRECTIVE,
  ORDER,
  own,
  PatchError,
  REMOVED_VALUES,
  RETAIN_KEYS,
  strategyOf,
  unknownField,
  valueKind,
  type Half,
  type PatchField,
  type PatchSchema,
  type ThreeWays,
} from './patch.ts';

/**
 * The strategic merge patch by which an apply changes an object of a built-in kind: what the manifest says otherwise than
 * the live object, and directives that take away what it said before and says no more. Items of lists with a merge key
 * are merged one by one. Where manifest and live object differ, the manifest wins.
 * @returns an empty object where there is nothing to do
 * @throws PatchError in kubectl's words where the objects do not have the shape that the type asks for
 * Source: k8s.io/apimachinery/pkg/util/strategicpatch/patch.go `CreateThreeWayMergePatch` with overwrite.
 */
export function strategicMergePatch({ original, modified, current }: ThreeWays, schema: PatchSchema): JsonObject {
  const changes = mapDifference(current, modified, schema, 'changes');
  const removals = mapDifference(original, modified, schema, 'removals');
  return joinPatches(removals, changes, schema);
}

/** Source: patch.go `diffMaps`. `retainKeys`: the patch tells which keys stay, all others go. */
function mapDifference(
  from: JsonObject,
  to: JsonObject,
  schema: PatchSchema,
  half: Half,
  retainKeys = false,
): JsonObject {
  const patch = new Map<string, Json>();
  for (const [key, wanted] of Object.entries(to)) {
    const given = own(from, key);
    if (given === undefined || valueKind(given) !== valueKind(wanted)) {
      if (half === 'changes') patch.set(key, wanted);
    } else if (isObject(given) && isObject(wanted)) {
      addMap(patch, key, [given, wanted], schema, half);
    } else if (Array.isArray(given) && Array.isArray(wanted)) {
      addList(patch, key, [given, wanted], schema, half);
    } else if (half === 'changes' && !equal(given, wanted)) patch.set(key, wanted);
  }
  if (half === 'removals') for (const key of Object.keys(from)) if (!Object.hasOwn(to, key)) patch.set(key, null);
  const kept = Object.keys(to).filter((key) => to[key] !== null);
  const leaves = (): boolean => Object.keys(from).some((key) => from[key] !== null && !Object.hasOwn(to, key));
  if (retainKeys && kept.length > 0 && (patch.size > 0 || leaves())) patch.set(RETAIN_KEYS, kept.sort(compareBytes));
  return Object.fromEntries(patch);
}

/** Source: patch.go `handleMapDiff`. */
function addMap(
  patch: Map<string, Json>,
  key: string,
  [from, to]: readonly [JsonObject, JsonObject],
  schema: PatchSchema,
  half: Half,
): void {
  const field = schema.field(key);
  if (!field) return needsField(schema, key, from, to);
  const { retainKeys, strategy } = strategyOf(field);
  if (strategy === 'replace') {
    if (half === 'changes') patch.set(key, to);
    return;
  }
  const inner = mapDifference(from, to, field.schema, half, retainKeys);
  if (Object.keys(inner).length > 0) patch.set(key, inner);
}

/** Source: patch.go `handleSliceDiff`. */
function addList(
  patch: Map<string, Json>,
  key: string,
  [from, to]: readonly [Json[], Json[]],
  schema: PatchSchema,
  half: Half,
): void {
  const field = schema.field(key);
  if (!field) return needsField(schema, key, from, to);
  const { retainKeys, strategy } = strategyOf(field);
  if (strategy !== 'merge') {
    if (half === 'changes' && !equal(from, to)) patch.set(key, to);
    return;
  }
  const { items, removed, order } = listDifference(from, to, field, half, retainKeys);
  if (items.length > 0) patch.set(key, [...items]);
  if (removed.length > 0) patch.set(REMOVED_VALUES + key, [...removed]);
  if (order.length > 0) patch.set(ORDER + key, [...order]);
}

/** A field that the type does not have matters only where something differs. */
function needsField(schema: PatchSchema, key: string, from: Json, to: Json): void {
  if (!equal(from, to)) throw unknownField(schema, key);
}

const NOTHING: ListDifference = { items: [], removed: [], order: [] };

/** Source: patch.go `diffLists`. */
function listDifference(
  from: readonly Json[],
  to: readonly Json[],
  field: PatchField,
  half: Half,
  retainKeys: boolean,
): ListDifference {
  if (from.length === 0) return half === 'changes' ? { ...NOTHING, items: to } : NOTHING;
  const kind = kindOfItems(from, to);
  if (kind === 'list') throw new PatchError('lists of lists are not supported');
  return kind === 'map'
    ? itemsDifference(from.filter(isObject), to.filter(isObject), field, half, retainKeys)
    : valuesDifference(from, to, half);
}

/** Source: patch.go `diffLists`, `diffListsOfMaps`. */
function itemsDifference(
  from: readonly JsonObject[],
  to: readonly JsonObject[],
  field: PatchField,
  half: Half,
  retainKeys: boolean,
): ListDifference {
  const { mergeKey, schema } = field;
  const changed: JsonObject[] = [];
  const gone: JsonObject[] = [];
  const [old, next] = [sortedByKey(from, mergeKey), sortedByKey(to, mergeKey)];
  for (let i = 0, j = 0; i < old.length || j < next.length;) {
    const [before, after] = [old[i], next[j]];
    const way = compareItems(before, after, mergeKey);
    if (before && after && way === 0) {
      const patch = mapDifference(before, after, schema, half, retainKeys);
      if (Object.keys(patch).length > 0) changed.push({ ...patch, [mergeKey]: keyOfItem(after, mergeKey) });
    } else if (after && way > 0 && half === 'changes') changed.push(after);
    else if (before && way < 0 && half === 'removals')
      gone.push({ [mergeKey]: keyOfItem(before, mergeKey), [DIRECTIVE]: 'delete' });
    if (way <= 0) i++;
    if (way >= 0) j++;
  }
  const items = [...inOrder(changed, to, mergeKey), ...gone];
  const moved = (): boolean =>
    from.length !== to.length || from.some((item, i) => !sameKey(item, to[i] ?? {}, mergeKey));
  const told = items.length > 0 || (half === 'changes' && moved());
  return { items, removed: [], order: told ? to.map((item) => ({ [mergeKey]: keyOfItem(item, mergeKey) })) : [] };
}
