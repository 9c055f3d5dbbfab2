import { isDeleteHookOnly } from '../annotations/classify.ts';
import {
  generateNameOf,
  groupOf,
  keyOf,
  kindOf,
  metadataOf,
  nameOf,
  namespaceOf,
  objectIdOf,
  type KubeObject,
} from '../object.ts';

/** Is the kind namespaced? Undefined where nobody knows; it then counts as namespaced. */
export type ScopeOf = (group: string, kind: string) => boolean | undefined;

/** The object in another namespace; an empty one takes the field away. The given object is left as it is. */
export function withNamespace(object: KubeObject, namespace: string): KubeObject {
  if (namespaceOf(object) === namespace) return object;
  const metadata = { ...metadataOf(object), namespace };
  if (namespace === '') Reflect.deleteProperty(metadata, 'namespace');
  return { ...object, metadata };
}

/** One manifest before and after normalization. */
export interface Normalized {
  /** The very object that was given, and which of them it is, so that a caller finds where it came from. */
  readonly source: KubeObject;
  readonly index: number;
  readonly object: KubeObject;
}

export interface Normalization {
  /** What takes part in a sync, in the order of the manifests; of equal ones the last. */
  readonly kept: readonly Normalized[];
  /** Manifests that a later one with the same identity replaces. */
  readonly replaced: readonly { readonly source: KubeObject; readonly index: number; readonly by: KubeObject }[];
  /** Hooks of an application's deletion that take no part in a sync. */
  readonly deleteHooks: readonly Normalized[];
}

/**
 * What the controller makes of rendered manifests before the engine sees them: cluster-scoped objects lose their
 * namespace, others without one get the destination's, of several with one identity the last stays, and hooks of
 * deletion alone are set aside.
 * Source: controller/state.go `normalizeClusterScopeTracking`, `DeduplicateTargetObjects`, `partitionTargetObjsForSync`.
 */
export function normalizeTargets(targets: readonly KubeObject[], namespace: string, scopeOf: ScopeOf): Normalization {
  const last = new Map<string, Normalized>();
  const keyed = targets.map((source, index) => {
    const object = scoped(source, namespace, scopeOf);
    const entry: Normalized = { source, index, object };
    const key = identity(object, index);
    last.set(key, entry);
    return { key, entry };
  });
  const kept: Normalized[] = [];
  const deleteHooks: Normalized[] = [];
  const replaced: { source: KubeObject; index: number; by: KubeObject }[] = [];
  for (const { key, entry } of keyed) {
    const winner = last.get(key) ?? entry;
    if (winner !== entry) replaced.push({ source: entry.source, index: entry.index, by: winner.source });
    else if (isDeleteHookOnly(entry.object)) deleteHooks.push(entry);
    else kept.push(entry);
  }
  return { kept, replaced, deleteHooks };
}

function scoped(object: KubeObject, namespace: string, scopeOf: ScopeOf): KubeObject {
  if (scopeOf(groupOf(object), kindOf(object)) === false) return withNamespace(object, '');
  return namespaceOf(object) === '' ? withNamespace(object, namespace) : object;
}

/** What no name of an object can hold. */
const UNRESOLVED = /\{\{|\$[{(]/;

/**
 * Whether the name or namespace of an object is a template that nobody has resolved: equal templates of two files can
 * come to different names.
 */
export const isUnresolved = (object: KubeObject): boolean =>
  UNRESOLVED.test(nameOf(object)) || UNRESOLVED.test(namespaceOf(object));

/** Objects with a generated name never meet, nor do those of an unresolved one; those without any name do. */
function identity(object: KubeObject, index: number): string {
  const id = objectIdOf(object);
  const prefix = generateNameOf(object);
  if (isUnresolved(object)) return `${keyOf(id)}#${index}`;
  return keyOf(id.name === '' && prefix !== '' ? { ...id, name: `${prefix}${index}` } : id);
}
