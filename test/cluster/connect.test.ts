import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createProxy } from 'node:http';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { resolveContext } from '#core/kubeconfig/resolve';
import { loadKubeconfig } from '../../client/src/kube/kubeconfig.ts';
import { KubernetesCluster, listContexts, openKubernetes } from '../../client/src/kube/kubernetes.ts';
import type { AccessRequest } from '../../client/src/sync/cluster.ts';
import { open, plane, planeFolder, running, source } from './plane.ts';

interface Config {
  'current-context': string;
  clusters: [{ name: string; cluster: Record<string, unknown> }];
  users: [{ name: string; user: Record<string, unknown> }];
  contexts: [{ name: string; context: Record<string, unknown> }];
}
const folder = mkdtempSync(path.join(tmpdir(), 'argocd-hooks-kubeconfig-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const admin = (): Config => JSON.parse(readFileSync(plane.kubeconfig, 'utf8')) as Config;
let count = 0;
/** A kubeconfig like the admin's, changed. */
function write(change: (config: Config) => void): string {
  const config = admin();
  change(config);
  const file = path.join(folder, `${++count}.yaml`);
  writeFileSync(file, JSON.stringify(config));
  return file;
}
async function connect(file: string, allowExec = false) {
  const cluster = await openKubernetes(source(file), '', { allowExec, env: process.env });
  try {
    return await cluster.connect(running);
  } finally {
    cluster.close();
  }
}

test('tells who and where we are', async () => {
  expect(await (await open('limited')).connect(running)).toEqual({
    kind: 'kubernetes',
    context: 'argocd-hooks-test-limited',
    server: plane.server,
    namespace: 'team-a',
    user: 'limited',
    origin: `current context of ${plane.kubeconfigs.limited}`,
    version: 'v1.36.3',
  });
});

test('a client certificate lets in', async () => {
  expect((await (await open('certificate')).connect(running)).user).toBe('certificate-admin');
});

test('impersonation, of groups too', async () => {
  const file = write((config) =>
    Object.assign(config.users[0].user, { as: 'bob', 'as-groups': ['ops', 'system:masters'] }),
  );
  expect((await connect(file)).user).toBe('bob');
  const plain = write((config) => Object.assign(config.users[0].user, { as: 'bob', 'as-groups': ['ops', 'dev'] }));
  const cluster = await openKubernetes(source(plain), '', { allowExec: false, env: {} });
  const request: AccessRequest = { verb: 'create', group: '', resource: 'pods', namespace: 'default' };
  expect(await cluster.denied([request], running)).toEqual([request]);
  cluster.close();
});

test('a token file, a certificate file and a server name, relative to their kubeconfig', async () => {
  writeFileSync(path.join(folder, 'token'), `${String(admin().users[0].user['token'])}\n`);
  writeFileSync(path.join(folder, 'ca.crt'), readFileSync(path.join(planeFolder, 'pki/ca.crt')));
  const file = write((config) => {
    config.users[0].user = { tokenFile: 'token' };
    const { server } = config.clusters[0].cluster;
    config.clusters[0].cluster = { server, 'certificate-authority': 'ca.crt', 'tls-server-name': 'kubernetes' };
  });
  expect((await connect(file)).user).toBe('admin');
});

test('a credential plugin is run in a trusted workspace only, with KUBERNETES_EXEC_INFO', async () => {
  const plugin = path.join(folder, 'login.mjs');
  writeFileSync(
    plugin,
    `const info = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
     if (info.kind !== 'ExecCredential' || info.spec.cluster.server !== process.argv[2]) process.exit(3);
     console.log(JSON.stringify({ kind: 'ExecCredential', status: { token: process.env.GIVEN } }));`,
  );
  const file = write((config) => {
    const { token } = config.users[0].user;
    config.users[0].user = {
      exec: {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: process.execPath,
        args: [plugin, plane.server],
        env: [{ name: 'GIVEN', value: token }],
        provideClusterInfo: true,
      },
    };
  });
  expect((await connect(file, true)).user).toBe('admin');
  await expect(connect(file)).rejects.toThrow('run only in a trusted workspace');
});

test.each<[string, Record<string, unknown>, string]>([
  [
    'is missing',
    { command: 'argocd-hooks-no-such-program', installHint: 'Get it at example.com.' },
    'was not found. A VS Code that was started from the desktop may have a shorter PATH than your shell. Get it at example.com.',
  ],
  [
    'fails',
    { command: process.execPath, args: ['-e', 'console.error("token: abcdefghijkl expired"); process.exit(4)'] },
    'failed (exit 4): token: [redacted] expired',
  ],
  [
    'answers nothing',
    { command: process.execPath, args: ['-e', ''] },
    'answered neither a token nor a client certificate',
  ],
])('a credential plugin that %s', async (_title, exec, message) => {
  const file = write((config) => (config.users[0].user = { exec }));
  await expect(connect(file, true)).rejects.toThrow(message);
});

test('wrong credentials, a wrong authority and a closed port are told in words', async () => {
  const token = write((config) => (config.users[0].user = { token: 'wrong-token-of-mine' }));
  const refused = await connect(token).catch((error: Error) => error.message);
  expect(refused).toContain(`does not accept the credentials of the user "argocd-hooks-test-admin"`);
  expect(refused).not.toContain('wrong-token-of-mine');

  const authority = write((config) => delete config.clusters[0].cluster['certificate-authority-data']);
  await expect(connect(authority)).rejects.toThrow('its certificate does not fit');
  const insecure = write((config) => {
    const { server } = config.clusters[0].cluster;
    config.clusters[0].cluster = { server, 'insecure-skip-tls-verify': true };
  });
  expect((await connect(insecure)).user).toBe('admin');

  const nowhere = write((config) => (config.clusters[0].cluster['server'] = 'no url'));
  await expect(connect(nowhere)).rejects.toThrow('is no URL');
});

test('a server that is away is waited for only as long as the caller wants', async () => {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => probe.once('listening', resolve));
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  const file = write((config) => (config.clusters[0].cluster['server'] = `https://127.0.0.1:${port}`));
  const cluster = await openKubernetes(source(file), '', { allowExec: false, env: {}, limits: { patienceMs: 300 } });
  await expect(cluster.connect(running)).rejects.toThrow(
    `Cannot talk to the API server https://127.0.0.1:${port} (context "argocd-hooks-test-admin"): the connection was refused.`,
  );
  cluster.close();
});

test('a proxy of the kubeconfig is used, and its connection kept', async () => {
  const targets: string[] = [];
  const proxy = createProxy((_request, response) => void response.writeHead(500).end());
  proxy.on('connect', (request, client) => {
    targets.push(request.url ?? '');
    const [host = '', port = ''] = (request.url ?? '').split(':');
    const server = createConnection(Number(port), host, () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      server.pipe(client);
      client.pipe(server);
    });
    server.on('error', () => client.destroy());
    client.on('error', () => server.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const { port } = proxy.address() as { port: number };
  const file = write((config) => (config.clusters[0].cluster['proxy-url'] = `http://127.0.0.1:${port}`));
  const cluster = await openKubernetes(source(file), '', { allowExec: false, env: {} });
  try {
    for (let i = 0; i < 5; i++) expect((await cluster.connect(running)).user).toBe('admin');
    expect(targets[0]).toBe(new URL(plane.server).host);
    // Two requests go side by side.
    expect(targets.length).toBeLessThanOrEqual(2);
  } finally {
    cluster.close();
    proxy.closeAllConnections();
    proxy.close();
  }
});

test('without a kubeconfig, in a pod, its service account is used', async () => {
  const account = mkdtempSync(path.join(folder, 'account-'));
  writeFileSync(path.join(account, 'token'), String(admin().users[0].user['token']));
  writeFileSync(path.join(account, 'namespace'), 'team-a\n');
  writeFileSync(path.join(account, 'ca.crt'), readFileSync(path.join(planeFolder, 'pki/ca.crt')));
  const { hostname, port } = new URL(plane.server);
  const env = { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port };
  const pod = { env, home: path.join(folder, 'nobody'), serviceAccount: account };
  const cluster = await openKubernetes(pod, '', { allowExec: false, env: {} });
  expect(await cluster.connect(running)).toMatchObject({
    user: 'admin',
    namespace: 'team-a',
    origin: 'current context of the service account of this pod',
  });
  cluster.close();
  await expect(openKubernetes({ ...pod, env: {} }, '', { allowExec: false, env: {} })).rejects.toThrow(
    'No kubeconfig was found.',
  );
});

test('several kubeconfigs as kubectl merges them: the first wins, also for current-context', async () => {
  const files = [path.join(folder, 'missing'), plane.kubeconfigs.limited, plane.kubeconfig];
  const chain = { env: { KUBECONFIG: files.join(path.delimiter) }, home: folder };
  const current = await openKubernetes(chain, '', { allowExec: false, env: {} });
  const other = await openKubernetes(chain, 'argocd-hooks-test-admin', { allowExec: false, env: {} });
  expect((await current.connect(running)).user).toBe('limited');
  expect(await other.connect(running)).toMatchObject({
    user: 'admin',
    origin: `context "argocd-hooks-test-admin" of ${plane.kubeconfig}`,
  });
  current.close();
  other.close();
  expect((await listContexts(chain)).map(({ name, current }) => [name, current])).toEqual([
    ['argocd-hooks-test-limited', true],
    ['argocd-hooks-test-admin', false],
  ]);
});

test('what was pinned stays, whatever becomes of the kubeconfig', async () => {
  const file = write(() => undefined);
  const context = resolveContext(await loadKubeconfig(source(file)));
  const cluster = new KubernetesCluster(context, { allowExec: false, env: {} });
  writeFileSync(file, '');
  expect((await cluster.connect(running)).user).toBe('admin');
  cluster.close();
});

test('the limited user may do in its own namespace what it may not elsewhere', async () => {
  const requests = (namespace: string): AccessRequest[] => [
    { verb: 'create', group: 'batch', resource: 'jobs', namespace },
    { verb: 'get', group: '', resource: 'configmaps', namespace },
    { verb: 'create', group: '', resource: 'namespaces', namespace: '' },
  ];
  const limited = await open('limited');
  expect(
    (await limited.denied([...requests('team-a'), ...requests('default')], running)).map(
      (r) => `${r.verb} ${r.resource} ${r.namespace}`,
    ),
  ).toEqual(['create namespaces ', 'create jobs default']);
  expect(await (await open('admin')).denied(requests('default'), running)).toEqual([]);
});

test('what a user may not do comes back as Forbidden in the server’s words', async () => {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', namespace: 'default' } };
  const response = await (
    await open('limited')
  ).perform({ verb: 'apply', key: '/ConfigMap/default/x', object }, running);
  expect(response).toEqual({
    error:
      'configmaps is forbidden: User "limited" cannot create resource "configmaps" in API group "" in the namespace "default"',
    reason: 'Forbidden',
  });
});

test('a kind that may not be listed cannot be watched, and it is said', async () => {
  const secrets = { group: '', version: 'v1', kind: 'Secret' };
  const watching = (await open('limited')).watch([secrets], ['default'], () => undefined, running);
  await expect(watching).rejects.toThrow('cannot list resource "secrets"');
});
