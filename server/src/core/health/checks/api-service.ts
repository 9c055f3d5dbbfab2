import type { KubeObject } from '../../object.ts';
import { conditionsOf } from '../fields.ts';
import { healthy, progressing, type Health } from '../model.ts';

/** Source: gitops-engine/pkg/health/health_apiservice.go. */
export function apiServiceHealth(object: KubeObject): Health {
  const available = conditionsOf(object).find(({ type }) => type === 'Available');
  if (!available) return progressing('Waiting to be processed');
  const message = `${available.reason}: ${available.message}`;
  return available.status === 'True' ? healthy(message) : progressing(message);
}
