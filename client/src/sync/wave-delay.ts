import { groupOf, kindOf, type KubeObject } from '#core/object';
import type { HealthResult } from '#core/health/model';

/** Argo CD's own delay between waves, milliseconds. */
export const ARGO_WAVE_DELAY = 2000;

/**
 * Kinds whose health cannot be that of an older state: the check compares generations, or the object runs once and its
 * end is its own.
 */
const TELLS_ITS_STATE = new Set([
  'apps/Deployment',
  'apps/StatefulSet',
  'apps/DaemonSet',
  'apps/ReplicaSet',
  'batch/Job',
  '/Pod',
]);

/**
 * Milliseconds to wait before the next wave. Argo CD always waits two seconds, because the health that it sees may be of
 * the time before the apply. Nothing is waited for where the health of everything in the wave tells of which state it
 * is, or where a kind has no health at all; a Service without a load balancer is healthy by its spec alone.
 */
export function waveDelay(applied: readonly KubeObject[], health: (object: KubeObject) => HealthResult): number {
  const mayLag = applied.some((object) => {
    const kind = `${groupOf(object)}/${kindOf(object)}`;
    if (TELLS_ITS_STATE.has(kind)) return false;
    const found = health(object);
    if (found === null) return false;
    const spec = object['spec'];
    const type = typeof spec === 'object' && spec !== null && !Array.isArray(spec) ? spec['type'] : undefined;
    return !(kind === '/Service' && type !== 'LoadBalancer');
  });
  return mayLag ? ARGO_WAVE_DELAY : 0;
}
