import { describe, expect, test } from 'vitest';
import type { Failure } from '../../../client/src/sync/events.ts';
import { adviceOnRefusal } from '../../../client/src/sync/refusal-advice.ts';
import { objects, sync, world } from '../simulated.ts';

const hook = (name: string, policies: string, image = 'migrate:1'): string => `
apiVersion: batch/v1
kind: Job
metadata:
  name: ${name}
  annotations:
    argocd.argoproj.io/hook: PreSync
    argocd.argoproj.io/hook-delete-policy: "${policies}"
spec:
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      containers: [{name: main, image: "${image}"}]
`;

const job = (image: string): string => `
apiVersion: batch/v1
kind: Job
metadata: {name: seed}
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: main, image: "${image}"}]
`;

const SETTINGS = `
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {a: "1"}
`;

const text = ({ task, phase, message, reasons, advice }: Failure): string[] => [
  `${phase} ${task}: ${message}`,
  ...reasons.map((reason) => reason.replace(/-\w{5}: /, '-…: ')),
  ...advice.map((one) => `→ ${one}`),
];

const fails = (name: string) => world({}, [{ name, outcome: 'fail', exitCode: 3 }]);

describe('a hook that fails', () => {
  test('is told with its exit code, the end of its log, what to do, and what was not applied', async () => {
    const { result } = await sync(
      fails('migrate'),
      objects([hook('migrate', 'BeforeHookCreation'), SETTINGS].join('---')),
    );
    expect(result.failures?.flatMap(text)).toEqual([
      'PreSync batch/Job/shop/migrate: Job has reached the specified backoff limit',
      'Pod migrate-…: container main ended with exit code 3 (Error)',
      '→ Once it is repaired, the next sync runs Job migrate anew.',
    ]);
    expect(result.failures?.[0]?.log.at(-1)).toMatch(/exit code 3/);
    expect(result.notApplied).toEqual(['/ConfigMap/shop/settings']);
  });

  test('is looked at before a policy deletes it', async () => {
    const { result, writes } = await sync(fails('migrate'), objects(hook('migrate', 'HookFailed')));
    expect(writes.at(-1)).toBe('delete batch/Job/shop/migrate');
    expect(result.failures?.flatMap(text)).toContain('Pod migrate-…: container main ended with exit code 3 (Error)');
  });

  test('that stays would fail the next sync too: what to delete is said', async () => {
    const { result } = await sync(fails('migrate'), objects(hook('migrate', 'HookSucceeded')));
    expect(result.failures?.[0]?.advice).toEqual([
      'Job migrate stays, and the next sync takes it for failed without running it: delete it before (kubectl delete job.batch/migrate -n shop), and add BeforeHookCreation to its hook-delete-policy.',
    ]);
  });

  test('that was terminated is no failure', async () => {
    const place = world({}, [{ name: 'migrate', outcome: 'hang' }]);
    const { result } = await sync(place, objects(hook('migrate', 'HookSucceeded')), {
      terminateAt: 5000,
      waitsForever: true,
    });
    expect(result.operation.phase).toBe('Failed');
    expect(result.failures).toBeUndefined();
  });
});

test('a change that the server refuses is told with the way out, and nothing that was applied counts as not applied', async () => {
  const place = world();
  await sync(place, objects(job('migrate:1')));
  const { result } = await sync(place, objects([SETTINGS, job('migrate:2')].join('---')));
  const [failure] = result.failures ?? [];
  expect(failure?.task).toBe('batch/Job/shop/seed');
  expect(failure?.advice[0]).toMatch(
    /^What changed cannot be changed in place\. Delete the live object \(kubectl delete job\.batch\/seed -n shop\)/,
  );
  expect(result.notApplied).toBeUndefined();
});

test('what has succeeded has no failures', async () => {
  const { result } = await sync(world(), objects(SETTINGS));
  expect([result.failures, result.notApplied]).toEqual([undefined, undefined]);
});

/** An API server's words, and how what is to be done about them begins. */
const REFUSALS: readonly [words: string, advice: RegExp | undefined][] = [
  [
    'ConfigMap "big" is invalid: metadata.annotations: Too long: may not be more than 262144 bytes',
    /ServerSideApply=true/,
  ],
  ['Deployment.apps "web" is invalid: spec.selector: Invalid value: {}: field is immutable', /Force=true,Replace=true/],
  [
    'StatefulSet.apps "db" is invalid: spec: Forbidden: updates to statefulset spec for fields other than \'replicas\' are forbidden',
    /kubectl delete configmap\/web -n shop/,
  ],
  [
    'RoleBinding.rbac.authorization.k8s.io "r" is invalid: roleRef: Invalid value: {}: cannot change roleRef',
    /in place/,
  ],
  ['Apply failed with 1 conflict: conflict with "kubectl" using apps/v1: .spec.replicas', /^kubectl owns these fields/],
  ['namespaces "shop" not found', /^Namespace shop does not exist.*CreateNamespace=true/],
  [
    'configmaps "a" is forbidden: unable to create new content in namespace shop because it is being terminated',
    /^The namespace is being deleted/,
  ],
  [
    'pods "a" is forbidden: exceeded quota: small, requested: pods=1, used: pods=1, limited: pods=1',
    /^Raise the quota/,
  ],
  [
    'Internal error occurred: failed calling webhook "mutate.example.com": failed to call webhook: Post "https://…": no endpoints available',
    /^The admission webhook mutate\.example\.com does not answer/,
  ],
  ['admission webhook "policy.example.com" denied the request: no latest tags', /\(policy\.example\.com\)/],
  [
    "configmaps \"a\" is forbidden: ValidatingAdmissionPolicy 'owners' with binding 'b' denied request: no owner",
    /\(owners\)/,
  ],
  [
    'deployments.apps "web" is forbidden: User "ci" cannot patch resource "deployments" in API group "apps" in the namespace "shop"',
    /^Give ci a role with the rule \{apiGroups: \["apps"\], resources: \["deployments"\], verbs: \["patch"\]\}/,
  ],
  ['no matches for kind "Widget" in version "example.com/v1"', /install its CustomResourceDefinition/],
  ['from plain-: cannot use generate name with apply', /give it a name, or make it a hook/],
  ['error validating data: unknown field "spec.replcas"', /no field spec\.replcas/],
  ['failed to create typed patch object: .spec.replcas: field not declared in schema', /no field spec\.replcas/],
  ['Resource /ConfigMap/shop/web is missing, it might have been deleted', /^Somebody else deleted ConfigMap web/],
  ['jobs.batch "same-1" already exists', /generateName/],
  ['something else', undefined],
];

test.each(REFUSALS)('%s', (words, advice) => {
  const [object] = objects('{apiVersion: v1, kind: ConfigMap, metadata: {name: web, namespace: shop}}');
  const found = adviceOnRefusal(words, object ?? {});
  if (advice) expect(found).toEqual([expect.stringMatching(advice)]);
  else expect(found).toEqual([]);
});
