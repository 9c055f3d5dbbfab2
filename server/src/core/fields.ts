import { isObject, type Json, type JsonObject } from './object.ts';

/** The value under a path of keys; undefined where there is none. */
export const at = (object: Json | undefined, ...path: readonly string[]): Json | undefined =>
  path.reduce<Json | undefined>((value, key) => (isObject(value) ? value[key] : undefined), object);

export const textAt = (object: Json | undefined, ...path: readonly string[]): string => {
  const value = at(object, ...path);
  return typeof value === 'string' ? value : '';
};

/** A number; undefined where there is none. */
export function maybeNumberAt(object: Json | undefined, ...path: readonly string[]): number | undefined {
  const value = at(object, ...path);
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined;
}

/** A number; 0 where there is none, as in Go. */
export const numberAt = (object: Json | undefined, ...path: readonly string[]): number =>
  maybeNumberAt(object, ...path) ?? 0;

/** The objects of a list; empty where there is none. */
export function listAt(object: Json | undefined, ...path: readonly string[]): JsonObject[] {
  const value = at(object, ...path);
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The object under a path; an empty one where there is none. */
export function objectAt(object: Json | undefined, ...path: readonly string[]): JsonObject {
  const value = at(object, ...path);
  return isObject(value) ? value : {};
}

/** The texts of a list; empty where there is none. */
export function textsAt(object: Json | undefined, ...path: readonly string[]): string[] {
  const value = at(object, ...path);
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

export const flagAt = (object: Json | undefined, ...path: readonly string[]): boolean => at(object, ...path) === true;

/** The entries of a map whose values are texts. */
export function textMapAt(object: Json | undefined, ...path: readonly string[]): Readonly<Record<string, string>> {
  const entries = Object.entries(objectAt(object, ...path)).filter(([, value]) => typeof value === 'string');
  return Object.fromEntries(entries) as Record<string, string>;
}
