import { groupOf, isObject, kindOf, nameOf, uidOf, type KubeObject } from '#core/object';
import { at, objectsOf, textOf } from '../sync/json.ts';
import type { Query } from './request.ts';

/** How the pods of an object are found. */
export interface PodSearch {
  readonly query: Query;
  /** Is a pod that was found one of its own? */
  owns(pod: KubeObject): boolean;
}

const anything = (): boolean => true;

/** How to find the pods of an object; undefined for kinds that have none, or none that can be told. */
export function podsOf(object: KubeObject): PodSearch | undefined {
  const name = nameOf(object);
  switch (`${groupOf(object)}/${kindOf(object)}`) {
    case '/Pod':
      return {
        query: { fieldSelector: `metadata.name=${name}` },
        owns: (pod) => uidOf(object) === '' || uidOf(pod) === uidOf(object),
      };
    case 'batch/Job':
      return { query: { labelSelector: `job-name=${name}` }, owns: (pod) => isOwnedBy(pod, object) };
    case 'argoproj.io/Workflow':
      return { query: { labelSelector: `workflows.argoproj.io/workflow=${name}` }, owns: anything };
    case 'apps/Deployment':
    case 'apps/StatefulSet':
    case 'apps/DaemonSet':
    case 'apps/ReplicaSet': {
      const labels = at(object, 'spec', 'selector', 'matchLabels');
      if (!isObject(labels) || Object.keys(labels).length === 0) return undefined;
      const selector = Object.entries(labels).map(([key, value]) => `${key}=${textOf(value)}`);
      return { query: { labelSelector: selector.join(',') }, owns: anything };
    }
    default:
      return undefined;
  }
}

/** Does an ownerReference of the object name the owner? True where the owner's uid is not known. */
export function isOwnedBy(object: KubeObject, owner: KubeObject): boolean {
  const uid = uidOf(owner);
  const owners = objectsOf(at(object, 'metadata', 'ownerReferences'));
  return uid === '' || owners.some((reference) => reference['uid'] === uid);
}

/** Has the object come to its end, so that its pods have, too? Objects that run for ever never have. */
export function hasEnded(object: KubeObject): boolean {
  switch (kindOf(object)) {
    case 'Pod':
      return ['Succeeded', 'Failed'].includes(textOf(at(object, 'status', 'phase')));
    case 'Job':
      return objectsOf(at(object, 'status', 'conditions')).some(
        (item) => (item['type'] === 'Complete' || item['type'] === 'Failed') && item['status'] === 'True',
      );
    case 'Workflow':
      return ['Succeeded', 'Failed', 'Error'].includes(textOf(at(object, 'status', 'phase')));
    default:
      return false;
  }
}
