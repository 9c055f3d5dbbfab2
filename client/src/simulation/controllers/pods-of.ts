import { writeJson } from '#core/json';
import {
  isObject,
  isTerminating,
  metadataOf,
  nameOf,
  namespaceOf,
  type JsonObject,
  type KubeObject,
} from '#core/object';
import { at, numberOf, textOf } from '../../sync/json.ts';
import { keyOfObject } from '../store.ts';
import { conditionsOf, isTrue, ownerReference, templateHash, type World } from '../world.ts';

/** Names of templates: objects are never changed in place, and a workload is looked at for each of its pods. */
const revisions = new WeakMap<object, string>();

/** A name for the state of a workload's template. */
export function revisionOf(workload: KubeObject): string {
  const template = at(workload['spec'], 'template');
  if (!isObject(template)) return templateHash('');
  const known = revisions.get(template) ?? templateHash(writeJson(template));
  revisions.set(template, known);
  return known;
}

/** A pod of a workload's template; with a name of its own or a generated one. */
export function podOfTemplate(
  workload: KubeObject,
  name: { name: string } | { generateName: string },
  labels: JsonObject,
): KubeObject {
  const template = at(workload['spec'], 'template');
  const own = at(template, 'metadata', 'labels');
  const annotations = at(template, 'metadata', 'annotations');
  const spec = at(template, 'spec');
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...name,
      namespace: namespaceOf(workload),
      labels: { ...(isObject(own) ? own : {}), ...labels },
      ...(isObject(annotations) ? { annotations } : {}),
      ownerReferences: [ownerReference(workload)],
    },
    spec: { restartPolicy: 'Always', ...(isObject(spec) ? spec : {}) },
  };
}

/** The pods of a workload that are not on their way out. */
export const livePods = (workload: KubeObject, world: World): KubeObject[] =>
  world.store
    .dependentsOf(workload)
    .filter((object) => textOf(object['kind']) === 'Pod' && !isTerminating(object))
    .sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));

export const isReady = (pod: KubeObject): boolean => isTrue(pod, 'Ready');

/**
 * How many pods have been ready for `minReadySeconds`; the workload is looked at again when the next one will have been.
 * Source: k8s.io/kubernetes/pkg/api/v1/pod/util.go `IsPodAvailable`.
 */
export function availableOf(workload: KubeObject, pods: readonly KubeObject[], world: World): number {
  const ready = pods.filter(isReady);
  const least = numberOf(at(workload['spec'], 'minReadySeconds'), 0) * 1000;
  if (least === 0) return ready.length;
  const now = world.clock.now();
  const left = ready.map((pod) => {
    const since = conditionsOf(pod).find(({ type }) => type === 'Ready')?.['lastTransitionTime'];
    return Date.parse(textOf(since)) + least - now;
  });
  const waiting = left.filter((ms) => ms > 0);
  if (waiting.length > 0) world.enqueue(keyOfObject(workload), Math.min(...waiting));
  return ready.length - waiting.length;
}

/** The object's generation, which its controller reports as observed. */
export const generationOf = (object: KubeObject): number => Number(metadataOf(object)['generation'] ?? 1);

/**
 * Makes a pod and says what became of it; false where the API server refused it.
 */
export function makePod(workload: KubeObject, pod: KubeObject, world: World): boolean {
  const made = world.make(pod);
  const error = 'error' in made ? made.error : '';
  world.explain(workload, error === '' ? '' : `Error creating: ${error}`, 'FailedCreate');
  return error === '';
}
