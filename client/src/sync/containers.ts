import type { JsonObject, KubeObject } from '#core/object';
import { at, objectsOf } from './json.ts';

/** The statuses of a pod's containers, those of init containers first. */
export const containerStatuses = (pod: KubeObject): readonly JsonObject[] => [
  ...objectsOf(at(pod, 'status', 'initContainerStatuses')),
  ...objectsOf(at(pod, 'status', 'containerStatuses')),
];
