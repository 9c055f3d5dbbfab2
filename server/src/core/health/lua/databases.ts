import { annotationOf, type KubeObject } from '../../object.ts';
import { at, listAt, maybeNumberAt, numberAt, textAt } from '../../fields.ts';
import { conditionsOf } from '../fields.ts';
import { degraded, healthy, progressing, type Health, type HealthStatus } from '../model.ts';
import { byPhase, given, suspended, unknown, type Check, type Checks, type Phases } from './script.ts';

/** The phases of CloudNativePG by what Argo CD makes of them. */
const CNPG_PHASES: Readonly<Partial<Record<HealthStatus, readonly string[]>>> = {
  Healthy: ['Cluster in healthy state'],
  Progressing: [
    'Setting up primary',
    'Creating a new replica',
    'Upgrading cluster',
    'Waiting for the instances to become active',
    'Promoting to primary cluster',
  ],
  Degraded: [
    'Switchover in progress',
    'Failing over',
    'Upgrading Postgres major version',
    'Cluster upgrade delayed',
    'Waiting for user action',
    'Primary instance is being restarted in-place',
    'Primary instance is being restarted without a switchover',
    'Cluster cannot execute instance online upgrade due to missing architecture binary',
    'Online upgrade in progress',
    'Applying configuration',
  ],
  Suspended: [
    'Unable to create required cluster objects',
    'Cluster cannot proceed to reconciliation due to an unknown plugin being required',
    'Cluster has incomplete or invalid image catalog',
    'Cluster is unrecoverable and needs manual intervention',
  ],
};
const CNPG: ReadonlyMap<string, HealthStatus> = new Map(
  (['Healthy', 'Progressing', 'Degraded', 'Suspended'] as const).flatMap((status) =>
    (CNPG_PHASES[status] ?? []).map((phase) => [phase, status] as const),
  ),
);

/** Source: resource_customizations/postgresql.cnpg.io/Cluster/health.lua. */
function cnpgHealth(object: KubeObject): Health {
  if (annotationOf(object, 'cnpg.io/reconciliationLoop') === 'disabled')
    return suspended('Cluster reconciliation is suspended');
  const message = textAt(object, 'status', 'phaseReason');
  if (!given(object, 'status', 'conditions')) return progressing(message);
  const hibernation = conditionsOf(object).find(({ type }) => type === 'cnpg.io/hibernation');
  if (hibernation)
    return hibernation.status === 'True' ? suspended(hibernation.message) : degraded(hibernation.message);
  return { status: CNPG.get(textAt(object, 'status', 'phase')) ?? 'Unknown', message };
}

/** Source: resource_customizations/acid.zalan.do/postgresql/health.lua. */
function zalandoHealth(object: KubeObject): Health {
  if (!given(object, 'status', 'PostgresClusterStatus')) return progressing('Waiting for postgres cluster status...');
  const said = textAt(object, 'status', 'PostgresClusterStatus');
  if (said === 'Running') return healthy(said);
  return said === 'Creating' || said === 'Updating' ? progressing(said) : degraded(said);
}

const BUG =
  'Ensure your ArgoCD is current and then check for/file a bug report: https://github.com/argoproj/argo-cd/issues';
const INDICES = 'Check the status of indices, replicas and shards';

const ELASTIC_COLORS: Phases = new Map([
  ['green', ['Healthy', 'Elasticsearch Cluster status is Green']],
  ['yellow', ['Progressing', `Elasticsearch Cluster status is Yellow. ${INDICES}`]],
  ['red', ['Degraded', `Elasticsearch Cluster status is Red. ${INDICES}`]],
]);
const ELASTIC_PHASES: Phases = new Map([
  ['ApplyingChanges', ['Progressing', 'Elasticsearch phase is ApplyingChanges']],
  ['MigratingData', ['Progressing', 'Elasticsearch phase is MigratingData']],
  ['Invalid', ['Degraded', 'Elasticsearch phase is Invalid']],
]);

