import type { KubeObject } from '../../object.ts';
import { at, numberAt, textAt } from '../../fields.ts';
import { conditionsOf } from '../fields.ts';
import { degraded, healthy, progressing, type Health } from '../model.ts';

const phased = (phase: string, message: string): Health => ({
  ...(phase === 'completed' ? healthy() : phase === 'failed' ? degraded() : progressing()),
  message,
});

/** Source: resource_customizations/apps.kruise.io/BroadcastJob/health.lua. */
export function broadcastJobHealth(object: KubeObject): Health {
  const phase = textAt(object, 'status', 'phase');
  const wanted = numberAt(object, 'status', 'desired');
  if (phase === 'paused') return { status: 'Suspended', message: 'BroadcastJob is paused' };
  if (phase === 'completed' && numberAt(object, 'status', 'succeeded') !== wanted)
    return progressing('BroadcastJob has not succeeded everywhere yet');
  return phased(phase, `BroadcastJob is ${phase || 'not started'}`);
}

/** Source: resource_customizations/tower.ansible.com/AnsibleJob/health.lua. */
export function ansibleJobHealth(object: KubeObject): Health {
  const status = textAt(object, 'status', 'ansibleJobResult', 'status');
  if (status === 'successful') return healthy(status);
  return ['failed', 'error', 'canceled'].includes(status) ? degraded(status) : progressing(status);
}

/** Source: resource_customizations/k8s.mariadb.com/SqlJob/health.lua. */
export function sqlJobHealth(object: KubeObject): Health {
  const find = (reason: string) => conditionsOf(object).find((c) => c.reason === reason && c.status === 'True');
  const done = find('JobComplete');
  if (done) return healthy(done.message);
  const failed = find('JobFailed');
  return failed ? degraded(failed.message) : progressing('Waiting for SqlJob to complete');
}

/** Source: resource_customizations/db.atlasgo.io/AtlasMigration/health.lua. */
export function atlasMigrationHealth(object: KubeObject): Health {
  const ready = conditionsOf(object).find(({ type }) => type === 'Ready');
  if (!ready) return progressing('Waiting for reconciliation');
  if (ready.status === 'True') return healthy(ready.message);
  return ready.reason === 'Reconciling' ? progressing(ready.message) : degraded(ready.message);
}

/** Source: resource_customizations/cdi.kubevirt.io/DataVolume/health.lua. */
export function dataVolumeHealth(object: KubeObject): Health {
  const phase = textAt(object, 'status', 'phase');
  const running = conditionsOf(object).find(({ type }) => type === 'Running');
  if (phase === 'Succeeded') return healthy('DataVolume has been populated');
  if (phase === 'Paused') return { status: 'Suspended', message: 'DataVolume is paused' };
  const broken = running?.status === 'False' && running.reason === 'Error';
  if (phase === 'Failed' || phase === 'Unknown' || broken) return degraded(running?.message);
  return progressing(`DataVolume is in phase ${phase || 'none'}`);
}

/** Source: resource_customizations/snapshot.storage.k8s.io/VolumeSnapshot/health.lua. */
export function volumeSnapshotHealth(object: KubeObject): Health {
  if (at(object, 'status', 'readyToUse') === true) return healthy('Ready to use');
  return at(object, 'status', 'error') === undefined
    ? progressing('Waiting for status')
    : degraded(textAt(object, 'status', 'error', 'message'));
}
