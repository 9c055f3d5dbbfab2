import { hasHealthCheck } from '#core/health/kinds';
import { generateNameOf, groupOf, kindOf, nameOf, type KubeObject } from '#core/object';
import { resourceNamed } from './admission.ts';
import type { Refusal } from './causes.ts';
import { isBuiltInGroup, type ApiResource } from './kinds.ts';
import { ruleFor, type Scenario } from './scenario.ts';

/** Kinds that come to their end, or to be ready, through pods: these are what fails or hangs. */
const WITH_PODS: ReadonlySet<string> = new Set([
  'batch/Job',
  '/Pod',
  'apps/Deployment',
  'apps/ReplicaSet',
  'apps/StatefulSet',
  'apps/DaemonSet',
]);

/**
 * Can a scenario let an object of this kind fail, or hang, after it was applied? Of all others only the apply can fail:
 * they have no health, or nothing of what they wait for is the scenario's.
 */
export const canFailAfterApply = ({ group, kind }: { readonly group: string; readonly kind: string }): boolean =>
  WITH_PODS.has(`${group}/${kind}`) || (!isBuiltInGroup(group) && hasHealthCheck({ group, kind }));

/** Why the scenario refuses that an object is written; undefined: it does not. */
export function refusedBy(scenario: Scenario, object: KubeObject, resource: ApiResource): Refusal | undefined {
  const [kind, name, generateName] = [kindOf(object), nameOf(object), generateNameOf(object)];
  const { outcome } = ruleFor(scenario, [{ kind, name, generateName }]);
  const isRefused =
    outcome === 'refused' || (outcome === 'fail' && !canFailAfterApply({ group: groupOf(object), kind }));
  if (!isRefused) return undefined;
  return { error: `${resourceNamed(resource, name)} is forbidden: the scenario refuses it`, reason: 'Forbidden' };
}
