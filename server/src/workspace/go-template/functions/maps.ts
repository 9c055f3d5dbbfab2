import { isObject, type Json, type JsonObject } from '../../../core/object.ts';
import { setKey } from '../../../core/json.ts';
import { fail } from '../problem.ts';
import { isTrue, sortedEntries, text, type Value } from '../values.ts';
import { jsonOf, mapOf, textOf, type Functions, type TemplateFunction } from './model.ts';

/** Maps that a template made itself, and may change: what generators give belongs to other templates too. */
const own = new WeakSet<JsonObject>();

function made(entries: Iterable<readonly [string, Json]>): JsonObject {
  const map: JsonObject = {};
  for (const [key, value] of entries) setKey(map, key, value);
  own.add(map);
  return map;
}

/** Source: sprig dict.go `dict`: a last key without a value has an empty one. */
function dict(values: readonly Value[]): Value {
  const entries: [string, Json][] = [];
  for (let i = 0; i < values.length; i += 2)
    entries.push([text(jsonOf(values[i])), i + 1 < values.length ? jsonOf(values[i + 1]) : '']);
  return made(entries);
}

const owned = (value: Value): JsonObject => {
  const map = mapOf(value);
  return own.has(map) ? map : fail('it changes what a generator gives');
};

const get = (map: JsonObject, key: string): Json => (Object.hasOwn(map, key) ? (map[key] ?? null) : '');

/** Source: sprig dict.go `dig`: keys, a default, and the map. */
function dig(values: readonly Value[]): Value {
  if (values.length < 3) return fail('dig wants a key, a default and a map');
  const keys = values.slice(0, -2).map(textOf);
  const fallback = values.at(-2);
  let at: Json = mapOf(values.at(-1));
  for (const key of keys) {
    if (!Object.hasOwn(mapOf(at), key)) return fallback;
    at = mapOf(at)[key] ?? null;
  }
  return at;
}

/** Source: sprig dict.go `merge` and `mergeOverwrite`, which are mergo's: what is empty gives way. */
function mergeInto(target: JsonObject, source: JsonObject, overwrites: boolean): void {
  for (const [key, value] of Object.entries(source)) {
    const before = Object.hasOwn(target, key) ? target[key] : undefined;
    if (isObject(before) && isObject(value)) {
      const copy = made(Object.entries(before));
      mergeInto(copy, value, overwrites);
      setKey(target, key, copy);
    } else if (!isTrue(before) || (overwrites && isTrue(value))) setKey(target, key, copied(value));
  }
}

const merging = (overwrites: boolean): TemplateFunction => ({
  wants: ['map'],
  more: 'map',
  run: ([target, ...sources]) => {
    const map = owned(target);
    for (const source of sources) mergeInto(map, mapOf(source), overwrites);
    return map;
  },
});

const pick: TemplateFunction = {
  wants: ['map'],
  more: 'string',
  run: ([map, ...keys]) => made(Object.entries(mapOf(map)).filter(([key]) => keys.includes(key))),
};

const deepCopy: TemplateFunction = {
  wants: ['any'],
  run: ([value]) => copied(jsonOf(value)),
};

/** What is put into a map is a copy, so that no map ever holds itself. */
function copied(value: Json): Json {
  if (Array.isArray(value)) return value.map(copied);
  return isObject(value) ? made(Object.entries(value).map(([key, entry]) => [key, copied(entry)])) : value;
}

/** Go gives keys in any order: known is only what does not depend on it. */
const inNoOrder = (list: Json[]): Value =>
  list.length < 2 ? list : fail('the order of the keys of a map is by chance');

/** Functions of maps. Source: Masterminds/sprig dict.go. */
export const MAPS: Functions = {
  dict: { wants: [], more: 'any', run: dict },
  get: { wants: ['map', 'string'], run: ([map, key]) => get(mapOf(map), textOf(key)) },
  set: {
    wants: ['map', 'string', 'any'],
    run: ([map, key, value]) => {
      if (value === map) fail('a map is put into itself');
      setKey(owned(map), textOf(key), copied(jsonOf(value)));
      return map;
    },
  },
  unset: {
    wants: ['map', 'string'],
    run: ([map, key]) => {
      delete owned(map)[textOf(key)];
      return map;
    },
  },
  hasKey: { wants: ['map', 'string'], run: ([map, key]) => Object.hasOwn(mapOf(map), textOf(key)) },
  keys: { wants: ['map'], more: 'map', run: (maps) => inNoOrder(maps.flatMap((map) => Object.keys(mapOf(map)))) },
  values: { wants: ['map'], run: ([map]) => inNoOrder(sortedEntries(mapOf(map)).map(([, value]) => value)) },
  pick,
  omit: {
    wants: ['map'],
    more: 'string',
    run: ([map, ...keys]) => made(Object.entries(mapOf(map)).filter(([key]) => !keys.includes(key))),
  },
  pluck: {
    wants: ['string'],
    more: 'map',
    run: ([key, ...maps]) =>
      maps.flatMap((map) => (Object.hasOwn(mapOf(map), textOf(key)) ? [mapOf(map)[textOf(key)] ?? null] : [])),
  },
  dig: { wants: ['string'], more: 'any', run: dig },
  merge: merging(false),
  mustMerge: merging(false),
  mergeOverwrite: merging(true),
  mustMergeOverwrite: merging(true),
  deepCopy,
  mustDeepCopy: deepCopy,
};
