import { groupOf, kindOf, type Gvk, type KubeObject } from '../object.ts';
import { at } from '../fields.ts';
import { conditionsOf } from './fields.ts';
import { hasLuaCheck } from './kinds.ts';
import { ARGO } from './lua/argo.ts';
import { cronJobHealth } from './lua/batch.ts';
import { awsControllerHealth, CLOUDS, configConnectorHealth, crossplaneHealth, upboundHealth } from './lua/clouds.ts';
import { CLUSTER_API } from './lua/cluster-api.ts';
import { definitionHealth } from './lua/custom-resource-definition.ts';
import { DATABASES } from './lua/databases.ts';
import { DECIDED } from './lua/decided.ts';
import { FLUX } from './lua/flux.ts';
import { airlockHealth, GATEWAY_API } from './lua/gateway-api.ts';
import { JOBS } from './lua/jobs.ts';
import { KNATIVE } from './lua/knative.ts';
import { OPERATORS, victoriaMetricsHealth } from './lua/operators.ts';
import { budgetHealth } from './lua/pod-disruption-budget.ts';
import type { Check } from './lua/script.ts';
import { subscriptionHealth } from './lua/subscription.ts';
import { healthy, progressing, type Health } from './model.ts';

/**
 * By `group/Kind`: what is ported word for word, status and message (HEALTH.md lists it).
 * Source: argo-cd resource_customizations, 3.6.
 */
const CHECKS: ReadonlyMap<string, Check> = new Map<string, Check>(
  Object.entries({
    'batch/CronJob': cronJobHealth,
    'apiextensions.k8s.io/CustomResourceDefinition': definitionHealth,
    'policy/PodDisruptionBudget': budgetHealth,
    'operators.coreos.com/Subscription': subscriptionHealth,
    ...ARGO,
    ...CLOUDS,
    ...CLUSTER_API,
    ...DATABASES,
    ...DECIDED,
    ...FLUX,
    ...GATEWAY_API,
    ...JOBS,
    ...KNATIVE,
    ...OPERATORS,
  }),
);

/** Groups whose every kind has one check, by the end of the group. A kind's own check goes before. */
const FAMILIES: readonly (readonly [string, Check])[] = [
  ['.cnrm.cloud.google.com', configConnectorHealth],
  ['.crossplane.io', crossplaneHealth],
  ['.services.k8s.aws', awsControllerHealth],
  ['.upbound.io', upboundHealth],
];
const GROUPS: ReadonlyMap<string, Check> = new Map([
  ['microgateway.airlock.com', airlockHealth],
  ['operator.victoriametrics.com', victoriaMetricsHealth],
]);

/** The kinds whose own script is ported, as `group/Kind`. */
export const PORTED_KINDS: readonly string[] = [...CHECKS.keys()];

/** Groups whose every kind is ported by one script: whole names, and ends of names that begin with a dot. */
export const PORTED_GROUPS: readonly string[] = [...GROUPS.keys(), ...FAMILIES.map(([end]) => end)];

function portedCheck(group: string, kind: string): Check | undefined {
  return CHECKS.get(`${group}/${kind}`) ?? GROUPS.get(group) ?? FAMILIES.find(([end]) => group.endsWith(end))?.[1];
}

/** What Argo CD's built-in check in Lua says of an object; null where its kind has none. */
export function luaHealth(object: KubeObject): Health | null {
  const group = groupOf(object);
  const kind = kindOf(object);
  const own = portedCheck(group, kind);
  if (own) return own(object);
  return hasLuaCheck({ group, kind }) ? commonHealth(object) : null;
}

/** Has Argo CD a check in Lua for this kind that stands here only as a guess: no status or Ready=False, and it waits? */
export const isHealthGuessed = ({ group, kind }: Pick<Gvk, 'group' | 'kind'>): boolean =>
  hasLuaCheck({ group, kind }) && portedCheck(group, kind) === undefined;

/**
 * Stands for the scripts that are not written here one by one: nearly all of them wait for a status, and then for the
 * condition Ready. It never says Degraded, which would fail a sync on a guess.
 */
function commonHealth(object: KubeObject): Health {
  if (at(object, 'status') === undefined) return progressing('Waiting for status');
  const ready = conditionsOf(object).find(({ type }) => type === 'Ready');
  return !ready || ready.status === 'True' ? healthy(ready?.message) : progressing(ready.message);
}
