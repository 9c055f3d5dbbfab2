import type { HealthResult } from '#core/health/model';
import { groupOf, isTerminating, kindOf, type Json, type KubeObject } from '#core/object';
import { at, numberOf, objectsOf, textOf } from './json.ts';

/** How far a live object is that is waited for: `0 of 1 pods finished`. Empty where nothing can be told. */
export function progressWords(object: KubeObject, health: HealthResult): string {
  if (isTerminating(object)) return 'is being deleted';
  const { spec, status } = object;
  switch (`${groupOf(object)}/${kindOf(object)}`) {
    case 'batch/Job':
      return jobWords(spec, status);
    case '/Pod':
      return podWords(object);
    case 'apps/Deployment':
      return readyWords(numberOf(at(status, 'availableReplicas'), 0), numberOf(at(spec, 'replicas'), 1), 'available');
    case 'apps/StatefulSet':
    case 'apps/ReplicaSet':
      return readyWords(numberOf(at(status, 'readyReplicas'), 0), numberOf(at(spec, 'replicas'), 1), 'ready');
    case 'apps/DaemonSet': {
      const wanted = numberOf(at(status, 'desiredNumberScheduled'), -1);
      return wanted < 0 ? '' : readyWords(numberOf(at(status, 'numberReady'), 0), wanted, 'ready');
    }
    case '/PersistentVolumeClaim':
      return `claim is ${(textOf(at(status, 'phase')) || 'Pending').toLowerCase()}`;
    default:
      return health && !('error' in health) ? (health.message.split('\n')[0] ?? '') : '';
  }
}

const readyWords = (ready: number, wanted: number, word: string): string => `${ready} of ${wanted} pods ${word}`;

function jobWords(spec: Json | undefined, status: Json | undefined): string {
  const wanted = numberOf(at(spec, 'completions'), 1);
  const failed = numberOf(at(status, 'failed'), 0);
  const running = numberOf(at(status, 'active'), 0);
  const parts = [`${numberOf(at(status, 'succeeded'), 0)} of ${wanted} pods finished`];
  if (failed > 0) parts.push(`${failed} failed`);
  if (running === 0 && at(status, 'startTime') !== undefined) parts.push('none is running');
  return parts.join(', ');
}

function podWords(pod: KubeObject): string {
  const phase = textOf(at(pod['status'], 'phase')) || 'Pending';
  const states = objectsOf(at(pod['status'], 'containerStatuses'));
  if (phase !== 'Running' || states.length === 0) return `pod is ${phase.toLowerCase()}`;
  const done = states.filter((state) => at(state, 'state', 'terminated') !== undefined).length;
  return done > 0
    ? `${done} of ${states.length} containers finished`
    : `${states.filter((state) => state['ready'] === true).length} of ${states.length} containers ready`;
}
