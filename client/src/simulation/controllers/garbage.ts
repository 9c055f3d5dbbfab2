import {
  finalizersOf,
  isTerminating,
  metadataOf,
  namespaceOf,
  uidOf,
  type JsonObject,
  type KubeObject,
} from '#core/object';
import { objectsOf, textOf } from '../../sync/json.ts';
import { withMetadata } from '../store.ts';
import type { World } from '../world.ts';

/** Finalizers of Kubernetes' garbage collector. */
export const FOREGROUND = 'foregroundDeletion';
export const ORPHAN = 'orphan';

const ownersOf = (object: KubeObject): readonly JsonObject[] => objectsOf(metadataOf(object)['ownerReferences']);

/** Does it name owners? */
export const isOwned = (object: KubeObject): boolean => ownersOf(object).length > 0;

/** The object that a reference means, if that very one is still there. An owner is in the same namespace, or in none. */
function isThere(reference: JsonObject, namespace: string, { store }: World): boolean {
  const group = textOf(reference['apiVersion']).split('/').slice(0, -1).join('/');
  const key = (place: string): string => `${group}/${textOf(reference['kind'])}/${place}/${textOf(reference['name'])}`;
  return [namespace, ''].some((place) => {
    const found = store.get(key(place));
    return found !== undefined && metadataOf(found)['uid'] === reference['uid'];
  });
}

/**
 * Deletes an object none of whose owners is there any more; of others only the references to those that are gone go.
 * Source: k8s.io/kubernetes/pkg/controller/garbagecollector `attemptToDeleteItem`.
 */
export function collectOwned(key: string, world: World): void {
  const object = world.store.get(key);
  if (!object || !isOwned(object)) return;
  const owners = ownersOf(object);
  const living = owners.filter((reference) => isThere(reference, namespaceOf(object), world));
  if (living.length === 0) world.remove(object);
  else if (living.length < owners.length)
    world.store.update(object, withMetadata(object, { ownerReferences: [...living] }));
}

/**
 * Foreground deletion waits for the dependents that block it, which wait for theirs; orphaning leaves them alone.
 * Source: k8s.io/kubernetes/pkg/controller/garbagecollector/garbagecollector.go `attemptToDeleteItem`.
 */
export function collectDependents(owner: KubeObject, world: World): void {
  if (!isTerminating(owner)) return;
  const finalizers = finalizersOf(owner);
  const dependents = world.store.dependentsOf(owner);
  const drop = (finalizer: string): void => {
    const left = finalizers.filter((f) => f !== finalizer);
    world.store.update(owner, withMetadata(owner, { finalizers: left.length > 0 ? left : undefined }));
  };
  if (finalizers.includes(ORPHAN)) {
    for (const dependent of dependents) {
      const references = objectsOf(metadataOf(dependent)['ownerReferences']);
      const others = references.filter((r) => r['uid'] !== metadataOf(owner)['uid']);
      world.store.update(
        dependent,
        withMetadata(dependent, { ownerReferences: others.length > 0 ? others : undefined }),
      );
    }
    drop(ORPHAN);
  } else if (finalizers.includes(FOREGROUND)) {
    const blocks = (dependent: KubeObject): boolean =>
      ownersOf(dependent).some((r) => r['uid'] === uidOf(owner) && r['blockOwnerDeletion'] === true);
    if (!dependents.some(blocks)) return drop(FOREGROUND);
    for (const dependent of dependents.filter((one) => !isTerminating(one)))
      world.remove(dependent, world.store.dependentsOf(dependent).length > 0 ? 'Foreground' : 'Background');
  }
}
