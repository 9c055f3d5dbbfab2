import fc from 'fast-check';
import type { Json, JsonObject, KubeObject } from '#core/object';
import type { OperationRequest } from '#core/sync/options';
import type { Step, Story } from './both-worlds.ts';

const POD = 'test.argocd-hooks.dev/';

/** What a manifest of a random application is made of; two versions of it share all but `version` and `there`. */
interface Part {
  readonly kind: keyof typeof SHAPES;
  readonly name: string;
  readonly hook: readonly string[] | undefined;
  readonly generated: boolean;
  readonly policy: readonly string[] | undefined;
  readonly wave: number | undefined;
  readonly fails: boolean;
  readonly after: number;
  readonly options: readonly string[] | undefined;
  /** The versions of the application that it is in. */
  readonly there: readonly [boolean, boolean];
  /** Does it change between the two? */
  readonly changes: boolean;
}

const pod = (restartPolicy: string, { fails, after }: Part, version: number): JsonObject => ({
  metadata: {
    labels: { app: 'x' },
    annotations: {
      ...(fails && restartPolicy === 'Never' ? { [`${POD}pod`]: 'fail' } : {}),
      [`${POD}after`]: `${after}ms`,
    },
  },
  spec: {
    restartPolicy,
    containers: [
      {
        name: 'main',
        image: `busybox:1.${version}`,
        env: [{ name: 'VERSION', value: String(version) }],
        resources: { limits: { cpu: '0.5' } },
      },
    ],
  },
});

const SHAPES = {
  ConfigMap: (_part, version) => ({ apiVersion: 'v1', data: { a: String(version), [`v${version}`]: 'x' } }),
  Secret: (_part, version) => ({ apiVersion: 'v1', stringData: { a: String(version) } }),
  ServiceAccount: (_part, version) => ({ apiVersion: 'v1', metadata: { labels: { version: String(version) } } }),
  Service: (_part, version) => ({
    apiVersion: 'v1',
    spec: { selector: { app: 'x' }, ports: [{ port: 80 + version, name: 'http' }, { port: 443 }].slice(0, 1) },
  }),
  Role: (_part, version) => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    rules: [{ apiGroups: [''], resources: [version === 1 ? 'pods' : 'configmaps'], verbs: ['get'] }],
  }),
  RoleBinding: (_part, version) => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
    subjects: [{ kind: 'User', name: `user-${version}`, apiGroup: 'rbac.authorization.k8s.io' }],
  }),
  Job: (part, version) => ({
    apiVersion: 'batch/v1',
    spec: { backoffLimit: 0, template: pod('Never', part, version) },
  }),
  Pod: (part, version) => ({ apiVersion: 'v1', ...pod('Never', part, version) }),
  Deployment: (part, version) => ({
    apiVersion: 'apps/v1',
    spec: { replicas: 1, selector: { matchLabels: { app: 'x' } }, template: pod('Always', part, version) },
  }),
} satisfies Record<string, (part: Part, version: number) => JsonObject>;

const option = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(one, { nil: undefined });
const some = (...texts: string[]): fc.Arbitrary<string[]> =>
  fc.uniqueArray(fc.constantFrom(...texts), { minLength: 1, maxLength: 2 });

const part: fc.Arbitrary<Part> = fc.record({
  kind: fc.constantFrom(...(Object.keys(SHAPES) as (keyof typeof SHAPES)[]), 'Job' as const, 'Job' as const),
  name: fc.constantFrom('a', 'b', 'c', 'd'),
  hook: option(some('PreSync', 'Sync', 'PostSync', 'SyncFail')),
  generated: fc.boolean(),
  policy: option(some('BeforeHookCreation', 'HookSucceeded', 'HookFailed')),
  wave: option(fc.integer({ min: -1, max: 2 })),
  fails: fc.integer({ min: 0, max: 6 }).map((n) => n === 0),
  after: fc.constantFrom(100, 250, 400),
  options: option(some('Replace=true', 'Force=true', 'ServerSideApply=true', 'Prune=false', 'PruneLast=true')),
  there: fc.constantFrom<readonly [boolean, boolean]>([true, true], [true, true], [true, false], [false, true]),
  changes: fc.boolean(),
});

function manifestOf(one: Part, version: number): KubeObject {
  const { kind, name, hook, policy, wave, options, generated, changes } = one;
  const shape: JsonObject = SHAPES[kind](one, changes ? version : 1);
  const metadata = (shape['metadata'] ?? {}) as JsonObject;
  const told: Readonly<Record<string, Json | undefined>> = {
    'argocd.argoproj.io/hook': hook?.join(','),
    'argocd.argoproj.io/hook-delete-policy': hook && policy?.join(','),
    'argocd.argoproj.io/sync-wave': wave === undefined ? undefined : String(wave),
    'argocd.argoproj.io/sync-options': options?.join(','),
  };
  const own = Object.entries(told).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]));
  const given = (metadata['annotations'] ?? {}) as JsonObject;
  const annotations = { ...given, ...Object.fromEntries(own) };
  const named = generated && hook ? { generateName: `${name}-` } : { name };
  return {
    ...shape,
    kind,
    metadata: { ...metadata, ...named, ...(Object.keys(annotations).length > 0 ? { annotations } : {}) },
  };
}

const operation: fc.Arbitrary<OperationRequest> = fc
  .record({
    prune: fc.boolean(),
    options: option(
      some(
        'ApplyOutOfSyncOnly=true',
        'PruneLast=true',
        'PrunePropagationPolicy=background',
        'ServerSideApply=true',
        'Replace=true',
      ),
    ),
  })
  .map(({ prune, options }) => ({ prune, ...(options ? { syncOptions: options } : {}) }));

/** Random applications that are synced once, changed, and synced again. */
export const story: fc.Arbitrary<Omit<Story, 'namespace'>> = fc
  .record({
    parts: fc.uniqueArray(part, { minLength: 2, maxLength: 6, selector: ({ kind, name }) => `${kind}/${name}` }),
    first: operation,
    then: fc.array(operation, { minLength: 1, maxLength: 2 }),
  })
  .map(({ parts, first, then }) => {
    const at = (version: number): KubeObject[] =>
      parts.filter(({ there }) => there[version - 1] === true).map((one) => manifestOf(one, version));
    const steps: Step[] = [{ objects: at(1), sync: first }, ...then.map((sync) => ({ objects: at(2), sync }))];
    return { steps, owners: true };
  });
