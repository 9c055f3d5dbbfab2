import { beforeAll, expect, test } from 'vitest';
import type { JsonObject, KubeObject } from '#core/object';
import { whyNot } from '../../client/src/sync/why.ts';
import type { Why } from '../../client/src/sync/reasons.ts';
import { admin, freshNamespace, get, open, post, remove, running, until } from './plane.ts';

let ns: string;
beforeAll(async () => {
  ns = await freshNamespace('why');
});

const jobs = (): string => `/apis/batch/v1/namespaces/${ns}/jobs`;
const job = (name: string, annotations: JsonObject, pod: JsonObject = {}, metadata: JsonObject = {}) =>
  post(jobs(), {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, ...metadata },
    spec: {
      backoffLimit: 0,
      template: {
        metadata: { annotations },
        spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox:1.37' }], ...pod },
      },
    },
  });
const HOOK: JsonObject = {
  annotations: { 'argocd.argoproj.io/hook': 'PreSync' },
  finalizers: ['argocd.argoproj.io/hook-finalizer'],
};

const why = async (object: KubeObject): Promise<Why> =>
  whyNot(await (await open()).circumstances(object, running), object);
/** The reasons, once there are so many. */
const reasonsOf = (object: KubeObject, atLeast = 1): Promise<Why> =>
  until('the reasons', async () => {
    const found = await why(object);
    return found.reasons.length >= atLeast && found;
  });

test('an image that cannot be pulled', async () => {
  const hook = await job('unpullable', { 'test.argocd-hooks.dev/pod': 'image-pull-error' }, {}, HOOK);
  const { reasons, advice } = await reasonsOf(hook, 2);
  expect(reasons[0]).toMatch(/^Pod unpullable-\w+: container main waits: ImagePullBackOff: Back-off pulling image$/);
  expect(reasons[1]).toMatch(/^Pod unpullable-\w+: Failed: Failed to pull image "busybox:1\.37": not found$/);
  expect(advice[0]).toMatch(/^Check name and tag of the image/);
  expect(advice[1]).toMatch(/^If that cannot be repaired now, terminate the sync/);
});

test('a ConfigMap that is missing', async () => {
  const hook = await job('mounts', {}, { volumes: [{ name: 'v', configMap: { name: 'later' } }] });
  const { reasons, advice } = await reasonsOf(hook);
  expect(reasons[0]).toMatch(/^Pod mounts-\w+: FailedMount: MountVolume\.SetUp failed: configmap "later" not found$/);
  expect(advice).toEqual(['Create ConfigMap later: the pod goes on by itself once it is there.']);
});

test('a ServiceAccount that is missing: the Job may make no pod', async () => {
  const { reasons, advice } = await reasonsOf(await job('nobody', {}, { serviceAccountName: 'migrator' }));
  expect(reasons[0]).toContain('Job nobody: FailedCreate: Error creating: pods "nobody-" is forbidden');
  expect(advice).toEqual(['Create ServiceAccount migrator: the pod goes on by itself once it is there.']);
});

test('a Deployment whose pods the quota of the namespace refuses', async () => {
  await post(`/api/v1/namespaces/${ns}/resourcequotas`, {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'small' },
    spec: { hard: { 'requests.memory': '1Gi' } },
  });
  try {
    const labels = { app: 'greedy' };
    const deployment = await post(`/apis/apps/v1/namespaces/${ns}/deployments`, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'greedy' },
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            containers: [{ name: 'main', image: 'nginx:1.29', resources: { requests: { memory: '4Gi' } } }],
          },
        },
      },
    });
    const { reasons, advice } = await reasonsOf(deployment);
    expect(reasons[0]).toMatch(/^ReplicaSet greedy-\w+: FailedCreate: .*exceeded quota: small/);
    expect(advice[0]).toMatch(/^Raise the quota/);
  } finally {
    await remove(`/api/v1/namespaces/${ns}/resourcequotas/small`);
  }
});

test('a pod that no node takes', async () => {
  const hook = await job('big', { 'test.argocd-hooks.dev/pod': 'pending' });
  const [pod] = await until('the pod', async () => {
    const items = (await get(`/api/v1/namespaces/${ns}/pods?labelSelector=job-name%3Dbig`))['items'];
    return Array.isArray(items) && items.length > 0 && (items as { metadata: { name: string } }[]);
  });
  // There is no scheduler: what it would write is written here.
  const scheduled = {
    type: 'PodScheduled',
    status: 'False',
    reason: 'Unschedulable',
    message: '0/3 nodes are available: 3 Insufficient memory.',
  };
  // Binding the pod to its node may write over it once.
  const { reasons, advice } = await until('the reasons', async () => {
    await admin.patchStatus(`/api/v1/namespaces/${ns}/pods/${pod?.metadata.name ?? ''}`, { conditions: [scheduled] });
    const found = await why(hook);
    return found.reasons.length > 0 && found;
  });
  expect(reasons[0]).toMatch(/^Pod big-\w+: not scheduled: 0\/3 nodes are available: 3 Insufficient memory\.$/);
  expect(advice[0]).toMatch(/^No node takes the pod/);
});

test('a claim that is not bound, by itself and through the pod that uses it', async () => {
  const claim = await post(`/api/v1/namespaces/${ns}/persistentvolumeclaims`, {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data' },
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'no-such-class',
      resources: { requests: { storage: '1Gi' } },
    },
  });
  const own = await reasonsOf(claim, 2);
  expect(own.reasons[0]).toBe('PersistentVolumeClaim data is Pending, not bound (storage class no-such-class)');
  expect(own.reasons[1]).toMatch(/^PersistentVolumeClaim data: ProvisioningFailed: .*no-such-class/);
  const hook = await job('uses-data', {}, { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }] });
  const { reasons, advice } = await reasonsOf(hook);
  expect(reasons[0]).toBe(own.reasons[0]);
  expect(advice[0]).toMatch(/^Look at the storage class of the claim/);
});

test('a container that has failed', async () => {
  const hook = await job('fails', { 'test.argocd-hooks.dev/pod': 'fail', 'test.argocd-hooks.dev/exit-code': '7' });
  const { reasons } = await reasonsOf(hook);
  expect(reasons[0]).toMatch(/^Pod fails-\w+: container main ended with exit code 7 \(Error\)$/);
});

test('a hook that somebody deleted while it ran', async () => {
  await job('deleted', { 'test.argocd-hooks.dev/pod': 'hang' }, {}, HOOK);
  await remove(`${jobs()}/deleted`);
  const live = await get(`${jobs()}/deleted`);
  const { reasons, advice } = await why(live);
  expect(reasons[0]).toMatch(/^Job deleted was deleted by somebody else while it ran/);
  expect(advice).toEqual([
    'Terminate the sync: that takes the finalizer off, and the next sync makes Job deleted anew.',
  ]);
});

test('a finalizer that nobody takes off', async () => {
  const path = `/api/v1/namespaces/${ns}/configmaps`;
  const metadata = { name: 'kept', finalizers: ['example.com/cleanup'] };
  await post(path, { apiVersion: 'v1', kind: 'ConfigMap', metadata });
  await remove(`${path}/kept`);
  const { reasons, advice } = await why(await get(`${path}/kept`));
  expect(reasons).toEqual(['ConfigMap kept is being deleted, and example.com/cleanup keeps it']);
  expect(advice[0]).toMatch(/^The controller behind the finalizer has to take it off/);
});

test('nothing is known of what is fine', async () => {
  const config = await post(`/api/v1/namespaces/${ns}/configmaps`, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'fine' },
  });
  expect(await why(config)).toEqual({ reasons: [], advice: [] });
});
