import type { PatchField, PatchSchema } from '#core/apply/patch';
import type { Kind } from '../sync/cluster.ts';
import { isBuiltInGroup } from './kinds.ts';

/**
 * How the lists of built-in kinds are merged, as the API server of Kubernetes 1.36 tells it in its OpenAPI: for each type
 * `field`, `=strategy,…` where it has one, `@key` where items are told apart by a key, `:Type` where its type stands here.
 */
const TYPES: Readonly<Record<string, string>> = {
  ObjectMeta: 'finalizers=merge ownerReferences=merge@uid',
  PodTemplateSpec: 'metadata:ObjectMeta spec:PodSpec',
  PodSpec: `containers=merge@name:Container ephemeralContainers=merge@name:Container hostAliases=merge@ip
    imagePullSecrets=merge@name initContainers=merge@name:Container resourceClaims=merge,retainKeys@name
    schedulingGates=merge@name topologySpreadConstraints=merge@topologyKey volumes=merge,retainKeys@name:Volume`,
  Container: 'env=merge@name ports=merge@containerPort volumeDevices=merge@devicePath volumeMounts=merge@mountPath',
  Volume: 'ephemeral:EphemeralVolumeSource',
  EphemeralVolumeSource: 'volumeClaimTemplate:PersistentVolumeClaimTemplate',
  PersistentVolumeClaimTemplate: 'metadata:ObjectMeta',
  WithTemplate: 'template:PodTemplateSpec',
  DeploymentSpec: 'strategy=retainKeys template:PodTemplateSpec',
  JobTemplateSpec: 'metadata:ObjectMeta spec:WithTemplate',
  CronJobSpec: 'jobTemplate:JobTemplateSpec',
  ServiceSpec: 'ports=merge@port',
  PodDisruptionBudgetSpec: 'selector=replace',
  Webhook: 'matchConditions=merge@name',
  AdmissionPolicySpec: 'matchConditions=merge@name variables=merge@name',
  CustomResourceDefinitionSpec: 'versions:CustomResourceDefinitionVersion',
  CSINodeSpec: 'drivers=merge@name',
  NodeSpec: 'podCIDRs=merge',
  '/Node': 'spec:NodeSpec',
  '/Pod': 'spec:PodSpec',
  '/PodTemplate': 'template:PodTemplateSpec',
  '/ReplicationController': 'spec:WithTemplate',
  '/Service': 'spec:ServiceSpec',
  '/ServiceAccount': 'secrets=merge@name',
  'admissionregistration.k8s.io/MutatingAdmissionPolicy': 'spec:AdmissionPolicySpec',
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy': 'spec:AdmissionPolicySpec',
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': 'webhooks=merge@name:Webhook',
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': 'webhooks=merge@name:Webhook',
  'apps/DaemonSet': 'spec:WithTemplate',
  'apps/Deployment': 'spec:DeploymentSpec',
  'apps/ReplicaSet': 'spec:WithTemplate',
  'apps/StatefulSet': 'spec:WithTemplate',
  'batch/CronJob': 'spec:CronJobSpec',
  'batch/Job': 'spec:WithTemplate',
  'policy/PodDisruptionBudget': 'spec:PodDisruptionBudgetSpec',
  'storage.k8s.io/CSINode': 'spec:CSINodeSpec',
};

const FIELD = /^([\w-]+)(?:=([\w,]+))?(?:@(\w+))?(?::(\w+))?$/;

/** Maps are merged, lists replaced: so it is of every field that is not told otherwise. */
const PLAIN: PatchField = {
  mergeKey: '',
  strategies: [],
  get schema() {
    return ANY;
  },
};
const ANY: PatchSchema = { name: 'map', field: () => PLAIN };

const schemas = new Map<string, PatchSchema>();

function schemaOf(name: string, further = ''): PatchSchema {
  const known = schemas.get(name);
  if (known) return known;
  const fields = new Map<string, PatchField>();
  const schema: PatchSchema = {
    name: name.slice(name.lastIndexOf('/') + 1),
    field: (key) => fields.get(key) ?? PLAIN,
  };
  schemas.set(name, schema);
  for (const entry of `${TYPES[name] ?? ''} ${further}`.trim().split(/\s+/)) {
    const [, key = '', strategies = '', mergeKey = '', type = ''] = FIELD.exec(entry) ?? [];
    fields.set(key, {
      mergeKey,
      strategies: strategies === '' ? [] : strategies.split(','),
      schema: type === '' ? ANY : schemaOf(type),
    });
  }
  return schema;
}

/** How a kind is merged; undefined for custom resources, which take no strategic merge patch. */
export const mergeSchemaOf = ({ group, kind }: Pick<Kind, 'group' | 'kind'>): PatchSchema | undefined =>
  isBuiltInGroup(group) ? schemaOf(`${group}/${kind}`, 'metadata:ObjectMeta') : undefined;
