import { podReferences } from '#core/plan/references';
import { isObject, isTerminating, nameOf, namespaceOf, type KubeObject } from '#core/object';
import { at, textOf } from '../../sync/json.ts';
import type { World } from '../world.ts';

/** Binds a claim at once, or when the first pod that uses it comes, as its class says. */
export function reconcileClaim(claim: KubeObject, world: World): void {
  if (isTerminating(claim) || at(claim['status'], 'phase') === 'Bound') return;
  const spec = isObject(claim['spec']) ? claim['spec'] : {};
  const className = spec['storageClassName'];
  if (className === '') return bindToVolume(claim, textOf(spec['volumeName']), world);
  if (modeOf(textOf(className), world) === 'WaitForFirstConsumer' && !isUsed(claim, world)) {
    world.explain(
      claim,
      'waits for the first pod that uses it: its storage class binds no earlier',
      'WaitForFirstConsumer',
    );
    return world.store.setStatus(claim, { phase: 'Pending' });
  }
  bind(claim, world);
}

function bind(claim: KubeObject, world: World): void {
  const spec = isObject(claim['spec']) ? claim['spec'] : {};
  const capacity = at(spec, 'resources', 'requests');
  world.explain(claim, '');
  world.store.setStatus(claim, {
    phase: 'Bound',
    accessModes: spec['accessModes'] ?? [],
    capacity: isObject(capacity) ? capacity : {},
  });
}

/** A claim of the class "" is bound to a volume that somebody made. */
function bindToVolume(claim: KubeObject, volume: string, world: World): void {
  const volumes = world.store.ofKind('', 'PersistentVolume').filter((v) => {
    const taken = at(v['spec'], 'claimRef', 'name');
    const free = taken === undefined || taken === nameOf(claim);
    return free && textOf(at(v['spec'], 'storageClassName')) === '' && (volume === '' || nameOf(v) === volume);
  });
  if (volumes.length > 0) return bind(claim, world);
  world.explain(claim, 'no PersistentVolume fits, and its class "" provisions none', 'FailedBinding');
  world.store.setStatus(claim, { phase: 'Pending' });
}

/** Classes that the application defines say their mode; every other one is taken to exist and to do as the scenario says. */
function modeOf(className: string, world: World): string {
  const defined = world.store.get(`storage.k8s.io/StorageClass//${className}`);
  return defined ? textOf(defined['volumeBindingMode']) || 'Immediate' : world.scenario.storage;
}

const isUsed = (claim: KubeObject, world: World): boolean =>
  world.store
    .ofKind('', 'Pod', namespaceOf(claim))
    .some((pod) => podReferences(pod).some((r) => r.kind === 'PersistentVolumeClaim' && r.name === nameOf(claim)));
