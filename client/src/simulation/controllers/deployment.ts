import { objectAt } from '#core/fields';
import {
  annotationOf,
  isObject,
  isTerminating,
  nameOf,
  namespaceOf,
  type JsonObject,
  type KubeObject,
} from '#core/object';
import { at, numberOf, textOf } from '../../sync/json.ts';
import { keyOfObject, timeText, withMetadata } from '../store.ts';
import { condition, conditionsOf, ownerReference, withCondition, type World } from '../world.ts';
import { generationOf, revisionOf } from './pods-of.ts';

const REVISION = 'deployment.kubernetes.io/revision';

const replicasOf = (object: KubeObject): number => numberOf(at(object['spec'], 'replicas'), 1);
const statusNumber = (object: KubeObject, field: string): number => numberOf(at(object['status'], field), 0);
const sum = (sets: readonly KubeObject[], field: string): number =>
  sets.reduce((total, set) => total + statusNumber(set, field), 0);

/** Rolls a Deployment out: a ReplicaSet for its template, the older ones down when the new one is available. */
export function reconcileDeployment(deployment: KubeObject, world: World): void {
  if (isTerminating(deployment)) return;
  const sets = world.store.dependentsOf(deployment).filter((set) => textOf(set['kind']) === 'ReplicaSet');
  const name = `${nameOf(deployment)}-${revisionOf(deployment)}`;
  const current = sets.find((set) => nameOf(set) === name);
  const older = sets.filter((set) => set !== current);
  if (at(deployment['spec'], 'paused') === true) {
    world.explain(deployment, 'the Deployment is paused: nothing is rolled out until somebody resumes it');
    return setStatus(deployment, current, older, world);
  }
  const wanted = replicasOf(deployment);
  const recreate = at(deployment['spec'], 'strategy', 'type') === 'Recreate';
  if (recreate) for (const set of older) scale(set, 0, world);
  const oldPods = recreate ? sum(older, 'replicas') : 0;
  if (!current && oldPods === 0) world.make(replicaSetOf(deployment, name, wanted, 1 + latest(sets)));
  else if (current) scale(current, wanted, world);
  if (current) number(deployment, current, older, world);
  if (current && statusNumber(current, 'availableReplicas') >= wanted) for (const set of older) scale(set, 0, world);
  setStatus(deployment, current, older, world);
}

function scale(set: KubeObject, replicas: number, world: World): void {
  const spec = set['spec'];
  if (replicasOf(set) !== replicas && isObject(spec)) world.store.update(set, { ...set, spec: { ...spec, replicas } });
}

const revisionIn = (object: KubeObject): number => Number(annotationOf(object, REVISION) ?? 0);
const latest = (sets: readonly KubeObject[]): number => Math.max(0, ...sets.map(revisionIn));

/**
 * The ReplicaSet that is rolled out has the highest number, and the Deployment says it, too.
 * Source: k8s.io/kubernetes/pkg/controller/deployment/sync.go `getNewReplicaSet`.
 */
function number(deployment: KubeObject, current: KubeObject, older: readonly KubeObject[], world: World): void {
  const revision = revisionIn(current) > latest(older) ? revisionIn(current) : 1 + latest(older);
  for (const object of [current, deployment]) {
    if (revisionIn(object) === revision) continue;
    const stored = world.store.get(keyOfObject(object));
    const annotations = stored && { ...objectAt(stored, 'metadata', 'annotations'), [REVISION]: String(revision) };
    if (stored) world.store.update(stored, withMetadata(stored, { annotations }));
  }
}

function replicaSetOf(deployment: KubeObject, name: string, replicas: number, revision: number): KubeObject {
  const spec = isObject(deployment['spec']) ? deployment['spec'] : {};
  const labels = at(spec, 'template', 'metadata', 'labels');
  return withMetadata(
    {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      spec: {
        ...{ replicas, selector: spec['selector'] ?? {}, template: spec['template'] ?? {} },
        ...(spec['minReadySeconds'] === undefined ? {} : { minReadySeconds: spec['minReadySeconds'] }),
      },
    },
    {
      name,
      namespace: namespaceOf(deployment),
      labels: isObject(labels) ? labels : {},
      annotations: { [REVISION]: String(revision) },
      ownerReferences: [ownerReference(deployment)],
    },
  );
}

function setStatus(
  deployment: KubeObject,
  current: KubeObject | undefined,
  older: readonly KubeObject[],
  world: World,
): void {
  const wanted = replicasOf(deployment);
  const sets = current ? [current, ...older] : older;
  const available = sum(sets, 'availableReplicas');
  const updated = current ? statusNumber(current, 'replicas') : 0;
  const complete =
    current !== undefined && statusNumber(current, 'availableReplicas') >= wanted && sum(older, 'replicas') === 0;
  const counts = {
    observedGeneration: generationOf(deployment),
    replicas: sum(sets, 'replicas'),
    updatedReplicas: updated,
    readyReplicas: sum(sets, 'readyReplicas'),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, wanted - available),
  };
  world.store.setStatus(deployment, {
    ...counts,
    conditions: conditions(deployment, current, counts, complete, world),
  });
}

/** Available, and Progressing with its deadline: without progress for so long the rollout counts as failed. */
function conditions(
  deployment: KubeObject,
  current: KubeObject | undefined,
  counts: JsonObject,
  complete: boolean,
  world: World,
): JsonObject[] {
  const now = world.clock.now();
  const old = conditionsOf(deployment);
  const enough = numberOf(counts['availableReplicas'], 0) >= replicasOf(deployment);
  const available = enough
    ? condition('Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.', timeText(now))
    : condition(
        'Available',
        'False',
        'MinimumReplicasUnavailable',
        'Deployment does not have minimum availability.',
        timeText(now),
      );
  const next = withCondition(old, available);
  const set = current ? nameOf(current) : `${nameOf(deployment)}-${revisionOf(deployment)}`;
  if (complete) {
    const message = `ReplicaSet "${set}" has successfully progressed.`;
    return withCondition(next, condition('Progressing', 'True', 'NewReplicaSetAvailable', message, timeText(now)));
  }
  if (at(deployment['spec'], 'paused') === true)
    return withCondition(
      next,
      condition('Progressing', 'Unknown', 'DeploymentPaused', 'Deployment is paused', timeText(now)),
    );
  const last = old.find((c) => c['type'] === 'Progressing');
  const same =
    last?.['reason'] !== 'NewReplicaSetAvailable' &&
    generationOf(deployment) === statusNumber(deployment, 'observedGeneration') &&
    numberOf(counts['availableReplicas'], 0) === statusNumber(deployment, 'availableReplicas');
  const since = same && last ? Date.parse(textOf(last['lastUpdateTime'])) : now;
  const deadline = numberOf(at(deployment['spec'], 'progressDeadlineSeconds'), 600) * 1000;
  if (now - since >= deadline) {
    const message = `ReplicaSet "${set}" has timed out progressing.`;
    const expired = condition('Progressing', 'False', 'ProgressDeadlineExceeded', message, timeText(since));
    return withCondition(next, expired);
  }
  world.enqueue(keyOfObject(deployment), since + deadline - now);
  const message = `ReplicaSet "${set}" is progressing.`;
  const progressing = condition('Progressing', 'True', 'ReplicaSetUpdated', message, timeText(since));
  return [...next.filter((c) => c['type'] !== 'Progressing'), progressing];
}
