import { isTerminating, type KubeObject } from '#core/object';
import { at } from '../../sync/json.ts';
import { kindsOfCrd } from '../kinds.ts';
import { timeText, withMetadata } from '../store.ts';
import { condition, isTrue, type World } from '../world.ts';

/** Finalizer by which a CustomResourceDefinition waits for its objects. */
export const CRD_FINALIZER = 'customresourcecleanup.apiextensions.k8s.io';

/** Establishes a CustomResourceDefinition, so that its kinds are known; deletes its objects when it is deleted. */
export function reconcileDefinition(crd: KubeObject, world: World): void {
  const kinds = kindsOfCrd(crd);
  const now = timeText(world.clock.now());
  if (isTerminating(crd)) {
    const objects = kinds.flatMap(({ group, kind }) => world.store.ofKind(group, kind));
    for (const object of objects) if (!isTerminating(object)) world.remove(object);
    if (kinds.some(({ group, kind }) => world.store.ofKind(group, kind).length > 0)) return;
    for (const kind of kinds) world.kinds.remove(kind);
    world.store.update(crd, withMetadata(crd, { finalizers: undefined }));
    return;
  }
  for (const kind of kinds) world.kinds.add(kind);
  if (isTrue(crd, 'Established')) return;
  world.store.setStatus(crd, {
    acceptedNames: at(crd['spec'], 'names') ?? {},
    storedVersions: kinds.map(({ version }) => version).slice(0, 1),
    conditions: [
      condition('NamesAccepted', 'True', 'NoConflicts', 'no conflicts found', now),
      condition('Established', 'True', 'InitialNamesAccepted', 'the initial names have been accepted', now),
    ],
  });
}
