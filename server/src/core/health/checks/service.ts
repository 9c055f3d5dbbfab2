import type { KubeObject } from '../../object.ts';
import { listAt, textAt } from '../../fields.ts';
import { healthy, progressing, type Health } from '../model.ts';

/** Source: gitops-engine/pkg/health/health_service.go. */
export function serviceHealth(object: KubeObject): Health {
  if (textAt(object, 'spec', 'type') !== 'LoadBalancer') return healthy();
  return listAt(object, 'status', 'loadBalancer', 'ingress').length > 0 ? healthy() : progressing();
}
