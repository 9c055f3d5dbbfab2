import type { KubeObject } from '../../object.ts';
import { textAt } from '../../fields.ts';
import type { Health, HealthStatus } from '../model.ts';

const PHASES: Readonly<Record<string, HealthStatus>> = {
  '': 'Progressing',
  Pending: 'Progressing',
  Running: 'Progressing',
  Succeeded: 'Healthy',
  Failed: 'Degraded',
  Error: 'Degraded',
};

/** Source: gitops-engine/pkg/health/health_argo.go. */
export const workflowHealth = (object: KubeObject): Health => ({
  status: PHASES[textAt(object, 'status', 'phase')] ?? 'Unknown',
  message: textAt(object, 'status', 'message'),
});
