// Sync and health of an application's objects in a real cluster, through the terminal client.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApplicationStatus, ResourceStatus } from '../../client/src/sync/status-model.ts';
import { admin, freshNamespace, plane, remove, until, writesOf, type User } from './plane.ts';
import { argocdHooks } from './program.ts';

const PROGRAM = path.join(import.meta.dirname, '../../client/src/cli/main.ts');
const SECRET = 'a-password-nobody-may-see';
let ns: string;
let folder: string;
beforeAll(async () => {
  ns = await freshNamespace('status');
  folder = path.join(mkdtempSync(path.join(tmpdir(), 'argocd-hooks-status-')), 'shop');
  mkdirSync(folder);
});
afterAll(() => rmSync(path.dirname(folder), { recursive: true, force: true }));

const manifest = (name: string, text: string): void => writeFileSync(path.join(folder, `${name}.yaml`), text);
const settings = (color: string): void =>
  manifest('settings', `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {color: ${color}}\n`);
const secret = (value: string): void =>
  manifest('secret', `apiVersion: v1\nkind: Secret\nmetadata: {name: keys}\nstringData: {password: ${value}}\n`);
const web = (more = ''): void =>
  manifest(
    'web',
    `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: main
          image: nginx:1.29
          resources: {requests: {cpu: 1000m, memory: 0.5Gi}}
${more}`,
  );

function look(user: User = 'argocd', place = folder): { code: number; status: ApplicationStatus; text: string } {
  const flags = ['--namespace', ns, '--kubeconfig', plane.kubeconfigs[user], '--format', 'json'];
  const {
    status: code,
    stdout,
    stderr,
  } = spawnSync(process.execPath, [PROGRAM, 'status', place, ...flags], {
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(stderr);
  const parsed = JSON.parse(stdout) as { applications: [ApplicationStatus] };
  return { code: code ?? -1, status: parsed.applications[0], text: stdout + stderr };
}
const of = (status: ApplicationStatus, name: string): ResourceStatus => {
  const found = status.resources.find(({ task }) => task.endsWith(`/${name}`));
  if (!found) throw new Error(`${name} is not among ${status.resources.map(({ task }) => task).join(', ')}`);
  return found;
};

test('before the first sync everything is missing', () => {
  settings('blue');
  secret(SECRET);
  web();
  manifest(
    'hook',
    `apiVersion: batch/v1
kind: Job
metadata: {name: migrate, annotations: {argocd.argoproj.io/hook: PreSync}}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: main, image: busybox:1.37}]}}}
`,
  );
  const { code, status } = look();
  expect(code).toBe(1);
  expect([status.sync, status.health]).toEqual(['OutOfSync', 'Missing']);
  expect(of(status, 'web')).toMatchObject({ sync: 'Missing', health: 'Missing' });
  expect(of(status, 'settings')).toMatchObject({ sync: 'Missing', health: '' });
  expect(of(status, 'migrate')).toMatchObject({ sync: '', hook: true, note: 'not there' });
  expect(writesOf(ns).filter(({ uri }) => !uri.searchParams.has('dryRun'))).toEqual([]);
});

test('after a sync everything is Synced and Healthy, whatever the server has made of quantities and defaults', async () => {
  expect((await argocdHooks(['sync', folder, '--namespace', ns, '--yes'])).code).toBe(0);
  const { status } = await until('health', () => {
    const seen = look();
    return seen.code === 0 && seen;
  });
  expect([status.sync, status.health]).toEqual(['Synced', 'Healthy']);
  expect(status.resources.map(({ sync }) => sync).sort()).toEqual(['', 'Synced', 'Synced', 'Synced']);
});

test('tells what differs, and never a value of a Secret', () => {
  settings('green');
  secret(`${SECRET}-2`);
  const { code, status, text } = look();
  expect(code).toBe(1);
  expect([status.sync, status.health]).toEqual(['OutOfSync', 'Healthy']);
  const changed = of(status, 'settings');
  expect(changed.diff).toEqual(['- data.color: "blue"', '+ data.color: "green"']);
  expect(changed.texts?.before).toContain('data:\n  color: blue\n');
  expect(changed.texts?.after).toContain('data:\n  color: green\n');
  const keys = of(status, 'keys');
  expect(keys.sync).toBe('OutOfSync');
  expect(keys.texts?.after).toContain('password: "(secret), changed"');
  expect(text).not.toContain(SECRET);
  expect(text).not.toContain(Buffer.from(SECRET).toString('base64').slice(0, 20));
});

test('what is in the cluster alone is Extra; what was deleted is Missing', async () => {
  rmSync(path.join(folder, 'settings.yaml'));
  await remove(`/apis/apps/v1/namespaces/${ns}/deployments/web`);
  const { status } = look();
  expect(of(status, 'settings')).toMatchObject({ sync: 'Extra' });
  expect(of(status, 'web')).toMatchObject({ sync: 'Missing', health: 'Missing' });
});

test('a paused Deployment is Suspended, and so is the application', async () => {
  web();
  settings('blue');
  expect((await argocdHooks(['sync', folder, '--namespace', ns, '--yes'])).code).toBe(0);
  await admin.request(
    'PATCH',
    `/apis/apps/v1/namespaces/${ns}/deployments/web`,
    { spec: { paused: true } },
    'application/merge-patch+json',
  );
  const { status } = look();
  expect([status.sync, status.health]).toEqual(['Synced', 'Suspended']);
  expect(of(status, 'web')).toMatchObject({
    sync: 'Synced',
    health: 'Suspended',
    healthMessage: 'Deployment is paused',
  });
});

test('what another manager has set is not counted where the Application ignores its fields', async () => {
  await admin.request(
    'PATCH',
    `/api/v1/namespaces/${ns}/configmaps/settings?fieldManager=painter`,
    { data: { color: 'yellow' } },
    'application/merge-patch+json',
  );
  const parent = path.dirname(folder);
  const declare = (manager: string): void =>
    writeFileSync(
      path.join(parent, 'application.yaml'),
      `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argocd}
spec:
  project: default
  source: {repoURL: https://git.example.com/shop.git, path: shop, targetRevision: HEAD}
  destination: {server: https://kubernetes.default.svc, namespace: ${ns}}
  ignoreDifferences:
    - {kind: ConfigMap, managedFieldsManagers: [${manager}]}
`,
    );
  declare('painter');
  expect(of(look('argocd', parent).status, 'settings')).toMatchObject({
    sync: 'Synced',
    note: 'differs only in what ignoreDifferences leaves out',
  });
  declare('somebody-else');
  expect(of(look('argocd', parent).status, 'settings').diff).toEqual([
    '- data.color: "yellow"',
    '+ data.color: "blue"',
  ]);
});

test('who may only look is told which objects differ', () => {
  settings('red');
  const { status } = look('limited');
  expect(of(status, 'settings')).toMatchObject({ sync: 'OutOfSync', diff: [] });
  expect(of(status, 'settings').note).toMatch(/you may not make a dry run/);
  expect(of(status, 'keys')).toMatchObject({ sync: 'Unknown', note: 'you may not read it' });
  expect(status.notes.join('\n')).toMatch(/secrets in namespace/);
});
