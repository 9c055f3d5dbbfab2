import { keyOf, metadataOf, objectIdOf, gvkOf, type KubeObject } from '#core/object';
import type { Action, Verb } from '#core/sync/model';
import type { Cluster } from '../../client/src/sync/cluster.ts';
import { Stop } from '../../client/src/sync/signal.ts';
import { objects } from '../client/simulated.ts';
import { plain } from './live-compare.ts';

/** One request of the engine: what is done with which object. */
export interface Request {
  readonly verb: Verb;
  readonly object: KubeObject;
  readonly more?: Partial<Action>;
  /** Of the object as the request before left it: its version, its uid. */
  readonly seen?: 'version' | 'uid' | 'old-version' | 'old-uid';
}

const request = (verb: Verb, text: string, more: Omit<Request, 'verb' | 'object'> = {}): Request => ({
  ...{ verb, ...more },
  object: objects(text)[0] ?? {},
});
const named = (apiVersion: string, kind: string, name: string, body: string): string =>
  `{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: ${name}}, ${body}}`;
/** The same object in several versions, applied one after the other. */
const applied = (apiVersion: string, kind: string, name: string, ...bodies: string[]): Request[] =>
  bodies.map((body) => request('apply', named(apiVersion, kind, name, body)));

const TEMPLATE = "template: {metadata: {labels: {a: b}}, spec: {containers: [{name: m, image: 'i:1'}]}}";
const job = (spec: string, image = 'i:1', policy = 'Never'): string =>
  `spec: {${spec}, template: {metadata: {annotations: {test.argocd-hooks.dev/pod: hang}}, spec: {restartPolicy: ${policy}, containers: [{name: m, image: '${image}'}]}}}`;
const chosen = (label: string, more = ''): string =>
  `spec: {${more}selector: {matchLabels: {a: ${label}}}, ${TEMPLATE}}`;
const ROLE = (name: string): string =>
  `roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ${name}}`;
const claim = (more: string): string =>
  `spec: {${more}, storageClassName: none, resources: {requests: {storage: 1Gi}}}`;
const CONFIG = named('v1', 'ConfigMap', 'conf', "data: {a: '1'}");

