import type { JsonObject } from '#core/object';
import { cases, conditions, says, told, type Row } from '../rows.ts';

const cnpg = (phase: string, ...list: readonly JsonObject[]): Partial<Row> => ({
  status: { phase, phaseReason: 'why', ...conditions(...list) },
});
cases('postgresql.cnpg.io/v1 Cluster', {
  'without status': [{}, 'Progressing'],
  'without conditions': [{ status: { phase: 'Failing over', phaseReason: 'why' } }, 'Progressing: why'],
  'switched off': [
    { metadata: { annotations: { 'cnpg.io/reconciliationLoop': 'disabled' } }, ...cnpg('Failing over') },
    'Suspended: Cluster reconciliation is suspended',
  ],
  hibernating: [cnpg('Failing over', says('cnpg.io/hibernation=True', 'asleep')), 'Suspended: asleep'],
  'going to hibernate': [cnpg('Cluster in healthy state', says('cnpg.io/hibernation=False', 'soon')), 'Degraded: soon'],
  healthy: [cnpg('Cluster in healthy state'), 'Healthy: why'],
  'being set up': [cnpg('Setting up primary'), 'Progressing: why'],
  'failing over': [cnpg('Failing over'), 'Degraded: why'],
  'beyond repair': [cnpg('Cluster is unrecoverable and needs manual intervention'), 'Suspended: why'],
  'in a phase that is not known': [cnpg('toString'), 'Unknown: why'],
});

const zalando = (PostgresClusterStatus: string): Partial<Row> => ({ status: { PostgresClusterStatus } });
cases('acid.zalan.do/v1 postgresql', {
  'without status': [{}, 'Progressing: Waiting for postgres cluster status...'],
  running: [zalando('Running'), 'Healthy: Running'],
  'being created': [zalando('Creating'), 'Progressing: Creating'],
  'being updated': [zalando('Updating'), 'Progressing: Updating'],
  failed: [zalando('SyncFailed'), 'Degraded: SyncFailed'],
});

const BUG =
  'Ensure your ArgoCD is current and then check for/file a bug report: https://github.com/argoproj/argo-cd/issues';
const elastic = (status: JsonObject): Partial<Row> => ({
  spec: { nodeSets: [{ count: 1 }, { count: 2 }] },
  status: { availableNodes: 3, ...status },
});
const indices = 'Check the status of indices, replicas and shards';
cases('elasticsearch.k8s.elastic.co/v1 Elasticsearch', {
  'without status': [{}, `Unknown: Elasticsearch Cluster status is unknown. ${BUG}`],
  'nodes are missing': [
    elastic({ availableNodes: 1, phase: 'Ready', health: 'green' }),
    'Progressing: The desired amount of availableNodes is 3 but the current amount is 1',
  ],
  'too many nodes': [
    elastic({ availableNodes: 4, phase: 'Ready', health: 'green' }),
    `Unknown: Elasticsearch Cluster status is unknown. ${BUG}`,
  ],
  green: [elastic({ phase: 'Ready', health: 'green' }), 'Healthy: Elasticsearch Cluster status is Green'],
  yellow: [
    elastic({ phase: 'Ready', health: 'yellow' }),
    `Progressing: Elasticsearch Cluster status is Yellow. ${indices}`,
  ],
  red: [elastic({ phase: 'Ready', health: 'red' }), `Degraded: Elasticsearch Cluster status is Red. ${indices}`],
  changing: [
    elastic({ phase: 'ApplyingChanges', health: 'red' }),
    'Progressing: Elasticsearch phase is ApplyingChanges',
  ],
  invalid: [elastic({ phase: 'Invalid', health: 'red' }), 'Degraded: Elasticsearch phase is Invalid'],
});

cases('beat.k8s.elastic.co/v1beta1 Beat', {
  'without status': [{}, `Unknown: Elastic Beat status is unknown. ${BUG}`],
  expected: [{ status: { expectedNodes: 2 } }, 'Progressing: Elastic Beat phase is progressing'],
  green: [{ status: { health: 'green' } }, 'Healthy: Elastic Beat status is Green'],
  red: [{ status: { health: 'red' } }, 'Degraded: Elastic Beat status is Red'],
  yellow: [
    { status: { health: 'yellow', availableNodes: 1, expectedNodes: 2 } },
    'Progressing: Elastic Beat status is deploying, there is 1 instance(s) on 2 expected',
  ],
  'yellow, without numbers': [{ status: { health: 'yellow' } }, 'Progressing: Elastic Beat phase is progressing'],
});

cases('rabbitmq.com/v1beta1 RabbitmqCluster', {
  'without status': [{}, 'Progressing: Waiting for RabbitMQ Operator'],
  'not reconciled': [told(says('ClusterAvailable=True'), says('ReconcileSuccess=False', 'no')), 'Degraded: no'],
  'not known': [
    told(says('ClusterAvailable=Unknown'), says('AllReplicasReady=False')),
    'Progressing: Waiting for RabbitMQ cluster readiness (conditions unknown)',
  ],
  'not available': [
    told(says('ClusterAvailable=False'), says('AllReplicasReady=False')),
    'Progressing: Waiting for RabbitMQ cluster formation',
  ],
  'not all there': [
    told(says('ClusterAvailable=True'), says('AllReplicasReady=False')),
    'Progressing: Waiting for RabbitMQ instances ready',
  ],
  ready: [told(says('ClusterAvailable=True'), says('AllReplicasReady=True')), 'Healthy: RabbitMQ cluster ready'],
});

const minio = (currentState: string): Partial<Row> => ({ status: { currentState } });
cases('minio.min.io/v2 Tenant', {
  'without status': [{}, 'Progressing: No status info available'],
  initialized: [minio('Initialized'), 'Healthy: Initialized'],
  provisioning: [minio('Provisioning Statefulset'), 'Progressing: Provisioning Statefulset'],
  broken: [minio('Pool Decommissioning Not Allowed'), 'Degraded: Pool Decommissioning Not Allowed'],
  'in a state that is not known': [minio('Odd'), 'Progressing: Odd'],
});

for (const kind of ['k8s.mariadb.com/v1alpha1 MariaDB', 'mariadb.mmontes.io/v1alpha1 MariaDB'])
  cases(kind, {
    'without status': [{}, 'Progressing: No status info available'],
    ready: [told(says('Ready=True', 'a'), says('BackupRestored=True', 'b')), 'Healthy: b'],
    'not ready': [told(says('Ready=False/Waiting', 'a'), says('BackupRestored=True', 'b')), 'Progressing: a'],
    failed: [told(says('Ready=True', 'a'), says('BackupRestored=False/Failed', 'b')), 'Degraded: b'],
  });
