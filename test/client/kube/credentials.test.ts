import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { ExecEntry } from '#core/kubeconfig/model';
import { Audience } from '../../../client/src/kube/audience.ts';
import { ApiClient } from '../../../client/src/kube/request.ts';
import type { Notice } from '../../../client/src/sync/cluster.ts';
import { Stop } from '../../../client/src/sync/signal.ts';
import { answering, connectionTo, json, proxyTo, type Party } from './server.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'argocd-hooks-credentials-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const VERSION = { method: 'GET', path: '/version' } as const;
const running = new Stop();
let count = 0;

/** A credential plugin of a few lines; `given(token)` answers, and `runs()` counts how often it was run. */
function plugin(body: string, more: Partial<ExecEntry> = {}): { exec: ExecEntry; runs: () => number } {
  const file = path.join(folder, `${++count}.mjs`);
  const log = `${file}.log`;
  writeFileSync(log, '');
  writeFileSync(
    file,
    `import { appendFileSync, readFileSync } from 'node:fs';
     appendFileSync(${JSON.stringify(log)}, 'x');
     const runs = readFileSync(${JSON.stringify(log)}, 'utf8').length;
     const info = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
     const given = (token, more = {}) =>
       console.log(JSON.stringify({ kind: 'ExecCredential', status: { token, ...more } }));
     ${body}`,
  );
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: process.execPath,
    args: [file],
    env: [],
    installHint: '',
    provideClusterInfo: false,
    interactiveMode: 'IfAvailable',
    ...more,
  };
  return { exec, runs: () => readFileSync(log, 'utf8').length };
}

/** A server that lets in who brings this token, and a client of it. */
async function guarded(lets: (authorization: string) => boolean, party: Party) {
  const server = await answering(({ headers }, response) =>
    lets(headers.authorization ?? '')
      ? json(response, 200, { ok: true })
      : json(response, 401, { kind: 'Status', code: 401, message: 'Unauthorized' }),
  );
  const client = new ApiClient(connectionTo(`http://127.0.0.1:${server.port}`, party));
  return { server, client };
}

test('a log-in that has expired is asked for again, once for all requests that were refused', async () => {
  const { exec, runs } = plugin(`setTimeout(() => given('token-' + runs), 50);`);
  let valid = 'Bearer token-1';
  const { server, client } = await guarded((authorization) => authorization === valid, { user: { exec } });
  expect(await client.request(VERSION, running)).toEqual({ ok: true });
  valid = 'Bearer token-2';
  const answers = await Promise.all(Array.from({ length: 8 }, () => client.request(VERSION, running)));
  expect(answers).toHaveLength(8);
  expect(runs()).toBe(2);
  client.connection.close();
  server.stop();
});

test('credentials that the plugin calls expired are had anew before the request is sent', async () => {
  const { exec, runs } = plugin(
    `given('token-' + runs, { expirationTimestamp: new Date(Date.now() + (runs === 1 ? 11000 : 3600000)).toISOString() });`,
  );
  const { server, client } = await guarded(() => true, { user: { exec } });
  await client.request(VERSION, running);
  await new Promise((resolve) => setTimeout(resolve, 1200));
  await client.request(VERSION, running);
  await client.request(VERSION, running);
  expect(server.asked.map(({ headers }) => headers.authorization)).toEqual([
    'Bearer token-1',
    'Bearer token-2',
    'Bearer token-2',
  ]);
  expect(runs()).toBe(2);
  client.connection.close();
  server.stop();
});

test('what a plugin says while it waits for the person is told at once, without tokens', async () => {
  const { exec } = plugin(
    `console.error('Open https://example.com/device and enter the code ABCD-EFGH');
     console.error('token: abcdefghijklmnop');
     setTimeout(() => given('t'), 1800);`,
  );
  const audience = new Audience();
  const told: Notice[] = [];
  audience.attend((notice) => told.push(notice), new Stop());
  const { server, client } = await guarded(() => true, { user: { exec }, audience });
  await client.request(VERSION, running);
  expect(told.map(({ code, message }) => `${code}: ${message}`)).toEqual([
    'login: Log-in to context "kind-dev": Open https://example.com/device and enter the code ABCD-EFGH',
    'login: Log-in to context "kind-dev": token: [redacted]',
    expect.stringMatching(/is still at work: if it has opened a browser.*Terminate to give up\.$/),
  ]);
  client.connection.close();
  server.stop();
});

test('a log-in that nobody finishes is given up when the operation is terminated', async () => {
  const { exec } = plugin(`process.on('SIGTERM', () => undefined); setInterval(() => undefined, 1000);`);
  const audience = new Audience();
  const terminate = new Stop();
  audience.attend(() => terminate.stop(), terminate);
  const { server, client } = await guarded(() => true, { user: { exec }, audience });
  await expect(client.request(VERSION, running)).rejects.toThrow(
    'The log-in to context "kind-dev" was given up, for the operation was terminated.',
  );
  expect(server.asked).toEqual([]);
  client.connection.close();
  server.stop();
});

