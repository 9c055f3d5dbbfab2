import { beforeEach, describe, expect, test } from 'vitest';
import {
  finalizersOf,
  gvkOf,
  isTerminating,
  keyOf,
  metadataOf,
  nameOf,
  objectIdOf,
  type KubeObject,
} from '#core/object';
import type { Action, Response, Verb } from '#core/sync/model';
import { Stop } from '../../../client/src/sync/signal.ts';
import { objects, world, type World } from '../simulated.ts';

const never = new Stop();
let place: World;
beforeEach(() => {
  place = world();
});

const one = (text: string): KubeObject => objects(text)[0] ?? {};
const configMap = (more = 'data: {a: "1"}'): KubeObject =>
  one(`apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\n${more}`);
const job = (image: string, name = 'j'): KubeObject =>
  one(`
apiVersion: batch/v1
kind: Job
metadata: {name: ${name}, namespace: shop}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: main, image: "${image}"}]}}}
`);

const act = (verb: Verb, object: KubeObject, more: Partial<Action> = {}): Promise<Response> =>
  place.cluster.perform({ verb, key: keyOf(objectIdOf(object)), object, ...more }, never);
const read = (object: KubeObject): Promise<KubeObject | undefined> => {
  const { namespace, name } = objectIdOf(object);
  return place.cluster.read(gvkOf(object), namespace, name);
};
const settled = (): Promise<void> => place.clock.quiet(never);

describe('apply', () => {
  test('creates, changes and leaves alone, in the words of kubectl', async () => {
    expect((await act('apply', configMap())).message).toBe('configmap/a created');
    expect((await act('apply', configMap())).message).toBe('configmap/a unchanged');
    expect((await act('apply', configMap('data: {a: "2"}'))).message).toBe('configmap/a configured');
    expect((await act('apply', job('b'))).message).toBe('job.batch/j created');
    expect((await act('apply', configMap(), { serverSide: true })).message).toBe('configmap/a serverside-applied');
  });

  test('takes away what the last apply set, and keeps what others have set', async () => {
    await act('apply', configMap('data: {a: "1", b: "2"}'));
    const live = await read(configMap());
    await act('replace', { ...live, data: { a: '1', b: '2', theirs: '3' } });
    await act('apply', configMap('data: {a: "1"}'));
    expect((await read(configMap()))?.['data']).toEqual({ a: '1', theirs: '3' });
  });

  test('a Pod cannot be replaced by its manifest, which does not know the volume of its account', async () => {
    const pod = one(
      '{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop}, spec: {containers: [{name: m}]}}',
    );
    await act('create', pod);
    expect((await act('replace', pod)).error).toMatch(
      /^Pod "p" is invalid: spec: Forbidden: pod updates may not change/,
    );
    expect((await act('apply', pod)).error).toBeUndefined();
  });

  test('on the server is refused where others own what it says, and tells who', async () => {
    await act('apply', configMap('data: {a: "1", b: "1"}'), { serverSide: true, manager: 'alice' });
    const { error, reason } = await act('apply', configMap('data: {a: "2"}'), { serverSide: true });
    expect(reason).toBe('Conflict');
    expect(error).toContain('configmap/a was left as it is');
    expect(error).toContain('"alice" owns .data.a');
    expect((await read(configMap()))?.['data']).toEqual({ a: '1', b: '1' });
  });

  test('a dry run of the client says what it would say, asks nothing and writes nothing', async () => {
    const elsewhere = one('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: nowhere}');
    expect(await act('apply', elsewhere, { dryRun: 'client' })).toMatchObject({
      message: 'configmap/a created (dry run)',
    });
    await act('apply', job('b'));
    const before = place.cluster.objects();
    expect((await act('apply', job('c'), { dryRun: 'client' })).message).toBe('job.batch/j configured (dry run)');
    expect(place.cluster.objects()).toEqual(before);
  });

  test('refuses what an API server refuses', async () => {
    const elsewhere = one('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: nowhere}');
    expect(await act('apply', elsewhere)).toEqual({ error: 'namespaces "nowhere" not found', reason: 'NotFound' });
    await act('apply', job('b'));
    expect((await act('apply', job('c'))).error).toMatch(
      /^Job\.batch "j" is invalid: spec\.template: Invalid value: .*: field is immutable$/,
    );
    const endless = one(
      'apiVersion: batch/v1\nkind: Job\nmetadata: {name: e, namespace: shop}\nspec: {template: {spec: {containers: [{name: m}]}}}',
    );
    expect((await act('apply', endless)).error).toBe(
      'Job.batch "e" is invalid: spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
    );
    const nameless = one('apiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: a-, namespace: shop}');
    expect((await act('apply', nameless)).error).toBe('from a-: cannot use generate name with apply');
    const large = configMap(`data: {a: "${'x'.repeat(300_000)}"}`);
    expect((await act('apply', large)).error).toMatch(/metadata\.annotations: Too long/);
    expect((await act('apply', large, { serverSide: true })).error).toBeUndefined();
  });

  test('with force deletes and creates again where a change is refused', async () => {
    await act('apply', job('b'));
    const before = metadataOf((await read(job('b'))) ?? {})['uid'];
    expect((await act('apply', job('c'), { force: true })).message).toBe('job.batch/j configured');
    expect(metadataOf((await read(job('c'))) ?? {})['uid']).not.toBe(before);
  });
});

