import { kindOf, type KubeObject } from '../../object.ts';
import { at, listAt, objectAt } from '../../fields.ts';
import { asCondition, conditionsOf } from '../fields.ts';
import { degraded, healthy, progressing, type Health } from '../model.ts';
import { given, isObserved, suspended, type Check, type Checks } from './script.ts';

const CROSSPLANE_GOOD = ['Ready', 'Healthy', 'Offered', 'Established', 'ValidPipeline', 'RevisionHealthy'];
const UPBOUND_BARE = ['ClusterProviderConfig', 'ProviderConfig', 'ProviderConfigUsage'];
const CROSSPLANE_BARE = [
  ...UPBOUND_BARE,
  'Composition',
  'CompositionRevision',
  'DeploymentRuntimeConfig',
  'ControllerConfig',
];

/** Sources: resource_customizations/_.crossplane.io and _.upbound.io: kinds without a status, conditions that are good. */
const crossplane =
  (bare: readonly string[], good: readonly string[]): Check =>
  (object) => {
    const kind = kindOf(object);
    const empty = Object.keys(objectAt(object, 'status')).length === 0;
    if (!given(object, 'status') || (empty && bare.includes(kind))) return healthy('Resource is up-to-date.');
    const configuration = kind === 'ProviderConfig' || kind === 'ClusterProviderConfig';
    if (!given(object, 'status', 'conditions') && configuration && given(object, 'status', 'users'))
      return healthy('Resource is in use.');
    const conditions = conditionsOf(object);
    const failed = conditions.find(
      ({ type, status }) => (type === 'LastAsyncOperation' || type === 'Synced') && status === 'False',
    );
    if (failed) return degraded(failed.message);
    return conditions.some(({ type, status }) => good.includes(type) && status === 'True')
      ? healthy('Resource is up-to-date.')
      : progressing('Provisioning ...');
  };

export const crossplaneHealth = crossplane(CROSSPLANE_BARE, CROSSPLANE_GOOD);
export const upboundHealth = crossplane(UPBOUND_BARE, ['Ready']);

/** Source: resource_customizations/*.aws.crossplane.io; what each script calls its kind. */
const managed =
  (what: string): Check =>
  (object) => {
    if (!given(object, 'status', 'conditions')) return progressing(`Waiting for ${what} to be created`);
    const conditions = conditionsOf(object);
    const ready = conditions.findLast(({ type }) => type === 'Ready');
    const syncs = conditions.filter(({ type }) => type === 'Synced');
    const synced = syncs.at(-1)?.status === 'True';
    const paused = syncs.some(({ reason }) => reason === 'ReconcilePaused');
    if (synced && ready?.status === 'True') return healthy(ready.reason);
    if (!synced && paused) return suspended('ReconcilePaused');
    return synced && !paused
      ? progressing(`Waiting for ${what} to be available`)
      : degraded(syncs.findLast(({ reason }) => reason === 'ReconcileError')?.message);
  };

/** Source: resource_customizations/pkg.crossplane.io/Provider/health.lua. */
function providerHealth(object: KubeObject): Health {
  if (!given(object, 'status', 'conditions')) return progressing('Waiting for provider to be installed');
  const conditions = conditionsOf(object);
  const two = ['Installed', 'Healthy'].map((wanted) => conditions.findLast(({ type }) => type === wanted));
  const message = two.map((condition) => condition?.reason ?? '').join(' ');
  return two.every((condition) => condition?.status === 'True') ? healthy(message) : degraded(message);
}

/** Source: resource_customizations/stacks.crossplane.io/ClusterStackInstall/health.lua. */
function stackInstallHealth(object: KubeObject): Health {
  const ready = listAt(object, 'status', 'conditionedStatus', 'conditions')
    .map(asCondition)
    .filter(({ type }) => type === 'Ready');
  const good = ready.find(({ status }) => status === 'True');
  return good ? healthy(good.reason) : progressing(ready.at(-1)?.reason ?? 'Waiting for stack to be installed');
}

/** Source: resource_customizations/_.cnrm.cloud.google.com/_/health.lua. */
export function configConnectorHealth(object: KubeObject): Health {
  const status = at(object, 'status');
  const update = progressing('Update in progress');
  if (given(status, 'observedGeneration') && !isObserved(object, at(status, 'observedGeneration'))) return update;
  const kind = kindOf(object);
  if ((kind === 'ConfigConnector' || kind === 'ConfigConnectorContext') && given(status, 'healthy'))
    return at(status, 'healthy') === true ? healthy(`${kind} is healthy`) : degraded(`${kind} is not healthy`);
  for (const { reason, status: is, message } of conditionsOf(object)) {
    if (reason === 'UpToDate' && is === 'True') return healthy(message);
    if (reason === 'UpdateFailed' || reason === 'DependencyNotFound') return degraded(message);
    if (reason === 'DependencyNotReady') return suspended(message);
  }
  return update;
}

/** Source: resource_customizations/_.services.k8s.aws/_/health.lua. */
export function awsControllerHealth(object: KubeObject): Health {
  for (const { type, status, message } of conditionsOf(object)) {
    if (type === 'ACK.Terminal' && status === 'True') return degraded(message);
    if (type === 'Ready' && status === 'False') return progressing(message);
    if (type === 'Ready' && status === 'True') return healthy();
  }
  return progressing('Waiting for resource to be ready');
}

export const CLOUDS: Checks = {
  'cloudfront.aws.crossplane.io/Distribution': managed('distribution'),
  'iam.aws.crossplane.io/Policy': managed('Policy'),
  'iam.aws.crossplane.io/Role': managed('Role'),
  'iam.aws.crossplane.io/RolePolicyAttachment': managed('RolePolicyAttachment'),
  'rds.aws.crossplane.io/DBCluster': managed('DBCluster'),
  'rds.aws.crossplane.io/DBInstance': managed('DBInstance'),
  'route53.aws.crossplane.io/ResourceRecordSet': managed('resourcrecordset'),
  's3.aws.crossplane.io/Bucket': managed('Bucket'),
  'pkg.crossplane.io/Provider': providerHealth,
  'stacks.crossplane.io/ClusterStackInstall': stackInstallHealth,
};
