#!/usr/bin/env node
// A real Kubernetes control plane on loopback: etcd, kube-apiserver, kube-controller-manager and a fake kubelet.
// No Docker, no npm package. Works as a command and as a module (start, stop, status, restartApiServer).
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, openSync, closeSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Api } from './lib/api.mjs';
import { certificate, keyPair } from './lib/x509.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const sleep = (ms) => new Promise((r) => setTimeout(r, ms));
const host = '127.0.0.1';

/** Identities: [user, groups]. All but `limited` may do everything. */
const users = {
  admin: ['admin', ['system:masters']],
  argocd: ['argocd', ['system:masters']],
  limited: ['limited', []],
  'controller-manager': ['system:kube-controller-manager', ['system:masters']],
  'fake-kubelet': ['fake-kubelet', ['system:masters']],
};

const auditPolicy = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
omitManagedFields: true
rules:
- level: None
  users: [system:kube-controller-manager, system:apiserver, fake-kubelet]
- level: None
  resources:
  - {group: "", resources: [events]}
  - {group: events.k8s.io}
  - {group: coordination.k8s.io}
  - {group: authorization.k8s.io}
  - {group: authentication.k8s.io}
- level: Request
  verbs: [create, update, patch, delete, deletecollection]
`;

async function freePorts(n) {
  const servers = await Promise.all(
    Array.from(
      { length: n },
      () =>
        new Promise((done, fail) => {
          const s = createServer()
            .once('error', fail)
            .listen(0, host, () => done(s));
        }),
    ),
  );
  const ports = servers.map((s) => s.address().port);
  await Promise.all(servers.map((s) => new Promise((done) => s.close(done))));
  return ports;
}

function kubeconfig(file, server, ca, user, namespace = 'default') {
  const name = `argocd-hooks-test-${user.name}`;
  writeFileSync(
    file,
    `${JSON.stringify(
      {
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': name,
        clusters: [{ name, cluster: { server, 'certificate-authority-data': Buffer.from(ca).toString('base64') } }],
        users: [{ name, user: user.auth }],
        contexts: [{ name, context: { cluster: name, user: name, namespace } }],
      },
      null,
      2,
    )}\n`,
    { mode: 0o600 },
  );
}

function launch(dir, name, command, args) {
  const out = openSync(join(dir, 'logs', `${name}.log`), 'a');
  const child = spawn(command, args, { detached: true, stdio: ['ignore', out, out] });
  closeSync(out);
  child.unref();
  return child.pid;
}

const alive = (pid) => {
  try {
    process.kill(pid, 0);
    return !zombie(pid);
  } catch {
    return false;
  }
};
const zombie = (pid) => {
  try {
    return /^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};
const residentMiB = (pid) => {
  try {
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024);
  } catch {
    return 0;
  }
};
const signal = (pid, what) => {
  try {
    process.kill(pid, what);
  } catch {
    /* already gone */
  }
};

async function gone(pid, ms) {
  for (const end = Date.now() + ms; Date.now() < end;) {
    if (!alive(pid)) return true;
    await sleep(20);
  }
  return !alive(pid);
}

const tailOf = (dir, name) => {
  try {
    return readFileSync(join(dir, 'logs', `${name}.log`), 'utf8')
      .trim()
      .split('\n')
      .slice(-5)
      .join('\n');
  } catch {
    return '';
  }
};

async function ready(dir, pids, what, probe, ms = 60_000) {
  for (const end = Date.now() + ms; Date.now() < end;) {
    for (const [name, pid] of Object.entries(pids))
      if (!alive(pid)) throw new Error(`${name} ended before ${what}:\n${tailOf(dir, name)}`);
    try {
      if (await probe()) return;
    } catch {
      /* not yet */
    }
    await sleep(50);
  }
  throw new Error(`${what} took longer than ${ms} ms; see ${join(dir, 'logs')}`);
}

/**
 * Starts a control plane whose whole state is under `dir`, and waits until pods can be created in namespace `default`.
 * @param {{dir: string, audit?: boolean, ownerPid?: number, assets?: string}} options
 *   audit: write the audit log of all writes by clients; ownerPid: stop by itself when that process ends;
 *   assets: folder of the programs (default: what build.sh prints, building them when needed)
 */
export async function start({ dir, audit = true, ownerPid, assets }) {
  const begun = Date.now();
  dir = resolve(dir);
  if (existsSync(join(dir, 'state.json')) && Object.values(load(dir).pids).some(alive))
    throw new Error(`a control plane is running in ${dir}`);
  assets ??= execFileSync(join(here, 'build.sh'), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();
  discard(dir);
  for (const d of ['', 'logs', 'pki']) mkdirSync(join(dir, d), { recursive: true, mode: 0o700 });

  const pki = (name) => join(dir, 'pki', name);
  const ca = certificate({ commonName: 'argocd-hooks-test-ca', ca: true });
  const issue = (name, subject) => {
    const c = certificate(subject, ca);
    writeFileSync(pki(`${name}.crt`), c.cert);
    writeFileSync(pki(`${name}.key`), c.privateKey, { mode: 0o600 });
    return c;
  };
  writeFileSync(pki('ca.crt'), ca.cert);
  issue('apiserver', {
    commonName: 'kube-apiserver',
    hosts: [host, 'localhost', 'kubernetes', 'kubernetes.default.svc', '10.0.0.1'],
  });
  issue('kubelet', { commonName: 'system:node:fake', hosts: [host, 'localhost'] });
  issue('kubelet-client', { commonName: 'kube-apiserver-kubelet-client', organizations: ['system:masters'] });
  const certificateUser = issue('certificate-admin', {
    commonName: 'certificate-admin',
    organizations: ['system:masters'],
  });
  const serviceAccounts = keyPair();
  writeFileSync(pki('service-accounts.key'), serviceAccounts.privateKey, { mode: 0o600 });
  writeFileSync(pki('service-accounts.pub'), serviceAccounts.publicKey);
  const tokens = Object.fromEntries(Object.keys(users).map((u) => [u, randomBytes(16).toString('hex')]));
  writeFileSync(
    pki('tokens.csv'),
    Object.entries(users)
      .map(([key, [user, groups]]) => `${tokens[key]},${user},${key},"${groups.join(',')}"\n`)
      .join(''),
    { mode: 0o600 },
  );
  writeFileSync(join(dir, 'audit-policy.yaml'), auditPolicy);

  const [etcdPort, peerPort, apiPort, kubeletPort] = await freePorts(4);
  const server = `https://${host}:${apiPort}`;
  const configs = {};
  for (const key of Object.keys(users)) {
    configs[key] = join(dir, `${key}.kubeconfig`);
    kubeconfig(
      configs[key],
      server,
      ca.cert,
      { name: key, auth: { token: tokens[key] } },
      key === 'limited' ? 'team-a' : 'default',
    );
  }
  configs['certificate-admin'] = join(dir, 'certificate-admin.kubeconfig');
  kubeconfig(configs['certificate-admin'], server, ca.cert, {
    name: 'certificate-admin',
    auth: {
      'client-certificate-data': Buffer.from(certificateUser.cert).toString('base64'),
      'client-key-data': Buffer.from(certificateUser.privateKey).toString('base64'),
    },
  });

  const auditLog = audit ? join(dir, 'audit.jsonl') : undefined;
  const version = /(v\d+\.\d+\.\d+)/.exec(assets)?.[1] ?? 'v0.0.0';
  const commands = {
    etcd: [
      join(assets, 'etcd'),
      [
        '--name=test',
        `--data-dir=${join(dir, 'etcd')}`,
        '--unsafe-no-fsync',
        '--log-level=warn',
        '--snapshot-count=100000',
        `--listen-client-urls=http://${host}:${etcdPort}`,
        `--advertise-client-urls=http://${host}:${etcdPort}`,
        `--listen-peer-urls=http://${host}:${peerPort}`,
        `--initial-advertise-peer-urls=http://${host}:${peerPort}`,
        `--initial-cluster=test=http://${host}:${peerPort}`,
      ],
    ],
    'kube-apiserver': [
      join(assets, 'kube-apiserver'),
      [
        `--etcd-servers=http://${host}:${etcdPort}`,
        `--bind-address=${host}`,
        `--advertise-address=${host}`,
        `--secure-port=${apiPort}`,
        `--tls-cert-file=${pki('apiserver.crt')}`,
        `--tls-private-key-file=${pki('apiserver.key')}`,
        `--client-ca-file=${pki('ca.crt')}`,
        `--token-auth-file=${pki('tokens.csv')}`,
        '--authorization-mode=RBAC',
        '--allow-privileged=true',
        '--service-account-issuer=https://kubernetes.default.svc',
        `--service-account-key-file=${pki('service-accounts.pub')}`,
        `--service-account-signing-key-file=${pki('service-accounts.key')}`,
        '--service-cluster-ip-range=10.0.0.0/16',
        '--endpoint-reconciler-type=none',
        `--kubelet-client-certificate=${pki('kubelet-client.crt')}`,
        `--kubelet-client-key=${pki('kubelet-client.key')}`,
        `--kubelet-certificate-authority=${pki('ca.crt')}`,
        '--kubelet-preferred-address-types=InternalIP',
        '--profiling=false',
        ...(audit
          ? [
              `--audit-policy-file=${join(dir, 'audit-policy.yaml')}`,
              `--audit-log-path=${auditLog}`,
              '--audit-log-mode=blocking',
            ]
          : []),
      ],
    ],
    'kube-controller-manager': [
      join(assets, 'kube-controller-manager'),
      [
        `--kubeconfig=${configs['controller-manager']}`,
        '--leader-elect=false',
        '--secure-port=0',
        '--use-service-account-credentials=false',
        `--service-account-private-key-file=${pki('service-accounts.key')}`,
        `--root-ca-file=${pki('ca.crt')}`,
        '--kube-api-qps=500',
        '--kube-api-burst=1000',
        '--controllers=*,-node-lifecycle-controller,-node-ipam-controller,-cloud-node-lifecycle-controller,-service-lb-controller,-node-route-controller,-persistentvolume-attach-detach-controller,-persistentvolume-expander-controller,-ttl-controller,-certificatesigningrequest-signing-controller,-certificatesigningrequest-approving-controller,-certificatesigningrequest-cleaner-controller,-bootstrap-signer-controller,-token-cleaner-controller,-horizontal-pod-autoscaler-controller',
        '--namespace-sync-period=30s',
        '--profiling=false',
      ],
    ],
    'fake-kubelet': [process.execPath, [join(here, 'fake-kubelet.mjs'), join(dir, 'kubelet.json')]],
  };
  writeFileSync(
    join(dir, 'kubelet.json'),
    JSON.stringify({
      server,
      ca: pki('ca.crt'),
      token: tokens['fake-kubelet'],
      node: 'fake-node',
      version,
      provisioner: 'test.argocd-hooks.dev/fake',
      kubelet: { port: kubeletPort, key: pki('kubelet.key'), cert: pki('kubelet.crt') },
      ownerPid,
      state: join(dir, 'state.json'),
    }),
    { mode: 0o600 },
  );

  const state = { dir, server, version, pids: {}, kubeconfig: configs, auditLog, ca: pki('ca.crt'), tokens, commands };
  const run = (name) => {
    state.pids[name] = launch(dir, name, ...commands[name]);
    save(state);
  };
  try {
    run('etcd');
    run('kube-apiserver');
    const api = new Api({ server, ca: ca.cert, token: tokens.admin });
    await ready(dir, state.pids, 'the API server was ready', async () => (await api.get('/readyz')) === 'ok');
    run('kube-controller-manager');
    run('fake-kubelet');
    await api.request('POST', '/api/v1/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'team-a' },
    });
    const bind = (path, name, roleRef) =>
      api.request('POST', `/apis/rbac.authorization.k8s.io/v1/${path}`, {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: path.includes('/') ? 'RoleBinding' : 'ClusterRoleBinding',
        metadata: { name },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: roleRef },
        subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'limited' }],
      });
    await bind('clusterrolebindings', 'limited-view', 'view');
    await bind('namespaces/team-a/rolebindings', 'limited-edit', 'edit');
    await ready(dir, state.pids, 'the default service account existed', () =>
      api.get('/api/v1/namespaces/default/serviceaccounts/default'),
    );
    await ready(
      dir,
      state.pids,
      'the node was ready',
      async () => (await api.get('/api/v1/nodes/fake-node')).status.conditions.length > 0,
    );
    api.agent.destroy();
  } catch (error) {
    await stop({ dir });
    throw error;
  }
  state.startMs = Date.now() - begun;
  save(state);
  return summary(state);
}

