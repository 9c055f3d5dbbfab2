import { objectAt } from '#core/fields';
import { writeJson } from '#core/json';
import { podReferences, podSpecOf } from '#core/plan/references';
import {
  generateNameOf,
  groupOf,
  isObject,
  isTerminating,
  kindOf,
  nameOf,
  namespaceOf,
  type Json,
  type KubeObject,
} from '#core/object';
import { at, equal, textOf } from '../sync/json.ts';
import type { ApiResource } from './kinds.ts';
import type { Store } from './store.ts';

/** Why the API server refuses a request; `reason` is that of its status object. */
export interface Refusal {
  readonly error: string;
  readonly reason: string;
}

/** `Job.batch "migrate"`, as the API server names an object in its messages. */
const named = (object: KubeObject): string =>
  `${kindOf(object)}${groupOf(object) === '' ? '' : `.${groupOf(object)}`} "${nameOf(object)}"`;

const invalid = (object: KubeObject, field: string, problem: string): Refusal => ({
  error: `${named(object)} is invalid: ${field}: ${problem}`,
  reason: 'Invalid',
});

/** `jobs.batch "migrate"`, as it names a resource. */
export const resourceNamed = ({ plural, group }: ApiResource, name: string): string =>
  `${plural}${group === '' ? '' : `.${group}`} "${name}"`;

export const notFound = (resource: ApiResource, name: string): Refusal => ({
  error: `${resourceNamed(resource, name)} not found`,
  reason: 'NotFound',
});

export const conflict = (resource: ApiResource, object: KubeObject): Refusal => {
  const why = 'the object has been modified; please apply your changes to the latest version and try again';
  return {
    error: `Operation cannot be fulfilled on ${resourceNamed(resource, nameOf(object))}: ${why}`,
    reason: 'Conflict',
  };
};

/** May the object be created? Undefined: yes. */
export function refuseCreate(object: KubeObject, resource: ApiResource, store: Store): Refusal | undefined {
  const namespace = namespaceOf(object);
  if (resource.namespaced) {
    const home = store.get(`/Namespace//${namespace}`);
    if (!home) return { error: `namespaces "${namespace}" not found`, reason: 'NotFound' };
    if (isTerminating(home)) {
      const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
      return { error: `${resourceNamed(resource, nameOf(object))} is forbidden: ${why}`, reason: 'Forbidden' };
    }
  }
  if (kindOf(object) === 'Pod' && groupOf(object) === '') {
    const account = podReferences(object).find(({ kind }) => kind === 'ServiceAccount')?.name;
    if (account !== undefined && !store.get(`/ServiceAccount/${namespace}/${account}`)) {
      const why = `error looking up service account ${namespace}/${account}: serviceaccount "${account}" not found`;
      const name = nameOf(object) || generateNameOf(object);
      return { error: `pods "${name}" is forbidden: ${why}`, reason: 'Forbidden' };
    }
  }
  return refuseShape(object);
}

/** Limit of all annotations together, keys and values; a plain apply keeps the whole manifest in one. */
const ANNOTATION_LIMIT = 262_144;

function hasLongAnnotations(object: KubeObject): boolean {
  const entries = Object.entries(objectAt(object, 'metadata', 'annotations'));
  return entries.reduce((sum, [key, value]) => sum + key.length + textOf(value).length, 0) > ANNOTATION_LIMIT;
}

/** What every API server refuses of the kinds that make pods; the rest of the schema is left to the server. */
function refuseShape(object: KubeObject): Refusal | undefined {
  if (hasLongAnnotations(object))
    return invalid(object, 'metadata.annotations', `Too long: may not be more than ${ANNOTATION_LIMIT} bytes`);
  const kind = `${groupOf(object)}/${kindOf(object)}`;
  const spec = object['spec'];
  if (kind === 'batch/Job') {
    const policy = at(spec, 'template', 'spec', 'restartPolicy');
    const field = 'spec.template.spec.restartPolicy';
    if (policy === undefined) return invalid(object, field, 'Required value: valid values: "OnFailure", "Never"');
    if (policy !== 'OnFailure' && policy !== 'Never')
      return invalid(object, field, `Unsupported value: ${writeJson(policy)}: supported values: "OnFailure", "Never"`);
  }
  if (['apps/Deployment', 'apps/ReplicaSet', 'apps/StatefulSet', 'apps/DaemonSet'].includes(kind)) {
    const labels = at(spec, 'selector', 'matchLabels');
    const own = at(spec, 'template', 'metadata', 'labels');
    if (at(spec, 'selector') === undefined) return invalid(object, 'spec.selector', 'Required value');
    const matches = !isObject(labels) || Object.entries(labels).every(([k, v]) => isObject(own) && own[k] === v);
    if (!matches) {
      const value = writeJson(own ?? null);
      return invalid(
        object,
        'spec.template.metadata.labels',
        `Invalid value: ${value}: \`selector\` does not match template \`labels\``,
      );
    }
  }
  const pod = podSpecOf(object);
  if (pod && (!Array.isArray(pod['containers']) || pod['containers'].length === 0)) {
    const path = kindOf(object) === 'Pod' ? 'spec' : 'spec.template.spec';
    if (kindOf(object) !== 'CronJob') return invalid(object, `${path}.containers`, 'Required value');
  }
  return undefined;
}

/** Fields that may not change once the object is there, by `group/Kind`. */
const IMMUTABLE: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'batch/Job': [['template'], ['selector'], ['completionMode']],
  'apps/Deployment': [['selector']],
  'apps/ReplicaSet': [['selector']],
  'apps/DaemonSet': [['selector']],
  'apps/StatefulSet': [['selector'], ['serviceName'], ['podManagementPolicy'], ['volumeClaimTemplates']],
  '/PersistentVolumeClaim': [['storageClassName'], ['accessModes'], ['volumeName']],
};

/** May the object be changed in this way? Undefined: yes. */
export function refuseUpdate(current: KubeObject, next: KubeObject): Refusal | undefined {
  const kind = `${groupOf(next)}/${kindOf(next)}`;
  for (const path of IMMUTABLE[kind] ?? []) {
    const [before, after] = [at(current['spec'], ...path), at(next['spec'], ...path)];
    if (!equal(before, after)) {
      const value = after === undefined ? 'null' : writeJson(after);
      return invalid(next, `spec.${path.join('.')}`, `Invalid value: ${value}: field is immutable`);
    }
  }
  if (kind.endsWith('/RoleBinding') || kind.endsWith('/ClusterRoleBinding')) {
    if (!equal(current['roleRef'], next['roleRef'])) {
      const value = writeJson(next['roleRef'] ?? null);
      return invalid(next, 'roleRef', `Invalid value: ${value}: cannot change roleRef`);
    }
  }
  if ((kind === '/ConfigMap' || kind === '/Secret') && current['immutable'] === true) {
    const changed = ['data', 'binaryData', 'stringData'].some((field) => !equal(current[field], next[field]));
    if (changed) return invalid(next, 'data', 'Forbidden: field is immutable when `immutable` is set');
  }
  if (kind === '/Pod' && !equal(podWithoutImages(current['spec']), podWithoutImages(next['spec'])))
    return invalid(next, 'spec', 'Forbidden: pod updates may not change fields other than `spec.containers[*].image`');
  return refuseShape(next);
}

/** Of a pod's spec what may not change: its images may. */
function podWithoutImages(spec: Json | undefined): Json {
  if (!isObject(spec)) return {};
  const containers = Array.isArray(spec['containers']) ? spec['containers'] : [];
  return { ...spec, containers: containers.map((c) => (isObject(c) ? { ...c, image: '' } : c)) };
}
