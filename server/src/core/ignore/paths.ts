import { equal, readJson, setKey } from '../json.ts';
import { isObject, type Json, type JsonObject, type KubeObject } from '../object.ts';

/** Where a value stands in an object: keys, and numbers of items. */
export type Path = readonly (string | number)[];

/** The value at a path; undefined where there is none. */
export const valueAt = (object: Json, path: Path): Json | undefined =>
  path.reduce<Json | undefined>((value, step) => stepInto(value, step), object);

function stepInto(value: Json | undefined, step: string | number): Json | undefined {
  if (Array.isArray(value)) return typeof step === 'number' ? value[step] : undefined;
  return isObject(value) && typeof step === 'string' && Object.hasOwn(value, step) ? value[step] : undefined;
}

/**
 * Where a JSON pointer (RFC 6901) points to in an object; undefined where there is nothing. A negative number counts
 * from the end of a list. Source: github.com/evanphx/json-patch `findObject`, `partialArray.get`.
 */
export function pointed(object: Json, pointer: string): Path | undefined {
  if (!pointer.startsWith('/')) return undefined;
  const path: (string | number)[] = [];
  let at: Json | undefined = object;
  for (const part of pointer.slice(1).split('/')) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const step = Array.isArray(at) ? itemNumber(key, at.length) : key;
    if (step === undefined) return undefined;
    at = stepInto(at, step);
    if (at === undefined) return undefined;
    path.push(step);
  }
  return path;
}

function itemNumber(text: string, length: number): number | undefined {
  if (!/^-?\d+$/.test(text)) return undefined;
  const number = Number(text);
  return number < 0 ? number + length : number;
}

/**
 * Where the fields of an entry of managedFields stand in an object: the single values, and items as a whole where the
 * entry says no more of them. Fields that the object does not have are left out.
 */
export function managedPaths(fields: JsonObject, value: Json, path: Path = []): Path[] {
  return Object.entries(fields).flatMap(([key, inner]) => {
    if (key === '.') return [];
    const step = managedStep(value, key);
    const found = step === undefined ? undefined : stepInto(value, step);
    if (step === undefined || found === undefined) return [];
    const here = [...path, step];
    const isLeaf = !isObject(inner) || Object.keys(inner).every((name) => name === '.');
    return isLeaf ? [here] : managedPaths(inner, found, here);
  });
}

/** One step of the notation of managedFields: `f:key`, `k:{"name":"web"}`, `v:"value"`, `i:0`. */
function managedStep(value: Json, key: string): string | number | undefined {
  const rest = key.slice(2);
  if (key.startsWith('f:')) return rest;
  if (!Array.isArray(value)) return undefined;
  if (key.startsWith('i:')) return Number(rest);
  let wanted: Json;
  try {
    wanted = readJson(rest);
  } catch {
    return undefined;
  }
  const number = value.findIndex((item) =>
    key.startsWith('v:')
      ? equal(item, wanted)
      : isObject(wanted) &&
        isObject(item) &&
        // A key that the manifest leaves to its default (a port's protocol) matches.
        Object.entries(wanted).every(([name, part]) => item[name] === undefined || equal(item[name], part)),
  );
  return number < 0 ? undefined : number;
}

/** The object without what stands at the paths. */
export function withoutPaths(object: KubeObject, paths: readonly Path[]): KubeObject {
  if (paths.length === 0) return object;
  const left = pruned(object, paths);
  return isObject(left) ? left : {};
}

function pruned(value: Json, paths: readonly Path[]): Json {
  const below = new Map<string | number, Path[]>();
  for (const [first, ...rest] of paths) if (first !== undefined) below.set(first, [...(below.get(first) ?? []), rest]);
  if (below.size === 0) return value;
  const isGone = (step: string | number): boolean => below.get(step)?.some((path) => path.length === 0) === true;
  if (Array.isArray(value)) return value.flatMap((item, i) => (isGone(i) ? [] : [pruned(item, below.get(i) ?? [])]));
  if (!isObject(value)) return value;
  const left: JsonObject = {};
  for (const [key, inner] of Object.entries(value))
    if (!isGone(key)) setKey(left, key, pruned(inner, below.get(key) ?? []));
  return left;
}

/**
 * The target with the live object's values at these paths of the live object. Maps on the way are made where there are
 * none; an item of a list is the one of the same name, where all have one, else the one of the same number.
 */
export function withLiveValues(target: KubeObject, live: KubeObject, paths: readonly Path[]): KubeObject {
  return paths.reduce<KubeObject>((made, path) => {
    const value = valueAt(live, path);
    const next = value === undefined ? made : put(made, live, path, value);
    return isObject(next) ? next : made;
  }, target);
}

function put(target: Json | undefined, live: Json | undefined, path: Path, value: Json): Json | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  const inner = stepInto(live, step);
  if (typeof step === 'string') {
    if (target !== undefined && !isObject(target)) return target;
    const next = put(target && stepInto(target, step), inner, rest, value);
    if (next === undefined) return target;
    const made: JsonObject = { ...target };
    setKey(made, step, next);
    return made;
  }
  if (!Array.isArray(live) || (target !== undefined && !Array.isArray(target))) return target;
  const items = target ?? [];
  const at = sameItem(items, live, step);
  // What the manifest does not have of a list is not made from a part of it.
  if (at === undefined) return rest.length === 0 ? [...items, value] : items.length === 0 ? undefined : items;
  return items.map((item, i) => (i === at ? (put(item, inner, rest, value) ?? item) : item));
}

/** Where the value at a path of one object stands in another; undefined where that has no such item. */
export function counterpart(from: Json, to: Json, path: Path): Path | undefined {
  const found: (string | number)[] = [];
  let [own, other]: (Json | undefined)[] = [from, to];
  for (const step of path) {
    const there =
      typeof step === 'number' && Array.isArray(own) && Array.isArray(other) ? sameItem(other, own, step) : step;
    if (there === undefined || own === undefined || other === undefined) return undefined;
    found.push(there);
    own = stepInto(own, step);
    other = stepInto(other, there);
  }
  return found;
}

function sameItem(items: readonly Json[], live: readonly Json[], number: number): number | undefined {
  const names = live.map(nameOfItem);
  const own = items.map(nameOfItem);
  if (![...names, ...own].includes(undefined)) {
    const found = own.indexOf(names[number]);
    return found < 0 ? undefined : found;
  }
  return number < items.length ? number : undefined;
}

const nameOfItem = (item: Json): string | undefined =>
  isObject(item) && typeof item['name'] === 'string' ? item['name'] : undefined;