/** Deletes a control plane's folder; refuses a folder that holds anything else. */
function discard(dir) {
  if (!existsSync(dir)) return;
  if (readdirSync(dir).length && !existsSync(join(dir, 'audit-policy.yaml')))
    throw new Error(`${dir} holds something that is no control plane: name an empty or a new folder`);
  rmSync(dir, { recursive: true, force: true });
}

const load = (dir) => JSON.parse(readFileSync(join(resolve(dir), 'state.json'), 'utf8'));
const save = (state) => writeFileSync(join(state.dir, 'state.json'), JSON.stringify(state, null, 1), { mode: 0o600 });
const summary = ({ pids, server, kubeconfig: k, auditLog, startMs, version }) => ({
  pids,
  server,
  version,
  kubeconfig: k.admin,
  kubeconfigs: { admin: k.admin, argocd: k.argocd, limited: k.limited, certificate: k['certificate-admin'] },
  auditLog,
  startMs,
});

/** Which programs run, and their resident memory in MiB. */
export function status({ dir }) {
  const state = load(dir);
  const programs = Object.fromEntries(
    Object.entries(state.pids).map(([n, pid]) => [n, { pid, alive: alive(pid), residentMiB: residentMiB(pid) }]),
  );
  return { ...summary(state), programs, residentMiB: Object.values(programs).reduce((a, p) => a + p.residentMiB, 0) };
}

