import { describe, expect, it, test } from 'vitest';
import type { JsonObject } from '../../../server/src/core/object.ts';
import { boundAccounts, roleOf } from '../../../server/src/core/plan/bindings.ts';
import { nameLimit } from '../../../server/src/core/plan/generated-name.ts';
import { namespaceInjection, podWish } from '../../../server/src/core/plan/meshes.ts';
import { suspensionOf } from '../../../server/src/core/plan/suspended.ts';

const object = (apiVersion: string, kind: string, rest: JsonObject = {}): JsonObject => ({ apiVersion, kind, ...rest });

describe('a suspension', () => {
  test.each([
    ['batch/v1', 'Job', 'suspend', 'suspended'],
    ['argoproj.io/v1alpha1', 'Workflow', 'suspend', 'suspended'],
    ['argoproj.io/v1alpha1', 'Rollout', 'paused', 'paused'],
    ['apps/v1', 'Deployment', 'paused', 'paused'],
    ['batch/v1', 'CronJob', 'suspend', undefined],
    ['example.com/v1', 'Job', 'suspend', undefined],
  ])('of %s %s by %s is %s', (apiVersion, kind, field, state) => {
    expect(suspensionOf(object(apiVersion, kind, { spec: { [field]: true } }))?.state).toBe(state);
    for (const value of [false, 'true', '{{ .x }}', null])
      expect(suspensionOf(object(apiVersion, kind, { spec: { [field]: value } }))).toBeUndefined();
  });

  it('is none where a queue starts the Job', () => {
    const metadata = { labels: { 'kueue.x-k8s.io/queue-name': 'batch' } };
    expect(suspensionOf(object('batch/v1', 'Job', { metadata, spec: { suspend: true } }))).toBeUndefined();
  });
});

describe('a binding', () => {
  const rbac = 'rbac.authorization.k8s.io/v1';
  const binding = object(rbac, 'RoleBinding', {
    roleRef: { kind: 'ClusterRole', name: 'view' },
    subjects: [
      { kind: 'User', name: 'jo' },
      { kind: 'ServiceAccount', name: 'a' },
      { kind: 'ServiceAccount', name: 'b', namespace: 'n' },
    ],
  });

  it('says its role and the accounts that it is for', () => {
    expect(roleOf(binding)).toEqual({ kind: 'ClusterRole', name: 'view' });
    expect(boundAccounts(binding)).toEqual([
      { namespace: '', name: 'a' },
      { namespace: 'n', name: 'b' },
    ]);
  });

  it('is nothing else, and may be broken', () => {
    expect(roleOf({ ...binding, kind: 'Role' })).toBeUndefined();
    expect(boundAccounts({ ...binding, apiVersion: 'v1' })).toEqual([]);
    expect(roleOf(object(rbac, 'RoleBinding'))).toBeUndefined();
    expect(boundAccounts(object(rbac, 'RoleBinding', { subjects: 'x' }))).toEqual([]);
  });
});

describe('a mesh', () => {
  const namespace = (metadata: JsonObject) => namespaceInjection(object('v1', 'Namespace', { metadata }))?.mesh;

  test.each<[JsonObject, string | undefined]>([
    [{ labels: { 'istio-injection': 'enabled' } }, 'Istio'],
    [{ labels: { 'istio.io/rev': 'stable' } }, 'Istio'],
    [{ labels: { 'istio-injection': 'disabled', 'istio.io/rev': 'stable' } }, undefined],
    [{ labels: { 'istio.io/dataplane-mode': 'ambient' } }, undefined],
    [{ annotations: { 'linkerd.io/inject': 'ingress' } }, 'Linkerd'],
    [{ annotations: { 'linkerd.io/inject': 'disabled' } }, undefined],
    [{}, undefined],
  ])('of the namespace %j is %s', (metadata, mesh) => {
    expect(namespace(metadata)).toBe(mesh);
  });

  const pod = (metadata: JsonObject, spec: JsonObject = {}) =>
    podWish(object('batch/v1', 'Job', { spec: { template: { metadata, spec } } }));

  test.each<[JsonObject, string | undefined]>([
    [{ labels: { 'sidecar.istio.io/inject': 'true' } }, 'asks'],
    [{ annotations: { 'sidecar.istio.io/inject': 'false' } }, 'refuses'],
    [{ labels: { 'sidecar.istio.io/inject': 'false' }, annotations: { 'sidecar.istio.io/inject': 'true' } }, 'refuses'],
    [{ annotations: { 'linkerd.io/inject': 'enabled' } }, 'asks'],
    [{ annotations: { 'linkerd.io/inject': 'disabled' } }, 'refuses'],
    [{ annotations: { 'config.alpha.linkerd.io/proxy-enable-native-sidecar': 'true' } }, 'ends-well'],
    [{}, undefined],
  ])('is by a pod of %j what it %s', (metadata, kind) => {
    expect(pod(metadata)?.kind).toBe(kind);
  });

  it('ends where the command ends it, and is not in the network of the node', () => {
    expect(pod({}, { containers: [{ args: ['curl localhost:4191/shutdown'] }] })?.kind).toBe('ends-well');
    expect(pod({}, { hostNetwork: true, big: 2n ** 60n })?.kind).toBe('ends-well');
    expect(podWish(object('v1', 'ConfigMap'))).toBeUndefined();
  });
});

test('names may be as long as their kind lets them', () => {
  expect(nameLimit(object('batch/v1', 'Job'))).toBe(63);
  expect(nameLimit(object('v1', 'Pod'))).toBe(253);
  expect(nameLimit(object('example.com/v1', 'Pod'))).toBe(63);
  expect(nameLimit(object('rbac.authorization.k8s.io/v1', 'RoleBinding'))).toBe(253);
});
