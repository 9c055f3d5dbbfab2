import { afterEach, beforeAll, expect, test } from 'vitest';
import { metadataOf, resourceVersionOf, type JsonObject, type KubeObject } from '#core/object';
import type { Kind, WatchEvent } from '../../client/src/sync/cluster.ts';
import { Stop } from '../../client/src/sync/signal.ts';
import type { KubernetesCluster } from '../../client/src/kube/kubernetes.ts';
import { restartApiServer } from './control-plane/control-plane.mjs';
import { FaultProxy } from './fault-proxy.ts';
import { admin, freshNamespace, open, openThrough, planeFolder, post, remove, running, until } from './plane.ts';

const CONFIG_MAP: Kind = { group: '', version: 'v1', kind: 'ConfigMap' };
const JOB: Kind = { group: 'batch', version: 'v1', kind: 'Job' };
let ns: string;
let stop = new Stop();
beforeAll(async () => {
  ns = await freshNamespace('watch');
});
afterEach(() => {
  stop.stop();
  stop = new Stop();
});

const path = (name = '') => `/api/v1/namespaces/${ns}/configmaps${name === '' ? '' : `/${name}`}`;
const create = (name: string, data: Record<string, string> = {}) =>
  post(path(), { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data });
const update = (name: string, data: Record<string, string>) =>
  admin.request('PATCH', path(name), { data }, 'application/merge-patch+json');

/** Watches ConfigMaps and keeps what a reader of the events would have. */
async function reader(cluster: KubernetesCluster, kinds: readonly Kind[] = [CONFIG_MAP]) {
  const events: WatchEvent[] = [];
  const state = new Map<string, KubeObject>();
  await cluster.watch(
    kinds,
    [ns],
    (event) => {
      events.push(event);
      if (event.type === 'changed') state.set(event.key, event.object);
      else state.delete(event.key);
    },
    stop,
  );
  const value = (name: string) => (state.get(`/ConfigMap/${ns}/${name}`)?.['data'] as { v?: string } | undefined)?.v;
  return { events, state, value };
}

test('reports what is there before it resolves, then every change, managedFields cut down to the managers', async () => {
  await create('first', { v: '1' });
  const { events, state, value } = await reader(await open());
  const object = state.get(`/ConfigMap/${ns}/first`);
  expect(object).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', data: { v: '1' } });
  const [entry] = metadataOf(object ?? {})['managedFields'] as JsonObject[];
  expect(entry).toMatchObject({ operation: 'Update' });
  expect(entry?.['fieldsV1']).toBeUndefined();
  await update('first', { v: '2' });
  await until('the change', () => value('first') === '2');
  await remove(path('first'));
  await until('its end', () => !state.has(`/ConfigMap/${ns}/first`));
  const gone = events.findLast((event) => event.type === 'gone');
  expect(gone?.object?.['data']).toEqual({ v: '2' });
  expect(events.filter((event) => event.key.endsWith('/first')).map((event) => event.type)).toEqual([
    'changed',
    'changed',
    'gone',
  ]);
});

test('a second call adds kinds and does not repeat a watch', async () => {
  const proxy = new FaultProxy();
  try {
    const cluster = await openThrough(await proxy.start());
    const onEvent = () => undefined;
    await cluster.watch([CONFIG_MAP], [ns], onEvent, stop);
    await cluster.watch([CONFIG_MAP, JOB], [ns], onEvent, stop);
    const watches = () => proxy.seen.filter((line) => line.includes('watch=1')).map((line) => line.split('?')[0]);
    await until('both watches', () => watches().length === 2);
    expect(watches().sort()).toEqual([
      `GET /api/v1/namespaces/${ns}/configmaps`,
      `GET /apis/batch/v1/namespaces/${ns}/jobs`,
    ]);
  } finally {
    proxy.stop();
  }
});

test('goes on where it was after the connection is cut, and misses nothing', async () => {
  const proxy = new FaultProxy();
  try {
    const { events, value } = await reader(await openThrough(await proxy.start()));
    await create('cut', { v: '1' });
    await until('the object', () => value('cut') === '1');
    proxy.cut();
    await update('cut', { v: '2' });
    await update('cut', { v: '3' });
    await until('both changes', () => value('cut') === '3');
    const values = events
      .filter((event) => event.key.endsWith('/cut'))
      .map((e) => (e.object?.['data'] as { v: string }).v);
    expect(values).toEqual(['1', '2', '3']);
    expect(proxy.seen.filter((line) => line.includes('limit=')).length).toBe(1);
  } finally {
    proxy.stop();
  }
});

test('lists again after 410, tells what went in between, and repeats nothing that is the same', async () => {
  const proxy = new FaultProxy();
  try {
    await create('stays', { v: '1' });
    await create('goes', { v: '1' });
    const { events, state, value } = await reader(await openThrough(await proxy.start()));
    expect(value('goes')).toBe('1');
    const expired = {
      kind: 'Status',
      status: 'Failure',
      code: 410,
      reason: 'Expired',
      message: 'too old resource version',
    };
    // What was listed before has expired for good: only a new list leads on.
    const lists = () => proxy.seen.filter((line) => line.includes('limit='));
    const listsBefore = lists().length;
    proxy.fault = (request) =>
      request.url?.includes('watch=1') && lists().length === listsBefore ? { answer: 410, body: expired } : undefined;
    const listed = events.length;
    proxy.cut();
    await remove(path('goes'));
    await create('comes', { v: '1' });
    await until('what came', () => value('comes') === '1');
    await until('what went', () => !state.has(`/ConfigMap/${ns}/goes`));
    expect(
      events
        .slice(listed)
        .map((event) => `${event.type} ${event.key.split('/').at(-1)}`)
        .sort(),
    ).toEqual(['changed comes', 'gone goes']);
    await update('comes', { v: '2' });
    await until('the next change', () => value('comes') === '2');
  } finally {
    proxy.stop();
  }
});

test('reads long lists page by page', async () => {
  const proxy = new FaultProxy();
  try {
    const many = await freshNamespace('many');
    await Promise.all(
      Array.from({ length: 620 }, (_, i) =>
        post(`/api/v1/namespaces/${many}/configmaps`, {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: `c${i}` },
        }),
      ),
    );
    const keys = new Set<string>();
    const cluster = await openThrough(await proxy.start());
    await cluster.watch([CONFIG_MAP], [many], (event) => keys.add(event.key), stop);
    expect(keys.size).toBe(621);
    expect(proxy.seen.filter((line) => line.includes('limit=')).length).toBe(2);
  } finally {
    proxy.stop();
  }
});

test('survives a restart of the API server; writes wait for it', async () => {
  const cluster = await open();
  const { state, value } = await reader(cluster, [CONFIG_MAP, JOB]);
  await create('before', { v: '1' });
  await until('the object', () => value('before') === '1');
  const restarted = restartApiServer({ dir: planeFolder, downMs: 500 });
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'during', namespace: ns }, data: { v: '1' } };
  // Sent while nobody listens: it is tried again until the server is there.
  await until(
    'the server is away',
    async () =>
      admin.get('/readyz').then(
        () => false,
        () => true,
      ),
    5000,
  );
  const written = await cluster.perform({ verb: 'apply', key: `/ConfigMap/${ns}/during`, object }, running);
  expect(written.message).toBe('configmap/during created');
  await restarted;
  await until('what was written meanwhile', () => value('during') === '1');
  await until('the change', async () => (await update('before', { v: '2' }), value('before') === '2'));
  expect(resourceVersionOf(state.get(`/ConfigMap/${ns}/before`) ?? {})).not.toBe('');
});
