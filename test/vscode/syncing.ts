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

const options: Scenario = {
  name: 'options are controls: a change is shown in rows, button and warnings before it can be agreed to',
  run: async (workbench) => {
    await runInSimulation(workbench);
    await preflightRows(workbench);
    const page = workbench.webview();
    const button = page.locator('#answer-confirm');
    const says = (what: string, text: string): Promise<string> =>
      workbench.expect(
        what,
        () => button.innerText(),
        (found) => found === text,
      );
    const summary = page.locator('#options summary');
    assert.equal(await summary.innerText(), 'Options Prune is off · Create namespace');
    await summary.click();
    const box = page.getByLabel('Dry run', { exact: true });
    assert.equal(await box.getAttribute('aria-describedby'), 'option-dryRun-help');
    await box.focus();
    await workbench.press('Space');
    assert.equal(await button.isDisabled(), true, 'what is shown is not what was chosen');
    await says('a dry run', 'Dry Run: Sync 6 resources in the simulation');
    assert.equal(await page.locator('h1').innerText(), 'Dry run: sync sync-hooks-2 in the simulation');
    const focused = await page.locator(':focus').getAttribute('id');
    assert.equal(focused, 'option-dryRun', 'the focus stays where it was');
    await workbench.press('Space');
    await says('no dry run', 'Sync 6 resources in the simulation');
    await page.getByLabel('Only these resources, without hooks').check();
    await page.getByText('Choose at least one resource').first().waitFor();
    assert.equal(await button.isDisabled(), true, 'a sync of nothing');
    await page.getByLabel('Service nginx').check();
    await says('a sync of one', 'Sync 2 resources in the simulation');
    await page.getByText('Only 1 of 2 resources are synced, and no hook runs').waitFor();
    await page.getByLabel('Retry').fill('2');
    await page.getByLabel('Prune', { exact: true }).check();
    await workbench.expect('the options', () => page.locator('#option-prune').isChecked(), Boolean);
    await workbench.expect('an up-to-date page', () => button.isEnabled(), Boolean);
    assert.equal(
      await summary.innerText(),
      'Options Prune · Create namespace · Retry 2 times · Only 1 resource, without hooks',
    );
    await workbench.picture('preflight-options');
    await button.click();
    await workbench.expect(
      'what was chosen is synced, and nothing else',
      () => planRows(workbench),
      (rows) =>
        /simulation · succeeded in 0:/.test(rows[0] ?? '') &&
        rows.some((row) => /nginx {2}Service · (applied|done)/.test(row)) &&
        rows.some((row) => /nginx {2}Deployment · not reached/.test(row)),
      60_000,
    );
    await workbench.command('Argo CD Hooks: Clear Sync State');
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
    await workbench.rowMenu('db-migration-job', 'Show Logs');
    await workbench.page.locator('.tab.active[data-resource-name="db-migration-job (sync-hooks-2).log"]').waitFor();
    await workbench.expect(
      'what the hook wrote, kept although it is gone',
      () => workbench.editorLines(),
      (lines) => lines.some((line) => line.startsWith('── ')) && lines.some((line) => /simulated/.test(line)),
    );
    await workbench.picture('hook-log');
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
  scenarios: [preflight, options, run, clear, terminate, unsaved, unreadable],
};
