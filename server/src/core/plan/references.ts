import { at, listAt } from '../fields.ts';
import { isObject, kindOf, type Json, type JsonObject, type KubeObject } from '../object.ts';

/** Something that an object's pods cannot start without. */
export interface Reference {
  readonly kind: 'ConfigMap' | 'Secret' | 'ServiceAccount' | 'PersistentVolumeClaim';
  readonly name: string;
  /** How it is used, in words: "mounts", "reads", "runs as". */
  readonly use: string;
}

/** Where the pod spec stands in the kinds that make pods; undefined for all others. */
export function podSpecOf(object: KubeObject): JsonObject | undefined {
  const path = podSpecPath(kindOf(object));
  const spec = path && at(object, ...path);
  return isObject(spec) ? spec : undefined;
}

function podSpecPath(kind: string): readonly string[] | undefined {
  switch (kind) {
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
  const add = (kind: Reference['kind'], source: Json | undefined, use: string, field = 'name'): void => {
    if (!isObject(source)) return;
    const name = source[field];
    if (typeof name !== 'string' || name === '' || source['optional'] === true) return;
    if (kind === 'ConfigMap' && name === 'kube-root-ca.crt') return;
    const key = `${kind}/${name}`;
    if (!found.has(key)) found.set(key, { kind, name, use });
  };

  if (pod['serviceAccountName'] !== 'default') add('ServiceAccount', pod, 'runs as', 'serviceAccountName');
  for (const volume of listAt(pod, 'volumes')) {
    add('ConfigMap', volume['configMap'], 'mounts');
    add('Secret', volume['secret'], 'mounts', 'secretName');
    add('PersistentVolumeClaim', volume['persistentVolumeClaim'], 'mounts', 'claimName');
    for (const source of listAt(volume, 'projected', 'sources')) {
      add('ConfigMap', source['configMap'], 'mounts');
      add('Secret', source['secret'], 'mounts');
    }
  }
  for (const container of [...listAt(pod, 'initContainers'), ...listAt(pod, 'containers')]) {
    for (const source of listAt(container, 'envFrom')) {
      add('ConfigMap', source['configMapRef'], 'reads');
      add('Secret', source['secretRef'], 'reads');
    }
    for (const { valueFrom } of listAt(container, 'env')) {
      if (!isObject(valueFrom)) continue;
      add('ConfigMap', valueFrom['configMapKeyRef'], 'reads');
      add('Secret', valueFrom['secretKeyRef'], 'reads');
    }
  }
  return [...found.values()];
}
const NONE: readonly Reference[] = [];

/** Labels and annotations of the pods that an object makes; those of a Pod are its own. */
export function podMetadataOf(object: KubeObject): { readonly labels: JsonObject; readonly annotations: JsonObject } {
  const path = podSpecPath(kindOf(object)) ?? [];
  const metadata = at(object, ...path.slice(0, -1), 'metadata');
  const [labels, annotations] = [at(metadata, 'labels'), at(metadata, 'annotations')];
  return { labels: isObject(labels) ? labels : {}, annotations: isObject(annotations) ? annotations : {} };
}
