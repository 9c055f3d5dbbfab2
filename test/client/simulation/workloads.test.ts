import { describe, expect, test } from 'vitest';
import { finalizersOf, keyOf, metadataOf, nameOf, objectIdOf, uidOf, type KubeObject } from '#core/object';
import type { PropagationPolicy } from '#core/sync/model';
import { at, objectsOf } from '../../../client/src/sync/json.ts';
import type { World } from '../simulated.ts';
import { applied, apply, conditions, elapsed, find, health, job, never, only } from './applied.ts';

describe('the failure policy of a Job', () => {
  const policy = (...rules: string[]): string =>
    job(`backoffLimit: 1, podFailurePolicy: {rules: [${rules.join(', ')}]}`);
  const exits = (action: string, codes: string, more = ''): string =>
    `{action: ${action}, onExitCodes: {${more}operator: In, values: [${codes}]}}`;

  test('ends it at once, and says by which rule', async () => {
    const place = await applied(policy(exits('Ignore', '1'), exits('FailJob', '3, 42')), [
      { name: 'j', outcome: 'fail', exitCode: 42 },
    ]);
    await place.clock.quiet(never);
    const [pod = {}] = find(place, 'Pod');
    expect(find(place, 'Pod')).toHaveLength(1);
    expect(conditions(only(place, 'Job'))).toContain('Failed=True PodFailurePolicy');
    expect(health(place, 'Job')).toEqual({
      status: 'Degraded',
      message: `Container main for pod shop/${nameOf(pod)} failed with exit code 42 matching FailJob rule at index 1`,
    });
  });

  test('leaves failures out of account', async () => {
    const place = await applied(policy(exits('Ignore', '42')), [{ name: 'j', failTimes: 3, exitCode: 42 }]);
    await place.clock.quiet(never);
    expect(only(place, 'Job')['status']).toMatchObject({ succeeded: 1, failed: 0 });
    expect(find(place, 'Pod')).toHaveLength(4);
  });

  test.each([
    ['another code', exits('FailJob', '1')],
    ['another container', exits('FailJob', '42', 'containerName: other, ')],
    ['Count', exits('Count', '42')],
  ])('counts a failure: %s', async (_title, rule) => {
    const place = await applied(policy(rule), [{ name: 'j', outcome: 'fail', exitCode: 42 }]);
    await place.clock.quiet(never);
    expect(conditions(only(place, 'Job'))).toContain('Failed=True BackoffLimitExceeded');
    expect(find(place, 'Pod')).toHaveLength(2);
  });
});

test('a suspended Job has not started; its deadline counts from when it is resumed', async () => {
  const place = await applied(job('suspend: true, activeDeadlineSeconds: 30'), [{ name: 'j', outcome: 'hang' }]);
  await place.clock.sleep(100_000);
  expect(at(only(place, 'Job')['status'], 'startTime')).toBeUndefined();
  await apply(place, job('suspend: false, activeDeadlineSeconds: 30'));
  await place.clock.quiet(never);
  expect(elapsed(place)).toBe(130);
});

const workload = (kind: string, spec: string): string => `
apiVersion: apps/v1
kind: ${kind}
metadata: {name: web}
spec:
  ${spec}
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: main, image: nginx}]}}
`;

test.each([['Deployment', 'replicas: 2'], ['DaemonSet'], ['StatefulSet', 'replicas: 1']])(
  'pods of a %s count when they have been ready for minReadySeconds',
  async (kind, spec = '') => {
    const place = await applied(workload(kind, `minReadySeconds: 20${spec === '' ? '' : `\n  ${spec}`}`));
    await place.clock.sleep(10_000);
    const available = kind === 'DaemonSet' ? 'numberAvailable' : 'availableReplicas';
    expect(at(only(place, kind)['status'], available)).toBe(0);
    await place.clock.sleep(11_500);
    expect(at(only(place, kind)['status'], available)).toBeGreaterThan(0);
    expect(health(place, kind)).toMatchObject({ status: 'Healthy' });
  },
);

test('a StatefulSet is changed from its partition on, and shrinks from its last pod on', async () => {
  const partition = 'updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 2}}';
  const place = await applied(workload('StatefulSet', 'replicas: 3'));
  await place.clock.quiet(never);
  await apply(place, workload('StatefulSet', `replicas: 3\n  ${partition}`).replace('image: nginx', 'image: new'));
  await place.clock.quiet(never);
  const images = find(place, 'Pod').map((pod) => objectsOf(at(pod['spec'], 'containers'))[0]?.['image']);
  expect(images).toEqual(['nginx', 'nginx', 'new']);
  expect(health(place, 'StatefulSet')).toMatchObject({ status: 'Healthy' });
  await apply(place, workload('StatefulSet', `replicas: 1\n  ${partition}`).replace('image: nginx', 'image: new'));
  await place.clock.quiet(never);
  expect(find(place, 'Pod').map(nameOf)).toEqual(['web-0']);
});

