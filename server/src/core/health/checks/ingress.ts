import type { KubeObject } from '../../object.ts';
import { listAt } from '../../fields.ts';
import { healthy, progressing, type Health } from '../model.ts';

/** Source: gitops-engine/pkg/health/health_ingress.go. */
export const ingressHealth = (object: KubeObject): Health =>
  listAt(object, 'status', 'loadBalancer', 'ingress').length > 0 ? healthy() : progressing();
