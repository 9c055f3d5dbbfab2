import { describe, expect, test } from 'vitest';
import { gvkOf, metadataOf } from '#core/object';
import { at, objectsOf } from '../../../client/src/sync/json.ts';
import { whyNot } from '../../../client/src/sync/why.ts';
import { world } from '../simulated.ts';
import { applied, apply, conditions, elapsed, find, health, job, never, only } from './applied.ts';

describe('a Job', () => {
  test('runs a pod and is complete', async () => {
    const place = await applied(job(''));
    await place.clock.quiet(never);
    expect(elapsed(place)).toBe(2);
    expect(conditions(only(place, 'Job'))).toEqual([
      'SuccessCriteriaMet=True CompletionsReached',
      'Complete=True CompletionsReached',
    ]);
    expect(health(place, 'Job')).toEqual({ status: 'Healthy', message: 'Reached expected number of succeeded pods' });
    expect(only(place, 'Job')['status']).toMatchObject({
      succeeded: 1,
      active: 0,
      completionTime: '2026-11-26T03:00:02Z',
    });
  });

  test('tries again with its back-off, and fails at its limit', async () => {
    const place = await applied(job('backoffLimit: 2'), [{ name: 'j', outcome: 'fail', after: 1000 }]);
    await place.clock.quiet(never);
    expect(find(place, 'Pod')).toHaveLength(3);
    expect(elapsed(place)).toBe(1 + 10 + 1 + 20 + 1);
    expect(conditions(only(place, 'Job'))).toEqual([
      'FailureTarget=True BackoffLimitExceeded',
      'Failed=True BackoffLimitExceeded',
    ]);
    expect(health(place, 'Job')).toEqual({
      status: 'Degraded',
      message: 'Job has reached the specified backoff limit',
    });
  });

  test('succeeds after so many failures', async () => {
    const place = await applied(job(''), [{ name: 'j', failTimes: 2, after: 1000 }]);
    await place.clock.quiet(never);
    expect(only(place, 'Job')['status']).toMatchObject({ succeeded: 1, failed: 2 });
  });

  test('restarts in place count too', async () => {
    const place = await applied(job('backoffLimit: 1', 'restartPolicy: OnFailure'), [{ name: 'j', outcome: 'fail' }]);
    await place.clock.quiet(never);
    expect(health(place, 'Job')).toMatchObject({ status: 'Degraded' });
  });

  test('is over when its deadline is', async () => {
    const place = await applied(job('activeDeadlineSeconds: 30'), [{ name: 'j', outcome: 'hang' }]);
    await place.clock.quiet(never);
    expect(elapsed(place)).toBe(30);
    expect(health(place, 'Job')).toEqual({
      status: 'Degraded',
      message: 'Job was active longer than specified deadline',
    });
  });

  test('runs as many pods beside one another and in all as it says', async () => {
    const place = await applied(job('completions: 5, parallelism: 2'));
    await place.clock.quiet(never);
    expect(find(place, 'Pod')).toHaveLength(5);
    expect(elapsed(place)).toBe(6);
  });

  test('does nothing while it is suspended, and goes on when it is resumed', async () => {
    const place = await applied(job('suspend: true'));
    await place.clock.quiet(never);
    expect(health(place, 'Job')).toMatchObject({ status: 'Suspended' });
    expect(find(place, 'Pod')).toHaveLength(0);
    await apply(place, job('suspend: false'));
    await place.clock.quiet(never);
    expect(conditions(only(place, 'Job'))).toContain('Complete=True CompletionsReached');
  });

  test('goes so long after its end', async () => {
    const place = await applied(job('ttlSecondsAfterFinished: 60'));
    await place.clock.quiet(never);
    expect(find(place, 'Job')).toHaveLength(0);
    expect(elapsed(place)).toBe(62);
  });
});

