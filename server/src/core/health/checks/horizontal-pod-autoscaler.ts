import { annotationOf, isObject, splitApiVersion, apiVersionOf, type Json, type KubeObject } from '../../object.ts';
import { textAt } from '../../fields.ts';
import { conditionsOf, type Condition } from '../fields.ts';
import { degraded, healthy, progressing, type HealthResult } from '../model.ts';

const CONDITIONS = 'autoscaling.alpha.kubernetes.io/conditions';

const FAILURES: ReadonlySet<string> = new Set([
  'AbleToScale/FailedGetScale',
  'AbleToScale/FailedUpdateScale',
  'ScalingActive/FailedGetResourceMetric',
  'ScalingActive/FailedGetObjectMetric',
  'ScalingActive/FailedGetPodsMetric',
  'ScalingActive/FailedGetExternalMetric',
  'ScalingActive/FailedComputeMetricsReplicas',
  'ScalingActive/InvalidSelector',
]);

/** A failure among the conditions outweighs every good one. Source: gitops-engine/pkg/health/health_hpa.go. */
export function autoscalerHealth(object: KubeObject): HealthResult {
  const first = splitApiVersion(apiVersionOf(object)).version === 'v1';
  const conditions = first ? annotatedConditions(object) : conditionsOf(object);
  if ('error' in conditions) return conditions;
  const failed = conditions.find(({ type, reason }) => FAILURES.has(`${type}/${reason}`));
  if (failed) return degraded(failed.message);
  const good = conditions.find(
    ({ type, status }) => (type === 'AbleToScale' || type === 'ScalingLimited') && status === 'True',
  );
  return good ? healthy(good.message) : progressing('Waiting to Autoscale');
}

/** Version 1 has its conditions in an annotation, as JSON; the case of keys does not matter there. */
function annotatedConditions(object: KubeObject): Condition[] | { readonly error: string } {
  const text = annotationOf(object, CONDITIONS);
  if (text === undefined) return [];
  try {
    const value = JSON.parse(text) as Json;
    if (value === null) return [];
    if (!Array.isArray(value)) throw new Error('the annotation holds no list');
    return value.filter(isObject).map((entry) => {
      const lower = Object.fromEntries(Object.entries(entry).map(([key, item]) => [key.toLowerCase(), item]));
      return {
        type: textAt(lower, 'type'),
        status: textAt(lower, 'status'),
        reason: textAt(lower, 'reason'),
        message: textAt(lower, 'message'),
      };
    });
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return { error: `failed to convert conditions annotation to typed: ${cause}` };
  }
}
