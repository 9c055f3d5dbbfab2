import assert from 'node:assert/strict';
import type { Workbench } from '../../client/scripts/vscode-host/workbench.ts';
import { DB_MIGRATION, GUIDE, openPlan, planRows, type Scenario, type Session } from './scenario.ts';

/** Lines of the example's manifest. */
const NAME_LINE = 5;
const HOOK_LINE = 7;
const POLICY_LINE = 8;

const revert = async (workbench: Workbench): Promise<void> => {
  await workbench.command('File: Revert File');
  await workbench.expect(
    'the file as it was',
    () => workbench.lineText(POLICY_LINE),
    (line) => line === '    argocd.argoproj.io/hook-delete-policy: HookSucceeded',
  );
};

const snippet: Scenario = {
  name: 'a chosen key brings its value to fill in',
  run: async (workbench) => {
    await openPlan(workbench);
    await workbench.openFile(DB_MIGRATION);
    await workbench.newLineBelow(POLICY_LINE);
    await workbench.type('wave');
    const labels = await workbench.completions();
    assert.equal(labels[0], 'argocd.argoproj.io/sync-wave');
    await workbench.picture('complete-key');
    await workbench.press('Enter');
    await workbench.expect(
      'the key with a wave',
      () => workbench.lineText(POLICY_LINE + 1),
      (line) => line === '    argocd.argoproj.io/sync-wave: "1"',
    );
    await workbench.type('-5');
    await workbench.expect(
      'the wave in place of the one that was filled in',
      () => workbench.lineText(POLICY_LINE + 1),
      (line) => line === '    argocd.argoproj.io/sync-wave: "-5"',
    );
    await workbench.press('Escape');
    await revert(workbench);
  },
};

const hint: Scenario = {
  name: 'an inlay hint names the delete policy that is only implied',
  run: async (workbench) => {
    await workbench.goTo(POLICY_LINE, 1);
    await workbench.press('Control+Shift+K');
    await workbench.expect(
      'the default behind the hook',
      () => workbench.lineText(HOOK_LINE),
      (line) => line.includes('delete policy: BeforeHookCreation (default)'),
    );
    await workbench.picture('inlay-hint');
    await revert(workbench);
  },
};

const name: Scenario = {
  name: 'hover on the name of a hook tells its place',
  run: async (workbench) => {
    const text = await workbench.hoverAt(
      NAME_LINE,
      12,
      /Job db-migration-job — a hook of the application sync-hooks-2/,
    );
    assert.match(text, /waits until it completes/);
    await workbench.picture('hover-name');
    await workbench.press('Escape');
  },
};

const references: Scenario = {
  name: 'references of a hook are what waits for it',
  run: async (workbench) => {
    await workbench.goTo(NAME_LINE, 12);
    await workbench.press('Shift+F12');
    const rows = workbench.page.locator('.peekview-widget .ref-tree .monaco-list-row');
    await workbench.expect(
      'the manifests of the next wave',
      () => rows.allInnerTexts(),
      (texts) => ['deployment.yaml', 'service.yaml'].every((file) => texts.some((text) => text.includes(file))),
    );
    await workbench.picture('references');
    await workbench.press('Escape');
  },
};

const symbol: Scenario = {
  name: 'a symbol of the workspace is found by its phase',
  run: async (workbench) => {
    await workbench.page.keyboard.press('Control+T');
    await workbench.type('PostSync');
    await workbench.expect(
      'the hooks of the phase',
      () => workbench.quickPickRows(),
      (rows) =>
        rows.some((row) => row.includes('cleanup-job · Job · PostSync')) &&
        !rows.some((row) => row.includes('db-migration-job')),
    );
    await workbench.picture('workspace-symbol');
    await workbench.pick('cleanup-job · Job · PostSync');
    await workbench.page.locator('.tab.active[data-resource-name="cleanup-job.yaml"]').waitFor();
  },
};

const fresh: Scenario = {
  name: 'New Hook… writes a hook beside the manifests, and the plan has it',
  run: async (workbench) => {
    await workbench.openFile(DB_MIGRATION);
    await workbench.command('Argo CD Hooks: New Hook…');
    await workbench.picture('new-hook');
    await workbench.pick('Smoke test');
    await workbench.pick('where it belongs');
    await workbench.page
      .locator('.quick-input-widget input[value="smoke-test"], .quick-input-widget .quick-input-box input')
      .waitFor();
    await workbench.press('Enter');
    await workbench.page.locator('.tab.active[data-resource-name="smoke-test.yaml"]').waitFor();
    await workbench.expect(
      'the hook with its name',
      () => workbench.lineText(4),
      (line) => line === '  name: smoke-test',
    );
    await workbench.expect(
      'the hook in the plan',
      () => planRows(workbench),
      (rows) => rows.some((row) => row.includes('smoke-test') && row.includes('Job')),
    );
    await workbench.picture('new-hook-written');
  },
};

export const language: Session = {
  name: 'language',
  folder: GUIDE,
  scenarios: [snippet, hint, name, references, symbol, fresh],
};
