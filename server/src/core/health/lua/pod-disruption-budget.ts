import type { KubeObject } from '../../object.ts';
import { conditionsOf } from '../fields.ts';
import { degraded, healthy, progressing, type Health } from '../model.ts';

/** Too few pods are no fault of the budget. Source: resource_customizations/policy/PodDisruptionBudget/health.lua. */
export function budgetHealth(object: KubeObject): Health {
  const conditions = conditionsOf(object);
  const last = conditions.at(-1);
  if (!last) return progressing('Waiting for status');
  const failed = conditions.find(({ status, reason }) => status === 'False' && reason !== 'InsufficientPods');
  return failed
    ? degraded(`PodDisruptionBudget has ${failed.reason}`)
    : healthy(`PodDisruptionBudget has ${last.reason}`);
}
