import { setKey } from '../json.ts';
import { isObject, type Json, type JsonObject } from '../object.ts';

/** What a JSON merge patch makes of an object: null takes a member away, maps are merged, all else is replaced. RFC 7386. */
export function applyMergePatch(object: JsonObject, patch: JsonObject): JsonObject {
  const result: JsonObject = { ...object };
  for (const [key, value] of Object.entries(patch)) {
    const given: Json | undefined = Object.hasOwn(result, key) ? result[key] : undefined;
    if (value === null) Reflect.deleteProperty(result, key);
    else setKey(result, key, isObject(value) ? applyMergePatch(isObject(given) ? given : {}, value) : value);
  }
  return result;
}
