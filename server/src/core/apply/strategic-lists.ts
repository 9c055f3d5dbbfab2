import { equal } from '../json.ts';
import { compareBytes, type Json, type JsonObject } from '../object.ts';
import { goText } from './go-json.ts';
import { PatchError, valueKind, type Half } from './patch.ts';

/** How a list that is merged item by item gets from one state to another. */
export interface ListDifference {
  /** Items that are added or changed, and those that a directive takes away. */
  readonly items: readonly Json[];
  /** Plain values that are taken away. */
  readonly removed: readonly Json[];
  /** The order that the items are to have; empty where it need not be said. */
  readonly order: readonly Json[];
}

/** The one kind that all items have. Source: patch.go `sliceElementType`. */
export function kindOfItems(...lists: readonly (readonly Json[])[]): string {
  const kinds = new Set(lists.flat().map(valueKind));
  const [kind = '', ...others] = kinds;
  if (kind !== 'list' && others.length > 0)
    throw new PatchError(`list element types are not identical: ${goText(lists.map((list) => [...list]))}`);
  return kind;
}

/** Which comes first: negative for the old item, positive for the new one, 0 where they belong together. */
export function compareItems(before: JsonObject | undefined, after: JsonObject | undefined, mergeKey: string): number {
  if (!before) return 1;
  if (!after) return -1;
  return compareBytes(goText(keyOfItem(before, mergeKey)), goText(keyOfItem(after, mergeKey)));
}

/** The value of an item's merge key. @throws PatchError where it has none */
export function keyOfItem(item: JsonObject, mergeKey: string): Json {
  const value = Object.hasOwn(item, mergeKey) ? item[mergeKey] : undefined;
  if (value === undefined)
    throw new PatchError(`map: ${goText(item)} does not contain declared merge key: ${mergeKey}`);
  return value;
}

export const sameKey = (a: JsonObject, b: JsonObject, mergeKey: string): boolean =>
  keyOfItem(a, mergeKey) === keyOfItem(b, mergeKey);

/**
 * Sorted by the text of the merge key. Items of one key come out in the reverse of their order, as they do from Go's
 * sort with the comparison that is used there (up to twelve items). Source: patch.go `sortMapsBasedOnField`.
 */
export function sortedByKey(items: readonly JsonObject[], mergeKey: string): JsonObject[] {
  return [...items].reverse().sort((a, b) => compareBytes(goText(a[mergeKey]), goText(b[mergeKey])));
}

/** The items in the order in which their keys stand in `like`, where each of them has to have one. */
export function inOrder(items: readonly JsonObject[], like: readonly JsonObject[], mergeKey: string): JsonObject[] {
  const places = new Map<Json, number>();
  for (const [place, item] of like.entries()) {
    const key = keyOfItem(item, mergeKey);
    if (!places.has(key)) places.set(key, place);
  }
  const placeOf = (item: JsonObject): number => places.get(keyOfItem(item, mergeKey)) ?? -1;
  return [...items].sort((a, b) => placeOf(a) - placeOf(b));
}

/** Source: patch.go `diffListsOfScalars`. */
export function valuesDifference(from: readonly Json[], to: readonly Json[], half: Half): ListDifference {
  const sorted = (list: readonly Json[]): Json[] => [...list].sort((a, b) => compareBytes(goText(a), goText(b)));
  const [old, next] = [sorted(from), sorted(to)];
  const added: Json[] = [];
  const gone: Json[] = [];
  for (let i = 0, j = 0; i < old.length || j < next.length;) {
    const [before, after] = [old[i], next[j]];
    const way = before === undefined ? 1 : after === undefined ? -1 : compareBytes(goText(before), goText(after));
    if (way > 0 && after !== undefined) added.push(after);
    if (way < 0 && before !== undefined) gone.push(before);
    if (way <= 0) i++;
    if (way >= 0) j++;
  }
  if (half === 'removals') {
    const removed = [...new Set(gone)];
    return { items: [], removed, order: removed.length > 0 ? to : [] };
  }
  const items = added.sort((a, b) => to.indexOf(a) - to.indexOf(b));
  // The old list counts as it was sorted for the comparison, there as here.
  return { items, removed: [], order: equal(old, [...to]) ? [] : to };
}
