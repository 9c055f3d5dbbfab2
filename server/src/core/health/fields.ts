import { isObject, metadataOf, type Json, type JsonObject, type KubeObject } from '../object.ts';

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

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

export const asCondition = (value: Json): Condition => ({
  type: textAt(value, 'type'),
  status: textAt(value, 'status'),
  reason: textAt(value, 'reason'),
  message: textAt(value, 'message'),
});

/** `status.conditions`, in their order. */
export const conditionsOf = (object: KubeObject): Condition[] =>
  listAt(object, 'status', 'conditions').map(asCondition);

export const generationOf = (object: KubeObject): number => numberAt(metadataOf(object), 'generation');
export const observedGenerationOf = (object: KubeObject): number => numberAt(object, 'status', 'observedGeneration');
