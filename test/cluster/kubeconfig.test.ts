// Chains of kubeconfig files, read by us and by kubectl: the same contexts, clusters, users and current context, and the
// same files refused. What a context that is switched meanwhile does to a sync is here, too.
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Entry } from '#core/kubeconfig/model';
import { loadKubeconfig, type KubeconfigSource } from '../../client/src/kube/kubeconfig.ts';
import { openKubernetes } from '../../client/src/kube/kubernetes.ts';
import { freshNamespace, plane } from './plane.ts';
import { done, expectWaves, syncOn, WAVES } from './running.ts';

const kubectlProgram = process.env['ARGOCD_HOOKS_KUBECTL'] ?? '';
const folder = mkdtempSync(path.join(tmpdir(), 'argocd-hooks-chain-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface View {
  readonly current: string;
  readonly contexts: Readonly<Record<string, unknown>>;
  readonly clusters: Readonly<Record<string, unknown>>;
  readonly users: Readonly<Record<string, unknown>>;
}

const named = (list: unknown, inner: string): Record<string, unknown> =>
  Object.fromEntries(
    ((list ?? []) as { name: string }[]).map((entry) => [entry.name, (entry as Record<string, unknown>)[inner]]),
  );

/** How kubectl reads the chain; undefined where it refuses it. */
function byKubectl({ env, home, cwd, explicit }: KubeconfigSource): Promise<View | undefined> {
  const args = ['config', 'view', '--raw', '-o', 'json', ...(explicit === undefined ? [] : ['--kubeconfig', explicit])];
  const environment = { HOME: home, ...env } as NodeJS.ProcessEnv;
  return new Promise((resolve) => {
    execFile(kubectlProgram, args, { cwd, env: environment }, (error, out) => {
      if (error) return resolve(undefined);
      const view = JSON.parse(out) as Record<string, unknown>;
      resolve({
        current: view['current-context'] as string,
        contexts: named(view['contexts'], 'context'),
        clusters: named(view['clusters'], 'cluster'),
        users: named(view['users'], 'user'),
      });
    });
  });
}

async function byUs(source: KubeconfigSource): Promise<View | undefined> {
  try {
    const { currentContext, contexts, clusters, users } = await loadKubeconfig(source);
    const values = (entries: ReadonlyMap<string, Entry>): Record<string, unknown> =>
      Object.fromEntries([...entries].map(([name, { value }]) => [name, value]));
    return { current: currentContext, contexts: values(contexts), clusters: values(clusters), users: values(users) };
  } catch {
    return undefined;
  }
}

/** kubectl shows some fields that are empty, and others not. */
const tidy = (view: View | undefined): unknown =>
  view &&
  (JSON.parse(JSON.stringify(view), (key, value: unknown) =>
    value === '' && key !== 'current' ? undefined : value,
  ) as unknown);

const CASES: readonly (readonly [
  title: string,
  files: Readonly<Record<string, string>>,
  source: Partial<KubeconfigSource>,
])[] = [
  [
    'the file in the home folder',
    { '.kube/config': 'current-context: a\ncontexts: [{name: a, context: {cluster: c}}]' },
    {},
  ],
  ['nothing at all', {}, {}],
  ['an empty file', { one: '' }, { env: { KUBECONFIG: 'one' } }],
  ['empty entries and missing files', { two: 'current-context: x' }, { env: { KUBECONFIG: ':missing::two:' } }],
  [
    'the first that names a current context',
    { one: 'current-context: ""', two: 'current-context: b', three: 'current-context: c' },
    { env: { KUBECONFIG: 'one:two:three' } },
  ],
  [
    'a name in several files',
    {
      one: 'clusters: [{name: c, cluster: {server: "https://one"}}]\nusers: [{name: u, user: {token: one}}]',
      two: 'clusters: [{name: c, cluster: {server: "https://two", tls-server-name: two}}, {name: d, cluster: {server: "https://d"}}]\nusers: [{name: u, user: {username: two, password: p}}]',
    },
    { env: { KUBECONFIG: 'one:two' } },
  ],
  [
    'a context in several files',
    {
      one: 'contexts: [{name: x, context: {cluster: a, user: u}}]',
      two: 'contexts: [{name: x, context: {cluster: b, user: v, namespace: shop}}]',
    },
    { env: { KUBECONFIG: 'one:two' } },
  ],
  [
    'a name twice in a file',
    { one: 'users: [{name: u, user: {token: a}}, {name: u, user: {token: b}}]' },
    { env: { KUBECONFIG: 'one' } },
  ],
  [
    'a file that is asked for',
    { one: 'current-context: a', two: 'current-context: b' },
    { env: { KUBECONFIG: 'one' }, explicit: 'two' },
  ],
  ['a file that is no YAML', { one: 'current-context: [' }, { env: { KUBECONFIG: 'one' } }],
  ['a list in place of a mapping', { one: '- a' }, { env: { KUBECONFIG: 'one' } }],
  ['the same file twice', { one: 'contexts: [{name: x, context: {cluster: a}}]' }, { env: { KUBECONFIG: 'one:one' } }],
];

test.each(CASES)('reads as kubectl does: %s', async (title, files, source) => {
  const home = path.join(folder, title.replaceAll(/\W+/g, '-'));
  mkdirSync(home, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(home, name)), { recursive: true });
    writeFileSync(path.join(home, name), text);
  }
  const whole = { env: {}, home, cwd: home, ...source };
  expect(tidy(await byUs(whole))).toEqual(tidy(await byKubectl(whole)));
});

test('a context that is switched while a sync runs does not move it', async () => {
  const ns = await freshNamespace('switched');
  const file = path.join(folder, 'switched');
  cpSync(plane.kubeconfigs.argocd, file);
  const cluster = await openKubernetes({ env: { KUBECONFIG: file }, home: folder }, '', { allowExec: false, env: {} });
  let switched = false;
  const { phase } = await syncOn(cluster, WAVES, {
    namespace: ns,
    onEvent: (event) => {
      if (switched || event.type !== 'task' || event.hookPhase !== 'Running') return;
      switched = true;
      writeFileSync(file, readFileSync(plane.kubeconfigs.admin, 'utf8'));
    },
  });
  expect([phase, switched]).toEqual(['Succeeded', true]);
  expectWaves(ns);
  expect(done(ns, 'admin').filter((write) => write.includes('settings'))).toEqual([]);
  // The next one goes where the kubeconfig says now.
  const next = await openKubernetes({ env: { KUBECONFIG: file }, home: folder }, '', { allowExec: false, env: {} });
  const changed = WAVES.replaceAll('{a: "1"}', '{a: "2"}');
  expect((await syncOn(next, changed, { namespace: ns })).phase).toBe('Succeeded');
  expect(done(ns, 'admin').filter((write) => write.includes('settings'))).toEqual(['patch settings']);
});
