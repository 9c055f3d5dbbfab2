import assert from 'node:assert/strict';
import fs from 'node:fs';
import type { Workbench } from '../../client/scripts/vscode-host/workbench.ts';
import { DB_MIGRATION, GUIDE, GUIDE_ROWS, openPlan, planRows, type Scenario, type Session } from './scenario.ts';

/** Lines of the example's manifest. */
const HOOK_LINE = 7;
const POLICY_LINE = 8;
const HOOK_VALUE_COLUMN = 30;

async function setHook(workbench: Workbench, value: string): Promise<void> {
  await workbench.goTo(HOOK_LINE, HOOK_VALUE_COLUMN);
  await workbench.press('Shift+End');
  await workbench.type(value);
}

const plan: Scenario = {
  name: 'the plan stands beside the text and follows it',
  run: async (workbench) => {
    await openPlan(workbench);
    await workbench.widenSideBar(480);
    await workbench.openFile(DB_MIGRATION);
    await workbench.goTo(HOOK_LINE, 1);
    const rows = ['sync-hooks-2  sync-hooks · 6 resources · 1 problem', ...GUIDE_ROWS];
    await workbench.expect(
      'the whole plan, and the problem of the manifest that is open',
      () => planRows(workbench),
      (found) => found.join('\n') === rows.join('\n'),
    );
    const selected = workbench.page.locator('.sidebar .pane-body .monaco-list-row.selected .label-name');
    await workbench.expect(
      'the row of the manifest under the cursor is selected',
      () => selected.allInnerTexts(),
      (names) => names.join() === 'db-migration-job',
    );
    await workbench.picture('plan');
  },
};

const open: Scenario = {
  name: 'a click on a row opens the manifest with the annotation selected',
  run: async (workbench) => {
    await workbench.page.locator('.sidebar .monaco-list-row', { hasText: 'cleanup-job' }).click();
    await workbench.page.locator('.tab.active[data-resource-name="cleanup-job.yaml"]').waitFor();
    await workbench.expect(
      'the hook annotation is selected',
      () => workbench.page.locator('#workbench\\.parts\\.statusbar').innerText(),
      (status) => /Ln 7, Col 38 \(33 selected\)/.test(status),
    );
    await workbench.openFile(DB_MIGRATION);
  },
};

const completion: Scenario = {
  name: 'completion offers phases, with what they mean',
  run: async (workbench) => {
    await workbench.goTo(HOOK_LINE, HOOK_VALUE_COLUMN);
    await workbench.press('Shift+End', 'Delete');
    const labels = await workbench.completions();
    assert.deepEqual(labels.slice(0, 5), ['Sync', 'PreSync', 'PostSync', 'SyncFail', 'Skip']);
    await workbench.press('ArrowDown');
    await workbench.picture('completion');
    await workbench.press('Enter');
    await workbench.expect(
      'the chosen phase',
      () => workbench.lineText(HOOK_LINE),
      (line) => line === '    argocd.argoproj.io/hook: PreSync',
    );
  },
};

const hover: Scenario = {
  name: 'hover explains a value and its place',
  run: async (workbench) => {
    const phase = await workbench.hoverAt(HOOK_LINE, HOOK_VALUE_COLUMN + 2, /2nd of 6/);
    assert.match(phase, /PreSync/);
    await workbench.picture('hover');
    await workbench.press('Escape');
    await workbench.hoverAt(POLICY_LINE, 46, /HookSucceeded/);
    await workbench.press('Escape');
  },
};

const lens: Scenario = {
  name: 'a lens above the manifest tells its place',
  run: async (workbench) => {
    const lenses = workbench.page.locator('.codelens-decoration');
    await workbench.expect(
      'the lens',
      () => lenses.allInnerTexts(),
      (texts) => texts.some((text) => text.includes('PreSync') && text.includes('2nd of 6')),
    );
  },
};

