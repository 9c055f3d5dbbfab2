import type { JsonObject } from '#core/object';
import { cases, conditions, generation, says, told, type Row } from '../rows.ts';

for (const [kind, waiting] of [
  ['ScaledObject', 'Creating HorizontalPodAutoscaler Object'],
  ['ScaledJob', 'Waiting for ScaledJob'],
] as const)
  cases(`keda.sh/v1alpha1 ${kind}`, {
    'without status': [{}, `Progressing: ${waiting}`],
    ready: [told(says('Ready=True', 'r'), says('Paused=False', 'p')), 'Healthy: r'],
    'not ready': [told(says('Ready=False', 'r'), says('Paused=True', 'p')), 'Degraded: p'],
    paused: [told(says('Ready=True', 'r'), says('Paused=True', 'p')), 'Suspended: p'],
    'paused, not ready yet': [told(says('Paused=True', 'p')), `Progressing: ${waiting}`],
    'falls back': [
      told(says('Ready=True', 'r'), says('Fallback=True', 'f')),
      kind === 'ScaledObject' ? 'Degraded: f' : 'Healthy: r',
    ],
    'not known': [told(says('Ready=Unknown', 'u')), kind === 'ScaledJob' ? 'Degraded: u' : `Progressing: ${waiting}`],
  });

const served = [says('ConfigurationsReady=True'), says('RoutesReady=True'), says('Ready=True')];
cases('serving.knative.dev/v1 Service', {
  'without status': [{}, 'Progressing: Waiting for status update.'],
  'without conditions': [told(), 'Progressing'],
  ready: [told(...served), 'Healthy: Knative Service is healthy.'],
  'one is missing': [told(...served.slice(1)), 'Progressing'],
  failed: [
    told(says('Ready=False/RevisionMissing', 'no image'), says('RoutesReady=Unknown')),
    'Degraded: Ready is False, since RevisionMissing. no image\nRoutesReady is Unknown\n',
  ],
  waits: [told(says('RoutesReady=Unknown', 'soon')), 'Progressing: RoutesReady is Unknown soon\n'],
});
const eventing = [says('Ready=True'), says('InstallSucceeded=True')];
cases('operator.knative.dev/v1beta1 KnativeEventing', {
  'without status': [{}, 'Progressing: Waiting for KnativeEventing'],
  ready: [told(...eventing), 'Healthy: KnativeEventing is healthy.'],
  'not ready': [
    told(says('Ready=False'), says('InstallSucceeded=True')),
    'Progressing: 1: Ready | False\n2: InstallSucceeded | True\n',
  ],
  'not installed': [
    told(says('Ready=True'), says('InstallSucceeded=False')),
    'Degraded: 1: Ready | True\n2: InstallSucceeded | False\n',
  ],
});
cases('operator.knative.dev/v1beta1 KnativeServing', {
  'without status': [{}, 'Progressing: Waiting for KnativeServing'],
  ready: [
    told(...eventing, says('DependenciesInstalled=True'), says('DeploymentsAvailable=True')),
    'Healthy: KnativeServing is healthy.',
  ],
  'not available': [told(says('DeploymentsAvailable=False')), 'Progressing: 1: DeploymentsAvailable | False\n'],
  'not known': [told(says('Odd=Unknown')), 'Progressing: 1: Odd | Unknown\n'],
  'not complete': [told(says('Ready=True')), 'Degraded: 1: Ready | True\n'],
});

cases('monitoring.coreos.com/v1 Prometheus', {
  'without status': [{}, 'Progressing: Waiting for initialization'],
  available: [told(says('Available=True', 'm')), 'Healthy: All instances are available'],
  'some are not': [told(says('Available=Degraded/SomePodsNotReady', 'm')), 'Progressing: m'],
  'none is': [told(says('Available=False/NoPodReady')), 'Degraded: NoPodReady'],
  'the last word counts': [
    told(says('Available=False/NoPodReady'), says('Available=True')),
    'Healthy: All instances are available',
  ],
});

const istio = (status: string | number): Partial<Row> => ({ status: { status } });
cases('install.istio.io/v1alpha1 IstioOperator', {
  'without status': [{}, 'Progressing: Waiting for Istio Control Plane'],
  absent: [istio(0), 'Unknown: Component is not present.'],
  updating: [istio('UPDATING'), 'Progressing: Component is being updated to a different version.'],
  reconciling: [
    istio(2),
    'Progressing: Controller has started but not yet completed reconciliation loop for the component.',
  ],
  healthy: [istio('HEALTHY'), 'Healthy: Component is healthy.'],
  'in error': [istio(4), 'Degraded: Component is in an error state.'],
  'of a status that is not known': [istio(9), 'Progressing: Waiting for Istio Control Plane'],
});

const proxy = (observedGeneration: number, what: string, spec: JsonObject = {}): Partial<Row> => ({
  metadata: generation,
  spec,
  status: { description: 'd', currentStatus: 'x', ...conditions(says(what, 'm', { observedGeneration })) },
});
cases('projectcontour.io/v1 HTTPProxy', {
  'without status': [{}, 'Progressing: Waiting for status'],
  'not reconciled': [{ status: { currentStatus: 'NotReconciled', description: 'd' } }, 'Progressing: d'],
  'of an older generation': [proxy(1, 'Valid=False'), 'Progressing: Waiting for status'],
  valid: [proxy(2, 'Valid=True'), 'Healthy: d'],
  'not valid': [proxy(2, 'Valid=False'), 'Degraded: d'],
  'waits for what it includes': [
    proxy(2, 'Valid=False', { includes: [] }),
    'Healthy: HTTPProxy inclusions cannot be health checked',
  ],
});
cases('projectcontour.io/v1alpha1 ExtensionService', {
  'without status': [{}, 'Progressing: Waiting for status'],
  'of an older generation': [proxy(1, 'Valid=True'), 'Progressing: Waiting for status'],
  valid: [proxy(2, 'Valid=True'), 'Healthy: m'],
  'not valid': [proxy(2, 'Valid=False'), 'Degraded: m'],
});

