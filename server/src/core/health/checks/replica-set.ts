import type { KubeObject } from '../../object.ts';
import { maybeNumberAt, numberAt } from '../../fields.ts';
import { conditionsOf, generationOf, observedGenerationOf } from '../fields.ts';
import { healthy, progressing, type Health } from '../model.ts';

/** Source: gitops-engine/pkg/health/health_replicaset.go. */
export function replicaSetHealth(object: KubeObject): Health {
  if (generationOf(object) > observedGenerationOf(object))
    return progressing('Waiting for rollout to finish: observed replica set generation less than desired generation');
  const failure = conditionsOf(object).find(({ type }) => type === 'ReplicaFailure');
  if (failure?.status === 'True') return { status: 'Degraded', message: failure.message };
  const wanted = maybeNumberAt(object, 'spec', 'replicas');
  const available = numberAt(object, 'status', 'availableReplicas');
  if (wanted !== undefined && available < wanted)
    return progressing(`Waiting for rollout to finish: ${available} out of ${wanted} new replicas are available...`);
  return healthy();
}