const deployment = (spec: string, image = 'nginx:1'): string => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  ${spec}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: main, image: "${image}"}]}
`;

describe('a Deployment', () => {
  test('is healthy when its pods are ready', async () => {
    const place = await applied(deployment('replicas: 3'));
    expect(health(place, 'Deployment')).toMatchObject({ status: 'Progressing' });
    await place.clock.quiet(never);
    expect(elapsed(place)).toBeGreaterThanOrEqual(1);
    expect(health(place, 'Deployment')).toMatchObject({ status: 'Healthy' });
    expect(find(place, 'Pod')).toHaveLength(3);
  });

  test('replaces its pods when the template is another one', async () => {
    const place = await applied(deployment('replicas: 2'));
    await place.clock.quiet(never);
    await apply(place, deployment('replicas: 2', 'nginx:2'));
    expect(health(place, 'Deployment')).toMatchObject({ status: 'Progressing' });
    await place.clock.quiet(never);
    expect(health(place, 'Deployment')).toMatchObject({ status: 'Healthy' });
    const images = find(place, 'Pod').map((pod) => objectsOf(at(pod['spec'], 'containers'))[0]?.['image']);
    expect(images).toEqual(['nginx:2', 'nginx:2']);
  });

  test('has failed when it makes no progress for its deadline', async () => {
    const place = await applied(deployment('progressDeadlineSeconds: 120'), [
      { name: 'Deployment/web', outcome: 'hang' },
    ]);
    await place.clock.quiet(never);
    expect(elapsed(place)).toBe(120);
    expect(health(place, 'Deployment')).toEqual({
      status: 'Degraded',
      message: 'Deployment "web" exceeded its progress deadline',
    });
  });

  test('waits for what its pods read, and goes on when it comes', async () => {
    const reading = deployment('replicas: 1').replace(
      'image: "nginx:1"',
      'image: "nginx:1", envFrom: [{secretRef: {name: keys}}]',
    );
    const place = await applied(reading);
    await place.clock.sleep(60_000);
    const live = only(place, 'Deployment');
    const { reasons, advice } = whyNot(await place.cluster.circumstances(live), live);
    expect(reasons).toEqual([
      expect.stringMatching(/^Pod web-.*: container main waits: CreateContainerConfigError: secret "keys" not found$/),
    ]);
    expect(advice).toEqual(['Create Secret keys: the pod goes on by itself once it is there.']);
    await apply(place, 'apiVersion: v1\nkind: Secret\nmetadata: {name: keys}');
    await place.clock.sleep(5000);
    expect(health(place, 'Deployment')).toMatchObject({ status: 'Healthy' });
  });

  test('is rolled out by nobody while it is paused', async () => {
    const place = await applied(deployment('paused: true'));
    await place.clock.quiet(never);
    expect(health(place, 'Deployment')).toMatchObject({ status: 'Suspended' });
    expect(find(place, 'Pod')).toHaveLength(0);
  });
});

const statefulSet = (spec: string): string => `
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  ${spec}
  serviceName: db
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: main, image: postgres}]}
  volumeClaimTemplates:
    - metadata: {name: data}
      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
`;

describe('a StatefulSet', () => {
  test('starts its pods one after the other, each with its claim', async () => {
    const place = await applied(statefulSet('replicas: 3'));
    await place.clock.quiet(never);
    expect(elapsed(place)).toBe(3);
    expect(find(place, 'Pod').map((pod) => metadataOf(pod)['name'])).toEqual(['db-0', 'db-1', 'db-2']);
    expect(find(place, 'PersistentVolumeClaim').map((claim) => at(claim['status'], 'phase'))).toEqual([
      'Bound',
      'Bound',
      'Bound',
    ]);
    expect(health(place, 'StatefulSet')).toMatchObject({ status: 'Healthy' });
  });

  test('or all at once', async () => {
    const place = await applied(statefulSet('replicas: 3\n  podManagementPolicy: Parallel'));
    await place.clock.quiet(never);
    expect(elapsed(place)).toBe(1);
  });

  test('replaces them one by one from the last', async () => {
    const place = await applied(statefulSet('replicas: 2'));
    await place.clock.quiet(never);
    await apply(place, statefulSet('replicas: 2').replace('image: postgres', 'image: "postgres:2"'));
    expect(health(place, 'StatefulSet')).toMatchObject({ status: 'Progressing' });
    await place.clock.quiet(never);
    expect(health(place, 'StatefulSet')).toMatchObject({ status: 'Healthy' });
    const images = find(place, 'Pod').map((pod) => objectsOf(at(pod['spec'], 'containers'))[0]?.['image']);
    expect(images).toEqual(['postgres:2', 'postgres:2']);
  });
});

test('a DaemonSet runs on the one node there is', async () => {
  const text = deployment('').replace('kind: Deployment', 'kind: DaemonSet');
  const place = await applied(text);
  await place.clock.quiet(never);
  expect(find(place, 'Pod')).toHaveLength(1);
  expect(health(place, 'DaemonSet')).toMatchObject({ status: 'Healthy' });
});

test('pods that crash, or whose image cannot be pulled, are told as Argo CD sees them', async () => {
  const pod = (policy: string): string => `
