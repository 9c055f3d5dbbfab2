import { kindOf, metadataOf, type JsonObject, type KubeObject } from '../../object.ts';
import { at, listAt, textAt } from '../../fields.ts';
import { asCondition } from '../fields.ts';
import { degraded, healthy, progressing, type Health } from '../model.ts';
import { given, isObserved, rawConditionsOf, textOr, type Check, type Checks } from './script.ts';

/** What conditions say against an object, with words before it; undefined: nothing. */
function objection(conditions: readonly JsonObject[], before: string, programming: string): Health | undefined {
  for (const type of ['ResolvedRefs', 'Accepted']) {
    const failed = conditions.find((c) => textAt(c, 'type') === type && textAt(c, 'status') === 'False');
    if (failed) return degraded(before + textOr(failed, 'message', `Failed condition: ${type}`));
  }
  const waiting = conditions.find((c) => textAt(c, 'type') === 'Programmed' && textAt(c, 'status') !== 'True');
  return waiting && progressing(before + textOr(waiting, 'message', programming));
}

/** Source: resource_customizations/gateway.networking.k8s.io/Gateway/health.lua. */
function gatewayHealth(object: KubeObject): Health {
  const listeners = listAt(object, 'status', 'listeners');
  const against = objection(rawConditionsOf(object), '', 'Gateway is still being programmed');
  if (against) return against;
  for (const listener of listeners) {
    const said = objection(listAt(listener, 'conditions'), 'Listener: ', 'Listener is still being programmed');
    if (said) return said;
  }
  return given(object, 'status', 'conditions') || listeners.length > 0
    ? healthy('Gateway is healthy')
    : progressing('Waiting for Gateway status');
}

/** Is what a parent says of this generation? Of an HTTPRoute alone it is asked. */
function isCurrent(object: KubeObject, parent: JsonObject): boolean {
  if (!given(metadataOf(object), 'generation')) return true;
  const conditions = listAt(parent, 'conditions');
  return (
    conditions.length > 0 &&
    conditions.every((c) => !given(c, 'observedGeneration') || isObserved(object, c['observedGeneration']))
  );
}

/** Sources: resource_customizations/gateway.networking.k8s.io/HTTPRoute/health.lua and GRPCRoute/health.lua. */
const routeHealth =
  (counts: (object: KubeObject, parent: JsonObject) => boolean): Check =>
  (object) => {
    const kind = kindOf(object);
    const parents = listAt(object, 'status', 'parents').filter((parent) => counts(object, parent));
    for (const parent of parents) {
      const before = `Parent ${textAt(parent, 'parentRef', 'name')}: `;
      const said = objection(listAt(parent, 'conditions'), before, 'Route is still being programmed');
      if (said) return said;
    }
    return parents.some((parent) => listAt(parent, 'conditions').length > 0)
      ? healthy(`${kind} is healthy`)
      : progressing(`Waiting for ${kind} status`);
  };

/** Source: resource_customizations/gateway.networking.k8s.io/GatewayClass/health.lua. */
function gatewayClassHealth(object: KubeObject): Health {
  const stale = (condition: JsonObject): boolean =>
    given(metadataOf(object), 'generation') &&
    given(condition, 'observedGeneration') &&
    !isObserved(object, condition['observedGeneration']);
  const accepted = rawConditionsOf(object).find((c) => textAt(c, 'type') === 'Accepted' && !stale(c));
  if (!accepted) return progressing('Waiting for GatewayClass status');
  switch (textAt(accepted, 'status')) {
    case 'True':
      return healthy(textOr(accepted, 'message', 'GatewayClass is accepted'));
    case 'False':
      return degraded(textOr(accepted, 'message', 'GatewayClass is not accepted'));
    default:
      return progressing(textOr(accepted, 'message', 'Waiting for GatewayClass status'));
  }
}

/**
 * A policy is as good as what every ancestor says of it. Strict: one that does not tell its generation is stale, and
 * one that does not accept it is against it.
 * Sources: resource_customizations/gateway.networking.k8s.io/BackendTLSPolicy and microgateway.airlock.com.
 */
const policyHealth =
  (strict: boolean): Check =>
  (object) => {
    const kind = kindOf(object);
    const ancestors = listAt(object, 'status', 'ancestors');
    const stale = (condition: JsonObject): boolean =>
      (strict || given(condition, 'observedGeneration')) && !isObserved(object, condition['observedGeneration']);
    const late = ancestors.find((ancestor) => listAt(ancestor, 'conditions').some(stale));
    if (late && given(metadataOf(object), 'generation'))
      return progressing(`Waiting for Ancestor ${nameOf(late)} to update ${kind} status`);
    let health = progressing(`Waiting for ${kind} status`);
    for (const ancestor of ancestors) {
      const conditions = listAt(ancestor, 'conditions').map(asCondition);
      const judged = conditions.filter(({ type }) => type === 'Accepted' || type === 'ResolvedRefs');
      const failed = judged.find(({ status }) => status !== 'True');
      if (failed) return degraded(`Ancestor ${nameOf(ancestor)}: ${failed.message}`);
      if (judged.some(({ type }) => type === 'Accepted')) health = healthy(`${kind} is healthy`);
      else if (strict) health = degraded(`Ancestor ${nameOf(ancestor)}: ${kind} is not accepted`);
    }
    return health;
  };

const nameOf = (ancestor: JsonObject): string => textAt(at(ancestor, 'ancestorRef'), 'name');

const airlockPolicyHealth = policyHealth(true);

/** Source: resource_customizations/microgateway.airlock.com/_/health.lua. */
export const airlockHealth: Check = (object) =>
  kindOf(object).endsWith('Policy') ? airlockPolicyHealth(object) : healthy(`${kindOf(object)} is healthy`);

export const GATEWAY_API: Checks = {
  'gateway.networking.k8s.io/GatewayClass': gatewayClassHealth,
  'gateway.networking.k8s.io/Gateway': gatewayHealth,
  'gateway.networking.k8s.io/HTTPRoute': routeHealth(isCurrent),
  'gateway.networking.k8s.io/GRPCRoute': routeHealth(() => true),
  'gateway.networking.k8s.io/BackendTLSPolicy': policyHealth(false),
};
