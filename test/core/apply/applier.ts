import type { PatchField, PatchSchema } from '#core/apply/patch';
import { isObject, type Json, type JsonObject } from '#core/object';

/** A JSON merge patch applied as RFC 7396 says. */
export function applyMergePatch(live: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const result: JsonObject = isObject(live) ? { ...live } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(result, key);
    else result[key] = applyMergePatch(result[key], value);
  }
  return result;
}

/**
 * A strategic merge patch applied as the API server does, written for the tests alone: simple, and by no means quick. It
 * knows the directives that an apply sends.
 */
export function applyStrategicPatch(live: JsonObject, patch: JsonObject, schema: PatchSchema): JsonObject {
  const result: JsonObject = { ...live };
  const keep = patch['$retainKeys'];
  if (Array.isArray(keep))
    for (const key of Object.keys(result)) if (!keep.includes(key)) Reflect.deleteProperty(result, key);
  const lists = new Set<string>();
  for (const [key, value] of Object.entries(patch)) {
    if (key === '$retainKeys') continue;
    const list = /^\$(?:setElementOrder|deleteFromPrimitiveList)\/(.*)$/.exec(key)?.[1];
    if (list !== undefined) lists.add(list);
    else if (value === null) Reflect.deleteProperty(result, key);
    else if (Array.isArray(value)) lists.add(key);
    else if (isObject(value)) {
      const field = schema.field(key);
      const before = result[key];
      const merges = field !== undefined && !field.strategies.includes('replace');
      result[key] = merges ? applyStrategicPatch(isObject(before) ? before : {}, value, field.schema) : value;
    } else result[key] = value;
  }
  for (const key of lists) {
    const list = applyList(result[key], patch, key, schema.field(key));
    if (list !== undefined) result[key] = list;
  }
  return result;
}

function applyList(
  live: Json | undefined,
  patch: JsonObject,
  key: string,
  field: PatchField | undefined,
): Json | undefined {
  const wanted = patch[key];
  if (field?.strategies.includes('merge') !== true) return wanted ?? live;
  if (!Array.isArray(live) && wanted === undefined) return live;
  const order = patch[`$setElementOrder/${key}`];
  const removed = patch[`$deleteFromPrimitiveList/${key}`];
  const identity = (item: Json): string =>
    JSON.stringify(field.mergeKey !== '' && isObject(item) ? item[field.mergeKey] : item);
  let items = (Array.isArray(live) ? live : []).filter((item) => !(Array.isArray(removed) && removed.includes(item)));
  for (const item of Array.isArray(wanted) ? wanted : []) {
    const at = items.findIndex((other) => identity(other) === identity(item));
    const before = items[at];
    if (isObject(item) && item['$patch'] === 'delete') items = items.filter((_other, i) => i !== at);
    else if (!isObject(item)) items = [...items.filter((_other, i) => i !== at), item];
    else if (isObject(before)) items[at] = applyStrategicPatch(before, item, field.schema);
    else items.push(applyStrategicPatch({}, item, field.schema));
  }
  if (!Array.isArray(order)) return items;
  const places = order.map(identity);
  const ours = items.filter((item) => places.includes(identity(item)));
  ours.sort((a, b) => places.indexOf(identity(a)) - places.indexOf(identity(b)));
  // Of others' items the tests ask only that they are still there.
  return [...ours, ...items.filter((item) => !places.includes(identity(item)))];
}
