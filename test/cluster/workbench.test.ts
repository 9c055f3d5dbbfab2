// The packaged extension in a real workbench, syncing the example to a real cluster: what a person does after the
// simulation. The steps are in test/vscode/on-cluster.ts.
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { nameOf } from '#core/object';
import { get, plane } from './plane.ts';

const APPLICATION = 'from-the-workbench';
const CUT_OFF = 'cut-off-in-the-workbench';
const PASSWORD = 'a-password-nobody-may-see';
const folder = mkdtempSync(path.join(tmpdir(), 'argocd-hooks-workbench-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A copy of the example under a name of its own, whose migration takes long enough to be seen. */
function example(name: string, application = APPLICATION): string {
  const copy = path.join(folder, name, 'guide');
  cpSync(path.join(import.meta.dirname, '../fixtures/guide'), copy, { recursive: true });
  const change = (file: string, from: string | RegExp, to: string): void => {
    const text = readFileSync(path.join(copy, file), 'utf8');
    const changed = text.replaceAll(from, to);
    expect(changed, `${file} is not as this test takes it to be`).not.toBe(text);
    writeFileSync(path.join(copy, file), changed);
  };
  change('application.yaml', 'sync-hooks-2', application);
  const after = '    metadata: {annotations: {test.argocd-hooks.dev/after: "5s"}}\n';
  change('sync-hooks/db-migration-job.yaml', '  template:\n', `  template:\n${after}`);
  return copy;
}

/** The same with a ConfigMap and a Secret more; a rule has something to say of the Secret. */
function exampleWithMore(): string {
  const copy = example('more');
  const write = (file: string, text: string): void => writeFileSync(path.join(copy, 'sync-hooks', file), text);
  write('settings.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {color: blue}\n');
  const annotations = '{argocd.argoproj.io/sync-options: NoSuchOption=true}';
  const login = `metadata: {name: login, annotations: ${annotations}}\nstringData: {password: ${PASSWORD}}`;
  write('login.yaml', `apiVersion: v1\nkind: Secret\n${login}\n`);
  return copy;
}

interface Report {
  readonly passed: readonly string[];
  readonly failed: readonly string[];
}

function drive(kubeconfig: string, limited: string): Promise<Report> {
  const { 'current-context': context } = JSON.parse(readFileSync(kubeconfig, 'utf8')) as { 'current-context': string };
  const report = path.join(folder, 'report.json');
  const cluster = JSON.stringify({
    folder: exampleWithMore(),
    limitedFolder: example('limited'),
    cutOff: { folder: example('cut-off', CUT_OFF), application: CUT_OFF },
    kubectl: process.env['ARGOCD_HOOKS_KUBECTL'],
    ...{ kubeconfig, limited, context },
    application: APPLICATION,
    password: PASSWORD,
  });
  const args = [path.join(import.meta.dirname, '../vscode/main.ts'), '--report', report, '--cluster', cluster];
  return new Promise((resolve) => {
    spawn(process.execPath, args, { stdio: 'inherit' }).on('exit', () =>
      resolve(JSON.parse(readFileSync(report, 'utf8')) as Report),
    );
  });
}

test('Run Sync in the workbench syncs the example to the active kube context', { timeout: 600_000 }, async () => {
  const report = await drive(plane.kubeconfigs.argocd, plane.kubeconfigs.limited);
  expect(report.failed).toEqual([]);
  expect(report.passed).toHaveLength(10);
  expect(nameOf(await get(`/apis/apps/v1/namespaces/${APPLICATION}/deployments/nginx`))).toBe('nginx');
  const jobs = await get(`/apis/batch/v1/namespaces/${APPLICATION}/jobs`);
  expect((jobs['items'] as { metadata: { name: string } }[]).map((job) => job.metadata.name)).toEqual(['cleanup-job']);
});
