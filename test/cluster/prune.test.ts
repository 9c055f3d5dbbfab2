// What an application does not have any more is deleted, of whatever kind it is, through the terminal client.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshNamespace, get, until, writesOf } from './plane.ts';
import { argocdHooks, resultOf } from './program.ts';

let namespace: string;
const folder = mkdtempSync(path.join(tmpdir(), 'argocd-hooks-prune-'));
beforeAll(async () => {
  namespace = await freshNamespace('prune');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const manifest = (apiVersion: string, kind: string, name: string, rest = '', annotations = ''): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${name}\n${annotations === '' ? '' : `  annotations:\n    argocd.argoproj.io/${annotations}\n`}${rest}`;

const STAYS = manifest('v1', 'ConfigMap', 'stays');
const GUARDED = manifest('v1', 'Secret', 'guarded', '', 'sync-options: Prune=confirm');
const OLD = [
  manifest('v1', 'ServiceAccount', 'old-account'),
  manifest('rbac.authorization.k8s.io/v1', 'Role', 'old-role', 'rules: []\n', 'sync-wave: "2"'),
  manifest('networking.k8s.io/v1', 'NetworkPolicy', 'old-policy', 'spec:\n  podSelector: {}\n', 'sync-wave: "1"'),
];

async function sync(manifests: readonly string[], ...flags: readonly string[]) {
  writeFileSync(path.join(folder, 'all.yaml'), manifests.join('---\n'));
  const before = writesOf(namespace).length;
  const args = ['sync', folder, '--namespace', namespace, '--yes', '--state-folder', path.join(folder, 'state')];
  const ended = await argocdHooks([...args, ...flags]);
  const writes = writesOf(namespace)
    .slice(before)
    .filter((write) => !write.uri.searchParams.has('dryRun'));
  return { ...ended, writes: writes.map(({ verb, object }) => `${verb} ${object.replace(namespace, 'NS')}`) };
}

test('without pruning, what is gone from the manifests stays, and is told', async () => {
  expect((await sync([STAYS, GUARDED, ...OLD])).code).toBe(0);
  const ended = await sync([STAYS, GUARDED]);
  expect([ended.code, ended.writes]).toEqual([0, []]);
  const skipped = resultOf(ended).results.filter(({ status }) => status === 'PruneSkipped');
  expect(skipped.map(({ name }) => name).sort()).toEqual(['old-account', 'old-policy', 'old-role']);
});

test('with pruning it is deleted, waves from high to low, also of kinds that no manifest has any more', async () => {
  const ended = await sync([STAYS, GUARDED], '--prune');
  expect(ended.code).toBe(0);
  expect(ended.writes).toEqual([
    'delete rbac.authorization.k8s.io/roles/NS/old-role',
    'delete networking.k8s.io/networkpolicies/NS/old-policy',
    'delete serviceaccounts/NS/old-account',
  ]);
  await until('the role is gone', async () => {
    const roles = await get(`/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/roles`);
    return (roles['items'] as unknown[]).length === 0;
  });
});

test('what asks for a confirmation of its own is deleted only with one: exit 3', async () => {
  const refused = await sync([STAYS], '--prune');
  expect([refused.code, refused.writes]).toEqual([3, []]);
  expect(refused.errors).toContain(`/Secret/${namespace}/guarded may be deleted only when somebody confirms it`);
  const agreed = await sync([STAYS], '--prune', '--confirm-deletion');
  expect([agreed.code, agreed.writes]).toEqual([0, ['delete secrets/NS/guarded']]);
});

test('with --retry an attempt is waited for as the flags say', async () => {
  const job = manifest(
    'batch/v1',
    'Job',
    'fails',
    'spec:\n  backoffLimit: 0\n  template:\n    metadata: { annotations: { test.argocd-hooks.dev/pod: fail } }\n    spec:\n      restartPolicy: Never\n      containers: [{ name: main, image: busybox:1.37 }]\n',
    'hook: PreSync',
  );
  const ended = await sync([STAYS, job], '--retry', '1', '--retry-backoff-duration', '100ms');
  expect(ended.code).toBe(1);
  expect(resultOf(ended).operation.message).toMatch(/ \(retried 1 times\)\.$/);
  expect(ended.writes.filter((write) => write === 'create batch/jobs/NS/fails')).toHaveLength(2);
});

test('the deletion of all of it shows every object, wants to be named, and leaves nothing', async () => {
  writeFileSync(path.join(folder, 'all.yaml'), STAYS);
  const args = ['delete', folder, '--namespace', namespace];
  const refused = await argocdHooks(args);
  expect([refused.code, refused.errors]).toEqual([3, expect.stringContaining('Pass --yes to delete without asking')]);
  const ended = await argocdHooks([...args, '--yes']);
  expect(ended.code).toBe(0);
  expect(resultOf(ended).operation.message).toBe('successfully deleted');
  expect(resultOf(ended).left).toEqual([]);
});

test('a deletion that runs keeps a sync and another one out; killed, it goes on where it was, and does nothing twice', async () => {
  const ns = await freshNamespace('deletion');
  const dump = manifest(
    'batch/v1',
    'Job',
    'dump',
    'spec:\n  template:\n    metadata: { annotations: { test.argocd-hooks.dev/after: 15s } }\n    spec:\n      restartPolicy: Never\n      containers: [{ name: main, image: busybox:1.37 }]\n',
    'hook: PreDelete',
  );
  const high = manifest('v1', 'ConfigMap', 'high', '', 'sync-wave: "2"');
  writeFileSync(path.join(folder, 'all.yaml'), [STAYS, high, dump].join('---\n'));
  const run = (
    verb: string,
    state: string,
    flags: readonly string[] = [],
    during?: Parameters<typeof argocdHooks>[1],
  ) =>
    argocdHooks(
      [verb, folder, '--namespace', ns, '--yes', '--state-folder', path.join(folder, state), ...flags],
      during,
    );
  expect((await run('sync', 'mine')).code).toBe(0);
  const before = writesOf(ns).length;

  let others: ReturnType<typeof run>[] | undefined;
  const first = await run('delete', 'mine', [], {
    during: (event, kill) => {
      if (others || event.type !== 'task' || event.hookPhase !== 'Running') return;
      others = [run('delete', 'other'), run('sync', 'other')];
      void Promise.all(others).then(() => kill('SIGKILL'));
    },
  });
  expect(first.code).toBe(-1);
  for (const other of await Promise.all(others ?? [])) {
    expect(other.code).toBe(3);
    expect(other.errors).toMatch(/^Another sync or deletion of \S+ in namespace \S+ runs: on /m);
  }
  const refused = await run('sync', 'mine');
  expect([refused.code, refused.errors]).toEqual([3, expect.stringContaining('To continue it: argocd-hooks delete ')]);

  const resumed = await run('delete', 'mine', ['--resume']);
  expect(resultOf(resumed).operation).toMatchObject({ phase: 'Succeeded', message: 'successfully deleted' });
  expect(resultOf(resumed).left).toEqual([]);
  const writes = writesOf(ns)
    .slice(before)
    .filter(({ uri, object }) => !uri.searchParams.has('dryRun') && !object.includes('leases'))
    .map(({ verb, object }) => `${verb} ${object.replace(ns, 'NS')}`);
  expect(writes.slice(0, 2)).toEqual(['create batch/jobs/NS/dump', 'delete configmaps/NS/high']);
  expect(writes.slice(2).sort()).toEqual(['delete batch/jobs/NS/dump', 'delete configmaps/NS/stays']);
  const leases = await get(`/apis/coordination.k8s.io/v1/namespaces/${ns}/leases`);
  expect(leases['items']).toEqual([]);
}, 90_000);
