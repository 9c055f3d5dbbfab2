import { at, textAt } from '../fields.ts';
import { groupOf, isObject, kindOf, nameOf, type Json, type JsonObject, type KubeObject } from '../object.ts';

/** Something that an object's pods cannot start without. */
export interface Reference {
  readonly kind: 'ConfigMap' | 'Secret' | 'ServiceAccount' | 'PersistentVolumeClaim';
  readonly name: string;
  /** How it is used, in words: "mounts", "reads", "runs as". */
  readonly use: string;
}

/** Where the pod spec stands in the kinds that make pods; undefined for all others. */
export function podSpecOf(object: KubeObject): JsonObject | undefined {
  const path = podSpecPath(object);
  const spec = path && at(object, ...path);
  return isObject(spec) ? spec : undefined;
}

function podSpecPath(object: KubeObject): readonly string[] | undefined {
  switch (kindOf(object)) {
    case 'Pod':
      return POD;
    case 'CronJob':
      return CRON_JOB;
    case 'Job':
    case 'Deployment':
    case 'StatefulSet':
    case 'DaemonSet':
    case 'ReplicaSet':
    case 'ReplicationController':
      return WORKLOAD;
    case 'Rollout':
      return groupOf(object) === 'argoproj.io' ? WORKLOAD : undefined;
    default:
      return undefined;
  }
}
const POD = ['spec'];
const WORKLOAD = ['spec', 'template', 'spec'];
const CRON_JOB = ['spec', 'jobTemplate', 'spec', 'template', 'spec'];

/**
 * The objects of its own namespace that the object's pods need before they start; those marked `optional` are left out,
 * and so is what every namespace has (service account `default`, ConfigMap `kube-root-ca.crt`).
 */
export function podReferences(object: KubeObject): readonly Reference[] {
  const pod = podSpecOf(object);
  if (!pod) return NONE;
  const found = new Map<string, Reference>();
  for (const { kind, name, use, optional } of referencesIn(pod)) {
    if (optional || isEverywhere(kind, name)) continue;
    const key = `${kind}/${name}`;
    if (!found.has(key)) found.set(key, { kind, name, use });
  }
  return [...found.values()];
}
const NONE: readonly Reference[] = [];

const isEverywhere = (kind: Reference['kind'], name: string): boolean =>
  (kind === 'ServiceAccount' && name === 'default') || (kind === 'ConfigMap' && name === 'kube-root-ca.crt');

/** The Secrets with which the images of an object's pods are pulled. A pod starts without them where it needs none. */
export function pullSecrets(object: KubeObject): readonly Reference[] {
  return entriesAt(podSpecOf(object), 'imagePullSecrets').flatMap(([, { name }]) =>
    typeof name === 'string' && name !== '' ? [{ kind: 'Secret', name, use: 'pulls its images with' }] : [],
  );
}

/** A place at which an object names another one. */
export interface ReferencePlace extends Reference {
  /** Its pods start without it too. */
  readonly optional: boolean;
  /** Keys and indices from the object's root to the name. */
  readonly path: readonly (string | number)[];
}

/** Every place at which the object's pods name another object of their namespace, in the order of the kinds of places. */
export function referencePlaces(object: KubeObject): readonly ReferencePlace[] {
  const pod = podSpecOf(object);
  const start = podSpecPath(object) ?? [];
  return pod ? [...referencesIn(pod)].map((place) => ({ ...place, path: [...start, ...place.path] })) : [];
}

