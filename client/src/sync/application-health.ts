import { isHook } from '#core/annotations/classify';
import { hasHealthCheck } from '#core/health/kinds';
import type { HealthResult, HealthStatus } from '#core/health/model';
import { worstHealth } from '#core/health/worst';
import { annotationOf, groupOf, kindOf, type KubeObject } from '#core/object';

/** Kinds without a check have no health; what is missing of them is no matter. */
export const isWithoutCheck = (kind: { readonly group: string; readonly kind: string }): boolean =>
  !hasHealthCheck(kind);

/**
 * Health of an application: the worst of its live resources, hooks and what is told to be ignored left out; Missing where
 * nothing of it is there. Source: controller/health.go `setApplicationHealth`.
 */
export function applicationHealth(
  live: readonly KubeObject[],
  health: (object: KubeObject) => HealthResult,
): HealthStatus {
  const counted = live.filter(
    (object) => !isHook(object) && annotationOf(object, 'argocd.argoproj.io/ignore-healthcheck') !== 'true',
  );
  if (live.length === 0) return 'Missing';
  const healths = counted.flatMap((object): HealthStatus[] => {
    const result = health(object);
    if (result === null) return [];
    const status = 'error' in result ? 'Unknown' : result.status;
    const isChild = kindOf(object) === 'Application' && groupOf(object) === 'argoproj.io';
    return isChild && (status === 'Missing' || status === 'Unknown') ? [] : [status];
  });
  return worstHealth(healths);
}
