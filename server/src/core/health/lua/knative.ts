import type { KubeObject } from '../../object.ts';
import { conditionsOf, type Condition } from '../fields.ts';
import { degraded, healthy, progressing, type Health } from '../model.ts';
import { given, type Check, type Checks } from './script.ts';

function complaint({ type, status, reason, message }: Condition): string {
  const since = reason === '' ? '' : `, since ${reason}.`;
  return `${type} is ${status}${since}${message === '' ? '' : ` ${message}`}\n`;
}

const SERVED = ['ConfigurationsReady', 'RoutesReady', 'Ready'];

/** Source: resource_customizations/serving.knative.dev/Service/health.lua. */
function serviceHealth(object: KubeObject): Health {
  if (!given(object, 'status', 'conditions')) return progressing('Waiting for status update.');
  const conditions = conditionsOf(object);
  const bad = conditions.filter(({ status }) => status === 'False' || status === 'Unknown');
  const good = conditions.filter(({ type, status }) => status === 'True' && SERVED.includes(type));
  if (bad.length === 0 && good.length === SERVED.length) return healthy('Knative Service is healthy.');
  const message = bad.map(complaint).join('');
  return bad.some(({ status }) => status === 'False') ? degraded(message) : progressing(message);
}

/** Source: resource_customizations/operator.knative.dev: the conditions that must be true, and those that may wait. */
const installed =
  (kind: string, wanted: readonly string[], waits: readonly string[]): Check =>
  (object) => {
    if (!given(object, 'status', 'conditions')) return progressing(`Waiting for ${kind}`);
    const conditions = conditionsOf(object);
    const message = conditions.map(({ type, status }, index) => `${index + 1}: ${type} | ${status}\n`).join('');
    if (conditions.some(({ type, status }) => status === 'Unknown' || (status === 'False' && waits.includes(type))))
      return progressing(message);
    const good = conditions.filter(({ type, status }) => status === 'True' && wanted.includes(type));
    return good.length === wanted.length ? healthy(`${kind} is healthy.`) : degraded(message);
  };

export const KNATIVE: Checks = {
  'serving.knative.dev/Service': serviceHealth,
  'operator.knative.dev/KnativeEventing': installed('KnativeEventing', ['Ready', 'InstallSucceeded'], ['Ready']),
  'operator.knative.dev/KnativeServing': installed(
    'KnativeServing',
    ['Ready', 'InstallSucceeded', 'DependenciesInstalled', 'DeploymentsAvailable'],
    ['Ready', 'DeploymentsAvailable'],
  ),
};
