import { at, listAt, objectAt } from '#core/fields';
import { equal } from '#core/json';
import { groupOf, isObject, kindOf, type Json, type JsonObject, type KubeObject } from '#core/object';
import { textOf, without } from '../sync/json.ts';
import { invalidValue, type Cause } from './causes.ts';

/** Fields that may not change once the object is there, by `group/Kind`, in the order in which the server names them. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  'batch/Job': [
    ...['spec.completions', 'spec.selector', 'spec.template', 'spec.completionMode', 'spec.podFailurePolicy'],
    ...['spec.backoffLimitPerIndex', 'spec.managedBy', 'spec.successPolicy'],
  ],
  'apps/Deployment': ['spec.selector'],
  'apps/ReplicaSet': ['spec.selector'],
  'apps/DaemonSet': ['spec.selector'],
  'storage.k8s.io/StorageClass': ['parameters', 'provisioner', 'reclaimPolicy', 'volumeBindingMode'],
  '/Secret': ['type'],
  '/ResourceQuota': ['spec.scopes'],
  'networking.k8s.io/IngressClass': ['spec.controller'],
  'node.k8s.io/RuntimeClass': ['handler'],
  'discovery.k8s.io/EndpointSlice': ['addressType'],
  'apiextensions.k8s.io/CustomResourceDefinition': ['spec.scope'],
};

/** What may be changed of a StatefulSet. */
const STATEFUL_SET = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];
const STATEFUL_SET_WORDS =
  "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";

/** Everything of a PersistentVolume but its source. */
const VOLUME = [
  ...['capacity', 'accessModes', 'claimRef', 'persistentVolumeReclaimPolicy', 'storageClassName', 'mountOptions'],
  ...['volumeMode', 'nodeAffinity', 'volumeAttributesClassName'],
];
const VOLUME_WORDS = 'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation';
const CLAIM_WORDS =
  'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';
const POD_WORDS =
  'spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

/**
 * Why an object must not be changed in this way, in the words of the API server of Kubernetes 1.36. Where the server shows
 * a difference beside them, this does not.
 */
export function changeCauses(current: KubeObject, next: KubeObject): Cause[] {
  const kind = `${groupOf(next)}/${kindOf(next)}`;
  const causes = (FIELDS[kind] ?? []).flatMap((path) => {
    const [before, after] = [current, next].map((object) => at(object, ...path.split('.')));
    return equal(before, after) ? [] : [invalidValue(path, after, 'field is immutable')];
  });
  const others = MORE[kind];
  return others ? [...causes, ...others(current, next)] : causes;
}

const MORE: Readonly<Record<string, (current: KubeObject, next: KubeObject) => Cause[]>> = {
  '/ConfigMap': sealedCauses,
  '/Secret': sealedCauses,
  '/Pod': podCauses,
  '/Service': addressCauses,
  '/PersistentVolumeClaim': claimCauses,
  '/PersistentVolume': (current, next) => (equal(rest(current, VOLUME), rest(next, VOLUME)) ? [] : [VOLUME_WORDS]),
  'apps/StatefulSet': (current, next) =>
    equal(rest(current, STATEFUL_SET), rest(next, STATEFUL_SET)) ? [] : [STATEFUL_SET_WORDS],
  'scheduling.k8s.io/PriorityClass': ({ value }, next) =>
    equal(value, next['value']) ? [] : ['value: Forbidden: may not be changed in an update.'],
  'rbac.authorization.k8s.io/RoleBinding': roleCauses,
  'rbac.authorization.k8s.io/ClusterRoleBinding': roleCauses,
};

const rest = (object: KubeObject, keys: readonly string[]): JsonObject => without(objectAt(object, 'spec'), ...keys);

/** A ConfigMap or Secret that says `immutable: true`. */
function sealedCauses(current: KubeObject, next: KubeObject): Cause[] {
  if (current['immutable'] !== true) return [];
  const said = (field: string): Cause => `${field}: Forbidden: field is immutable when \`immutable\` is set`;
  if (next['immutable'] !== true) return [said('immutable')];
  return ['data', 'binaryData'].filter((field) => !equal(current[field], next[field])).map(said);
}

function podCauses(current: KubeObject, next: KubeObject): Cause[] {
  const count = (pod: KubeObject): number => listAt(pod, 'spec', 'containers').length;
  if (count(current) !== count(next))
    return ['spec.containers: Forbidden: pod updates may not add or remove containers'];
  return equal(fixedOf(current), fixedOf(next)) ? [] : [POD_WORDS];
}

/** What may not change of a pod. */
function fixedOf(pod: KubeObject): JsonObject {
  const spec = rest(pod, ['activeDeadlineSeconds', 'tolerations', 'terminationGracePeriodSeconds']);
  const plain = (value: Json | undefined): Json =>
    Array.isArray(value) ? value.map((one) => (isObject(one) ? { ...one, image: '' } : one)) : [];
  return { ...spec, containers: plain(spec['containers']), initContainers: plain(spec['initContainers']) };
}

function addressCauses(current: KubeObject, next: KubeObject): Cause[] {
  const [before, after] = [current, next].map((object) => textOf(at(object, 'spec', 'clusterIP')));
  if (before === '' || after === '' || before === after) return [];
  return [invalidValue('spec.clusterIPs[0]', [after ?? ''], 'may not change once set')];
}

function claimCauses(current: KubeObject, next: KubeObject): Cause[] {
  const bound = at(current, 'status', 'phase') === 'Bound';
  const free = bound ? ['resources', 'volumeAttributesClassName'] : [];
  return equal(rest(current, free), rest(next, free)) ? [] : [CLAIM_WORDS];
}

function roleCauses(current: KubeObject, next: KubeObject): Cause[] {
  if (equal(current['roleRef'], next['roleRef'])) return [];
  const { apiGroup = '', kind = '', name = '' } = objectAt(next, 'roleRef');
  return [invalidValue('roleRef', { APIGroup: apiGroup, Kind: kind, Name: name }, 'cannot change roleRef')];
}
