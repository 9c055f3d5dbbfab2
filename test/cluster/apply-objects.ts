import fc from 'fast-check';
import type { Json, JsonObject } from '#core/object';
import { numberOf, textOf } from '../../client/src/sync/json.ts';
import { labels, list, listBy, named, partial, some, template, texts } from './apply-pods.ts';

/** A kind whose objects are applied: where they are, and random bodies of it. */
export interface AppliedKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  /** All of the object but apiVersion, kind and `metadata.name`; `namespace` is the one that it goes to. */
  readonly body: (namespace: string) => fc.Arbitrary<JsonObject>;
  /** What others may do to it between two applies: patches with their content type. */
  readonly foreign: readonly (readonly [contentType: string, patch: JsonObject])[];
}

const MERGE = 'application/merge-patch+json';
const STRATEGIC = 'application/strategic-merge-patch+json';
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

const keys = fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__'), fc.constantFrom('1', '2', '\u2028 <ü>'), {
  maxKeys: 3,
}) as fc.Arbitrary<JsonObject>;
const metadata = partial({
  labels,
  annotations: texts,
  finalizers: fc.uniqueArray(fc.constantFrom('x.y/a', 'x.y/b', 'x.y/c'), { maxLength: 3 }),
});
const withMetadata = (fields: Record<string, fc.Arbitrary<Json>>, ...required: string[]): fc.Arbitrary<JsonObject> =>
  partial({ ...fields, metadata }, 'metadata', ...required);

const LABEL: readonly [string, JsonObject] = [
  MERGE,
  { metadata: { labels: { theirs: 'x' }, annotations: { theirs: 'y' } } },
];
const FORGOTTEN: readonly [string, JsonObject] = [MERGE, { metadata: { annotations: { [LAST_APPLIED]: null } } }];
const FINALIZER: readonly [string, JsonObject] = [STRATEGIC, { metadata: { finalizers: ['x.y/theirs'] } }];
const SIDECAR: readonly [string, JsonObject] = [
  STRATEGIC,
  { template: { spec: { containers: [{ name: 'sidecar', image: 'envoy:1', env: [{ name: 'S', value: 's' }] }] } } },
];
const ENVIRONMENT: readonly [string, JsonObject] = [
  STRATEGIC,
  {
    template: {
      spec: { tolerations: [{ key: 'theirs', operator: 'Exists' }], volumes: [{ name: 'v3', emptyDir: {} }] },
    },
  },
];
const inSpec = ([type, spec]: readonly [string, JsonObject]): readonly [string, JsonObject] => [type, { spec }];

const rules = list(
  partial(
    {
      apiGroups: list(some('', 'apps'), 1, 2),
      resources: list(some('pods', 'pods/log', 'configmaps'), 1, 2),
      verbs: list(some('get', 'list', '*'), 1, 2),
      resourceNames: list(some('a', 'b'), 1, 2),
    },
    'apiGroups',
    'resources',
    'verbs',
  ),
);
const json = fc.letrec<{ value: Json; object: JsonObject }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, some(0, 1, 'x', true, null, 0.5), list(tie('value')), tie('object')),
  object: fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'), { maxKeys: 3 }),
}));

/** The definitions of the two custom kinds: one with a schema, one that takes anything. */
export const DEFINITIONS: readonly JsonObject[] = [
  definition('Typed', {
    size: { type: 'integer' },
    mode: { type: 'string', default: 'fast' },
    items: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      items: {
        type: 'object',
        required: ['name'],
        properties: { name: { type: 'string' }, value: { type: 'integer' } },
      },
    },
    tags: { type: 'object', additionalProperties: { type: 'string' } },
  }),
  definition('Loose', undefined),
];