describe('deletion', () => {
  const remove = async (place: World, object: KubeObject, propagation: PropagationPolicy): Promise<void> => {
    await place.cluster.perform({ verb: 'delete', key: keyOf(objectIdOf(object)), object, propagation }, never);
  };

  test.each<[PropagationPolicy, number]>([
    ['Background', 0],
    ['Foreground', 0],
    ['Orphan', 1],
  ])('%s leaves so many pods: %i', async (propagation, left) => {
    const place = await applied(workload('Deployment', 'replicas: 1'));
    await place.clock.quiet(never);
    await remove(place, only(place, 'Deployment'), propagation);
    await place.clock.quiet(never);
    expect([find(place, 'Deployment').length, find(place, 'Pod').length]).toEqual([0, left]);
  });

  test('in the foreground waits for what is held below', async () => {
    const place = await applied(workload('Deployment', 'replicas: 1'));
    await place.clock.quiet(never);
    const pod = only(place, 'Pod');
    const held = { ...pod, metadata: { ...metadataOf(pod), finalizers: ['example.com/held'] } };
    await place.cluster.perform({ verb: 'update', key: keyOf(objectIdOf(pod)), object: held }, never);
    await remove(place, only(place, 'Deployment'), 'Foreground');
    await place.clock.quiet(never);
    expect(finalizersOf(only(place, 'Deployment'))).toEqual(['foregroundDeletion']);
    const free = { ...only(place, 'Pod'), metadata: { ...metadataOf(only(place, 'Pod')), finalizers: [] } };
    await place.cluster.perform({ verb: 'update-finalizers', key: keyOf(objectIdOf(pod)), object: free }, never);
    await place.clock.quiet(never);
    expect(find(place, 'Deployment')).toEqual([]);
  });

  const owned = (...owners: readonly KubeObject[]): string => {
    const references = owners.map(
      (owner) => `{apiVersion: v1, kind: ConfigMap, name: ${nameOf(owner)}, uid: '${uidOf(owner)}'}`,
    );
    return `{apiVersion: v1, kind: ConfigMap, metadata: {name: owned, ownerReferences: [${references.join(', ')}]}}`;
  };
  const owner = (name: string): string => `{apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}}}`;

  test('takes what has no owner left, and of others the reference', async () => {
    const place = await applied([owner('one'), owner('two')].join('\n---\n'));
    await apply(place, owned(only(place, 'ConfigMap', 'one'), only(place, 'ConfigMap', 'two')));
    await remove(place, only(place, 'ConfigMap', 'one'), 'Background');
    await place.clock.quiet(never);
    const left = objectsOf(metadataOf(only(place, 'ConfigMap', 'owned'))['ownerReferences']);
    expect(left.map(({ name }) => name)).toEqual(['two']);
    await remove(place, only(place, 'ConfigMap', 'two'), 'Background');
    await place.clock.quiet(never);
    expect(find(place, 'ConfigMap', 'owned')).toEqual([]);
  });

  test('takes what names an owner that is not there', async () => {
    const place = await applied(owned({ metadata: { name: 'gone', uid: 'x' } }));
    await place.clock.quiet(never);
    expect(find(place, 'ConfigMap', 'owned')).toEqual([]);
  });

  test('of a namespace takes what is in it, and waits for what is held', async () => {
    const place = await applied(
      `{apiVersion: v1, kind: Namespace, metadata: {name: other, namespace: ''}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: plain, namespace: other}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: held, namespace: other, finalizers: [example.com/x]}}`,
    );
    await remove(place, only(place, 'Namespace', 'other'), 'Foreground');
    await place.clock.quiet(never);
    expect(at(only(place, 'Namespace', 'other')['status'], 'phase')).toBe('Terminating');
    expect([find(place, 'ConfigMap', 'plain').length, find(place, 'ConfigMap', 'held').length]).toEqual([0, 1]);
    const held = only(place, 'ConfigMap', 'held');
    const free = { ...held, metadata: { ...metadataOf(held), finalizers: [] } };
    await place.cluster.perform({ verb: 'update-finalizers', key: keyOf(objectIdOf(held)), object: free }, never);
    await place.clock.quiet(never);
    expect(find(place, 'Namespace', 'other')).toEqual([]);
  });
});
