import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Workbench } from '../../client/scripts/vscode-host/workbench.ts';
import type { OperationRecord } from '../../client/src/sync/record.ts';
import { GUIDE, openPlan, planRows, type Scenario, type Session } from './scenario.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const APPLICATION = 'sync-hooks-2';
const CONTEXT = 'kind-dev';
const SERVER = 'https://127.0.0.1:1';

const KUBECONFIG = path.join(mkdtempSync(path.join(tmpdir(), 'argocd-hooks-history-')), 'config');
writeFileSync(
  KUBECONFIG,
  JSON.stringify({
    'current-context': CONTEXT,
    contexts: [{ name: CONTEXT, context: { cluster: CONTEXT, user: CONTEXT, namespace: APPLICATION } }],
    clusters: [{ name: CONTEXT, cluster: { server: SERVER } }],
    users: [{ name: CONTEXT, user: { token: 'none' } }],
  }),
);

type Results = OperationRecord['results'];
type More = Pick<OperationRecord, 'id' | 'startedAt' | 'updatedAt' | 'state' | 'results'> &
  Pick<Partial<OperationRecord>, 'ended'>;

const result = (group: string, kind: string, name: string, more: Partial<Results[number]>): Results[number] => ({
  ...{ group, version: 'v1', kind, namespace: APPLICATION, name, images: [] },
  ...{ status: 'Synced', message: '', hookType: '', hookPhase: 'Succeeded', syncPhase: 'Sync' },
  ...more,
});

const migration = (hookPhase: Results[number]['hookPhase'], message: string): Results[number] =>
  result('batch', 'Job', 'db-migration-job', { message, hookPhase, hookType: 'PreSync', syncPhase: 'PreSync' });

const namespace = result('', 'Namespace', APPLICATION, {
  ...{ namespace: '', syncPhase: 'PreSync', message: `namespace/${APPLICATION} created` },
});

const service = result('', 'Service', 'nginx', { message: 'service/nginx configured' });

/** Syncs of the example as earlier windows have left them: one succeeded, one failed, one was cut off. */
function earlier(now: number): More[] {
  const [first, second, third] = [now - 2 * DAY, now - 3 * 60 * MINUTE, now - 10 * MINUTE];
  const done = 'Reached expected number of succeeded pods';
  return [
    {
      ...{ id: 'first', startedAt: first, updatedAt: first + 42_000, ended: { at: first + 42_000, how: 'finished' } },
      state: { phase: 'Succeeded', message: 'successfully synced (all tasks run)' },
      results: [
        namespace,
        migration('Succeeded', done),
        service,
        result('apps', 'Deployment', 'nginx', { message: 'deployment.apps/nginx created' }),
      ],
    },
    {
      ...{ id: 'second', startedAt: second, updatedAt: second + 9000, ended: { at: second + 9000, how: 'finished' } },
      state: { phase: 'Failed', message: 'one or more objects failed to apply, reason: quota exceeded' },
      results: [
        namespace,
        migration('Succeeded', done),
        service,
        result('apps', 'Deployment', 'nginx', {
          ...{ status: 'SyncFailed', hookPhase: 'Failed' },
          message: 'deployments.apps "nginx" is forbidden: exceeded quota: pods',
        }),
      ],
    },
    {
      ...{ id: 'third', startedAt: third, updatedAt: third + 75_000 },
      state: { phase: 'Running', message: 'waiting for completion of hook batch/Job/db-migration-job' },
      results: [namespace, migration('Running', 'job.batch/db-migration-job created')],
    },
  ];
}

function keep(workspace: string, storage: string): void {
  const folder = path.join(storage, 'argocd-hooks.argocd-hooks', 'operations');
  mkdirSync(folder, { recursive: true });
  for (const more of earlier(Date.now())) {
    const record: OperationRecord = {
      ...{ schema: 1, application: APPLICATION, context: CONTEXT, server: SERVER, namespace: APPLICATION },
      revision: { id: '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d', text: 'HEAD 1a2b3c4' },
      // What that process would hold, had it not gone.
      ...{ process: 1, lock: path.join(storage, 'gone.lock'), source: { folder: workspace, path: 'sync-hooks' } },
      ...{ operation: {}, retry: 0, retries: 0, fingerprints: [], hadNamespace: false, modified: [], journal: [] },
      ...more,
    };
    writeFileSync(path.join(folder, `${record.id}.json`), JSON.stringify(record));
  }
}

const CUT_OFF = `${APPLICATION}  ${CONTEXT} · cut off before its end · resume or discard it · waiting for`;

const isMarked = (rows: readonly string[]): boolean =>
  (rows[0] ?? '').startsWith(CUT_OFF) && rows.some((row) => /db-migration-job {2}⚓ Job · was running/.test(row));

const isPlan = (rows: readonly string[]): boolean =>
  (rows[0] ?? '').startsWith(`${APPLICATION}  sync-hooks · 6 resources`);

const TOLD = `The sync of ${APPLICATION} to ${CONTEXT} that began at`;

const cutOff: Scenario = {
  name: 'a sync that was cut off marks its application, and is told with what can be done',
  run: async (workbench) => {
    await openPlan(workbench);
    await workbench.widenSideBar(480);
    await workbench.expect('the mark on the row', () => planRows(workbench), isMarked);
    await workbench.expect(
      'a notification that tells it',
      () => workbench.notifications(),
      (texts) => texts.some((text) => text.startsWith(TOLD) && text.includes('was cut off before its end')),
    );
    await workbench.picture('history-cut-off');
  },
};

