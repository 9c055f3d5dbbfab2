import { expect, test } from 'vitest';
import { ActionSignal } from '../../../client/src/kube/action-signal.ts';
import { Audience } from '../../../client/src/kube/audience.ts';
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
  const client = new ApiClient(connectionTo(`http://127.0.0.1:${slow.port}`), { patienceMs: 300 });
  expect(await client.request(VERSION, new Stop())).toEqual({ ok: true });
  client.connection.close();
  slow.stop();
});

/** A client whose trouble is told to the list that is given back. */
function attended(port: number, terminate = new Stop()) {
  const audience = new Audience();
  const told: string[] = [];
  audience.attend(({ code, message }) => told.push(`${code}: ${message}`), terminate);
  const client = new ApiClient(connectionTo(`http://127.0.0.1:${port}`, { audience }), { tellMs: 200 });
  return { client, told };
}

test('a server that asks for a pause is not asked again before it is over, be it in seconds or as a date', async () => {
  let early = 0;
  let until = 0;
  let refusals = 2;
  const server = await answering((_request, response) => {
    if (Date.now() < until) early++;
    if (refusals-- <= 0) return json(response, 200, { ok: true });
    until = Date.now() + 900;
    const date = new Date(Math.ceil((Date.now() + 1000) / 1000) * 1000).toUTCString();
    response.setHeader('retry-after', refusals === 1 ? '1' : date);
    json(response, 429, { kind: 'Status', code: 429, reason: 'TooManyRequests', message: 'too many requests' });
  });
  const { client } = attended(server.port);
  expect(await client.request(VERSION, new Stop())).toEqual({ ok: true });
  expect(early).toBe(0);
  expect(server.asked).toHaveLength(3);
  client.connection.close();
  server.stop();
});

test('a server that cannot take requests for a while is told of once, and its return too', async () => {
  let refusals = 6;
  const server = await answering((_request, response) =>
    refusals-- > 0
      ? json(response, 503, { kind: 'Status', code: 503, message: 'the server is shutting down' })
      : json(response, 200, { ok: true }),
  );
  const { client, told } = attended(server.port);
  await client.request(VERSION, new Stop());
  expect(told).toEqual([
    expect.stringMatching(
      /^away: The API server http:\S+ \(context "kind-dev"\) cannot take requests: the server is shutting down\. So it has been for \d s; still trying/,
    ),
    expect.stringMatching(/^back: The API server answers again, after \d s\.$/),
  ]);
  client.connection.close();
  server.stop();
});

const CREATION = { method: 'POST', path: '/api/v1/namespaces', body: {}, idempotent: true } as const;

test('what could not be sent yet is not sent any more once the operation is terminated', async () => {
  const server = await answering((_request, response) => json(response, 503, { kind: 'Status', code: 503 }));
  const terminate = new Stop();
  const { client } = attended(server.port, terminate);
  const signal = new ActionSignal(new Stop(), terminate);
  const sent = client.request(CREATION, signal).catch((error: Error) => error.message);
  while (server.asked.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
  terminate.stop();
  expect(await sent).toBe('not sent: the operation was terminated before the API server could be reached');
  const before = server.asked.length;
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect(server.asked).toHaveLength(before);
  client.connection.close();
  server.stop();
});

test('what has begun is finished, and what terminates the operation is sent', async () => {
  const server = await answering((_request, response) => json(response, 200, { ok: true }));
  const terminate = new Stop();
  const { client } = attended(server.port, terminate);
  const begun = new ActionSignal(new Stop(), terminate);
  await client.request({ ...CREATION, method: 'DELETE' }, begun);
  terminate.stop();
  await client.request(CREATION, begun);
  await client.request(CREATION, new ActionSignal(new Stop(), terminate));
  await expect(client.request(CREATION, notBegun(terminate))).rejects.toThrow('not sent');
  expect(server.asked.map(({ method }) => method)).toEqual(['DELETE', 'POST', 'POST']);
  client.connection.close();
  server.stop();
});

/** The signal of an action that was under way, and had written nothing, when the operation was terminated. */
function notBegun(terminated: Stop): ActionSignal {
  const terminate = new Stop();
  const signal = new ActionSignal(new Stop(), terminate);
  if (terminated.aborted) terminate.stop();
  return signal;
}
