import { nameOf, type KubeObject } from '../../object.ts';
import { numberAt, textAt } from '../../fields.ts';
import { generationOf, observedGenerationOf } from '../fields.ts';
import { healthy, progressing, type Health } from '../model.ts';

/** Source: gitops-engine/pkg/health/health_daemonset.go. */
export function daemonSetHealth(object: KubeObject): Health {
  if (generationOf(object) > observedGenerationOf(object))
    return progressing('Waiting for rollout to finish: observed daemon set generation less than desired generation');
  const updated = numberAt(object, 'status', 'updatedNumberScheduled');
  const wanted = numberAt(object, 'status', 'desiredNumberScheduled');
  const available = numberAt(object, 'status', 'numberAvailable');
  if (textAt(object, 'spec', 'updateStrategy', 'type') === 'OnDelete')
    return healthy(`daemon set ${updated} out of ${wanted} new pods have been updated`);
  const waiting = `Waiting for daemon set "${nameOf(object)}" rollout to finish:`;
  if (updated < wanted) return progressing(`${waiting} ${updated} out of ${wanted} new pods have been updated...`);
  if (available < wanted) return progressing(`${waiting} ${available} of ${wanted} updated pods are available...`);
  return healthy();
}
