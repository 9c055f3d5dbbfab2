import { isTerminating, type KubeObject } from '../../object.ts';
import { conditionsOf } from '../fields.ts';
import { degraded, healthy, progressing, type Health } from '../model.ts';

/** Source: resource_customizations/apiextensions.k8s.io/CustomResourceDefinition/health.lua. */
export function definitionHealth(object: KubeObject): Health {
  if (isTerminating(object)) return progressing('CRD is terminating');
  const conditions = conditionsOf(object);
  if (conditions.length === 0) return progressing('Status conditions not found');
  const find = (type: string, status: string) => conditions.find((c) => c.type === type && c.status === status);
  const terminating = find('Terminating', 'True');
  if (terminating) return progressing(`CRD is terminating: ${terminating.message}`);
  const refused = find('NamesAccepted', 'False');
  if (refused) return degraded(`CRD names have not been accepted: ${refused.message}`);
  const violations = find('NonStructuralSchema', 'True');
  if (violations) return degraded(`Schema violations found: ${violations.message}`);
  const established = conditions.find(({ type }) => type === 'Established');
  if (established?.status === 'True') return healthy('CRD is healthy');
  return established?.reason === 'Installing'
    ? progressing('CRD is being installed')
    : degraded('CRD is not established');
}
