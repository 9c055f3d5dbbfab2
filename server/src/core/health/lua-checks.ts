import { groupOf, kindOf, type KubeObject } from '../object.ts';
import { at } from '../fields.ts';
import { conditionsOf } from './fields.ts';
import { hasLuaCheck } from './kinds.ts';
import * as argo from './lua/argo.ts';
import { cronJobHealth } from './lua/batch.ts';
import * as conditions from './lua/conditions.ts';
import { definitionHealth } from './lua/custom-resource-definition.ts';
import * as jobs from './lua/jobs.ts';
import * as operators from './lua/operators.ts';
import { budgetHealth } from './lua/pod-disruption-budget.ts';
import { healthy, progressing, type Health } from './model.ts';

type Check = (object: KubeObject) => Health;

/** By `group/Kind`. Source: argo-cd resource_customizations. */
const CHECKS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['batch/CronJob', cronJobHealth],
  ['apiextensions.k8s.io/CustomResourceDefinition', definitionHealth],
  ['policy/PodDisruptionBudget', budgetHealth],
  ['argoproj.io/AnalysisRun', argo.analysisRunHealth],
  ['argoproj.io/Experiment', argo.experimentHealth],
  ['argoproj.io/CronWorkflow', argo.cronWorkflowHealth],
  ['argoproj.io/ApplicationSet', argo.applicationSetHealth],
  ['argoproj.io/Rollout', argo.rolloutHealth],
  ['cert-manager.io/Certificate', conditions.certificateHealth],
  ['cert-manager.io/Issuer', conditions.issuerHealth],
  ['cert-manager.io/ClusterIssuer', conditions.issuerHealth],
  ['external-secrets.io/ExternalSecret', conditions.externalSecretHealth],
  ['external-secrets.io/SecretStore', conditions.secretStoreHealth],
  ['bitnami.com/SealedSecret', conditions.sealedSecretHealth],
  ['snapshot.storage.k8s.io/VolumeSnapshot', jobs.volumeSnapshotHealth],
  ['apps.kruise.io/BroadcastJob', jobs.broadcastJobHealth],
  ['tower.ansible.com/AnsibleJob', jobs.ansibleJobHealth],
  ['k8s.mariadb.com/SqlJob', jobs.sqlJobHealth],
  ['db.atlasgo.io/AtlasMigration', jobs.atlasMigrationHealth],
  ['cdi.kubevirt.io/DataVolume', jobs.dataVolumeHealth],
  ['serving.knative.dev/Service', operators.knativeServiceHealth],
  ['keda.sh/ScaledObject', operators.scaledObjectHealth],
  ['gateway.networking.k8s.io/Gateway', operators.gatewayHealth],
  ['gateway.networking.k8s.io/HTTPRoute', operators.routeHealth],
  ['gateway.networking.k8s.io/GRPCRoute', operators.routeHealth],
]);

/** Groups whose every kind has one check, by the end of the group. */
const FAMILIES: readonly (readonly [string, Check])[] = [
  ['.crossplane.io', operators.crossplaneHealth],
  ['.upbound.io', operators.crossplaneHealth],
  ['.cnrm.cloud.google.com', operators.configConnectorHealth],
];

/** What Argo CD's built-in check in Lua says of an object; null where its kind has none. */
export function luaHealth(object: KubeObject): Health | null {
  const group = groupOf(object);
  const kind = kindOf(object);
  const own = CHECKS.get(`${group}/${kind}`) ?? FAMILIES.find(([end]) => group.endsWith(end))?.[1];
  if (own) return own(object);
  return hasLuaCheck({ group, kind }) ? commonHealth(object) : null;
}

/**
 * Stands for the scripts that are not written here one by one: nearly all of them wait for a status, and then for the
 * condition Ready. It never says Degraded, which would fail a sync on a guess.
 */
function commonHealth(object: KubeObject): Health {
  if (at(object, 'status') === undefined) return progressing('Waiting for status');
  const ready = conditionsOf(object).find(({ type }) => type === 'Ready');
  return !ready || ready.status === 'True' ? healthy(ready?.message) : progressing(ready.message);
}