const once: Scenario = {
  name: 'it is told once: another window shows the mark alone',
  run: async (workbench) => {
    await workbench.reload();
    await workbench.expect('the mark on the row', () => planRows(workbench), isMarked, 60_000);
    assert.deepEqual(await workbench.notifications(), []);
  },
};

const texts = async (workbench: Workbench): Promise<string[]> =>
  (await workbench.quickPickRows()).map((row) => row.replaceAll(/\s*\n\s*/g, ' | ').trim());

const listed: Scenario = {
  name: 'Sync History shows what was synced and how it ended, and one of them with its results',
  run: async (workbench) => {
    await workbench.command('Argo CD Hooks: Sync History…');
    await workbench.expect(
      'three syncs, the newest first',
      () => texts(workbench),
      (rows) =>
        rows.length === 3 &&
        /interrupted.*1:15 · kind-dev, namespace sync-hooks-2.*HEAD 1a2b3c4/.test(rows[0] ?? '') &&
        /failed.*0:09.*quota exceeded/.test(rows[1] ?? '') &&
        /succeeded.*0:42/.test(rows[2] ?? ''),
    );
    await workbench.picture('history-list');
    await workbench.pick(': failed');
    await workbench.expect(
      'what can be done, and the results with the failure first',
      () => texts(workbench),
      (rows) =>
        (rows[0] ?? '').startsWith('Run Again') &&
        (rows[1] ?? '').startsWith('Retry Failed') &&
        /Deployment nginx.*Sync · SyncFailed, Failed.*exceeded quota/.test(rows[2] ?? '') &&
        rows.length === 6,
    );
    await workbench.picture('history-failed');
    await workbench.page.locator('.quick-input-widget').getByRole('button', { name: 'Back' }).click();
    await workbench.pick(': interrupted');
    await workbench.expect(
      'that it can be resumed or discarded',
      () => texts(workbench),
      (rows) => (rows[0] ?? '').startsWith('Resume') && (rows[1] ?? '').startsWith('Discard…') && rows.length === 4,
    );
    await workbench.picture('history-interrupted');
    await workbench.press('Escape');
  },
};

const manifest: Scenario = {
  name: 'a result in the history opens its manifest',
  run: async (workbench) => {
    await workbench.command('Argo CD Hooks: Sync History…');
    await workbench.pick(': failed');
    await workbench.pick('Deployment nginx');
    await workbench.expect(
      'the manifest of the Deployment that failed',
      () => workbench.editorLines(),
      (lines) => lines.includes('kind: Deployment'),
    );
    await workbench.command('View: Close All Editors');
  },
};

const unreachable: Scenario = {
  name: 'Resume Sync where the cluster cannot be reached says so, and the sync can be resumed later',
  run: async (workbench) => {
    await workbench.rowMenu(APPLICATION, 'Resume Sync');
    await workbench.expect(
      'a notification that names the cluster',
      () => workbench.notifications(),
      (found) => found.some((text) => text.includes(APPLICATION) && text.includes('127.0.0.1:1')),
      60_000,
    );
    await workbench.expect('the mark on the row', () => planRows(workbench), isMarked);
    await workbench.picture('history-unreachable');
    await workbench.command('Notifications: Clear All Notifications');
  },
};

const discarded: Scenario = {
  name: 'Discard Interrupted Sync asks, brings the plan back, and stays in the history',
  run: async (workbench) => {
    const dialog = workbench.page.locator('.monaco-dialog-box');
    const ask = async (): Promise<void> => {
      await workbench.rowMenu(APPLICATION, 'Discard Interrupted Sync…');
      await dialog.waitFor();
    };
    await ask();
    assert.match(await dialog.innerText(), /Discard the sync of sync-hooks-2 in kind-dev that began at/);
    await workbench.picture('history-discard');
    await dialog.getByText('Cancel').click();
    assert.ok(isMarked(await planRows(workbench)));
    await ask();
    await dialog.locator('.monaco-button', { hasText: 'Discard' }).click();
    await workbench.expect('the plan as it was', () => planRows(workbench), isPlan);
    await workbench.expect(
      'a notification that says what is left',
      () => workbench.notifications(),
      (found) => found.some((text) => text.includes('is marked as ended') && text.includes('Job/db-migration-job')),
    );
    await workbench.picture('history-discarded');
    await workbench.command('Argo CD Hooks: Sync History…');
    await workbench.expect(
      'the sync as discarded',
      () => texts(workbench),
      (rows) => rows.length === 3 && (rows[0] ?? '').includes('discarded'),
    );
    await workbench.press('Escape');
    await workbench.command('Argo CD Hooks: Resume Sync');
    await workbench.expect(
      'that nothing is left to be resumed',
      () => workbench.notifications(),
      (found) => found.some((text) => text.includes('there is nothing to resume')),
    );
  },
};

/** Syncs that earlier windows have left, as a person finds them again. */
export const history: Session = {
  name: 'history',
  folder: GUIDE,
  server: { env: { KUBECONFIG }, prepare: keep },
  scenarios: [cutOff, once, listed, manifest, unreachable, discarded],
};
