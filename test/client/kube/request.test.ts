import { expect, test } from 'vitest';
import { ApiClient } from '../../../client/src/kube/request.ts';
import { Stop } from '../../../client/src/sync/signal.ts';
import { answering, connectionTo, json, nobody, silent } from './server.ts';

const VERSION = { method: 'GET', path: '/version' } as const;

/** What a request fails with. */
async function failure(client: ApiClient): Promise<string> {
  const error: unknown = await client.request(VERSION, new Stop()).catch((reason: unknown) => reason);
  client.connection.close();
  return error instanceof Error ? error.message : 'no error';
}

test('where nobody is at the address, the first request fails and says what to do', async () => {
  const port = await nobody();
  const message = await failure(new ApiClient(connectionTo(`http://127.0.0.1:${port}`)));
  expect(message).toBe(
    `Cannot talk to the API server http://127.0.0.1:${port} (context "kind-dev"): the connection was refused. Is the cluster running, and the address right?`,
  );
});

test('so it does where the name is not known', async () => {
  const message = await failure(new ApiClient(connectionTo('https://no-such-host.invalid:6443')));
  expect(message).toMatch(
    /^Cannot talk to the API server https:\/\/no-such-host\.invalid:6443 \(context "kind-dev"\): its name /,
  );
});

test('a server that takes the connection and says nothing is given up after some seconds', async () => {
  const port = await silent();
  const message = await failure(new ApiClient(connectionTo(`https://127.0.0.1:${port}`)));
  expect(message).toContain('(context "kind-dev"): it does not answer. Is the VPN on?');
}, 15_000);

test('a server that has answered once is waited for when it goes away', async () => {
  const first = await answering((_request, response) => json(response, 200, { gitVersion: 'v1' }));
  const client = new ApiClient(connectionTo(`http://127.0.0.1:${first.port}`));
  expect(await client.request(VERSION, new Stop())).toEqual({ gitVersion: 'v1' });
  first.stop();
  const again = client.request(VERSION, new Stop());
  await new Promise((resolve) => setTimeout(resolve, 600));
  const second = await answering((_request, response) => json(response, 200, { gitVersion: 'v2' }), first.port);
  expect(await again).toEqual({ gitVersion: 'v2' });
  client.connection.close();
  second.stop();
}, 15_000);

test('a server that is slow to answer, once it is connected, is waited for', async () => {
  const slow = await answering((_request, response) => void setTimeout(() => json(response, 200, { ok: true }), 700));
  const client = new ApiClient(connectionTo(`http://127.0.0.1:${slow.port}`), 300);
  expect(await client.request(VERSION, new Stop())).toEqual({ ok: true });
  client.connection.close();
  slow.stop();
});
