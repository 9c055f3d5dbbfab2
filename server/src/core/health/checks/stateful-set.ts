import { isObject, type KubeObject } from '../../object.ts';
import { at, maybeNumberAt, numberAt, textAt } from '../../fields.ts';
import { generationOf, observedGenerationOf } from '../fields.ts';
import { healthy, progressing, type Health } from '../model.ts';

/** Source: gitops-engine/pkg/health/health_statefulset.go. */
export function statefulSetHealth(object: KubeObject): Health {
  const observed = observedGenerationOf(object);
  if (observed === 0 || generationOf(object) > observed)
    return progressing('Waiting for statefulset spec update to be observed...');
  const wanted = maybeNumberAt(object, 'spec', 'replicas');
  const ready = numberAt(object, 'status', 'readyReplicas');
  const updated = numberAt(object, 'status', 'updatedReplicas');
  if (wanted !== undefined && ready < wanted) return progressing(`Waiting for ${wanted - ready} pods to be ready...`);
  const strategy = textAt(object, 'spec', 'updateStrategy', 'type');
  const rolling = at(object, 'spec', 'updateStrategy', 'rollingUpdate');
  if (strategy === 'RollingUpdate' && isObject(rolling)) {
    const partition = maybeNumberAt(rolling, 'partition');
    const due = wanted !== undefined && partition !== undefined ? wanted - partition : undefined;
    if (due !== undefined && updated < due)
      return progressing(
        `Waiting for partitioned roll out to finish: ${updated} out of ${due} new pods have been updated...`,
      );
    return healthy(`partitioned roll out complete: ${updated} new pods have been updated...`);
  }
  if (strategy === 'OnDelete') return healthy(`statefulset has ${ready} ready pods`);
  const revision = textAt(object, 'status', 'updateRevision');
  const current = textAt(object, 'status', 'currentRevision');
  if (revision !== current)
    return progressing(`waiting for statefulset rolling update to complete ${updated} pods at revision ${revision}...`);
  const replicas = numberAt(object, 'status', 'currentReplicas');
  return healthy(`statefulset rolling update complete ${replicas} pods at revision ${current}...`);
}
