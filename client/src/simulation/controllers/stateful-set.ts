import { isObject, isTerminating, metadataOf, nameOf, namespaceOf, type KubeObject } from '#core/object';
import { at, numberOf, objectsOf, textOf } from '../../sync/json.ts';
import { withMetadata } from '../store.ts';
import type { World } from '../world.ts';
import { availableOf, generationOf, isReady, livePods, makePod, podOfTemplate, revisionOf } from './pods-of.ts';

const REVISION_LABEL = 'controller-revision-hash';

const revisionOfPod = (pod: KubeObject): string => textOf(at(metadataOf(pod)['labels'], REVISION_LABEL));

/** Pods with fixed names, one after the other unless they may come in parallel, each with its claims. */
export function reconcileStatefulSet(set: KubeObject, world: World): void {
  if (isTerminating(set)) return;
  const wanted = numberOf(at(set['spec'], 'replicas'), 1);
  const parallel = at(set['spec'], 'podManagementPolicy') === 'Parallel';
  const onDelete = at(set['spec'], 'updateStrategy', 'type') === 'OnDelete';
  const revision = `${nameOf(set)}-${revisionOf(set)}`;
  const pods = livePods(set, world);
  const ordinalOf = (pod: KubeObject): number => Number(nameOf(pod).slice(nameOf(set).length + 1));
  const surplus = pods.filter((pod) => ordinalOf(pod) >= wanted).sort((a, b) => ordinalOf(b) - ordinalOf(a));
  for (const pod of parallel ? surplus : surplus.slice(0, 1)) world.remove(pod);
  const kept = pods.filter((pod) => ordinalOf(pod) < wanted);
  const partition = numberOf(at(set['spec'], 'updateStrategy', 'rollingUpdate', 'partition'), 0);
  const isOld = (pod: KubeObject): boolean => revisionOfPod(pod) !== revision && ordinalOf(pod) >= partition;
  if (onDelete || !replaceOne(kept, ordinalOf, isOld, world))
    createMissing(set, kept, ordinalOf, wanted, parallel, world);
  const ready = kept.filter(isReady).length;
  const updated = kept.filter((pod) => revisionOfPod(pod) === revision).length;
  const rolledOut = updated === wanted && ready === wanted;
  const before = textOf(at(set['status'], 'currentRevision'));
  world.store.setStatus(set, {
    observedGeneration: generationOf(set),
    replicas: kept.length,
    readyReplicas: ready,
    availableReplicas: availableOf(set, kept, world),
    currentReplicas: rolledOut || before === revision ? updated : kept.length - updated,
    updatedReplicas: updated,
    currentRevision: rolledOut || before === '' ? revision : before,
    updateRevision: revision,
    collisionCount: 0,
  });
}

/** Replaces the highest pod of an older revision once all others are ready; true while one is on its way. */
function replaceOne(
  pods: readonly KubeObject[],
  ordinalOf: (pod: KubeObject) => number,
  isOld: (pod: KubeObject) => boolean,
  world: World,
): boolean {
  const old = pods.filter(isOld).sort((a, b) => ordinalOf(b) - ordinalOf(a));
  const [first] = old;
  if (!first || !pods.every((pod) => pod === first || isReady(pod))) return false;
  world.remove(first);
  return true;
}

function createMissing(
  set: KubeObject,
  pods: readonly KubeObject[],
  ordinalOf: (pod: KubeObject) => number,
  wanted: number,
  parallel: boolean,
  world: World,
): void {
  const byOrdinal = new Map(pods.map((pod) => [ordinalOf(pod), pod]));
  for (let ordinal = 0; ordinal < wanted; ordinal++) {
    const pod = byOrdinal.get(ordinal);
    if (pod) {
      if (!parallel && !isReady(pod)) return;
      continue;
    }
    for (const template of objectsOf(at(set['spec'], 'volumeClaimTemplates'))) makeClaim(set, template, ordinal, world);
    if (!makePod(set, podOf(set, ordinal), world) || !parallel) return;
  }
}

const claimName = (set: KubeObject, template: KubeObject, ordinal: number): string =>
  `${nameOf(template)}-${nameOf(set)}-${ordinal}`;

function makeClaim(set: KubeObject, template: KubeObject, ordinal: number, world: World): void {
  const name = claimName(set, template, ordinal);
  if (world.store.get(`/PersistentVolumeClaim/${namespaceOf(set)}/${name}`)) return;
  world.make(
    withMetadata(
      { ...template, apiVersion: 'v1', kind: 'PersistentVolumeClaim' },
      { name, namespace: namespaceOf(set) },
    ),
  );
}

function podOf(set: KubeObject, ordinal: number): KubeObject {
  const name = `${nameOf(set)}-${ordinal}`;
  const pod = podOfTemplate(set, { name }, { [REVISION_LABEL]: `${nameOf(set)}-${revisionOf(set)}` });
  const spec = isObject(pod['spec']) ? pod['spec'] : {};
  const claims = objectsOf(at(set['spec'], 'volumeClaimTemplates')).map((template) => ({
    name: nameOf(template),
    persistentVolumeClaim: { claimName: claimName(set, template, ordinal) },
  }));
  return { ...pod, spec: { ...spec, volumes: [...objectsOf(spec['volumes']), ...claims] } };
}