apiVersion: v1
kind: Pod
metadata: {name: p}
spec: {restartPolicy: ${policy}, containers: [{name: main, image: "nginx:typo"}]}
`;
  const crashing = await applied(pod('Always'), [{ name: 'p', outcome: 'crash-loop', exitCode: 3 }]);
  await crashing.clock.sleep(5000);
  expect(health(crashing, 'Pod')).toMatchObject({ status: 'Degraded' });
  const missing = await applied(pod('Always'), [{ name: 'p', outcome: 'image-pull-error' }]);
  await missing.clock.sleep(5000);
  expect(health(missing, 'Pod')).toEqual({ status: 'Degraded', message: 'Back-off pulling image "nginx:typo"' });
  const ended = await applied(pod('Never'), [{ name: 'p', outcome: 'fail', exitCode: 3 }]);
  await ended.clock.quiet(never);
  expect(health(ended, 'Pod')).toEqual({ status: 'Degraded', message: 'container "main" failed with exit code 3' });
});

test('a claim binds at once where its class says so', async () => {
  const claim = (spec: string): string =>
    `apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: c}\nspec: {${spec}}`;
  const defined = await applied(claim('storageClassName: fast'), [], {});
  await defined.clock.quiet(never);
  expect(at(only(defined, 'PersistentVolumeClaim')['status'], 'phase')).toBe('Pending');
  const place = world();
  await place.cluster.perform(
    {
      verb: 'apply',
      key: 'storage.k8s.io/StorageClass//fast',
      object: {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'StorageClass',
        metadata: { name: 'fast' },
        volumeBindingMode: 'Immediate',
      },
    },
    never,
  );
  await apply(place, claim('storageClassName: fast'));
  await place.clock.quiet(never);
  expect(at(only(place, 'PersistentVolumeClaim')['status'], 'phase')).toBe('Bound');
});

test('logs can be followed while pods come and go', async () => {
  const place = await applied(job('backoffLimit: 1'), [{ name: 'j', failTimes: 1, logs: ['one', 'two'] }]);
  const lines: string[] = [];
  await place.cluster.logs(only(place, 'Job'), ({ container, line }) => lines.push(`${container}: ${line}`), never);
  expect(lines).toEqual([
    'main: simulated, not run: busybox',
    'main: one',
    'main: two',
    'main: simulated: exit code 1 after 2 s',
    'main: simulated, not run: busybox',
    'main: one',
    'main: two',
    'main: simulated: exit code 0 after 2 s',
  ]);
});

test('every kind of a plain cluster can be applied and read', async () => {
  const place = world();
  for (const text of [
    'v1/LimitRange',
    'networking.k8s.io/v1/NetworkPolicy',
    'policy/v1/PodDisruptionBudget',
    'batch/v1/CronJob',
    'autoscaling/v2/HorizontalPodAutoscaler',
  ]) {
    const slash = text.lastIndexOf('/');
    await apply(
      place,
      `apiVersion: ${text.slice(0, slash)}\nkind: ${text.slice(slash + 1)}\nmetadata: {name: x}\nspec: {}`,
    );
  }
  await place.clock.quiet(never);
  for (const kind of ['CronJob', 'HorizontalPodAutoscaler', 'PodDisruptionBudget'])
    expect([gvkOf(only(place, kind)).kind, health(place, kind)]).toMatchObject([kind, { status: 'Healthy' }]);
});
