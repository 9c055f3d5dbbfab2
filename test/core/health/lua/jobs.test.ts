import type { JsonObject } from '#core/object';
import { cases, conditions, says, told, type Row } from '../rows.ts';

const runs = 'Progressing: BroadcastJob is still running';
cases('apps.kruise.io/v1alpha1 BroadcastJob', {
  'without status': [{}, runs],
  completed: [
    { status: { phase: 'completed', desired: 2, succeeded: 2 } },
    'Healthy: BroadcastJob is completed successfully',
  ],
  'completed, not everywhere': [{ status: { phase: 'completed', desired: 2, succeeded: 1 } }, runs],
  failed: [{ status: { phase: 'failed', failed: 1 } }, 'Degraded: BroadcastJob failed'],
  'failed, nowhere': [{ status: { phase: 'failed', failed: 0 } }, runs],
  paused: [{ spec: { paused: true }, status: { phase: 'paused' } }, 'Suspended: BroadcastJob is Paused'],
  'no longer to be paused': [{ status: { phase: 'paused' } }, runs],
});

const ansible = (status: string): Partial<Row> => ({ status: { ansibleJobResult: { status, url: 'u' } } });
cases('tower.ansible.com/v1alpha1 AnsibleJob', {
  'without status': [{}, 'Progressing: Waiting for AnsibleJob'],
  running: [ansible('running'), 'Progressing: running job - u'],
  successful: [ansible('successful'), 'Healthy: successful job - u'],
  canceled: [ansible('canceled'), 'Degraded: canceled job - u'],
  'of a status that is not known': [ansible('odd'), 'Progressing: Waiting for AnsibleJob'],
});

cases('k8s.mariadb.com/v1alpha1 SqlJob', {
  'without status': [{}, 'Progressing: No status info available'],
  running: [told(says('Complete=False/JobRunning', 'm')), 'Progressing: JobRunning m'],
  complete: [told(says('Complete=True/JobComplete', 'm')), 'Healthy: JobComplete m'],
  failed: [told(says('Complete=True/JobFailed', 'm')), 'Degraded: JobFailed m'],
});

for (const kind of ['AtlasMigration', 'AtlasSchema']) {
  const words = kind === 'AtlasSchema' ? says('Ready=False/R', 'GettingDevDB') : says('Ready=False/Reconciling', 'm');
  cases(`db.atlasgo.io/v1alpha1 ${kind}`, {
    'without status': [{}, 'Progressing: Waiting for Atlas Operator'],
    ready: [told(says('Ready=True/Applied', 'm')), 'Healthy: Applied'],
    'under way': [told(words), kind === 'AtlasSchema' ? 'Progressing: R' : 'Progressing: Reconciling'],
    failed: [told(says('Ready=False/Migrating', 'm')), 'Degraded: Migrating'],
  });
}

const volume = (phase: string, ...list: readonly JsonObject[]): Partial<Row> => ({
  status: { phase, ...conditions(...list) },
});
const broken = says('Running=False/Error', 'image not found');
cases('cdi.kubevirt.io/v1beta1 DataVolume', {
  'without status': [{}, 'Progressing: No status available'],
  'succeeded, whatever was before': [volume('Succeeded', broken), 'Healthy: Succeeded'],
  paused: [volume('Paused', broken), 'Suspended: Paused'],
  'being imported': [volume('ImportInProgress'), 'Progressing: ImportInProgress'],
  'cannot be imported': [volume('ImportInProgress', broken), 'Degraded: image not found'],
  failed: [volume('Failed'), 'Degraded: Failed'],
});

for (const kind of ['VolumeSnapshot', 'VolumeSnapshotContent'])
  cases(`snapshot.storage.k8s.io/v1 ${kind}`, {
    'without status': [{}, 'Progressing: Waiting for status'],
    ready: [{ status: { readyToUse: true, error: { message: 'old' } } }, 'Healthy: Ready to use'],
    failed: [{ status: { readyToUse: false, error: { message: 'no' } } }, 'Degraded: no'],
    'not ready': [{ status: { readyToUse: false } }, 'Progressing: Waiting for status'],
  });

const deployed = (replicas: number, ...list: readonly JsonObject[]): Partial<Row> => ({
  status: { replicas, ...conditions(...list) },
});
const waits = 'Progressing: replication controller is waiting for pods to run';
const done = 'Healthy: replication controller successfully rolled out';
const controller = says('Progressing=True/NewReplicationControllerAvailable');
cases('apps.openshift.io/v1 DeploymentConfig', {
  'without status': [{}, waits],
  'without replicas': [told(says('Available=True'), controller), waits],
  available: [deployed(1, says('Available=True'), controller), done],
  rolling: [deployed(1, says('Available=True'), says('Progressing=True/Other')), waits],
  'not available': [deployed(1, says('Available=False')), 'Degraded: Deployment config is degraded'],
  'scaled to nothing': [deployed(0, says('Available=False')), done],
});
