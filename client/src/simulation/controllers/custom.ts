import { groupOf, isObject, isTerminating, kindOf, nameOf, type KubeObject } from '#core/object';
import type { HealthResult } from '#core/health/model';
import { hasHealthCheck } from '#core/health/kinds';
import { at } from '../../sync/json.ts';
import { isBuiltInGroup } from '../kinds.ts';
import { ruleFor, type ObjectRule } from '../scenario.ts';
import { keyOfObject } from '../store.ts';
import type { World } from '../world.ts';
import { generationOf } from './pods-of.ts';

const ruleOf = (object: KubeObject, { scenario }: World): Omit<ObjectRule, 'name'> =>
  ruleFor(scenario, [{ kind: kindOf(object), name: nameOf(object), generateName: '' }]);

/**
 * Custom resources whose kind has a health check have no controller here that would know their status: after its time
 * this one says that it has seen the generation, and `customHealth` takes that for its end.
 */
export function reconcileCustom(object: KubeObject, world: World): void {
  if (isTerminating(object) || !hasHealthCheck({ group: groupOf(object), kind: kindOf(object) })) return;
  const generation = generationOf(object);
  if (at(object['status'], 'observedGeneration') === generation) return;
  const rule = ruleOf(object, world);
  const after = rule.after ?? world.scenario.custom;
  if (after === null || rule.outcome === 'hang' || rule.outcome === 'pending')
    return world.explain(object, 'the scenario never lets it become healthy');
  const left = world.since(object) + after - world.clock.now();
  if (left > 0) return world.enqueue(keyOfObject(object), left);
  const status = isObject(object['status']) ? object['status'] : {};
  world.store.setStatus(object, { ...status, observedGeneration: generation });
}

/** Health of an object: that of its check, or for custom resources what the scenario says. */
export function customHealth(object: KubeObject, health: HealthResult, world: World): HealthResult {
  if (health === null || isBuiltInGroup(groupOf(object)) || isTerminating(object)) return health;
  if (at(object['status'], 'observedGeneration') !== generationOf(object))
    return { status: 'Progressing', message: 'the simulation has no controller for it' };
  const { outcome } = ruleOf(object, world);
  return outcome === undefined || outcome === 'succeed' || outcome === 'refused'
    ? { status: 'Healthy', message: '' }
    : { status: 'Degraded', message: 'the scenario lets it fail' };
}
