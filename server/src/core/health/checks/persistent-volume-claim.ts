import type { KubeObject } from '../../object.ts';
import { textAt } from '../../fields.ts';
import type { Health, HealthStatus } from '../model.ts';

const PHASES: Readonly<Record<string, HealthStatus>> = { Lost: 'Degraded', Pending: 'Progressing', Bound: 'Healthy' };

/** Source: gitops-engine/pkg/health/health_pvc.go. */
export const persistentVolumeClaimHealth = (object: KubeObject): Health => ({
  status: PHASES[textAt(object, 'status', 'phase')] ?? 'Unknown',
  message: '',
});
