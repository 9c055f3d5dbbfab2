import { metadataOf, type KubeObject } from '../../object.ts';
import { at, listAt, textAt } from '../../fields.ts';
import { asCondition, conditionsOf } from '../fields.ts';
import { degraded, healthy, progressing, type Health } from '../model.ts';
import {
  asNumber,
  byPhase,
  given,
  isObserved,
  rawConditionsOf,
  suspended,
  textOr,
  unknown,
  type Check,
  type Checks,
  type Phases,
} from './script.ts';

/**
 * The last condition that counts gives the message. Sources: resource_customizations/keda.sh: what besides a Ready that
 * is false is a failure, and what is said while there is nothing of it.
 */
const scaled =
  (failure: readonly [type: string, status: string], waiting: string): Check =>
  (object) => {
    const counted = conditionsOf(object).filter(
      ({ type, status }) =>
        (type === 'Ready' && (status === 'True' || status === 'False')) ||
        (type === 'Paused' && status === 'True') ||
        (type === failure[0] && status === failure[1]),
    );
    const message = counted.at(-1)?.message;
    const isTrue = (wanted: string): boolean => counted.some((c) => c.type === wanted && c.status === 'True');
    const failed = counted.some(
      ({ type, status }) => (type === 'Ready' && status === 'False') || (type === failure[0] && status === failure[1]),
    );
    if (failed) return degraded(message);
    if (!isTrue('Ready')) return progressing(waiting);
    return isTrue('Paused') ? suspended(message) : healthy(message);
  };

/** Source: resource_customizations/karpenter.sh/NodeClaim/health.lua. */
function nodeClaimHealth(object: KubeObject): Health {
  const observed = at(object, 'status', 'observedGeneration');
  if (given(metadataOf(object), 'generation') && given(observed) && !isObserved(object, observed))
    return progressing('Waiting for NodeClaim spec to be reconciled');
  const find = (type: string, ...statuses: readonly string[]) =>
    conditionsOf(object).find((condition) => condition.type === type && statuses.includes(condition.status));
  const disrupting = find('Disrupting', 'True');
  if (disrupting) return suspended(disrupting.message);
  const ready = find('Ready', 'True', 'False');
  if (ready) return ready.status === 'True' ? healthy(ready.message) : degraded(ready.message);
  if (find('Initialized', 'True')) return progressing('Node initialized, waiting for Ready');
  if (find('Registered', 'True')) return progressing('Node registered, waiting for initialization');
  return find('Launched', 'True')
    ? progressing('Node launched, waiting for registration')
    : progressing('Waiting for NodeClaim to be launched');
}

/** Source: resource_customizations/monitoring.coreos.com/Prometheus/health.lua. */
function prometheusHealth(object: KubeObject): Health {
  const available = rawConditionsOf(object).findLast((condition) => textAt(condition, 'type') === 'Available');
  if (!available) return progressing('Waiting for initialization');
  const { status, reason } = asCondition(available);
  if (status === 'True') return healthy('All instances are available');
  const message = textOr(available, 'message', reason);
  return reason === 'SomePodsNotReady' ? progressing(message) : degraded(message);
}

const ISTIO_NAMES = ['NONE', 'UPDATING', 'RECONCILING', 'HEALTHY', 'ERROR'];
const ISTIO_PHASES: Phases = new Map([
  ['NONE', ['Unknown', 'Component is not present.']],
  ['UPDATING', ['Progressing', 'Component is being updated to a different version.']],
  [
    'RECONCILING',
    ['Progressing', 'Controller has started but not yet completed reconciliation loop for the component.'],
  ],
  ['HEALTHY', ['Healthy', 'Component is healthy.']],
  ['ERROR', ['Degraded', 'Component is in an error state.']],
]);

/** The status is a name, or its number. Source: resource_customizations/install.istio.io/IstioOperator/health.lua. */
function istioOperatorHealth(object: KubeObject): Health {
  const said = at(object, 'status', 'status');
  const name = typeof said === 'number' ? (ISTIO_NAMES[said] ?? '') : textAt(object, 'status', 'status');
  return byPhase(ISTIO_PHASES, name, progressing('Waiting for Istio Control Plane'));
}

const CONTOUR_WAITS = progressing('Waiting for status');

/** Source: resource_customizations/projectcontour.io/HTTPProxy/health.lua. Inclusions wait for one another. */
function httpProxyHealth(object: KubeObject): Health {
  const description = textAt(object, 'status', 'description');
  if (!given(object, 'status', 'conditions'))
    return given(object, 'status', 'currentStatus') ? progressing(description) : CONTOUR_WAITS;
  let health = CONTOUR_WAITS;
  for (const condition of rawConditionsOf(object)) {
    if (!isObserved(object, condition['observedGeneration'])) continue;
    const { type, status } = asCondition(condition);
    if (type === 'Valid' && status === 'True') return healthy(description);
    if (status !== 'False') continue;
    if (given(object, 'spec', 'includes')) health = healthy('HTTPProxy inclusions cannot be health checked');
    else if (type === 'Valid') return degraded(description);
  }
  return health;
}