/** What a pod spec names; paths from the spec on. */
function* referencesIn(pod: JsonObject): Generator<ReferencePlace> {
  yield* named('ServiceAccount', pod, 'runs as', [], 'serviceAccountName');
  for (const [i, { name }] of entriesAt(pod, 'imagePullSecrets')) {
    // The kubelet tries without a Secret that is not there.
    const source = { name: name ?? '', optional: true };
    yield* named('Secret', source, 'pulls its images with', ['imagePullSecrets', i]);
  }
  for (const [i, volume] of entriesAt(pod, 'volumes')) {
    const at = ['volumes', i];
    yield* named('ConfigMap', volume['configMap'], 'mounts', [...at, 'configMap']);
    yield* named('Secret', volume['secret'], 'mounts', [...at, 'secret'], 'secretName');
    yield* named(
      'PersistentVolumeClaim',
      volume['persistentVolumeClaim'],
      'mounts',
      [...at, 'persistentVolumeClaim'],
      'claimName',
    );
    for (const [j, source] of entriesAt(volume['projected'], 'sources')) {
      const from = [...at, 'projected', 'sources', j];
      yield* named('ConfigMap', source['configMap'], 'mounts', [...from, 'configMap']);
      yield* named('Secret', source['secret'], 'mounts', [...from, 'secret']);
    }
  }
  for (const list of ['initContainers', 'containers']) {
    for (const [i, container] of entriesAt(pod, list)) yield* inContainer(container, [list, i]);
  }
}

function* inContainer(container: JsonObject, at: ReferencePlace['path']): Generator<ReferencePlace> {
  for (const [i, source] of entriesAt(container, 'envFrom')) {
    yield* named('ConfigMap', source['configMapRef'], 'reads', [...at, 'envFrom', i, 'configMapRef']);
    yield* named('Secret', source['secretRef'], 'reads', [...at, 'envFrom', i, 'secretRef']);
  }
  for (const [i, { valueFrom }] of entriesAt(container, 'env')) {
    if (!isObject(valueFrom)) continue;
    const from = [...at, 'env', i, 'valueFrom'];
    yield* named('ConfigMap', valueFrom['configMapKeyRef'], 'reads', [...from, 'configMapKeyRef']);
    yield* named('Secret', valueFrom['secretKeyRef'], 'reads', [...from, 'secretKeyRef']);
  }
}

function* named(
  kind: Reference['kind'],
  source: Json | undefined,
  use: string,
  path: ReferencePlace['path'],
  field = 'name',
): Generator<ReferencePlace> {
  const name = isObject(source) ? source[field] : undefined;
  if (!isObject(source) || typeof name !== 'string' || name === '') return;
  yield { kind, name, use, optional: source['optional'] === true, path: [...path, field] };
}

/** The objects of a list with their indices. */
function entriesAt(object: Json | undefined, key: string): [number, JsonObject][] {
  const list = isObject(object) ? object[key] : undefined;
  if (!Array.isArray(list)) return [];
  return list.flatMap((item, i): [number, JsonObject][] => (isObject(item) ? [[i, item]] : []));
}

/**
 * The object that an object brings into being: itself, or the Secret that an operator makes from it (External Secrets,
 * Sealed Secrets, cert-manager).
 */
export function madeBy(object: KubeObject): { readonly kind: string; readonly name: string } {
  const name = nameOf(object);
  switch (`${groupOf(object)}/${kindOf(object)}`) {
    case 'external-secrets.io/ExternalSecret':
      return { kind: 'Secret', name: textAt(object, 'spec', 'target', 'name') || name };
    case 'bitnami.com/SealedSecret':
      return { kind: 'Secret', name: textAt(object, 'spec', 'template', 'metadata', 'name') || name };
    case 'cert-manager.io/Certificate':
      return { kind: 'Secret', name: textAt(object, 'spec', 'secretName') };
    default:
      return { kind: groupOf(object) === '' ? kindOf(object) : '', name };
  }
}

/** Labels and annotations of the pods that an object makes; those of a Pod are its own. */
export function podMetadataOf(object: KubeObject): { readonly labels: JsonObject; readonly annotations: JsonObject } {
  const path = podSpecPath(object) ?? [];
  const metadata = at(object, ...path.slice(0, -1), 'metadata');
  const [labels, annotations] = [at(metadata, 'labels'), at(metadata, 'annotations')];
  return { labels: isObject(labels) ? labels : {}, annotations: isObject(annotations) ? annotations : {} };
}
