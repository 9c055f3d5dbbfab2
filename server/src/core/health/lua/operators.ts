import type { KubeObject } from '../../object.ts';
import { at, listAt } from '../../fields.ts';
import { asCondition, conditionsOf, generationOf, observedGenerationOf, type Condition } from '../fields.ts';
import { degraded, healthy, progressing, type Health } from '../model.ts';

/** Source: resource_customizations/serving.knative.dev/Service/health.lua. */
export function knativeServiceHealth(object: KubeObject): Health {
  const conditions = conditionsOf(object);
  if (conditions.length === 0) return progressing('Waiting for status update.');
  const bad = conditions.filter(({ status }) => status === 'False' || status === 'Unknown');
  const message = bad.map(({ type, status, message: said }) => `${type} is ${status}. ${said}`).join('\n');
  if (bad.some(({ status }) => status === 'False')) return degraded(message);
  const good = ['ConfigurationsReady', 'RoutesReady', 'Ready'].every((wanted) =>
    conditions.some(({ type, status }) => type === wanted && status === 'True'),
  );
  return good && bad.length === 0 ? healthy('Knative Service is healthy.') : progressing(message);
}

/** Source: resource_customizations/keda.sh/ScaledObject/health.lua. */
export function scaledObjectHealth(object: KubeObject): Health {
  const find = (type: string, status: string) =>
    conditionsOf(object).find((c) => c.type === type && c.status === status);
  const failed = find('Ready', 'False') ?? find('Fallback', 'True');
  if (failed) return degraded(failed.message);
  const ready = find('Ready', 'True');
  const paused = find('Paused', 'True');
  if (ready && paused) return { status: 'Suspended', message: paused.message };
  return ready ? healthy(ready.message) : progressing('Creating HorizontalPodAutoscaler Object');
}

const worst = (conditions: readonly Condition[]): Health => {
  const failed = conditions.find(
    ({ type, status }) => (type === 'ResolvedRefs' || type === 'Accepted') && status === 'False',
  );
  if (failed) return degraded(failed.message);
  const waiting = conditions.find(({ type, status }) => type === 'Programmed' && status !== 'True');
  return waiting ? progressing(waiting.message) : healthy();
};

/** Source: resource_customizations/gateway.networking.k8s.io/Gateway/health.lua. */
export function gatewayHealth(object: KubeObject): Health {
  const conditions = conditionsOf(object);
  return conditions.length === 0 ? progressing('Waiting for Gateway status') : worst(conditions);
}

/** Source: resource_customizations/gateway.networking.k8s.io/HTTPRoute/health.lua, and its like. */
export function routeHealth(object: KubeObject): Health {
  const generation = generationOf(object);
  const conditions = listAt(object, 'status', 'parents').flatMap((parent) =>
    listAt(parent, 'conditions').filter((condition) => {
      const observed = at(condition, 'observedGeneration');
      return typeof observed !== 'number' || observed >= generation;
    }),
  );
  return conditions.length === 0
    ? progressing('Waiting for the status of the route')
    : worst(conditions.map(asCondition));
}

const GOOD = new Set(['Ready', 'Healthy', 'Offered', 'Established', 'ValidPipeline', 'RevisionHealthy']);

/** Source: resource_customizations/_.crossplane.io/_/health.lua and _.upbound.io. */
export function crossplaneHealth(object: KubeObject): Health {
  if (at(object, 'status') === undefined) return healthy('Resource is up-to-date.');
  const conditions = conditionsOf(object);
  const failed = conditions.find(
    ({ type, status }) => (type === 'LastAsyncOperation' || type === 'Synced') && status === 'False',
  );
  if (failed) return degraded(failed.message);
  const good = conditions.some(({ type, status }) => GOOD.has(type) && status === 'True');
  return good ? healthy('Resource is up-to-date.') : progressing('Provisioning resource...');
}

/** Source: resource_customizations/_.cnrm.cloud.google.com/_/health.lua. */
export function configConnectorHealth(object: KubeObject): Health {
  if (at(object, 'status') === undefined) return progressing('Update in progress');
  if (observedGenerationOf(object) < generationOf(object)) return progressing('Update in progress');
  const ready = conditionsOf(object).find(({ type }) => type === 'Ready');
  switch (ready?.reason) {
    case 'UpToDate':
      return healthy(ready.message);
    case 'UpdateFailed':
    case 'DependencyNotFound':
      return degraded(ready.message);
    case 'DependencyNotReady':
      return { status: 'Suspended', message: ready.message };
    default:
      return progressing(ready?.message);
  }
}
