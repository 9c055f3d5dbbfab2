import { isObject, type Json, type JsonObject } from '../object.ts';

/** The three states that an apply compares. */
export interface ThreeWays {
  /** The manifest that was applied last; empty where nobody knows. */
  readonly original: JsonObject;
  /** The manifest that is applied now. */
  readonly modified: JsonObject;
  /** The live object. */
  readonly current: JsonObject;
}

/** No patch can be made of these objects; the message is kubectl's. */
export class PatchError extends Error {
  override name = 'PatchError';
}

/** What a type of the API says of one of its fields. */
export interface PatchField {
  /** By which key items of the list belong together; empty where it names none. */
  readonly mergeKey: string;
  /** `merge`, `replace`, `retainKeys`; empty: maps are merged, lists replaced. */
  readonly strategies: readonly string[];
  /** The type of the value or, for a list, of its items. */
  readonly schema: PatchSchema;
}

/** How the fields of a type are merged: the API server's OpenAPI, or what a test says. */
export interface PatchSchema {
  /** Name of the type, as messages show it. */
  readonly name: string;
  /** Undefined where the type has no such field. */
  field(key: string): PatchField | undefined;
}

/** A member of the object's own; `__proto__` is a key like any other. */
export const own = (object: JsonObject, key: string): Json | undefined =>
  Object.hasOwn(object, key) ? object[key] : undefined;

export type ValueKind = 'map' | 'list' | 'null' | 'text' | 'number' | 'boolean';

/** What Go tells apart by the type of a value. */
export function valueKind(value: Json): ValueKind {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  if (isObject(value)) return 'map';
  if (typeof value === 'string') return 'text';
  return typeof value === 'boolean' ? 'boolean' : 'number';
}

// What a strategic merge patch says beside values; the second and third are followed by the key of a list.
export const RETAIN_KEYS = '$retainKeys';
export const REMOVED_VALUES = '$deleteFromPrimitiveList/';
export const ORDER = '$setElementOrder/';
export const DIRECTIVE = '$patch';

/** The half of a three-way patch that is made: what the manifest sets, or what it says no more. */
export type Half = 'changes' | 'removals';

export const unknownField = (schema: PatchSchema, key: string): PatchError =>
  new PatchError(`unable to find api field in struct ${schema.name} for the json field ${JSON.stringify(key)}`);

/** Source: k8s.io/apimachinery/pkg/util/strategicpatch/patch.go `extractRetainKeysPatchStrategy`. */
export function strategyOf({ strategies }: PatchField): { readonly retainKeys: boolean; readonly strategy: string } {
  const others = strategies.filter((strategy) => strategy !== 'retainKeys');
  if (others.length > 1) throw new PatchError(`unexpected patch strategy: ${strategies.join(' ')}`);
  return { retainKeys: others.length < strategies.length, strategy: others[0] ?? '' };
}
