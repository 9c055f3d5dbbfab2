import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { Discovery } from '../../../client/src/kube/discovery.ts';
import { ApiClient } from '../../../client/src/kube/request.ts';
import { Writes } from '../../../client/src/kube/writes.ts';
import { Stop } from '../../../client/src/sync/signal.ts';
import { answering, connectionTo, json } from './server.ts';

const MAPPING = { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true };
const SENT = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'shop' }, data: { key: '1' } };
const liveWith = (value: string) => ({ ...SENT, metadata: { ...SENT.metadata, uid: 'u1' }, data: { key: value } });
const EXISTS = {
  kind: 'Status',
  code: 409,
  reason: 'AlreadyExists',
  message: 'configmaps "a" already exists',
};

/** Creates an object at a server where it is already, and whose first answers may be lost. */
async function create(live: object, lost: number): Promise<{ outcome: unknown; asked: string[] }> {
  let left = lost;
  const drop = (response: ServerResponse): void => void response.socket?.destroy();
  const server = await answering(({ method, path }, response) => {
    if (path === '/readyz') return void response.end('ok');
    if (method === 'GET') return json(response, 200, live);
    return left-- > 0 ? drop(response) : json(response, 409, EXISTS);
  });
  const client = new ApiClient(connectionTo(`http://127.0.0.1:${server.port}`));
  const writes = new Writes(client, new Discovery(client));
  const outcome: unknown = await writes
    .create(MAPPING, SENT, { dryRun: false }, new Stop())
    .catch((error: unknown) => (error instanceof Error ? error.message : error));
  client.connection.close();
  server.stop();
  return { outcome, asked: server.asked.map(({ method }) => method) };
}

test('an object that was there before is not taken for the one that we create', async () => {
  const { outcome, asked } = await create(liveWith('1'), 0);
  expect(outcome).toBe('configmaps "a" already exists');
  expect(asked).toEqual(['POST']);
});

test('where the answer was lost, the object that says what we sent is ours', async () => {
  expect((await create(liveWith('1'), 1)).outcome).toEqual(liveWith('1'));
});

test('where the answer was lost, an object that says something else is not', async () => {
  expect((await create(liveWith('2'), 1)).outcome).toBe('configmaps "a" already exists');
});
