import assert from 'node:assert/strict';
import type { Workbench } from '../../client/scripts/vscode-host/workbench.ts';
import { memoryFolder } from './memory-folder.ts';
import { GUIDE, GUIDE_ROWS, openPlan, planRows, terminateSync, type Scenario, type Session } from './scenario.ts';

const FOLDER = memoryFolder(GUIDE);

/** Lines and columns of the example's manifest. */
const HOOK_LINE = 7;
const HOOK_VALUE_COLUMN = 30;

/** Opens the migration's manifest from its row: a virtual folder has no search for its name. */
async function openMigration(workbench: Workbench): Promise<void> {
  await workbench.page.locator('.sidebar .monaco-list-row[aria-label^="db-migration-job"]').click();
  await workbench.page.locator('.tab.active[data-resource-name="db-migration-job.yaml"]').waitFor();
  await workbench.page.locator('.editor-group-container.active .monaco-editor').first().click();
}

const plan: Scenario = {
  name: 'a virtual folder has its plan',
  run: async (workbench) => {
    await openPlan(workbench);
    await workbench.widenSideBar(480);
    assert.deepEqual(await planRows(workbench), ['sync-hooks-2  sync-hooks · 6 resources', ...GUIDE_ROWS]);
  },
};

const editing = (picture: string): Scenario => ({
  name: 'lens, completion, diagnostics and the plan follow what is typed',
  run: async (workbench) => {
    await openMigration(workbench);
    await workbench.expect(
      'the lens',
      () => workbench.page.locator('.codelens-decoration').allInnerTexts(),
      (texts) => texts.some((text) => text.includes('PreSync') && text.includes('2nd of 6')),
    );
    await workbench.goTo(HOOK_LINE, HOOK_VALUE_COLUMN);
    await workbench.press('Shift+End');
    await workbench.type('presync');
    await workbench.press('Escape');
    await workbench.expect(
      'an error squiggle',
      () => workbench.squiggles('error'),
      (n) => n === 1,
    );
    await workbench.expect(
      'the plan tells that the manifest is left out',
      () => planRows(workbench),
      (rows) => rows.some((row) => row.startsWith('  Left out  1 manifest')),
    );
    await workbench.goTo(HOOK_LINE, HOOK_VALUE_COLUMN);
    await workbench.press('Shift+End', 'Delete');
    assert.deepEqual((await workbench.completions()).slice(0, 2), ['Sync', 'PreSync']);
    await workbench.picture(picture);
    await workbench.press('ArrowDown', 'Enter');
    await workbench.expect(
      'the plan as it was',
      () => planRows(workbench),
      (rows) => rows.some((row) => row.includes('db-migration-job  ⚓ Job')) && rows.length === 10,
    );
  },
});

/** @param why in the entry that stands where kube contexts would */
const sync = (picture: string, why: RegExp): Scenario => ({
  name: 'Run Sync says why there is no cluster, and simulates the saved files to the end',
  run: async (workbench) => {
    await workbench.newLineBelow(HOOK_LINE);
    await workbench.type('argocd.argoproj.io/sync-wave: "-2');
    await workbench.press('Escape');
    await workbench.command('Argo CD Hooks: Run Sync…');
    await workbench.expect(
      'the simulation alone, and why',
      () => workbench.quickPickRows(),
      (rows) => rows.length === 2 && (rows[0] ?? '').includes('Simulation') && why.test(rows[1] ?? ''),
    );
    await workbench.picture(`${picture}-where`);
    await workbench.pick('Simulation');
    const dialog = workbench.page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    await dialog.getByText('Save and Go On').click();
    const rows = workbench.webview().locator('tbody tr');
    await rows.first().waitFor();
    const texts = await rows.allInnerTexts();
    assert.ok(
      texts.some((text) => text.replaceAll(/\s+/g, ' ').startsWith('+ create −2 ⚓ Job db-migration-job')),
      texts.join('\n'),
    );
    const warnings = await workbench.webview().locator('.warnings').innerText();
    assert.match(warnings, /db-migration-job\.yaml:\d+: After one failure of Job db-migration-job/);
    // No editor shows this file.
    assert.match(warnings, /cleanup-job\.yaml:8: Job cleanup-job runs in the first sync and never again/);
    await workbench.picture(`${picture}-preflight`);
    await workbench.webview().locator('button.primary').click();
    await workbench.expect(
      'the migration runs',
      () => planRows(workbench),
      (found) => found.some((row) => /db-migration-job {2}⚓ Job · running 0:0\d/.test(row)),
    );
    await workbench.expect(
      'the end of the sync',
      () => planRows(workbench),
      (found) =>
        /simulation · succeeded in 0:/.test(found[0] ?? '') &&
        found.some((row) => /db-migration-job {2}⚓ Job · done in 0:\d\d · deleted/.test(row)) &&
        found.some((row) => /Left in the cluster {2}\d objects/.test(row)),
      60_000,
    );
    await workbench.picture(`${picture}-finished`);
  },
});

const terminated: Scenario = {
  name: 'Terminate Sync stops it',
  run: async (workbench) => {
    await workbench.command('Argo CD Hooks: Simulate Sync…');
    await workbench.expect(
      'no earlier revision, for there is no Git',
      () => workbench.quickPickRows(),
      (rows) => (rows[0] ?? '').includes('First Install') && !rows.some((row) => row.includes('Upgrade')),
    );
    await workbench.pick('First Install');
    await terminateSync(workbench);
  },
};

const timeline: Scenario = {
  name: 'the timeline is drawn, and its run as it was',
  run: async (workbench) => {
    await workbench.command('Argo CD Hooks: Show Timeline');
    const bar = workbench.webview().locator('.bar.failed[aria-label*="db-migration-job"]');
    await bar.waitFor();
    await bar.focus();
    await workbench.webview().getByRole('tooltip').getByText('This run: failed').waitFor();
    await workbench.picture('browser-timeline');
  },
};

/** The extension as a web extension: in a worker, without Node. */
export const browser: Session = {
  name: 'browser',
  folder: GUIDE,
  extensions: [FOLDER.extension],
  server: {
    opens: { virtualFolder: FOLDER.address },
    settings: { 'remote.extensionKind': { 'argocd-hooks.argocd-hooks': ['web'], 'test.memfs': ['web'] } },
  },
  scenarios: [
    plan,
    editing('browser-completion'),
    sync('browser', /A browser reaches no cluster/),
    terminated,
    timeline,
  ],
};

/** A virtual folder on the desktop: the language server asks the editor for its files. */
export const virtual: Session = {
  name: 'virtual folder',
  folder: GUIDE,
  extensions: [FOLDER.extension],
  server: { opens: { virtualFolder: FOLDER.address } },
  scenarios: [plan, editing('virtual-completion'), sync('virtual', /The folder is a virtual one \(memfs\)/)],
};