/** Stops all programs; with `remove`, deletes the folder. Idempotent. */
export async function stop({ dir, remove = false }) {
  const begun = Date.now();
  if (existsSync(join(resolve(dir), 'state.json'))) {
    const { pids } = load(dir);
    // The state is thrown away, so there is nothing that a gentle end would save.
    for (const pid of Object.values(pids)) if (pid) signal(pid, 'SIGKILL');
    for (const pid of Object.values(pids)) if (pid) await gone(pid, 5000);
  }
  if (remove) discard(resolve(dir));
  return { stopMs: Date.now() - begun };
}

/**
 * Ends the API server and starts it again on the same port with the same data.
 * @param {{dir: string, graceful?: boolean, downMs?: number}} options graceful: SIGTERM first (clients get GOAWAY), else SIGKILL;
 *   downMs: how long the port stays closed
 */
export async function restartApiServer({ dir, graceful = false, downMs = 0 }) {
  const begun = Date.now();
  const state = load(dir);
  const pid = state.pids['kube-apiserver'];
  signal(pid, graceful ? 'SIGTERM' : 'SIGKILL');
  if (!(await gone(pid, 2000))) {
    signal(pid, 'SIGKILL');
    await gone(pid, 5000);
  }
  await sleep(downMs);
  state.pids['kube-apiserver'] = launch(state.dir, 'kube-apiserver', ...state.commands['kube-apiserver']);
  save(state);
  const api = new Api({ server: state.server, ca: readFileSync(state.ca), token: state.tokens.admin });
  await ready(state.dir, state.pids, 'the API server was ready again', async () => (await api.get('/readyz')) === 'ok');
  api.agent.destroy();
  return { restartMs: Date.now() - begun, pid: state.pids['kube-apiserver'] };
}

