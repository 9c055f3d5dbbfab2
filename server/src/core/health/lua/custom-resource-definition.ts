import { isTerminating, type KubeObject } from '../../object.ts';
import { conditionsOf, type Condition } from '../fields.ts';
import { degraded, healthy, progressing, type Health } from '../model.ts';

function saidBy({ type, status, reason, message }: Condition): Health | undefined {
  switch (type) {
    case 'Terminating':
      return status === 'True' ? progressing(`CRD is terminating: ${message}`) : undefined;
    case 'NamesAccepted':
      return status === 'False' ? degraded(`CRD names have not been accepted: ${message}`) : undefined;
    case 'NonStructuralSchema':
      return status === 'True' ? degraded(`Schema violations found: ${message}`) : undefined;
    case 'Established':
      return status !== 'True' && reason === 'Installing' ? progressing('CRD is being installed') : undefined;
  }
  return undefined;
}

/**
 * The first condition that says something decides. Without a status, where the script would fail, it is progressing.
 * Source: resource_customizations/apiextensions.k8s.io/CustomResourceDefinition/health.lua.
 */
export function definitionHealth(object: KubeObject): Health {
  if (isTerminating(object)) return progressing('CRD is terminating');
  const conditions = conditionsOf(object);
  if (conditions.length === 0) return progressing('Status conditions not found');
  for (const condition of conditions) {
    const said = saidBy(condition);
    if (said) return said;
  }
  return conditions.some(({ type, status }) => type === 'Established' && status === 'True')
    ? healthy('CRD is healthy')
    : degraded('CRD is not established');
}