const quickFix: Scenario = {
  name: 'a misspelt phase is explained, shown in the plan, and fixed',
  run: async (workbench) => {
    await setHook(workbench, 'presync');
    await workbench.expect(
      'an error squiggle',
      () => workbench.squiggles('error'),
      (n) => n === 1,
    );
    await workbench.expect(
      'the plan tells that the manifest is left out',
      () => planRows(workbench),
      (rows) =>
        rows.some((row) => row.startsWith('  Left out  1 manifest')) &&
        rows.some(
          (row) => row.startsWith('    db-migration-job') && row.includes('"presync" is no phase of Argo CD'),
        ) &&
        rows.includes('  PreSync  1 resource · does not wait'),
    );
    const message = await workbench.hoverAt(HOOK_LINE, HOOK_VALUE_COLUMN + 2, /"presync" is no phase of Argo CD/);
    assert.match(message, /never applied/);
    assert.match(message, /Did you mean PreSync\?/);
    await workbench.picture('misspelt');
    await workbench.press('Escape');
    const fixes = await workbench.quickFixes();
    assert.ok(
      fixes.some((title) => title.includes('PreSync')),
      `quick fixes: ${fixes.join(', ')}`,
    );
    await workbench.picture('quickfix');
    await workbench.press('Enter');
    await workbench.expect(
      'the repaired line',
      () => workbench.lineText(HOOK_LINE),
      (line) => line.endsWith('hook: PreSync'),
    );
    await workbench.expect(
      'no squiggle',
      () => workbench.squiggles('error'),
      (n) => n === 0,
    );
    await workbench.expect(
      'the plan has the hook again',
      () => planRows(workbench),
      (rows) =>
        rows.some((row) => row.startsWith('  PreSync  1 hook · 1 resource')) &&
        !rows.some((row) => row.includes('Left out')),
    );
  },
};

const typing: Scenario = {
  name: 'the plan changes while a wave is typed',
  run: async (workbench) => {
    await workbench.newLineBelow(HOOK_LINE);
    await workbench.type('argocd.argoproj.io/sync-wave: "-2');
    await workbench.expect(
      'the wave of the migration',
      () => planRows(workbench),
      (rows) => rows.includes('    wave −2  waits for Job db-migration-job to complete'),
    );
    // The file goes back to what it was, so that nothing is unsaved.
    await workbench.command('File: Revert File');
    await workbench.expect(
      'the plan is as it was',
      () => planRows(workbench),
      (rows) => !rows.some((row) => row.includes('wave −2')),
    );
  },
};

/** Ids of the language server's processes of this workbench: their command line names its folder of extensions. */
function languageServers(workbench: Workbench): number[] {
  const pids = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    try {
      const line = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return line.includes(workbench.server.profile) && line.includes('dist/server.mjs');
    } catch {
      return false; // Gone meanwhile.
    }
  });
}

/** The one language server there is. @param other one that was there before */
const theServer = (workbench: Workbench, other?: number): Promise<number> =>
  workbench.until('one language server', async () => {
    const pids = languageServers(workbench);
    return pids.length === 1 && pids[0] !== other && pids[0];
  });

const restart: Scenario = {
  name: 'the plan comes back after a restart and after a crash of the language server',
  run: async (workbench) => {
    const first = await theServer(workbench);
    await workbench.command('Argo CD Hooks: Restart Language Server');
    const second = await theServer(workbench, first);
    await openPlan(workbench);
    process.kill(second, 'SIGKILL');
    await theServer(workbench, second);
    await openPlan(workbench);
    await workbench.hoverAt(HOOK_LINE, HOOK_VALUE_COLUMN + 2, /PreSync/);
    await workbench.press('Escape');
  },
};

const crashes: Scenario = {
  name: 'a language server that ends again and again is left alone, until somebody asks',
  run: async (workbench) => {
    await workbench.command('Argo CD Hooks: Restart Language Server');
    let last = await theServer(workbench);
    for (let end = 1; end < 5; end++) {
      process.kill(last, 'SIGKILL');
      last = await theServer(workbench, last);
    }
    process.kill(last, 'SIGKILL');
    await workbench.expect(
      'the welcome text',
      () => workbench.welcome(),
      (text) => text.includes('The language server is not running, so there is no plan.'),
    );
    await workbench.expect(
      'the notification',
      () => workbench.notifications(),
      (texts) => texts.length === 1 && texts.some((text) => text.includes('ended several times within minutes')),
    );
    await workbench.picture('server-failed');
    assert.deepEqual(languageServers(workbench), []);
    await workbench.welcomeButton('Restart Language Server');
    await openPlan(workbench);
    await workbench.command('Notifications: Clear All Notifications');
  },
};

const report: Scenario = {
  name: 'Copy Diagnostics for an Issue says that it did',
  run: async (workbench) => {
    await workbench.command('Argo CD Hooks: Copy Diagnostics for an Issue');
    await workbench.expect(
      'the notification',
      () => workbench.notifications(),
      (texts) => texts.some((text) => text.includes('diagnostics copied')),
    );
  },
};

export const editing: Session = {
  name: 'editing',
  folder: GUIDE,
  scenarios: [plan, open, completion, hover, lens, quickFix, typing, restart, crashes, report],
};
