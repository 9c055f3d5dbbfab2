import { at, objectAt } from '#core/fields';
import { podReferences } from '#core/plan/references';
import {
  generateNameOf,
  groupOf,
  isObject,
  isTerminating,
  kindOf,
  nameOf,
  namespaceOf,
  uidOf,
  type KubeObject,
} from '#core/object';
import { invalid, invalidValue, type Refusal } from './causes.ts';
import { changeCauses } from './immutable.ts';
import type { ApiResource } from './kinds.ts';
import { shapeCauses } from './shape.ts';
import type { Store } from './store.ts';

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
  return invalid(object, shapeCauses(object));
}

/** May the object be changed in this way? Undefined: yes. */
export function refuseUpdate(current: KubeObject, next: KubeObject): Refusal | undefined {
  const shape = shapeCauses(next);
  const change = [...jobCauses(current, next), ...changeCauses(current, next)];
  // Of a DaemonSet the server names first what may not change.
  return invalid(next, kindOf(next) === 'DaemonSet' ? [...change, ...shape] : [...shape, ...change]);
}

/**
 * A Job whose manifest takes the place of the selector or the labels that the server gave it.
 * Source: k8s.io/kubernetes/pkg/apis/batch/validation/validation.go `validateGeneratedSelector`.
 */
function jobCauses(current: KubeObject, next: KubeObject): string[] {
  const generated = at(current, 'spec', 'selector') !== undefined && at(next, 'spec', 'manualSelector') !== true;
  if (groupOf(next) !== 'batch' || kindOf(next) !== 'Job' || !generated) return [];
  const labels = at(next, 'spec', 'template', 'metadata', 'labels');
  const selected = objectAt(next, 'spec', 'selector', 'matchLabels');
  const given = at(next, 'spec', 'selector') !== undefined;
  const fits = Object.entries(selected).every(([key, value]) => isObject(labels) && labels[key] === value);
  const label = invalidValue('spec.template.metadata.labels', labels, '`selector` does not match template `labels`');
  if (!given) return ['spec.selector: Required value', label];
  const wanted = [
    ['controller-uid', uidOf(current)],
    ['job-name', nameOf(current)],
    ['batch.kubernetes.io/controller-uid', uidOf(current)],
    ['batch.kubernetes.io/job-name', nameOf(current)],
  ] as const;
  const missing = wanted
    .filter(([key, value]) => !isObject(labels) || labels[key] !== value)
    .map(([key, value]) => `spec.template.metadata.labels[${key}]: Required value: must be '${value}'`);
  return fits ? missing : [...missing, label];
}