/** What an API server refuses, or changes of what is sent: series of requests, told apart by the names of their objects. */
export const REFUSALS: Readonly<Record<string, readonly Request[]>> = {
  'the template of a Job': applied(
    'batch/v1',
    'Job',
    'job-template',
    job('backoffLimit: 0'),
    job('backoffLimit: 0', 'i:2'),
  ),
  'the completions of a Job': applied('batch/v1', 'Job', 'job-count', job('completions: 1'), job('completions: 2')),
  'the parallelism of a Job': applied('batch/v1', 'Job', 'job-width', job('parallelism: 1'), job('parallelism: 2')),
  'the completion mode of a Job': applied(
    ...(['batch/v1', 'Job', 'job-mode'] as const),
    job('completions: 1, completionMode: NonIndexed'),
    job('completions: 1, completionMode: Indexed'),
  ),
  'the failure policy of a Job': applied(
    ...(['batch/v1', 'Job', 'job-policy'] as const),
    job('podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {operator: In, values: [1]}}]}'),
    job('podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {operator: In, values: [2]}}]}'),
  ),
  'the backoffLimit of a Job': applied('batch/v1', 'Job', 'job-limit', job('backoffLimit: 1'), job('backoffLimit: 2')),
  'a Job whose pods never end': applied('batch/v1', 'Job', 'job-always', job('backoffLimit: 0', 'i:1', 'Always')),
  'the selector of a Deployment': applied('apps/v1', 'Deployment', 'web', chosen('b'), chosen('c')),
  'the selector of a ReplicaSet': applied('apps/v1', 'ReplicaSet', 'set', chosen('b', 'replicas: 0, '), chosen('c')),
  'the selector of a DaemonSet': applied('apps/v1', 'DaemonSet', 'agent', chosen('b'), chosen('c')),
  'the service of a StatefulSet': applied(
    ...(['apps/v1', 'StatefulSet', 'db'] as const),
    chosen('b', 'replicas: 0, serviceName: x, '),
    chosen('b', 'replicas: 0, serviceName: y, '),
  ),
  'the policy of a StatefulSet': applied(
    ...(['apps/v1', 'StatefulSet', 'db-policy'] as const),
    chosen('b', 'replicas: 0, '),
    chosen('b', 'replicas: 0, podManagementPolicy: Parallel, '),
  ),
  'the replicas of a StatefulSet': applied(
    ...(['apps/v1', 'StatefulSet', 'db-size'] as const),
    chosen('b', 'replicas: 0, '),
    chosen('b', 'replicas: 1, '),
  ),
  'the address of a Service': applied(
    ...(['v1', 'Service', 'address'] as const),
    'spec: {ports: [{port: 80}]}',
    'spec: {clusterIP: None, ports: [{port: 80}]}',
  ),
  'the ports of a Service': applied(
    ...(['v1', 'Service', 'ports'] as const),
    'spec: {ports: [{port: 80}]}',
    'spec: {ports: [{port: 80, name: a}, {port: 81, name: a}]}',
  ),
  'a claim': applied(
    ...(['v1', 'PersistentVolumeClaim', 'disk'] as const),
    claim('accessModes: [ReadWriteOnce]'),
    claim('accessModes: [ReadWriteMany]'),
  ),
  'the type of a Secret': applied('v1', 'Secret', 'secret', 'data: {a: MQ==}', 'type: x/y, data: {a: MQ==}'),
  'a Secret that is sealed': applied(
    ...(['v1', 'Secret', 'sealed'] as const),
    'immutable: true, data: {a: MQ==}',
    'immutable: true, data: {a: Mg==}',
    'data: {a: MQ==}',
  ),
  'a ConfigMap that is sealed': applied(
    ...(['v1', 'ConfigMap', 'sealed'] as const),
    "immutable: true, data: {a: '1'}",
    "immutable: true, data: {a: '2'}",
    "data: {a: '1'}",
  ),
  'the containers of a Pod': applied(
    ...(['v1', 'Pod', 'pod'] as const),
    "spec: {containers: [{name: m, image: 'i:1'}]}",
    "spec: {containers: [{name: m, image: 'i:2'}]}",
    "spec: {containers: [{name: m, image: 'i:2'}, {name: n, image: 'i:1'}]}",
    "spec: {containers: [{name: m, image: 'i:2', command: [x]}]}",
  ),
  'the role of a binding': applied(
    ...(['rbac.authorization.k8s.io/v1', 'RoleBinding', 'binding'] as const),
    ROLE('view'),
    ROLE('edit'),
  ),
  'the role of a binding that is applied on the server': [ROLE('view'), ROLE('edit')].map((role) =>
    request('apply', named('rbac.authorization.k8s.io/v1', 'RoleBinding', 'binding-ssa', role), {
      more: { serverSide: true },
    }),
  ),
  'the role of a binding that is replaced': [
    request('create', named('rbac.authorization.k8s.io/v1', 'RoleBinding', 'binding-put', ROLE('view'))),
    request('replace', named('rbac.authorization.k8s.io/v1', 'RoleBinding', 'binding-put', ROLE('edit'))),
  ],
  'the provisioner of a StorageClass': applied(
    ...(['storage.k8s.io/v1', 'StorageClass', 'refused-class'] as const),
    'provisioner: a.b/c',
    'provisioner: a.b/d',
    "provisioner: a.b/c, parameters: {x: 'y'}",
  ),
  'a PriorityClass': applied(
    ...(['scheduling.k8s.io/v1', 'PriorityClass', 'refused-priority'] as const),
    'value: 10',
    'value: 20',
  ),
  'the controller of an IngressClass': applied(
    ...(['networking.k8s.io/v1', 'IngressClass', 'refused-ingress'] as const),
    'spec: {controller: a.b/c}',
    'spec: {controller: a.b/d}',
  ),
  'a RuntimeClass': applied('node.k8s.io/v1', 'RuntimeClass', 'refused-runtime', 'handler: a', 'handler: b'),
  'the scopes of a ResourceQuota': applied(
    ...(['v1', 'ResourceQuota', 'quota'] as const),
    'spec: {hard: {pods: 100}, scopes: [BestEffort]}',
    'spec: {hard: {pods: 100}, scopes: [NotBestEffort]}',
  ),
  'the addresses of an EndpointSlice': applied(
    ...(['discovery.k8s.io/v1', 'EndpointSlice', 'slice'] as const),
    'addressType: IPv4, endpoints: []',
    'addressType: FQDN, endpoints: []',
  ),
  'the source of a volume': applied(
    ...(['v1', 'PersistentVolume', 'refused-volume'] as const),
    'spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], hostPath: {path: /a}}',
    'spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], hostPath: {path: /b}}',
    'spec: {capacity: {storage: 2Gi}, accessModes: [ReadWriteMany], hostPath: {path: /a}}',
  ),
  'the scope of a definition': ['Namespaced', 'Cluster'].map((scope) =>
    request(
      'apply',
      `{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: scoped.refused.example}, spec: {
        group: refused.example, scope: ${scope}, names: {kind: Scoped, plural: scoped},
        versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]}}`,
    ),
  ),
  'a kind before its definition is there': [
    request('apply', named('refused.example/v1', 'Thing', 'thing', "spec: {a: '1'}")),
    request(
      'apply',
      `{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: things.refused.example}, spec: {
        group: refused.example, scope: Namespaced, names: {kind: Thing, plural: things},
        versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}]}}`,
    ),
    request(
      'wait-crd',
      named('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'things.refused.example', 'spec: {}'),
    ),
    request('apply', named('refused.example/v1', 'Thing', 'thing', "spec: {a: '1'}")),
    request('apply', named('refused.example/v1', 'Thing', 'thing', "spec: {a: '2', list: [1]}")),
    request('apply', named('refused.example/v2', 'Thing', 'thing', "spec: {a: '2'}")),
  ],
  'a name that the server makes': [
    request('apply', '{apiVersion: v1, kind: ConfigMap, metadata: {generateName: made-}}'),
    request('apply', '{apiVersion: v1, kind: ConfigMap, metadata: {generateName: made-}}', {
      more: { serverSide: true },
    }),
    request('create', '{apiVersion: v1, kind: ConfigMap, metadata: {generateName: made-}}'),
  ],
  'an object that is there, or is not': [
    request('replace', named('v1', 'ConfigMap', 'there', 'data: {}')),
    request('get', named('v1', 'ConfigMap', 'there', 'data: {}')),
    request('delete', named('v1', 'ConfigMap', 'there', 'data: {}')),
    request('create', named('v1', 'ConfigMap', 'there', 'data: {}')),
    request('create', named('v1', 'ConfigMap', 'there', 'data: {}')),
  ],
  'an older version': [
    request('create', CONFIG),
    request('replace', named('v1', 'ConfigMap', 'conf', "data: {a: '2'}")),
    request('update', named('v1', 'ConfigMap', 'conf', "data: {a: '3'}"), { seen: 'old-version' }),
    request('update-finalizers', CONFIG, { seen: 'old-version' }),
    request('update', named('v1', 'ConfigMap', 'conf', "data: {a: '3'}"), { seen: 'version' }),
    request('delete', CONFIG, { seen: 'old-uid' }),
    request('delete', CONFIG, { seen: 'uid' }),
  ],
  'another namespace': [
    request('apply', '{apiVersion: v1, kind: ConfigMap, metadata: {name: x, namespace: refused-nowhere}}'),
    request('apply', '{apiVersion: v1, kind: ConfigMap, metadata: {name: x, namespace: refused-nowhere}}', {
      more: { serverSide: true },
    }),
  ],
};

/** What became of each request, in the words of the server. */
export async function answersTo(cluster: Cluster, namespace: string, requests: readonly Request[]): Promise<string[]> {
  const answers: string[] = [];
  let seen: KubeObject = {};
  for (const { verb, object, more = {}, seen: wanted } of requests) {
    const placed = placedIn(cluster, namespace, object);
    await cluster.discover([gvkOf(placed)], { refresh: answers.length > 0 }, new Stop());
    const target = withSeen(placedIn(cluster, namespace, object), seen, wanted);
    const {
      message,
      error,
      reason,
      object: left,
    } = await cluster.perform(
      { verb, key: keyOf(objectIdOf(target)), object: target, manager: 'argocd-controller', validate: true, ...more },
      new Stop(),
    );
    if (left !== undefined) seen = left;
    const said = undiffed(plain(message ?? error ?? '')).replaceAll(namespace, 'NS');
    answers.push(`${verb}: ${said} ${reason ?? ''}`);
  }
  return answers;
}

/** In the namespace of the test, where its kind is in one; one that nobody knows is. */
function placedIn(cluster: Cluster, namespace: string, object: KubeObject): KubeObject {
  const { group, version, kind } = gvkOf(object);
  const found = cluster.discovered(group, version, kind);
  if ('namespaced' in found && !found.namespaced) return object;
  return { ...object, metadata: { namespace, ...metadataOf(object) } };
}

function withSeen(object: KubeObject, seen: KubeObject, wanted: Request['seen']): KubeObject {
  const { resourceVersion = '', uid = '' } = metadataOf(seen);
  const old = { 'old-version': { resourceVersion: '1' }, 'old-uid': { uid: '0' } };
  const known = { version: { resourceVersion }, uid: { uid } };
  if (wanted === undefined) return object;
  return { ...object, metadata: { ...metadataOf(object), ...{ ...old, ...known }[wanted] } };
}

/** The API server shows a difference of two Go values beside some refusals: the simulation does not. */
export const undiffed = (text: string): string =>
  text.replace(/(\n[ +\-@].*)+\n?(?=\n|$)/g, '').replace(/(-)[a-z0-9]{5}( created)/g, '$1NAME$2');