const flagger = (phase: string, canaryWeight: number, ...list: readonly JsonObject[]): Partial<Row> => ({
  status: { phase, canaryWeight, ...conditions(...list) },
});
cases('flagger.app/v1beta1 Canary', {
  'without status': [{}, 'Unknown: No status'],
  progressing: [
    flagger('Progressing', 10, says('Promoted=Unknown', 'new revision')),
    'Progressing: Progressing --- Canary Weight: 10 % --- new revision',
  ],
  succeeded: [flagger('Succeeded', 0, says('Promoted=True', 'done')), 'Healthy: Succeeded --- done'],
  failed: [flagger('Failed', 0, says('Promoted=False', 'rolled back')), 'Degraded: Failed --- rolled back'],
  waiting: [flagger('Waiting', 0), 'Unknown: Waiting --- '],
});

cases('kyverno.io/v1 Policy', {
  'without status': [{}, 'Progressing: Waiting for Policy to be ready'],
  ready: [told(says('Ready=True/Succeeded', 'Ready')), 'Healthy: Policy is ready'],
  'ready in other words': [told(says('Ready=True/Succeeded', 'ok')), 'Progressing: Waiting for Policy to be ready'],
  'not ready': [told(says('Ready=False/Failed', 'no')), 'Progressing: Waiting for Policy to be ready'],
});

const ingress = (...list: readonly JsonObject[]): Partial<Row> => ({
  status: { ingress: list.map((c) => conditions(c)) },
});
cases('route.openshift.io/v1 Route', {
  'without status': [{}, 'Progressing: Route is still getting admitted'],
  'admitted by all': [ingress(says('Admitted=True'), says('Admitted=True')), 'Healthy: Route is healthy'],
  'refused by one': [ingress(says('Admitted=True'), says('Admitted=False')), 'Degraded: Route is degraded'],
  'waits for one': [ingress(says('Admitted=True'), says('Other=True')), 'Progressing: Route is still getting admitted'],
});

const victoria = (status: JsonObject): Partial<Row> => ({ metadata: generation, status });
cases('operator.victoriametrics.com/v1beta1 VMCluster', {
  'without status': [{}, 'Progressing: Waiting for the operator to reconcile'],
  'not observed': [
    victoria({ observedGeneration: 1, updateStatus: 'failed' }),
    'Progressing: Waiting for the operator to reconcile',
  ],
  'says nothing': [victoria({}), 'Progressing: Waiting for the operator to report status'],
  operational: [
    victoria({ observedGeneration: 2, updateStatus: 'operational', reason: 'r' }),
    'Healthy: All components are operational',
  ],
  expanding: [victoria({ updateStatus: 'expanding' }), 'Progressing: Reconciliation in progress'],
  paused: [victoria({ updateStatus: 'paused', reason: 'r' }), 'Suspended: r'],
  failed: [victoria({ updateStatus: 'failed' }), 'Degraded: Reconciliation failed'],
});

const plan = (state: string | undefined, what: string, more: JsonObject = {}): Partial<Row> => ({
  spec: { installPlanApproval: 'Manual' },
  status: { ...(state === undefined ? {} : { state }), ...more, ...conditions(says(what)) },
});
cases('operators.coreos.com/v1alpha1 Subscription', {
  'without status': [{}, 'Progressing: An install plan for a subscription is pending installation'],
  newest: [
    plan('AtLatestKnown', 'CatalogSourcesUnhealthy=False'),
    "Healthy: 1: CatalogSourcesUnhealthy | False\n.status.state is 'AtLatestKnown'\n",
  ],
  'no state yet': [
    plan(undefined, 'CatalogSourcesUnhealthy=False'),
    'Progressing: 1: CatalogSourcesUnhealthy | False\n.status.state not yet known\n',
  ],
  'no catalog': [
    plan('UpgradePending', 'CatalogSourcesUnhealthy=True'),
    "Degraded: 1: CatalogSourcesUnhealthy | True\n.status.state is 'UpgradePending'\n",
  ],
  'its upgrade failed': [
    plan('UpgradeFailed', 'CatalogSourcesUnhealthy=False'),
    "Degraded: 1: CatalogSourcesUnhealthy | False\n.status.state is 'UpgradeFailed'\n",
  ],
  'its first version waits for approval': [
    plan('UpgradePending', 'InstallPlanPending=True/RequiresApproval'),
    "Progressing: 1: InstallPlanPending | True\n.status.state is 'UpgradePending'\n",
  ],
  'an upgrade waits for approval': [
    plan('UpgradePending', 'InstallPlanPending=True/RequiresApproval', { installedCSV: 'v1' }),
    "Healthy: .status.state is 'UpgradePending' (manual InstallPlan approval pending; treated as healthy)\n",
  ],
  'its plan is gone': [
    plan('AtLatestKnown', 'InstallPlanMissing=True/Odd'),
    "Degraded: 1: InstallPlanMissing | True\n.status.state is 'AtLatestKnown'\n",
  ],
});
