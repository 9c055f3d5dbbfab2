import { groupOf, isTerminating, kindOf, metadataOf, namespaceOf, type KubeObject } from '#core/object';
import { podReferences } from '#core/plan/references';
import { at, objectsOf, textOf } from '../sync/json.ts';
import { reconcileAutoscaler, reconcileApiService, reconcileBudget, reconcileCronJob } from './controllers/other.ts';
import { reconcileCustom } from './controllers/custom.ts';
import { reconcileClaim } from './controllers/claim.ts';
import { reconcileDaemonSet } from './controllers/daemon-set.ts';
import { reconcileDefinition } from './controllers/definition.ts';
import { reconcileDeployment } from './controllers/deployment.ts';
import { collectDependents } from './controllers/garbage.ts';
import { reconcileIngress, reconcileService } from './controllers/network.ts';
import { reconcileJob } from './controllers/job.ts';
import { reconcileNamespace } from './controllers/namespace.ts';
import { reconcilePod } from './controllers/pod.ts';
import { reconcileReplicaSet } from './controllers/replica-set.ts';
import { reconcileStatefulSet } from './controllers/stateful-set.ts';
import { isBuiltInGroup } from './kinds.ts';
import type { Change } from './store.ts';
import type { Controller, World } from './world.ts';

const CONTROLLERS: ReadonlyMap<string, Controller> = new Map([
  ['batch/Job', reconcileJob],
  ['batch/CronJob', reconcileCronJob],
  ['/Pod', reconcilePod],
  ['/ReplicationController', reconcileReplicaSet],
  ['apps/ReplicaSet', reconcileReplicaSet],
  ['apps/Deployment', reconcileDeployment],
  ['apps/StatefulSet', reconcileStatefulSet],
  ['apps/DaemonSet', reconcileDaemonSet],
  ['/PersistentVolumeClaim', reconcileClaim],
  ['/Service', reconcileService],
  ['networking.k8s.io/Ingress', reconcileIngress],
  ['/Namespace', reconcileNamespace],
  ['apiextensions.k8s.io/CustomResourceDefinition', reconcileDefinition],
  ['autoscaling/HorizontalPodAutoscaler', reconcileAutoscaler],
  ['policy/PodDisruptionBudget', reconcileBudget],
  ['apiregistration.k8s.io/APIService', reconcileApiService],
]);

const kindKey = (object: KubeObject): string => `${groupOf(object)}/${kindOf(object)}`;

/** Lets the controller of an object's kind look at it; kinds without a controller stay as they are. */
export function reconcileObject(object: KubeObject, world: World): void {
  collectDependents(object, world);
  const current = world.store.get(`${kindKey(object)}/${namespaceOf(object)}/${textOf(metadataOf(object)['name'])}`);
  if (current) (CONTROLLERS.get(kindKey(current)) ?? otherwise(current))?.(current, world);
}

/** Custom resources have a controller that stands for the one that nobody has installed here. */
const otherwise = (object: KubeObject): Controller | undefined =>
  isBuiltInGroup(groupOf(object)) ? undefined : reconcileCustom;

/** Which objects are to be looked at again after a change, by key. */
export function affectedBy({ type, key, object }: Change, world: World): string[] {
  const affected = type === 'gone' ? [] : [key];
  for (const owner of objectsOf(metadataOf(object)['ownerReferences'])) {
    const group = textOf(owner['apiVersion']).split('/').slice(0, -1).join('/');
    affected.push(`${group}/${textOf(owner['kind'])}/${namespaceOf(object)}/${textOf(owner['name'])}`);
  }
  if (type === 'created' || type === 'gone' || kindKey(object) === '/PersistentVolumeClaim')
    affected.push(...waitingFor(object, world));
  if (type === 'gone') {
    affected.push(`/Namespace//${namespaceOf(object)}`);
    if (!isBuiltInGroup(groupOf(object)))
      for (const crd of world.store.ofKind('apiextensions.k8s.io', 'CustomResourceDefinition'))
        if (isTerminating(crd))
          affected.push(`apiextensions.k8s.io/CustomResourceDefinition//${textOf(metadataOf(crd)['name'])}`);
  }
  return affected;
}

/** Objects that may have waited for one of this kind. */
function waitingFor(object: KubeObject, world: World): string[] {
  const namespace = namespaceOf(object);
  const keys = (group: string, kind: string, where: (o: KubeObject) => boolean): string[] =>
    world.store
      .ofKind(group, kind, kind === 'PersistentVolumeClaim' && namespace === '' ? undefined : namespace)
      .filter(where)
      .map((o) => `${group}/${kind}/${namespaceOf(o)}/${textOf(metadataOf(o)['name'])}`);
  const pending = (o: KubeObject): boolean => at(o['status'], 'phase') === 'Pending';
  switch (kindKey(object)) {
    case '/ConfigMap':
    case '/Secret':
    case '/PersistentVolumeClaim':
      return keys('', 'Pod', pending);
    case '/Pod':
      return podReferences(object)
        .filter(({ kind }) => kind === 'PersistentVolumeClaim')
        .map(({ name }) => `/PersistentVolumeClaim/${namespace}/${name}`);
    case '/PersistentVolume':
    case 'storage.k8s.io/StorageClass':
      return keys('', 'PersistentVolumeClaim', pending);
    case '/ServiceAccount':
      return [
        ...keys('batch', 'Job', () => true),
        ...['ReplicaSet', 'StatefulSet', 'DaemonSet'].flatMap((kind) => keys('apps', kind, () => true)),
      ];
    default:
      return [];
  }
}