async function main() {
  const {
    positionals: [command],
    values,
  } = parseArgs({
    allowPositionals: true,
    options: {
      dir: { type: 'string' },
      ports: { type: 'string' },
      audit: { type: 'boolean', default: false },
      assets: { type: 'string' },
      'owner-pid': { type: 'string' },
      remove: { type: 'boolean' },
      graceful: { type: 'boolean' },
      'down-ms': { type: 'string' },
    },
  });
  const usage =
    'usage: control-plane.mjs start --dir DIR [--audit] [--owner-pid PID] [--assets DIR] | stop --dir DIR [--remove] | status --dir DIR | restart-apiserver --dir DIR [--graceful] [--down-ms N]';
  if (!command || !values.dir) {
    console.error(usage);
    process.exit(2);
  }
  const { dir } = values;
  const actions = {
    start: () =>
      start({
        dir,
        audit: values.audit,
        assets: values.assets,
        ownerPid: values['owner-pid'] ? Number(values['owner-pid']) : undefined,
      }),
    stop: () => stop({ dir, remove: values.remove }),
    status: () => status({ dir }),
    'restart-apiserver': () =>
      restartApiServer({ dir, graceful: values.graceful, downMs: Number(values['down-ms'] ?? 0) }),
  };
  if (!actions[command]) {
    console.error(usage);
    process.exit(2);
  }
  console.log(JSON.stringify(await actions[command](), null, 1));
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main().catch((error) => {
    console.error(error.message);
    process.exit(1);
  });
}