describe('versions', () => {
  test('grow with each change; the generation with each change of what was asked for', async () => {
    const first = (await act('apply', configMap())).object ?? {};
    const second = (await act('apply', configMap('data: {a: "2"}'))).object ?? {};
    expect(Number(metadataOf(second)['resourceVersion'])).toBeGreaterThan(Number(metadataOf(first)['resourceVersion']));
    expect(metadataOf(second)['generation']).toBe(2);
    expect(metadataOf(second)['uid']).toBe(metadataOf(first)['uid']);
  });

  test('a status does not count as a change of the object', async () => {
    await act('apply', job('b'));
    await settled();
    const live = (await read(job('b'))) ?? {};
    expect(live['status']).toMatchObject({ succeeded: 1 });
    expect(metadataOf(live)['generation']).toBe(1);
  });

  test('finalizers of an older version are refused', async () => {
    const held = configMap('data: {a: "1"}');
    const sent = { ...held, metadata: { ...metadataOf(held), finalizers: ['x'] } };
    const first = (await act('apply', sent)).object ?? {};
    await act('apply', { ...sent, data: { a: '2' } });
    const without = { ...first, metadata: { ...metadataOf(first), finalizers: [] } };
    expect(await act('update-finalizers', without)).toMatchObject({ reason: 'Conflict' });
    const fresh = (await read(held)) ?? {};
    const again = { ...fresh, metadata: { ...metadataOf(fresh), finalizers: [] } };
    expect((await act('update-finalizers', again)).error).toBeUndefined();
    expect(finalizersOf((await read(held)) ?? {})).toEqual([]);
  });
});

describe('deletion', () => {
  test('waits for finalizers', async () => {
    const held = configMap();
    await act('apply', { ...held, metadata: { ...metadataOf(held), finalizers: ['mine'] } });
    const left = (await act('delete', held)).object ?? {};
    expect(isTerminating(left)).toBe(true);
    await act('update-finalizers', { ...left, metadata: { ...metadataOf(left), finalizers: [] } });
    expect(await read(held)).toBeUndefined();
  });

  test('in the foreground waits for the dependents, in the background they follow, as orphans they stay', async () => {
    const podsOf = (name: string) =>
      place.cluster.objects().filter((o) => o['kind'] === 'Pod' && nameOf(o).startsWith(`${name}-`));
    for (const [name, propagation] of [
      ['f', 'Foreground'],
      ['b', 'Background'],
      ['o', 'Orphan'],
    ] as const) {
      await act('apply', job('x', name));
      await settled();
      expect(podsOf(name)).toHaveLength(1);
      const answer = await act('delete', job('x', name), { propagation });
      expect(answer.object === undefined).toBe(propagation === 'Background');
      await settled();
      expect(await read(job('x', name))).toBeUndefined();
      expect(podsOf(name)).toHaveLength(propagation === 'Orphan' ? 1 : 0);
    }
  });

  test('of an object that was created again meanwhile is refused', async () => {
    const first = (await act('apply', configMap())).object ?? {};
    await act('delete', first);
    await act('apply', configMap());
    expect(await act('delete', first)).toMatchObject({ reason: 'Conflict' });
    expect(await read(configMap())).toBeDefined();
  });

  test('of a namespace takes everything in it', async () => {
    await act('apply', configMap());
    await act('delete', one('apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}'));
    expect((await act('apply', job('x'))).error).toMatch(/because it is being terminated$/);
    await settled();
    expect(await read(configMap())).toBeUndefined();
    expect((await act('apply', configMap())).error).toBe('namespaces "shop" not found');
  });
});

test('what is not there is not found, in the words of the API server', async () => {
  expect(await act('get', configMap())).toEqual({ error: 'configmaps "a" not found', reason: 'NotFound' });
  expect(await act('delete', job('x'))).toEqual({ error: 'jobs.batch "j" not found', reason: 'NotFound' });
  const unknown = one('apiVersion: example.com/v1\nkind: Site\nmetadata: {name: s, namespace: shop}');
  expect((await act('apply', unknown)).error).toBe(
    'resource mapping not found for name: "s" namespace: "shop": no matches for kind "Site" in version "example.com/v1"\nensure CRDs are installed first',
  );
});

test('discovery tells kinds, and what is missing in the words of client-go', () => {
  const { cluster } = place;
  expect(cluster.discovered('apps', 'v1', 'Deployment')).toEqual({ plural: 'deployments', namespaced: true });
  expect(cluster.discovered('', 'v1', 'Namespace')).toEqual({ plural: 'namespaces', namespaced: false });
  expect(cluster.discovered('networking.k8s.io', 'v1', 'NetworkPolicy')).toMatchObject({ plural: 'networkpolicies' });
  expect(cluster.discovered('', 'v1', 'Endpoints')).toMatchObject({ plural: 'endpoints' });
  expect(cluster.discovered('apps', 'v1', 'Deploiment')).toEqual({
    error: 'Deploiment.apps "" not found',
    reason: 'NotFound',
  });
  expect(cluster.discovered('example.com', 'v1', 'Site')).toMatchObject({
    error:
      'failed to discover server resources for group version example.com/v1: the server could not find the requested resource',
  });
});
