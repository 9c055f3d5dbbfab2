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
const folder = mkdtempSync(path.join(tmpdir(), 'argocd-hooks-workbench-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A copy of the example under a name of its own, whose migration takes long enough to be seen. */
function example(): string {
  const copy = path.join(folder, 'guide');
  cpSync(path.join(import.meta.dirname, '../fixtures/guide'), copy, { recursive: true });
  const change = (file: string, from: string | RegExp, to: string): void => {
    const text = readFileSync(path.join(copy, file), 'utf8');
    const changed = text.replaceAll(from, to);
    expect(changed, `${file} is not as this test takes it to be`).not.toBe(text);
    writeFileSync(path.join(copy, file), changed);
  };
  change('application.yaml', 'sync-hooks-2', APPLICATION);
  const after = '    metadata: {annotations: {test.argocd-hooks.dev/after: "5s"}}\n';
  change('sync-hooks/db-migration-job.yaml', '  template:\n', `  template:\n${after}`);
  return copy;
}

interface Report {
  readonly passed: readonly string[];
  readonly failed: readonly string[];
}

function drive(kubeconfig: string, limited: string): Promise<Report> {
  const { 'current-context': context } = JSON.parse(readFileSync(kubeconfig, 'utf8')) as { 'current-context': string };
  const report = path.join(folder, 'report.json');
  const cluster = JSON.stringify({ folder: example(), kubeconfig, limited, context, application: APPLICATION });
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
  expect(report.passed).toHaveLength(2);
  expect(nameOf(await get(`/apis/apps/v1/namespaces/${APPLICATION}/deployments/nginx`))).toBe('nginx');
  const jobs = await get(`/apis/batch/v1/namespaces/${APPLICATION}/jobs`);
  expect((jobs['items'] as { metadata: { name: string } }[]).map((job) => job.metadata.name)).toEqual(['cleanup-job']);
});
