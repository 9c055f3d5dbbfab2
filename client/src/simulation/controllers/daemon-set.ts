import { isTerminating, metadataOf, nameOf, type KubeObject } from '#core/object';
import { at, textOf } from '../../sync/json.ts';
import type { World } from '../world.ts';
import { availableOf, generationOf, isReady, livePods, makePod, podOfTemplate, revisionOf } from './pods-of.ts';

const REVISION_LABEL = 'controller-revision-hash';

/** One pod: the simulated cluster has one node. */
export function reconcileDaemonSet(set: KubeObject, world: World): void {
  if (isTerminating(set)) return;
  const revision = revisionOf(set);
  const onDelete = at(set['spec'], 'updateStrategy', 'type') === 'OnDelete';
  const isCurrent = (pod: KubeObject): boolean => textOf(at(metadataOf(pod)['labels'], REVISION_LABEL)) === revision;
  const pods = livePods(set, world);
  if (pods.length === 0)
    makePod(set, podOfTemplate(set, { generateName: `${nameOf(set)}-` }, { [REVISION_LABEL]: revision }), world);
  if (!onDelete) for (const pod of pods.filter((p) => !isCurrent(p))) world.remove(pod);
  const ready = pods.filter((pod) => isReady(pod)).length;
  const available = availableOf(set, pods, world);
  world.store.setStatus(set, {
    observedGeneration: generationOf(set),
    desiredNumberScheduled: 1,
    currentNumberScheduled: pods.length,
    numberMisscheduled: 0,
    numberReady: ready,
    numberAvailable: available,
    numberUnavailable: 1 - available,
    updatedNumberScheduled: pods.filter(isCurrent).length,
  });
}
