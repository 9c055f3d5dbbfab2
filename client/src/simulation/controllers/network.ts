import { isTerminating, metadataOf, type KubeObject } from '#core/object';
import { at, objectsOf, textOf } from '../../sync/json.ts';
import { keyOfObject } from '../store.ts';
import type { World } from '../world.ts';

/** Gives an object an address so long after its creation; null: never. */
function giveAddress(object: KubeObject, after: number | null, who: string, world: World): void {
  if (isTerminating(object)) return;
  if (objectsOf(at(object['status'], 'loadBalancer', 'ingress')).length > 0) return;
  if (after === null) {
    world.explain(object, `waits for an address: the scenario has no ${who}`);
    return world.store.setStatus(object, { loadBalancer: {} });
  }
  const left = Date.parse(textOf(metadataOf(object)['creationTimestamp'])) + after - world.clock.now();
  if (left > 0) {
    world.explain(object, 'waits for an address');
    return world.enqueue(keyOfObject(object), left);
  }
  world.explain(object, '');
  world.store.setStatus(object, { loadBalancer: { ingress: [{ ip: '203.0.113.1' }] } });
}

/** A Service of type LoadBalancer gets an address; every other one is complete as it is. */
export function reconcileService(service: KubeObject, world: World): void {
  if (at(service['spec'], 'type') === 'LoadBalancer')
    giveAddress(service, world.scenario.loadBalancer, 'load balancer', world);
  else if (service['status'] === undefined) world.store.setStatus(service, { loadBalancer: {} });
}

export const reconcileIngress = (ingress: KubeObject, world: World): void =>
  giveAddress(ingress, world.scenario.ingress, 'Ingress controller', world);
