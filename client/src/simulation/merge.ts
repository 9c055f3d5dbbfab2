import { isObject, type Json, type JsonObject } from '#core/object';

/**
 * What an apply makes of a live object: fields of the target are set, fields that the last apply set and the target has
 * no more are taken away, all others stay. Lists are replaced as a whole. The metadata that the server owns is not touched.
 */
export function applied(live: JsonObject, last: JsonObject | undefined, target: JsonObject): JsonObject {
  const result: JsonObject = { ...live };
  for (const key of Object.keys(last ?? {})) if (!Object.hasOwn(target, key)) Reflect.deleteProperty(result, key);
  for (const [key, wanted] of Object.entries(target)) {
    const before = last?.[key];
    const current = live[key];
    if (wanted === null) Reflect.deleteProperty(result, key);
    else if (isObject(wanted) && isObject(current))
      result[key] = applied(current, isObject(before) ? before : undefined, wanted);
    else result[key] = key === 'finalizers' ? joined(current, before, wanted) : wanted;
  }
  return result;
}

/** Finalizers are a set: those of others stay. */
function joined(current: Json | undefined, last: Json | undefined, wanted: Json): Json {
  if (!Array.isArray(current) || !Array.isArray(wanted)) return wanted;
  const gone = Array.isArray(last) ? last.filter((item) => !wanted.includes(item)) : [];
  const kept = current.filter((item) => !gone.includes(item));
  return [...kept, ...wanted.filter((item) => !kept.includes(item))];
}