/** Source: resource_customizations/projectcontour.io/ExtensionService/health.lua. */
function extensionServiceHealth(object: KubeObject): Health {
  for (const condition of rawConditionsOf(object)) {
    const { type, status, message } = asCondition(condition);
    if (type !== 'Valid' || !isObserved(object, condition['observedGeneration'])) continue;
    if (status === 'True') return healthy(message);
    if (status === 'False') return degraded(message);
  }
  return CONTOUR_WAITS;
}

const SEPARATOR = ' --- ';

/** Source: resource_customizations/flagger.app/Canary/health.lua. */
function canaryHealth(object: KubeObject): Health {
  if (!given(object, 'status')) return unknown('No status');
  const weight = asNumber(at(object, 'status', 'canaryWeight')) ?? 0;
  const said = conditionsOf(object).reduce(
    (before, condition) => (before === '' ? '' : before + SEPARATOR) + condition.message,
    weight > 0 ? `Canary Weight: ${weight} %` : '',
  );
  const phase = textAt(object, 'status', 'phase');
  const message = phase + SEPARATOR + said;
  if (phase === 'Failed') return degraded(message);
  if (['Progressing', 'Finalising', 'Promoting'].includes(phase)) return progressing(message);
  return ['Succeeded', 'Initialized'].includes(phase) ? healthy(message) : unknown(message);
}

/** Source: resource_customizations/kyverno.io/Policy/health.lua. */
const kyvernoHealth = (object: KubeObject): Health =>
  conditionsOf(object).some(
    ({ type, status, reason, message }) =>
      type === 'Ready' && status === 'True' && reason === 'Succeeded' && message === 'Ready',
  )
    ? healthy('Policy is ready')
    : progressing('Waiting for Policy to be ready');

/** Source: resource_customizations/route.openshift.io/Route/health.lua. */
function routeHealth(object: KubeObject): Health {
  const waiting = progressing('Route is still getting admitted');
  if (!given(object, 'status', 'ingress')) return waiting;
  const ingress = listAt(object, 'status', 'ingress');
  const admitted = ingress
    .flatMap((each) => listAt(each, 'conditions').map(asCondition))
    .filter(({ type }) => type === 'Admitted');
  if (admitted.filter(({ status }) => status === 'True').length === ingress.length) return healthy('Route is healthy');
  return admitted.some(({ status }) => status === 'False') ? degraded('Route is degraded') : waiting;
}

/** Source: resource_customizations/pulumi.com/Stack/health.lua. */
function stackHealth(object: KubeObject): Health {
  if (!given(object, 'status') || !isObserved(object, at(object, 'status', 'observedGeneration')))
    return progressing('Waiting for the operator to observe the latest spec change');
  const said = conditionsOf(object).find(
    ({ type, status }) => status === 'True' && ['Stalled', 'Reconciling', 'Ready'].includes(type),
  );
  switch (said?.type) {
    case 'Stalled':
      return degraded(said.message);
    case 'Reconciling':
      return progressing(said.message);
    case 'Ready':
      return healthy(said.message);
    default:
      return progressing('Waiting for the stack to be reconciled');
  }
}

const VICTORIA_PHASES: Phases = new Map([
  ['expanding', ['Progressing', 'Reconciliation in progress']],
  ['paused', ['Suspended', 'Reconciliation is paused']],
  ['failed', ['Degraded', 'Reconciliation failed']],
]);

/** Source: resource_customizations/operator.victoriametrics.com/_/health.lua. */
export function victoriaMetricsHealth(object: KubeObject): Health {
  const status = at(object, 'status');
  const observed = at(status, 'observedGeneration');
  const stale = given(metadataOf(object), 'generation') && given(observed) && !isObserved(object, observed);
  if (!given(status) || stale) return progressing('Waiting for the operator to reconcile');
  const phase = textAt(status, 'updateStatus');
  if (phase === 'operational') return healthy('All components are operational');
  if (!VICTORIA_PHASES.has(phase)) return progressing('Waiting for the operator to report status');
  const health = byPhase(VICTORIA_PHASES, phase, progressing());
  return { ...health, message: textAt(status, 'reason') || health.message };
}

export const OPERATORS: Checks = {
  'keda.sh/ScaledObject': scaled(['Fallback', 'True'], 'Creating HorizontalPodAutoscaler Object'),
  'keda.sh/ScaledJob': scaled(['Ready', 'Unknown'], 'Waiting for ScaledJob'),
  'karpenter.sh/NodeClaim': nodeClaimHealth,
  'monitoring.coreos.com/Prometheus': prometheusHealth,
  'install.istio.io/IstioOperator': istioOperatorHealth,
  'projectcontour.io/HTTPProxy': httpProxyHealth,
  'projectcontour.io/ExtensionService': extensionServiceHealth,
  'flagger.app/Canary': canaryHealth,
  'kyverno.io/Policy': kyvernoHealth,
  'route.openshift.io/Route': routeHealth,
  'pulumi.com/Stack': stackHealth,
};
