import type { KubeObject } from '../../object.ts';
import { conditionsOf } from '../fields.ts';
import { degraded, healthy, progressing, type Health } from '../model.ts';

/**
 * The type of a condition decides, not its status (but for Suspended): a resumed Job that still runs counts as healthy.
 * Source: gitops-engine/pkg/health/health_job.go.
 */
export function jobHealth(object: KubeObject): Health {
  const conditions = conditionsOf(object);
  const failed = conditions.findLast(({ type }) => type === 'Failed');
  if (failed) return degraded(failed.message);
  const ended = conditions.filter(({ type }) => type === 'Complete' || type === 'Suspended');
  const last = ended.at(-1);
  if (!last) return progressing();
  const suspended = ended.some(({ type, status }) => type === 'Suspended' && status === 'True');
  return suspended ? { status: 'Suspended', message: last.message } : healthy(last.message);
}
