import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { metadataOf, type KubeObject } from '#core/object';
import type { Action } from '#core/sync/model';
import type { KubernetesCluster } from '../../client/src/kube/kubernetes.ts';
import { without } from '../../client/src/sync/json.ts';
import { Stop } from '../../client/src/sync/signal.ts';
import { FaultProxy, type Fault } from './fault-proxy.ts';
import { freshNamespace, get, openThrough, running, writesOf } from './plane.ts';

const proxy = new FaultProxy();
let cluster: KubernetesCluster;
let ns: string;
beforeAll(async () => {
  ns = await freshNamespace('faults');
  cluster = await openThrough(await proxy.start());
});
afterAll(() => proxy.stop());
beforeEach(() => {
  proxy.seen.length = 0;
  proxy.fault = () => undefined;
});

/** Fails the first requests of a method that write to this test's objects. */
function failFirst(method: string, times: number, fault: Fault): void {
  let left = times;
  proxy.fault = (request) =>
    request.method === method && request.url?.includes(ns) && !request.url.includes('dryRun') && left-- > 0
      ? fault
      : undefined;
}
const action = (
  verb: Action['verb'],
  name: string,
  data: Record<string, string>,
  metadata: KubeObject = {},
): Action => ({
  verb,
  key: `/ConfigMap/${ns}/${name}`,
  object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: ns, ...metadata }, data },
});
const written = (name: string) => writesOf(ns).filter((write) => write.object.endsWith(`/${name}`));

test.each<[string, Fault, number]>([
  ['a closed connection', 'drop-request', 1],
  ['too many requests', { answer: 429, headers: { 'retry-after': '1' } }, 1],
  ['an overloaded server', { answer: 503, body: { kind: 'Status', code: 503, message: 'try again' } }, 2],
  ['an internal error', { answer: 500, body: { kind: 'Status', code: 500, message: 'etcdserver: leader changed' } }, 2],
])('a write is sent again after %s', async (title, fault, times) => {
  const name = title.replaceAll(' ', '-');
  failFirst('POST', times, fault);
  expect(await cluster.perform(action('apply', name, { a: '1' }), running)).toMatchObject({
    message: `configmap/${name} created`,
  });
  expect(proxy.seen.filter((line) => line.startsWith('POST')).length).toBe(times + 1);
});

test('a creation whose answer was lost is not done twice, and counts as done', async () => {
  failFirst('POST', 1, 'drop-answer');
  expect(await cluster.perform(action('apply', 'lost', { a: '1' }), running)).toMatchObject({
    message: 'configmap/lost created',
  });
  expect(written('lost').map((write) => write.code)).toEqual([201, 409]);
});

test('a creation that meets somebody else’s object is an error', async () => {
  await cluster.perform(action('create', 'theirs', { a: 'theirs' }), running);
  expect(await cluster.perform(action('create', 'theirs', { a: 'ours' }), running)).toEqual({
    error: 'configmaps "theirs" already exists',
    reason: 'AlreadyExists',
  });
});

test('a deletion whose answer was lost counts as done', async () => {
  const { object } = await cluster.perform(action('apply', 'deleted', { a: '1' }), running);
  failFirst('DELETE', 1, 'drop-answer');
  const response = await cluster.perform({ ...action('delete', 'deleted', {}), object: object ?? {} }, running);
  expect(response).toEqual({});
  expect(written('deleted').map((write) => `${write.verb} ${write.code}`)).toEqual([
    'create 201',
    'delete 200',
    'delete 404',
  ]);
});

test('a server-side apply whose answer was lost is sent again', async () => {
  await cluster.perform(action('apply', 'applied', { a: '1' }), running);
  failFirst('PATCH', 1, 'drop-answer');
  expect((await cluster.perform(action('apply', 'applied', { a: '1', b: '2' }), running)).error).toBeUndefined();
  expect((await get(`/api/v1/namespaces/${ns}/configmaps/applied`))['data']).toEqual({ a: '1', b: '2' });
});

test('a put on a version whose answer was lost counts as done: the conflict of the second is with ourselves', async () => {
  const { object } = await cluster.perform(action('apply', 'put', { a: '1' }), running);
  failFirst('PUT', 1, 'drop-answer');
  const response = await cluster.perform(
    { ...action('update', 'put', {}), object: { ...object, data: { a: '2' } } },
    running,
  );
  expect(response).toMatchObject({ object: { data: { a: '2' } } });
  expect(written('put').map((write) => `${write.verb} ${write.code}`)).toEqual([
    'create 201',
    'update 200',
    'update 409',
  ]);
});

test('a put that never came, and met somebody else’s change, stays a conflict', async () => {
  const { object } = await cluster.perform(action('apply', 'theirs-now', { a: '1' }), running);
  await cluster.perform(action('apply', 'theirs-now', { a: '3' }), running);
  failFirst('PUT', 1, 'drop-answer');
  const response = await cluster.perform(
    { ...action('update', 'theirs-now', {}), object: { ...object, data: { a: '2' } } },
    running,
  );
  expect(response.reason).toBe('Conflict');
});

test('the last finalizer of a deleted object, taken off with a lost answer, counts as taken off', async () => {
  const held = { ...action('create', 'held', {}, { finalizers: ['example.com/hold'] }) };
  const { object } = await cluster.perform(held, running);
  const going = await cluster.perform({ ...action('delete', 'held', {}), object: object ?? {} }, running);
  failFirst('PUT', 1, 'drop-answer');
  const freed = { ...going.object, metadata: without(metadataOf(going.object ?? {}), 'finalizers') };
  expect(await cluster.perform({ ...action('update-finalizers', 'held', {}), object: freed }, running)).toEqual({});
  expect(written('held').map((write) => `${write.verb} ${write.code}`)).toEqual([
    'create 201',
    'delete 200',
    'update 200',
    'update 404',
  ]);
});

test('twenty requests one after the other use one connection', async () => {
  const counted = new FaultProxy();
  try {
    const fresh = await openThrough(await counted.start());
    for (let i = 0; i < 20; i++) await fresh.perform(action('get', 'applied', {}), running);
    expect(counted.seen.length).toBeGreaterThanOrEqual(20);
    expect(counted.connections).toBe(1);
  } finally {
    counted.stop();
  }
});

test('requests for one object go one after the other, in their order', async () => {
  const values = ['1', '2', '3', '4'];
  const answers = await Promise.all(values.map((v) => cluster.perform(action('apply', 'turns', { v }), running)));
  expect(answers.map((answer) => answer.message)).toEqual([
    'configmap/turns created',
    ...values.slice(1).map(() => 'configmap/turns configured'),
  ]);
  expect((await get(`/api/v1/namespaces/${ns}/configmaps/turns`))['data']).toEqual({ v: '4' });
});

test('what is stopped is not sent', async () => {
  const stop = new Stop();
  stop.stop();
  await expect(cluster.perform(action('apply', 'stopped', {}), stop)).rejects.toThrow('Stopped before it was done');
  expect(written('stopped')).toEqual([]);
});

test('an error page of something in between is told in one line', async () => {
  proxy.fault = (request) => (request.url?.includes('/configmaps/page') ? { answer: 404 } : undefined);
  const response = await cluster.perform(action('get', 'page', {}), running);
  expect(response.reason).toBe('NotFound');
});
