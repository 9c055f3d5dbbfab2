import { isObject, type Json, type JsonObject } from '#core/object';

export { at } from '#core/fields';
export { equal, without } from '#core/json';

/** The objects of a list; empty for anything else. */
export const objectsOf = (value: Json | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter((item) => isObject(item)) : [];

/** A text, or the empty text for anything else. */
export const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

/** A number (a bigint rounded to one), or the fallback for anything else. */
export function numberOf(value: Json | undefined, fallback: number): number {
  return typeof value === 'number' ? value : typeof value === 'bigint' ? Number(value) : fallback;
}
