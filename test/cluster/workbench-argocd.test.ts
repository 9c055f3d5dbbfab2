// The packaged extension in a real workbench on a real cluster with Argo CD's Applications in it: one is created, applied,
// and the sync left to Argo CD. The steps are in test/vscode/argocd.ts.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { at } from '#core/fields';
import type { JsonObject } from '#core/object';
import { applicationOf, installApplications, startController, type Controller } from './argocd-controller.ts';
import { get, plane, post } from './plane.ts';

const NAMESPACE = 'shop-from-the-workbench';
const folder = mkdtempSync(path.join(tmpdir(), 'argocd-hooks-workbench-'));
let controller: Controller | undefined;
afterAll(async () => {
  await controller?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const migrate = (hookPhase: string): JsonObject => ({
  ...{ group: 'batch', version: 'v1', kind: 'Job', namespace: NAMESPACE, name: 'migrate', status: 'Synced' },
  ...{ syncPhase: 'PreSync', hookType: 'PreSync', hookPhase, message: '' },
});
const settings: JsonObject = {
  ...{ group: '', version: 'v1', kind: 'ConfigMap', namespace: NAMESPACE, name: 'settings', status: 'Synced' },
  ...{ syncPhase: 'Sync', hookType: '', hookPhase: 'Running', message: 'configmap/settings created' },
};
const WAITING = 'waiting for completion of hook batch/Job/migrate';

test('an Application is created, applied and synced by Argo CD from the workbench', { timeout: 600_000 }, async () => {
  await post('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'argocd' } });
  await installApplications('argocd');
  controller = startController('argocd');
  controller.script = [
    ...Array.from(
      { length: 60 },
      () => ({ phase: 'Running', message: WAITING, resources: [migrate('Running')] }) as const,
    ),
    { phase: 'Succeeded', message: 'successfully synced (all tasks run)', resources: [migrate('Succeeded'), settings] },
  ];
  const kubeconfig = plane.kubeconfigs.argocd;
  const { 'current-context': context } = JSON.parse(readFileSync(kubeconfig, 'utf8')) as { 'current-context': string };
  const report = path.join(folder, 'report.json');
  const cluster = JSON.stringify({ kubeconfig, context, namespace: NAMESPACE });
  const args = [path.join(import.meta.dirname, '../vscode/main.ts'), '--report', report, '--argocd', cluster];
  await new Promise((resolve) => spawn(process.execPath, args, { stdio: 'inherit' }).on('exit', resolve));
  const { passed, failed } = JSON.parse(readFileSync(report, 'utf8')) as { passed: string[]; failed: string[] };
  expect(failed).toEqual([]);
  expect(passed).toHaveLength(3);
  const application = await applicationOf('argocd', 'shop');
  expect(at(application, 'spec', 'destination', 'namespace')).toBe(NAMESPACE);
  expect(at(application, 'status', 'operationState', 'phase')).toBe('Succeeded');
  expect(at(await get(`/api/v1/namespaces/${NAMESPACE}-plain`), 'status', 'phase')).toBe('Active');
});