function definition(kind: string, properties: JsonObject | undefined): JsonObject {
  const plural = `${kind.toLowerCase()}s`;
  const spec: JsonObject = properties
    ? { type: 'object', properties }
    : { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const schema = { openAPIV3Schema: { type: 'object', properties: { spec } } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.apply.example.com` },
    spec: {
      group: 'apply.example.com',
      scope: 'Namespaced',
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  };
}

const CORE = 'v1';
const RBAC = 'rbac.authorization.k8s.io/v1';
const CUSTOM = 'apply.example.com/v1';

/** The kinds that are applied, each with what makes its objects differ. */
export const KINDS: readonly AppliedKind[] = [
  {
    apiVersion: CORE,
    kind: 'ConfigMap',
    plural: 'configmaps',
    body: () => withMetadata({ data: keys, binaryData: some({}, { bin: 'AAAA' }) }),
    foreign: [LABEL, FORGOTTEN, FINALIZER, [MERGE, { data: { a: 'theirs', theirs: 'x' } }]],
  },
  {
    apiVersion: CORE,
    kind: 'Secret',
    plural: 'secrets',
    body: () =>
      withMetadata({ data: some({ a: 'eA==' }, { a: 'eQ==', b: 'eA==' }), stringData: some({ s: 'x' }, { a: 'z' }) }),
    foreign: [LABEL, [MERGE, { data: { theirs: 'eA==' } }]],
  },
  {
    apiVersion: CORE,
    kind: 'Service',
    plural: 'services',
    body: () =>
      withMetadata(
        {
          spec: partial(
            {
              selector: labels,
              sessionAffinity: some('None', 'ClientIP'),
              ports: listBy(
                partial(
                  { port: some(53, 80, 443), protocol: some('TCP', 'UDP'), targetPort: some(8080, 'http') },
                  'port',
                ),
                (one) => [one['port'] ?? '', one['protocol'] ?? 'TCP'],
                1,
              ).map((ports) =>
                (ports as JsonObject[]).map((port): JsonObject => ({ ...port, name: nameOfPort(port) })),
              ),
            },
            'ports',
          ),
        },
        'spec',
      ),
    foreign: [LABEL, [STRATEGIC, { spec: { ports: [{ port: 9999, name: 'theirs' }] } }]],
  },
  {
    apiVersion: CORE,
    kind: 'ServiceAccount',
    plural: 'serviceaccounts',
    body: () => withMetadata({ imagePullSecrets: named({}), automountServiceAccountToken: some(true, false) }),
    foreign: [LABEL, [STRATEGIC, { imagePullSecrets: [{ name: 'theirs' }] }]],
  },
  {
    apiVersion: CORE,
    kind: 'PodTemplate',
    plural: 'podtemplates',
    body: () => withMetadata({ template: template({}) }, 'template'),
    foreign: [LABEL, FORGOTTEN, SIDECAR, ENVIRONMENT],
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    plural: 'deployments',
    body: () =>
      withMetadata(
        {
          spec: fc
            .tuple(
              partial({
                replicas: some(0, 1),
                strategy: some(
                  { type: 'Recreate' },
                  { type: 'RollingUpdate' },
                  { type: 'RollingUpdate', rollingUpdate: { maxSurge: 2 } },
                  { rollingUpdate: { maxUnavailable: '50%' } },
                ),
                minReadySeconds: some(0, 5),
              }),
              template({ app: 'x' }),
            )
            .map(([spec, pod]): JsonObject => ({
              ...spec,
              paused: true,
              selector: { matchLabels: { app: 'x' } },
              template: pod,
            })),
        },
        'spec',
      ),
    foreign: [LABEL, FORGOTTEN, inSpec(SIDECAR), inSpec(ENVIRONMENT), [MERGE, { spec: { replicas: 3 } }]],
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    plural: 'ingresses',
    body: () =>
      withMetadata(
        {
          spec: partial(
            {
              rules: list(
                some('a.example.com', 'b.example.com').map((host): JsonObject => ({
                  host,
                  http: {
                    paths: [
                      { path: '/', pathType: 'Prefix', backend: { service: { name: 's', port: { number: 80 } } } },
                    ],
                  },
                })),
                1,
              ),
              tls: list(some({ hosts: ['a'], secretName: 't' }, { secretName: 'u' })),
              ingressClassName: some('nginx', 'other'),
            },
            'rules',
          ),
        },
        'spec',
      ),
    foreign: [LABEL, FORGOTTEN],
  },
  {
    apiVersion: RBAC,
    kind: 'Role',
    plural: 'roles',
    body: () => withMetadata({ rules }, 'rules'),
    foreign: [LABEL, FORGOTTEN, [MERGE, { rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['get'] }] }]],
  },
  {
    apiVersion: RBAC,
    kind: 'RoleBinding',
    plural: 'rolebindings',
    body: (namespace) =>
      partial(
        {
          // One that a finalizer holds cannot be created anew.
          metadata: partial({ labels, annotations: texts }),
          roleRef: some(
            { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'a' },
            { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
          ),
          subjects: list(
            some(
              { kind: 'ServiceAccount', name: 'a', namespace },
              { kind: 'User', name: 'u' },
              { kind: 'Group', name: 'g' },
            ),
          ),
        },
        'roleRef',
        'metadata',
      ),
    foreign: [LABEL, [MERGE, { subjects: [{ kind: 'User', name: 'theirs', apiGroup: 'rbac.authorization.k8s.io' }] }]],
  },
  {
    apiVersion: CUSTOM,
    kind: 'Typed',
    plural: 'typeds',
    body: () =>
      withMetadata({
        spec: partial({
          size: some(1, 2, 9007199254740993n),
          mode: some('fast', 'slow'),
          items: named({ value: some(1, 2) }),
          tags: texts,
          unknown: some('x'),
        }),
      }),
    foreign: [LABEL, FORGOTTEN, [MERGE, { spec: { size: 7, tags: { theirs: 'x' } } }]],
  },
  {
    apiVersion: CUSTOM,
    kind: 'Loose',
    plural: 'looses',
    body: () => withMetadata({ spec: json.object }),
    foreign: [LABEL, FORGOTTEN, [MERGE, { spec: { a: 'theirs', theirs: { b: 1 } } }]],
  },
];

const nameOfPort = (port: JsonObject): string =>
  `${textOf(port['protocol'] ?? 'TCP').toLowerCase()}-${numberOf(port['port'], 0)}`;
