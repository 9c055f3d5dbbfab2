import { nameOf, type KubeObject } from '../../object.ts';
import { at, maybeNumberAt, numberAt } from '../../fields.ts';
import { conditionsOf, generationOf, observedGenerationOf } from '../fields.ts';
import { healthy, progressing, type Health } from '../model.ts';

/** Source: gitops-engine/pkg/health/health_deployment.go. */
export function deploymentHealth(object: KubeObject): Health {
  if (at(object, 'spec', 'paused') === true) return { status: 'Suspended', message: 'Deployment is paused' };
  if (generationOf(object) > observedGenerationOf(object))
    return progressing('Waiting for rollout to finish: observed deployment generation less than desired generation');
  const rollout = conditionsOf(object).find(({ type }) => type === 'Progressing');
  if (rollout?.reason === 'ProgressDeadlineExceeded')
    return { status: 'Degraded', message: `Deployment "${nameOf(object)}" exceeded its progress deadline` };
  const wanted = maybeNumberAt(object, 'spec', 'replicas');
  const all = numberAt(object, 'status', 'replicas');
  const updated = numberAt(object, 'status', 'updatedReplicas');
  const available = numberAt(object, 'status', 'availableReplicas');
  const waiting = (what: string): Health => progressing(`Waiting for rollout to finish: ${what}...`);
  if (wanted !== undefined && updated < wanted)
    return waiting(`${updated} out of ${wanted} new replicas have been updated`);
  if (all > updated) return waiting(`${all - updated} old replicas are pending termination`);
  if (available < updated) return waiting(`${available} of ${updated} updated replicas are available`);
  return healthy();
}
