import { isTerminating, kindOf, nameOf, namespaceOf, type KubeObject } from '#core/object';
import { withMetadata } from '../store.ts';
import type { World } from '../world.ts';

/** Finalizer by which a namespace waits for what is in it; the real one stands in `spec.finalizers`. */
export const NAMESPACE_FINALIZER = 'kubernetes';

/** What every namespace has. */
const CONTENTS: readonly KubeObject[] = [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } },
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'kube-root-ca.crt' } },
];

/** Fills a new namespace with what every one has; empties one that is deleted, and lets it go when it is empty. */
export function reconcileNamespace(namespace: KubeObject, world: World): void {
  const name = nameOf(namespace);
  if (!isTerminating(namespace)) {
    world.store.setStatus(namespace, { phase: 'Active' });
    for (const object of CONTENTS) {
      const key = `/${kindOf(object)}/${name}/${nameOf(object)}`;
      if (!world.store.get(key)) world.make(withMetadata(object, { namespace: name }));
    }
    return;
  }
  world.store.setStatus(namespace, { phase: 'Terminating' });
  const contents = [...world.store.all()].filter((object) => namespaceOf(object) === name);
  for (const object of contents) if (!isTerminating(object)) world.remove(object);
  const left = [...world.store.all()].filter((object) => namespaceOf(object) === name);
  world.explain(namespace, left.length === 0 ? '' : `waits for ${left.length} objects in it to go`);
  const current = world.store.get(`/Namespace//${name}`);
  if (left.length === 0 && current) world.store.update(current, withMetadata(current, { finalizers: undefined }));
}
