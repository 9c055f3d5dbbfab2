import type { KubeObject } from '../../object.ts';
import { at, numberAt, textAt } from '../../fields.ts';
import { conditionsOf } from '../fields.ts';
import { degraded, healthy, progressing, type Health } from '../model.ts';
import { forKinds, given, suspended, type Checks } from './script.ts';

const JOB_RUNS = 'BroadcastJob is still running';

/** Source: resource_customizations/apps.kruise.io/BroadcastJob/health.lua. */
function broadcastJobHealth(object: KubeObject): Health {
  const status = at(object, 'status');
  switch (textAt(status, 'phase')) {
    case 'completed':
      return at(status, 'desired') === at(status, 'succeeded')
        ? healthy('BroadcastJob is completed successfully')
        : progressing(JOB_RUNS);
    case 'failed':
      return at(status, 'failed') === 0 ? progressing(JOB_RUNS) : degraded('BroadcastJob failed');
    case 'paused':
      return at(object, 'spec', 'paused') === true ? suspended('BroadcastJob is Paused') : progressing(JOB_RUNS);
    default:
      return progressing(JOB_RUNS);
  }
}

/** Source: resource_customizations/tower.ansible.com/AnsibleJob/health.lua. */
function ansibleJobHealth(object: KubeObject): Health {
  const result = at(object, 'status', 'ansibleJobResult');
  const status = textAt(result, 'status');
  const message = `${status} job - ${textAt(result, 'url')}`;
  if (status === 'successful') return healthy(message);
  if (['failed', 'error', 'canceled'].includes(status)) return degraded(message);
  return ['new', 'pending', 'waiting', 'running'].includes(status)
    ? progressing(message)
    : progressing('Waiting for AnsibleJob');
}

/** Source: resource_customizations/k8s.mariadb.com/SqlJob/health.lua. */
function sqlJobHealth(object: KubeObject): Health {
  let message = 'No status info available';
  for (const condition of conditionsOf(object)) {
    message = `${condition.reason} ${condition.message}`;
    if (condition.status !== 'True') continue;
    if (condition.reason === 'JobComplete') return healthy(message);
    if (condition.reason === 'JobFailed') return degraded(message);
  }
  return progressing(message);
}

/** Sources: resource_customizations/db.atlasgo.io/AtlasMigration and AtlasSchema: where they look for work under way. */
const atlas =
  (key: 'reason' | 'message', underWay: readonly string[]) =>
  (object: KubeObject): Health => {
    const ready = conditionsOf(object).find(({ type }) => type === 'Ready');
    if (!ready) return progressing('Waiting for Atlas Operator');
    if (ready.status === 'True') return healthy(ready.reason);
    return underWay.includes(ready[key]) ? progressing(ready.reason) : degraded(ready.reason);
  };

/** Source: resource_customizations/cdi.kubevirt.io/DataVolume/health.lua. */
function dataVolumeHealth(object: KubeObject): Health {
  const phase = given(object, 'status', 'phase') ? textAt(object, 'status', 'phase') : 'No status available';
  if (phase === 'Succeeded') return healthy(phase);
  if (phase === 'Paused') return suspended(phase);
  const broken = conditionsOf(object).find(
    ({ type, status, reason }) => type === 'Running' && status === 'False' && reason === 'Error',
  );
  if (broken) return degraded(broken.message);
  return phase === 'Failed' || phase === 'Unknown' ? degraded(phase) : progressing(phase);
}

/** Source: resource_customizations/snapshot.storage.k8s.io. */
function snapshotHealth(object: KubeObject): Health {
  if (at(object, 'status', 'readyToUse') === true) return healthy('Ready to use');
  return given(object, 'status', 'error')
    ? degraded(textAt(object, 'status', 'error', 'message'))
    : progressing('Waiting for status');
}

/** Source: resource_customizations/apps.openshift.io/DeploymentConfig/health.lua. */
function deploymentConfigHealth(object: KubeObject): Health {
  const status = at(object, 'status');
  const pods = progressing('replication controller is waiting for pods to run');
  if (!given(status, 'conditions') || !given(status, 'replicas')) return pods;
  const good = conditionsOf(object).filter(
    ({ type, status: is, reason }) =>
      is === 'True' &&
      (type === 'Available' || (type === 'Progressing' && reason === 'NewReplicationControllerAvailable')),
  ).length;
  if (good === 2 || numberAt(status, 'replicas') === 0)
    return healthy('replication controller successfully rolled out');
  return good === 1 ? pods : degraded('Deployment config is degraded');
}

export const JOBS: Checks = {
  'apps.kruise.io/BroadcastJob': broadcastJobHealth,
  'apps.openshift.io/DeploymentConfig': deploymentConfigHealth,
  'tower.ansible.com/AnsibleJob': ansibleJobHealth,
  'k8s.mariadb.com/SqlJob': sqlJobHealth,
  'db.atlasgo.io/AtlasMigration': atlas('reason', ['Reconciling']),
  'db.atlasgo.io/AtlasSchema': atlas('message', ['Reconciling', 'GettingDevDB']),
  'cdi.kubevirt.io/DataVolume': dataVolumeHealth,
  ...forKinds('snapshot.storage.k8s.io', ['VolumeSnapshot', 'VolumeSnapshotContent'], snapshotHealth),
};
