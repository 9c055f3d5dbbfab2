import type { HealthStatus } from './model.ts';

/** From best to worst. Source: gitops-engine/pkg/health/health.go `healthOrder`. */
const ORDER: readonly HealthStatus[] = ['Healthy', 'Suspended', 'Progressing', 'Missing', 'Degraded', 'Unknown'];

/** The worst of some healths; Healthy where there are none. Source: gitops-engine/pkg/health/health.go `IsWorse`. */
export function worstHealth(healths: Iterable<HealthStatus>): HealthStatus {
  const seen = new Set(healths);
  return ORDER.findLast((status) => seen.has(status)) ?? 'Healthy';
}
