import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Workbench } from '../../client/scripts/vscode-host/workbench.ts';
import { planRows, type Session } from './scenario.ts';
import { manifest, workspace } from './workspace.ts';

const expectWelcome = (workbench: Workbench, part: string, ms?: number): Promise<string> =>
  workbench.expect(
    `the welcome text “${part}”`,
    () => workbench.welcome(),
    (text) => text.includes(part),
    ms,
  );

/** Titles of the steps of the open walkthrough: `✓ ` before those that are done. */
async function steps({ page }: Workbench): Promise<string[]> {
  const all = page.locator('.gettingStartedContainer .getting-started-step');
  const titles: string[] = [];
  for (const step of await all.all()) {
    const [title = ''] = (await step.locator('.step-title').innerText()).split('\n');
    const isDone = (await step.getAttribute('aria-checked')) === 'true';
    titles.push(`${isDone ? '✓ ' : ''}${title}`);
  }
  return titles;
}

const STEPS = ['Open the guide', 'Complete a hook', 'See the plan', 'Break it', 'Simulate a sync'];

export const noFolder: Session = {
  name: 'no folder',
  folder: workspace({ 'readme.md': 'Not opened.' }),
  server: { opens: 'nothing' },
  scenarios: [
    {
      name: 'the view asks for a folder, and opens one',
      run: async (workbench) => {
        await workbench.openContainer('Argo CD Hooks');
        await expectWelcome(workbench, 'Open a folder that holds Kubernetes manifests', 30_000);
        await workbench.picture('no-folder');
        await workbench.welcomeButton('Open Folder');
        await workbench.page.locator('.quick-input-widget .quick-input-box input').waitFor();
      },
    },
  ],
};

export const empty: Session = {
  name: 'no manifests',
  folder: workspace({ 'readme.md': 'Nothing here.' }),
  scenarios: [
    {
      name: 'the empty view says what it looks for',
      run: async (workbench) => {
        await workbench.openContainer('Argo CD Hooks');
        await expectWelcome(workbench, 'No Kubernetes manifest was found in this workspace', 30_000);
        await workbench.picture('empty');
      },
    },
    {
      name: 'the walkthrough opens with its five steps',
      run: async (workbench) => {
        await workbench.command('Welcome: Open Walkthrough...');
        await workbench.pick('Get Started with Argo CD Hooks');
        await workbench.expect(
          'all steps, none done but what opening the view does',
          () => steps(workbench),
          (titles) =>
            titles.map((title) => title.replace('✓ ', '')).join() === STEPS.join() &&
            titles[0] === 'Open the guide' &&
            titles[4] === 'Simulate a sync',
        );
        await workbench.picture('walkthrough');
      },
    },
    {
      name: 'Open Guide asks, writes the example, and the plan shows it, without a problem',
      run: async (workbench) => {
        await workbench.page.locator('.getting-started-step .monaco-button', { hasText: 'Open Guide' }).first().click();
        await workbench.answer('Write the Example');
        await workbench.page.locator('.tab.active[data-resource-name="guide.yaml"]').waitFor();
        await workbench.expect(
          'the plan of the guide',
          () => planRows(workbench),
          (rows) => ['db-migration', 'settings', 'web', 'notify', 'tidy'].every((name) => rows.join().includes(name)),
          30_000,
        );
        await workbench.picture('guide');
        const file = path.join(workbench.server.workspace, 'argocd-hooks-guide/guide.yaml');
        assert.ok(fs.existsSync(file));
        await workbench.expect(
          'no problem in the example',
          () => workbench.page.locator('.activitybar .action-item .badge-content:visible').allInnerTexts(),
          (badges) => badges.length === 0,
        );
        assert.deepEqual(await workbench.notifications(), []);
      },
    },
    {
      name: 'the walkthrough ticks what was done: the guide, a completion, the plan; breaking it comes last',
      run: async (workbench) => {
        await workbench.goTo(8, 5);
        await workbench.completions();
        await workbench.press('Escape');
        const tour = async (): Promise<void> => {
          await workbench.command('Welcome: Open Walkthrough...');
          await workbench.pick('Get Started with Argo CD Hooks');
        };
        await tour();
        await workbench.page.locator('.getting-started-step', { hasText: 'See the plan' }).click();
        await workbench.page.locator('.getting-started-step .monaco-button', { hasText: 'Show Plan' }).click();
        const done = ['✓ Open the guide', '✓ Complete a hook', '✓ See the plan', 'Break it', 'Simulate a sync'];
        await workbench.expect(
          'the steps that were taken',
          () => steps(workbench),
          (titles) => titles.join() === done.join(),
        );
        await workbench.picture('walkthrough-ticked');
        await workbench.openFile('guide.yaml');
        const line = (await workbench.editorLines()).findIndex((text) => text.includes('hook: PreSync')) + 1;
        await workbench.goTo(line, 1);
        await workbench.press('End', 'Control+Shift+ArrowLeft');
        await workbench.type('presync');
        await tour();
        await workbench.expect(
          'the step that breaks it',
          () => steps(workbench),
          (titles) => titles.includes('✓ Break it'),
        );
      },
    },
  ],
};

export const unordered: Session = {
  name: 'empty states',
  folder: workspace({ 'apps/blog/blog.yaml': manifest('v1', 'ConfigMap', 'blog') }),
  scenarios: [
    {
      name: 'a view without ordering says so, and its button shows all',
      run: async (workbench) => {
        await workbench.openContainer('Argo CD Hooks');
        const hasBlog = (rows: readonly string[]): boolean => rows.some((row) => row.trim().startsWith('blog'));
        await workbench.expect('the application', () => planRows(workbench), hasBlog, 60_000);
        await workbench.viewMenu('Show', 'Only Applications with Ordering');
        await expectWelcome(workbench, 'No application of this workspace uses hooks or waves');
        await workbench.picture('welcome-unordered');
        await workbench.welcomeButton('Show All Applications');
        await workbench.expect('the application again', () => planRows(workbench), hasBlog);
      },
    },
    {
      name: 'a filter that finds nothing says so, and its button clears it',
      run: async (workbench) => {
        await workbench.command('Argo CD Hooks: Filter Plan…');
        await workbench.type('nothing-like-it');
        await workbench.press('Enter');
        await expectWelcome(workbench, 'No row of the plan matches the filter');
        await workbench.picture('welcome-unmatched');
        await workbench.welcomeButton('Clear Filter');
        await workbench.expect(
          'the rows',
          () => planRows(workbench),
          (rows) => rows.length > 0,
        );
      },
    },
    {
      name: 'a workspace that is switched off says so, and its button opens the setting',
      run: async (workbench) => {
        const settings = path.join(workbench.server.workspace, '.vscode/settings.json');
        fs.mkdirSync(path.dirname(settings), { recursive: true });
        fs.writeFileSync(settings, '{ "argocdHooks.enable": false }');
        await expectWelcome(workbench, 'Argo CD Hooks is switched off for this workspace');
        await workbench.picture('welcome-disabled');
        await workbench.welcomeButton('Open Settings');
        const enable = workbench.page.locator('.settings-editor .setting-item-contents', {
          hasText: 'Whether Argo CD',
        });
        await enable.first().locator('.setting-value-checkbox[aria-checked="false"]').click();
        await workbench.expect(
          'the setting on disk',
          async () => fs.readFileSync(settings, 'utf8'),
          (text) => !text.includes('false'),
        );
        await workbench.press('Escape');
        await workbench.expect(
          'the rows',
          () => planRows(workbench),
          (rows) => rows.length > 0,
        );
      },
    },
  ],
};
