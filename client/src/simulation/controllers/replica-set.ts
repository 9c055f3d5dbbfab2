import { isTerminating, nameOf, type KubeObject } from '#core/object';
import { at, numberOf, textOf } from '../../sync/json.ts';
import { timeText } from '../store.ts';
import { condition, type World } from '../world.ts';
import { availableOf, generationOf, isReady, livePods, makePod, podOfTemplate } from './pods-of.ts';

const hasEnded = (pod: KubeObject): boolean => ['Failed', 'Succeeded'].includes(textOf(at(pod['status'], 'phase')));

/** Keeps as many pods as the ReplicaSet (or ReplicationController) asks for. */
export function reconcileReplicaSet(set: KubeObject, world: World): void {
  if (isTerminating(set)) return;
  const wanted = numberOf(at(set['spec'], 'replicas'), 1);
  const pods = livePods(set, world).filter((pod) => !hasEnded(pod));
  for (const pod of pods.slice(wanted)) world.remove(pod);
  const kept = pods.slice(0, wanted);
  let refused = false;
  for (let i = kept.length; i < wanted && !refused; i++)
    refused = !makePod(set, podOfTemplate(set, { generateName: `${nameOf(set)}-` }, {}), world);
  const ready = kept.filter(isReady).length;
  const now = timeText(world.clock.now());
  world.store.setStatus(set, {
    replicas: refused ? kept.length : wanted,
    fullyLabeledReplicas: refused ? kept.length : wanted,
    readyReplicas: ready,
    availableReplicas: availableOf(set, kept, world),
    observedGeneration: generationOf(set),
    ...(refused
      ? { conditions: [condition('ReplicaFailure', 'True', 'FailedCreate', 'Error creating pods', now)] }
      : {}),
  });
}
