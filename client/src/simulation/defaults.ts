import { listAt, objectAt } from '#core/fields';
import { groupOf, isObject, kindOf, metadataOf, type Json, type JsonObject, type KubeObject } from '#core/object';
import { without } from '../sync/json.ts';
import { encodeBase64 } from '../sync/redact.ts';
import { isBuiltInGroup } from './kinds.ts';
import { canonicalQuantity } from './quantity.ts';

const WORKLOAD = { replicas: 1, revisionHistoryLimit: 10 };

/** What the API server writes into a spec that leaves it out, of the kinds whose health or controller reads it. */
const DEFAULTS: Readonly<Record<string, JsonObject>> = {
  'apps/Deployment': { ...WORKLOAD, progressDeadlineSeconds: 600 },
  'apps/ReplicaSet': { replicas: 1 },
  'apps/StatefulSet': {
    ...WORKLOAD,
    podManagementPolicy: 'OrderedReady',
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
  },
  'apps/DaemonSet': {
    revisionHistoryLimit: 10,
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
  },
  '/ReplicationController': { replicas: 1 },
  'batch/Job': {
    backoffLimit: 6,
    completionMode: 'NonIndexed',
    manualSelector: false,
    podReplacementPolicy: 'TerminatingOrFailed',
    suspend: false,
  },
  '/Pod': { restartPolicy: 'Always' },
  '/Service': { type: 'ClusterIP', sessionAffinity: 'None' },
  '/PersistentVolumeClaim': { volumeMode: 'Filesystem' },
};

/** An object as the API server stores it: with the defaults of its kind, values in their one way of writing, nothing empty. */
export function asStored(object: KubeObject): KubeObject {
  if (!isBuiltInGroup(groupOf(object))) return withoutEmpty(object, 'metadata', METADATA);
  const plain = withoutEmpty(withPlainSecret(object), 'metadata', METADATA);
  return withDefaults(withQuantities(withoutEmptyData(withTemplateLabels(plain))));
}

const METADATA = ['labels', 'annotations', 'finalizers', 'ownerReferences'];

const isEmpty = (value: Json | undefined): boolean =>
  value === null || (Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0);

function withoutEmpty(object: KubeObject, key: string, fields: readonly string[]): KubeObject {
  const part = object[key];
  if (!isObject(part)) return object;
  const empty = fields.filter((field) => Object.hasOwn(part, field) && isEmpty(part[field]));
  return empty.length === 0 ? object : { ...object, [key]: without(part, ...empty) };
}

function withoutEmptyData(object: KubeObject): KubeObject {
  if (groupOf(object) !== '' || (kindOf(object) !== 'ConfigMap' && kindOf(object) !== 'Secret')) return object;
  const empty = ['data', 'binaryData', 'stringData'].filter(
    (key) => Object.hasOwn(object, key) && isEmpty(object[key]),
  );
  return empty.length === 0 ? object : without(object, ...empty);
}

/** A Secret's plain texts are written over its data; its type is Opaque where it says none. */
function withPlainSecret(object: KubeObject): KubeObject {
  if (groupOf(object) !== '' || kindOf(object) !== 'Secret') return object;
  const texts = Object.entries(objectAt(object, 'stringData')).map(
    ([key, value]) => [key, typeof value === 'string' ? encodeBase64(value) : value] as const,
  );
  const typed: KubeObject = object['type'] === undefined ? { ...object, type: 'Opaque' } : object;
  if (!Object.hasOwn(object, 'stringData')) return typed;
  return { ...without(typed, 'stringData'), data: { ...objectAt(object, 'data'), ...Object.fromEntries(texts) } };
}

function withDefaults(object: KubeObject): KubeObject {
  const defaults = DEFAULTS[`${groupOf(object)}/${kindOf(object)}`];
  const spec = object['spec'];
  if (!defaults || !isObject(spec)) return object;
  const further = kindOf(object) === 'Job' ? countsOf(spec) : {};
  const missing = Object.entries({ ...defaults, ...further }).filter(([key]) => !Object.hasOwn(spec, key));
  return missing.length === 0 ? object : { ...object, spec: { ...spec, ...Object.fromEntries(missing) } };
}

/** A Job without labels of its own takes those of its template. Source: pkg/apis/batch/v1/defaults.go `SetDefaults_Job`. */
function withTemplateLabels(object: KubeObject): KubeObject {
  const isJob = groupOf(object) === 'batch' && kindOf(object) === 'Job';
  const labels = objectAt(object, 'spec', 'template', 'metadata', 'labels');
  const metadata = metadataOf(object);
  if (!isJob || isEmpty(labels) || metadata['labels'] !== undefined) return object;
  return { ...object, metadata: { ...metadata, labels } };
}

/** A Job that says neither runs one pod. Source: k8s.io/kubernetes/pkg/apis/batch/v1/defaults.go `SetDefaults_Job`. */
const countsOf = (spec: JsonObject): JsonObject =>
  spec['completions'] === undefined && spec['parallelism'] === undefined
    ? { completions: 1, parallelism: 1 }
    : { parallelism: 1 };

function withQuantities(object: KubeObject): KubeObject {
  const spec = object['spec'];
  if (!isObject(spec)) return object;
  switch (`${groupOf(object)}/${kindOf(object)}`) {
    case '/PersistentVolumeClaim':
      return { ...object, spec: inResources(spec) };
    case '/ResourceQuota':
      return { ...object, spec: withMaps(spec, 'hard') };
    case '/Pod':
      return { ...object, spec: withRequests(inContainers(spec)) };
    default:
      return withTemplate(object, spec);
  }
}

function withTemplate(object: KubeObject, spec: JsonObject): KubeObject {
  const template = spec['template'];
  const inner = isObject(template) ? template['spec'] : undefined;
  if (!isObject(template) || !isObject(inner)) return object;
  const next = inContainers(inner);
  return next === inner ? object : { ...object, spec: { ...spec, template: { ...template, spec: next } } };
}

function inContainers(spec: JsonObject): JsonObject {
  let next = spec;
  for (const key of ['containers', 'initContainers'])
    if (listAt(spec, key).some((container) => isObject(container['resources'])))
      next = { ...next, [key]: listAt(spec, key).map(inResources) };
  return next;
}

/** What a container may use at most it asks for, where it says nothing else. Source: pkg/apis/core/v1/defaults.go `SetDefaults_Pod`. */
function withRequests(spec: JsonObject): JsonObject {
  let next = spec;
  for (const key of ['containers', 'initContainers'])
    if (listAt(spec, key).some((container) => isObject(objectAt(container, 'resources')['limits'])))
      next = { ...next, [key]: listAt(spec, key).map(asking) };
  return next;
}

function asking(container: JsonObject): JsonObject {
  const { limits, requests } = objectAt(container, 'resources');
  if (!isObject(limits)) return container;
  const all = { ...limits, ...(isObject(requests) ? requests : {}) };
  return { ...container, resources: { ...objectAt(container, 'resources'), requests: all } };
}

function inResources(holder: JsonObject): JsonObject {
  const resources = holder['resources'];
  return isObject(resources) ? { ...holder, resources: withMaps(resources, 'limits', 'requests') } : holder;
}

/** With the quantities of these maps in the one way of writing them. */
function withMaps(holder: JsonObject, ...keys: readonly string[]): JsonObject {
  let next = holder;
  for (const key of keys) {
    const map = holder[key];
    if (!isObject(map)) continue;
    const written = Object.entries(map).map(([name, value]) => [name, canonicalQuantity(value ?? null)] as const);
    next = { ...next, [key]: Object.fromEntries(written) };
  }
  return next;
}