test('who stops waiting for a log-in does not end it for the others', async () => {
  const { exec, runs } = plugin(`setTimeout(() => given('t'), 300);`);
  const { server, client } = await guarded(() => true, { user: { exec } });
  const impatient = new Stop();
  const first = client.request(VERSION, impatient);
  const second = client.request(VERSION, running);
  impatient.stop();
  await expect(first).rejects.toThrow('Stopped before it was done');
  expect(await second).toEqual({ ok: true });
  expect(runs()).toBe(1);
  client.connection.close();
  server.stop();
});

test('a plugin that asks for the cluster is told all of it: authority from a file, and its own settings', async () => {
  const authority = path.join(folder, 'ca.crt');
  writeFileSync(authority, 'an authority');
  const { exec } = plugin(`given(Buffer.from(JSON.stringify(info)).toString('base64url'));`, {
    provideClusterInfo: true,
    interactiveMode: 'Never',
  });
  const { server, client } = await guarded(() => true, {
    user: { exec },
    cluster: { certificateAuthority: authority, tlsServerName: 'api', execConfig: { audience: 'me' } },
  });
  // Node reads the authority too, and it is none; over plain http nobody looks at it.
  await client.request(VERSION, running);
  const given = server.asked[0]?.headers.authorization?.replace('Bearer ', '') ?? '';
  expect(JSON.parse(Buffer.from(given, 'base64url').toString())).toEqual({
    apiVersion: 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    spec: {
      interactive: false,
      cluster: {
        server: `http://127.0.0.1:${server.port}`,
        'tls-server-name': 'api',
        'insecure-skip-tls-verify': true,
        'certificate-authority-data': Buffer.from('an authority').toString('base64'),
        config: { audience: 'me' },
      },
    },
  });
  client.connection.close();
  server.stop();
});

test('a token file that was written anew is read again when the server refuses the old token', async () => {
  const tokenFile = path.join(folder, 'token');
  writeFileSync(tokenFile, 'one\n');
  let valid = 'Bearer one';
  const { server, client } = await guarded((authorization) => authorization === valid, {
    user: { token: '', tokenFile },
  });
  expect(await client.request(VERSION, running)).toEqual({ ok: true });
  valid = 'Bearer two';
  writeFileSync(tokenFile, 'two\n');
  expect(await client.request(VERSION, running)).toEqual({ ok: true });
  client.connection.close();
  server.stop();
});

test('impersonation sends user, groups, uid and extra fields', async () => {
  const { server, client } = await guarded(() => true, {
    user: { as: 'bob', asUid: '7', asGroups: ['ops', 'dev'], asUserExtra: { 'example.com/Scope': ['a', 'b'] } },
  });
  await client.request(VERSION, running);
  expect(server.asked[0]?.headers).toMatchObject({
    'impersonate-user': 'bob',
    'impersonate-uid': '7',
    'impersonate-group': 'ops, dev',
    'impersonate-extra-example.com%2fscope': 'a, b',
  });
  client.connection.close();
  server.stop();
});

describe('through a proxy', () => {
  const BASIC = 'Basic YW5uOnB3';

  /** Asks a server through a proxy, which the environment names or the kubeconfig. */
  async function throughProxy(
    named: 'environment' | 'kubeconfig',
    { authorization, asks = false }: { authorization: string; asks?: boolean },
  ) {
    const server = await answering((_, response) => json(response, 200, {}));
    const proxy = await proxyTo(server.port, { asks });
    const url = `http://127.0.0.1:${proxy.port}`;
    const client = new ApiClient(
      connectionTo('http://api.prod.example.test', {
        cluster: named === 'kubeconfig' ? { proxyUrl: url } : {},
        options: {
          env: named === 'environment' ? { HTTP_PROXY: url } : {},
          proxy: { authorization, strictSsl: true },
        },
      }),
    );
    const answer = await client.request(VERSION, running).then(
      () => 'answered',
      (error: unknown) => (error instanceof Error ? error.message : ''),
    );
    client.connection.close();
    server.stop();
    return { answer, told: proxy.told };
  }

  test('of the environment the editor’s log-in to its proxy goes along', async () => {
    expect(await throughProxy('environment', { authorization: BASIC })).toEqual({ answer: 'answered', told: [BASIC] });
  });

  test('of the kubeconfig it does not: it may be another one', async () => {
    expect(await throughProxy('kubeconfig', { authorization: BASIC })).toEqual({
      answer: 'answered',
      told: [undefined],
    });
  });

  test('that asks for a log-in is told at once', async () => {
    const { answer, told } = await throughProxy('environment', { authorization: '', asks: true });
    expect(answer).toContain('the proxy between asks for a log-in (407)');
    expect(told).toEqual([undefined]);
  });
});

test('groups without a user impersonate nobody, as with kubectl', async () => {
  const { server, client } = await guarded(() => true, { user: { asGroups: ['ops'], asUid: '7' } });
  await client.request(VERSION, running);
  expect(Object.keys(server.asked[0]?.headers ?? {}).filter((name) => name.startsWith('impersonate'))).toEqual([]);
  client.connection.close();
  server.stop();
});
