import { isObject, type Json, type JsonObject } from '../object.ts';
import { goText } from './go-json.ts';
import { DIRECTIVE, ORDER, PatchError, strategyOf, unknownField, type PatchField, type PatchSchema } from './patch.ts';
import { inOrder, sameKey } from './strategic-lists.ts';

/**
 * One patch that takes away what `removals` does and sets what `changes` does. They come of the same manifest, so that
 * they never contradict each other, and directives that both hold are equal.
 * Source: k8s.io/apimachinery/pkg/util/strategicpatch/patch.go `mergeMap`, for a patch that is merged into another.
 */
export function joinPatches(removals: JsonObject, changes: JsonObject, schema: PatchSchema): JsonObject {
  const result = new Map<string, Json>(Object.entries(removals));
  for (const [key, value] of Object.entries(changes)) {
    if (key.startsWith(ORDER)) checkOrder(changes, key.slice(ORDER.length), value, schema);
    const given = result.get(key);
    if (isObject(given) && isObject(value)) {
      const field = fieldOf(schema, key);
      const replaced = strategyOf(field).strategy === 'replace';
      result.set(key, replaced ? value : joinPatches(given, value, field.schema));
    } else if (Array.isArray(given) && Array.isArray(value) && !key.startsWith('$')) {
      const field = fieldOf(schema, key);
      const order = changes[ORDER + key] ?? removals[ORDER + key];
      result.set(key, joinLists(given.filter(isObject), value.filter(isObject), field, order));
    } else result.set(key, value);
  }
  return Object.fromEntries(result);
}

function fieldOf(schema: PatchSchema, key: string): PatchField {
  const field = schema.field(key);
  if (!field) throw unknownField(schema, key);
  return field;
}

/** Items of both, in the order that the list is to have; those that are taken away come last. Source: patch.go `mergeSlice`. */
function joinLists(
  removals: readonly JsonObject[],
  changes: readonly JsonObject[],
  { mergeKey, schema }: PatchField,
  order: Json | undefined,
): Json[] {
  const items = [...removals];
  for (const change of changes) {
    const at = items.findIndex((item) => sameKey(item, change, mergeKey));
    const given = items[at];
    if (given) items[at] = joinPatches(given, change, schema);
    else items.push(change);
  }
  const isGone = (item: JsonObject): boolean => item[DIRECTIVE] === 'delete';
  const like = Array.isArray(order) ? order.filter(isObject) : changes;
  return [
    ...inOrder(
      items.filter((item) => !isGone(item)),
      like,
      mergeKey,
    ),
    ...items.filter(isGone),
  ];
}

/**
 * Changed items have to stand in the order that is said beside them. They do unless two items have one key: ports of one
 * number for two protocols. Source: patch.go `validatePatchWithSetOrderList`.
 */
function checkOrder(changes: JsonObject, key: string, order: Json, schema: PatchSchema): void {
  const items = changes[key];
  if (!Array.isArray(items) || !Array.isArray(order)) return;
  const { mergeKey } = fieldOf(schema, key);
  let at = 0;
  for (const place of order) {
    const item = items[at];
    if (item === undefined) return;
    if (isObject(item) && isObject(place) ? sameKey(item, place, mergeKey) : item === place) at++;
  }
  if (at < items.length && order.length > 0)
    throw new PatchError(
      `The order in patch list:\n${goText(items)}\n doesn't match ${ORDER.slice(0, -1)} list:\n${goText(order)}`,
    );
}
