import assert from 'node:assert/strict';
import type { Workbench } from '../../client/scripts/vscode-host/workbench.ts';
import {
  DB_MIGRATION,
  GUIDE,
  openPlan,
  planRows,
  simulateFirstInstall,
  terminateSync,
  type Scenario,
  type Session,
} from './scenario.ts';

async function runInSimulation(workbench: Workbench): Promise<void> {
  await workbench.command('Argo CD Hooks: Run Sync…');
  await workbench.pick('Simulation');
}

/** The rows of the preflight page: change, wave, object, namespace, what becomes of it. */
async function preflightRows(workbench: Workbench): Promise<string[]> {
  const rows = workbench.webview().locator('tbody tr');
  await rows.first().waitFor();
  const texts = await rows.allInnerTexts();
  return texts.map((text) =>
    text
      .replaceAll(/[\t\n]+/g, ' | ')
      .replace(/[ |]+$/, '')
      .trim(),
  );
}

const preflight: Scenario = {
  name: 'Run Sync asks where, and shows what would happen before anything does',
  run: async (workbench) => {
    await openPlan(workbench);
    await workbench.widenSideBar(480);
    await workbench.openFile(DB_MIGRATION);
    await workbench.command('Argo CD Hooks: Run Sync…');
    await workbench.expect(
      'where to run',
      () => workbench.quickPickRows(),
      (rows) => rows.some((row) => row.includes('Simulation')) && rows.some((row) => row.includes('No kube context')),
    );
    await workbench.picture('where');
    await workbench.pick('Simulation');
    const rows = await preflightRows(workbench);
    assert.deepEqual(rows, [
      'PreSync',
      '+ create | 0 | Namespace sync-hooks-2',
      '+ create | 0 | ⚓ Job db-migration-job | sync-hooks-2 | deleted when the sync succeeds',
      'Sync',
      '+ create | 0 | Service nginx | sync-hooks-2',
      '+ create | 0 | Deployment nginx | sync-hooks-2',
      'PostSync',
      '+ create | 0 | ⚓ Job app-slack-notification-… | sync-hooks-2 | new name every sync; deleted when the sync succeeds',
      '+ create | 0 | ⚓ Job cleanup-job | sync-hooks-2 | deleted when the sync fails',
    ]);
    const button = workbench.webview().locator('button.primary');
    assert.equal(await button.innerText(), 'Sync 6 resources in the simulation');
    await workbench.picture('preflight');
    await workbench.webview().locator('button', { hasText: 'Cancel' }).click();
    await workbench.expect(
      'nothing of a run is left in the plan',
      () => planRows(workbench),
      (found) => (found[0] ?? '').startsWith('sync-hooks-2  sync-hooks · 6 resources'),
    );
  },
};

const run: Scenario = {
  name: 'a confirmed sync goes live on the tree and ends with what is left',
  run: async (workbench) => {
    await runInSimulation(workbench);
    await workbench.webview().locator('button.primary').click();
    await workbench.expect(
      'the migration runs, and shows its time',
      () => planRows(workbench),
      (rows) =>
        /simulation · running 0:0[1-9]/.test(rows[0] ?? '') &&
        rows.some((row) => /db-migration-job {2}⚓ Job · running 0:0[1-9]/.test(row)),
    );
    await workbench.picture('sync-running');
    await workbench.expect(
      'the end of the sync',
      () => planRows(workbench),
      (rows) =>
        /simulation · succeeded in 0:/.test(rows[0] ?? '') &&
        rows.some((row) => /db-migration-job {2}⚓ Job · done in 0:\d\d · deleted/.test(row)) &&
        rows.some((row) => /nginx {2}Deployment · done/.test(row)) &&
        rows.some((row) => /Left in the cluster {2}\d objects/.test(row)),
      60_000,
    );
    await workbench.picture('sync-finished');
    await workbench.expect(
      'no notification for what the tree shows',
      () => workbench.notifications(),
      (n) => n.length === 0,
    );
  },
};

const clear: Scenario = {
  name: 'Clear Sync State brings the plan back',
  run: async (workbench) => {
    await workbench.command('Argo CD Hooks: Clear Sync State');
    await workbench.expect(
      'the plan without a run',
      () => planRows(workbench),
      (rows) =>
        (rows[0] ?? '').startsWith('sync-hooks-2  sync-hooks · 6 resources') &&
        !rows.some((row) => row.includes('done')),
    );
  },
};

const terminate: Scenario = {
  name: 'Terminate Sync stops it, and says what was not reached',
  run: async (workbench) => {
    await runInSimulation(workbench);
    await terminateSync(workbench);
    await workbench.expect(
      'a notification that tells it',
      () => workbench.notifications(),
      (texts) =>
        texts.some((text) =>
          text.startsWith('The sync of sync-hooks-2 in the simulation was terminated while Job db-migration-job'),
        ),
    );
    await workbench.picture('sync-terminated');
  },
};

const unsaved: Scenario = {
  name: 'unsaved changes are saved after asking, and what is on disk is synced',
  run: async (workbench) => {
    await workbench.command('Argo CD Hooks: Clear Sync State');
    await workbench.openFile(DB_MIGRATION);
    await workbench.newLineBelow(7);
    await workbench.type('argocd.argoproj.io/sync-wave: "-2');
    await workbench.press('Escape');
    await simulateFirstInstall(workbench);
    const dialog = workbench.page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    assert.match(await dialog.innerText(), /db-migration-job\.yaml has unsaved changes/);
    await dialog.getByText('Save and Go On').click();
    const rows = await preflightRows(workbench);
    assert.ok(
      rows.some((row) => row.startsWith('+ create | −2 | ⚓ Job db-migration-job')),
      rows.join('\n'),
    );
    await workbench.webview().locator('button', { hasText: 'Cancel' }).click();
  },
};

const unreadable: Scenario = {
  name: 'what cannot be read for certain is never synced, and is named',
  run: async (workbench) => {
    await workbench.openFile('sync-hooks/deployment.yaml');
    await workbench.goTo(4, 1);
    await workbench.press('End');
    await workbench.type('-{{ .Values.name }}');
    await workbench.press('Escape', 'Control+S');
    await workbench.expect(
      'the file saved',
      () => workbench.page.locator('.tab.active.dirty').count(),
      (n) => n === 0,
    );
    await simulateFirstInstall(workbench);
    await workbench.expect(
      'a notification that names the file',
      () => workbench.notifications(),
      (texts) => texts.some((text) => text.includes('was not synced') && text.includes('deployment.yaml')),
    );
    await workbench.expect(
      'the tree says so, and shows the plan',
      () => planRows(workbench),
      (rows) =>
        (rows[0] ?? '').startsWith('sync-hooks-2  simulation · was not started') &&
        rows.some((row) => row.endsWith('⚓ Job · deleted when the sync fails')),
    );
    await workbench.picture('sync-refused');
  },
};

export const syncing: Session = {
  name: 'syncing',
  folder: GUIDE,
  scenarios: [preflight, run, clear, terminate, unsaved, unreadable],
};