/** Source: resource_customizations/elasticsearch.k8s.elastic.co/Elasticsearch/health.lua. */
function elasticsearchHealth(object: KubeObject): Health {
  const otherwise = unknown(`Elasticsearch Cluster status is unknown. ${BUG}`);
  const available = maybeNumberAt(object, 'status', 'availableNodes');
  if (available === undefined) return otherwise;
  const wanted = listAt(object, 'spec', 'nodeSets').reduce((sum, set) => sum + numberAt(set, 'count'), 0);
  if (available < wanted)
    return progressing(`The desired amount of availableNodes is ${wanted} but the current amount is ${available}`);
  if (available > wanted || !given(object, 'status', 'health')) return otherwise;
  const phase = textAt(object, 'status', 'phase');
  return phase === 'Ready'
    ? byPhase(ELASTIC_COLORS, textAt(object, 'status', 'health'), otherwise)
    : byPhase(ELASTIC_PHASES, phase, otherwise);
}

/** Source: resource_customizations/beat.k8s.elastic.co/Beat/health.lua. */
function beatHealth(object: KubeObject): Health {
  const status = at(object, 'status');
  const waiting = progressing('Elastic Beat phase is progressing');
  const expected = maybeNumberAt(status, 'expectedNodes');
  const available = maybeNumberAt(status, 'availableNodes');
  if (!given(status, 'health') && given(status, 'expectedNodes')) return waiting;
  switch (textAt(status, 'health')) {
    case 'red':
      return degraded('Elastic Beat status is Red');
    case 'green':
      return healthy('Elastic Beat status is Green');
    case 'yellow':
      return available === undefined || expected === undefined
        ? waiting
        : progressing(`Elastic Beat status is deploying, there is ${available} instance(s) on ${expected} expected`);
    default:
      return unknown(`Elastic Beat status is unknown. ${BUG}`);
  }
}

/** Source: resource_customizations/rabbitmq.com/RabbitmqCluster/health.lua. */
function rabbitClusterHealth(object: KubeObject): Health {
  const conditions = conditionsOf(object);
  const failed = conditions.find(({ type, status }) => type === 'ReconcileSuccess' && status === 'False');
  if (failed) return degraded(failed.message);
  const statusOf = (wanted: string) => conditions.findLast(({ type }) => type === wanted)?.status;
  const available = statusOf('ClusterAvailable');
  const ready = statusOf('AllReplicasReady');
  if (available === 'Unknown' || ready === 'Unknown')
    return progressing('Waiting for RabbitMQ cluster readiness (conditions unknown)');
  if (available === 'False') return progressing('Waiting for RabbitMQ cluster formation');
  if (ready === 'False') return progressing('Waiting for RabbitMQ instances ready');
  return available === 'True' && ready === 'True'
    ? healthy('RabbitMQ cluster ready')
    : progressing('Waiting for RabbitMQ Operator');
}

const MINIO_BROKEN: ReadonlySet<string> = new Set([
  'Statefulset not controlled by operator',
  'Another MinIO Tenant already exists in the namespace',
  'Tenant credentials are not set properly',
  'Different versions across MinIO Pools',
  'Pool Decommissioning Not Allowed',
]);

/** Source: resource_customizations/minio.min.io/Tenant/health.lua. */
function minioHealth(object: KubeObject): Health {
  if (!given(object, 'status', 'currentState')) return progressing('No status info available');
  const state = textAt(object, 'status', 'currentState');
  if (state === 'Initialized') return healthy(state);
  return MINIO_BROKEN.has(state) ? degraded(state) : progressing(state);
}

/** The first condition that is false decides. Sources: resource_customizations/k8s.mariadb.com and mariadb.mmontes.io. */
const mariaDb: Check = (object) => {
  if (!given(object, 'status', 'conditions')) return progressing('No status info available');
  const conditions = conditionsOf(object);
  const failed = conditions.find(({ status }) => status === 'False');
  if (!failed) return healthy(conditions.at(-1)?.message);
  return failed.reason === 'Failed' ? degraded(failed.message) : progressing(failed.message);
};

export const DATABASES: Checks = {
  'postgresql.cnpg.io/Cluster': cnpgHealth,
  'acid.zalan.do/postgresql': zalandoHealth,
  'elasticsearch.k8s.elastic.co/Elasticsearch': elasticsearchHealth,
  'beat.k8s.elastic.co/Beat': beatHealth,
  'rabbitmq.com/RabbitmqCluster': rabbitClusterHealth,
  'minio.min.io/Tenant': minioHealth,
  'k8s.mariadb.com/MariaDB': mariaDb,
  'mariadb.mmontes.io/MariaDB': mariaDb,
};
