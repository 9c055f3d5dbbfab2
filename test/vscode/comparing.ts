import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { planRows, type Session } from './scenario.ts';
import { configMap, manifest, workspace } from './workspace.ts';

function inRepository(cwd: string, ...args: readonly string[]): void {
  execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', ...args], { cwd });
}

/** A repository whose working tree is not what was committed. */
function repository(): string {
  const folder = workspace({
    'apps/shop/one.yaml': configMap('one', 0),
    'apps/shop/two.yaml': configMap('two', 3),
    'apps/blog/blog.yaml': manifest('v1', 'ConfigMap', 'blog'),
    'apps/wiki/wiki.yaml': configMap('wiki', 2),
  });
  inRepository(folder, 'init', '-q', '-b', 'main');
  inRepository(folder, 'add', '-A');
  inRepository(folder, 'commit', '-q', '-m', 'Begin');
  fs.writeFileSync(path.join(folder, 'apps/shop/two.yaml'), configMap('two', -2));
  fs.writeFileSync(path.join(folder, 'apps/shop/three.yaml'), configMap('three', 0));
  fs.rmSync(path.join(folder, 'apps/wiki'), { recursive: true });
  return folder;
}

export const comparing: Session = {
  name: 'comparing',
  folder: repository(),
  server: { settings: { 'workbench.colorTheme': 'Default High Contrast' } },
  scenarios: [
    {
      name: 'Compare Plan with… shows what is different from HEAD, and there is a way back',
      run: async (workbench) => {
        await workbench.openContainer('Argo CD Hooks');
        await workbench.expect(
          'both applications',
          () => planRows(workbench),
          (rows) => rows.length === 2,
          60_000,
        );
        await workbench.widenSideBar(560);
        await workbench.command('Argo CD Hooks: Compare Plan with…');
        await workbench.pick('HEAD');
        await workbench.expect(
          'the changes alone',
          () => planRows(workbench),
          (rows) =>
            rows.some((row) => row.startsWith('shop  apps/shop · 2 changes')) &&
            !rows.some((row) => row.startsWith('blog')) &&
            rows.some((row) => /two {2}ConfigMap · moved · wave −2 · From wave 3 to wave −2/.test(row)) &&
            rows.some((row) => /three {2}ConfigMap · added/.test(row)) &&
            rows.some((row) => row.startsWith('wiki  apps/wiki · gone · 1 change')),
          30_000,
        );
        await workbench.clickRow('wiki');
        await workbench.expect(
          'what was in the application that is gone',
          () => planRows(workbench),
          (rows) => rows.some((row) => /wiki {2}ConfigMap · removed · wave 2/.test(row)),
        );
        await workbench.picture('panel-compare');
        await workbench.command('Argo CD Hooks: Back to the Plan');
        await workbench.expect(
          'the plans',
          () => planRows(workbench),
          (rows) => rows.some((row) => row.startsWith('blog')),
        );
      },
    },
    {
      name: 'a comparison without a difference says so, and its button leads back',
      run: async (workbench) => {
        inRepository(workbench.server.workspace, 'add', '-A');
        inRepository(workbench.server.workspace, 'commit', '-q', '-m', 'Go on');
        await workbench.command('Argo CD Hooks: Compare Plan with…');
        await workbench.pick('HEAD');
        await workbench.expect(
          'the welcome text',
          () => workbench.welcome(),
          (text) => text.includes('The plan is the same as at the other revision'),
          30_000,
        );
        await workbench.picture('panel-compare-same');
        await workbench.welcomeButton('Back to the Plan');
        await workbench.expect(
          'the plans',
          () => planRows(workbench),
          (rows) => rows.some((row) => row.startsWith('blog')),
        );
      },
    },
    {
      name: 'Simulate Sync starts from what a Git revision leaves, and remembers which',
      run: async (workbench) => {
        await workbench.command('Argo CD Hooks: Simulate Sync…');
        await workbench.pick('shop');
        await workbench.expect(
          'an upgrade among the choices',
          () => workbench.quickPickRows(),
          (rows) =>
            (rows[0] ?? '').includes('First Install') &&
            (rows[1] ?? '').includes('Upgrade from HEAD') &&
            (rows[2] ?? '').includes('Upgrade from a Git Revision…'),
        );
        await workbench.pick('Upgrade from a Git Revision…');
        await workbench.expect(
          'the revisions',
          () => workbench.quickPickRows(),
          (rows) => (rows[0] ?? '').includes('HEAD') && rows.some((row) => row.includes('main')),
        );
        await workbench.type('HEAD~1');
        await workbench.pick('as typed');
        const rows = workbench.webview().locator('tbody tr');
        await rows.filter({ hasText: 'three' }).waitFor();
        await workbench.expect(
          'what is new, what changes and what stays',
          async () => (await rows.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ')),
          (texts) =>
            texts.some((text) => text.startsWith('+ create 0 ConfigMap three')) &&
            texts.some((text) => text.startsWith('= unchanged 0 ConfigMap one')) &&
            texts.some((text) => text.startsWith('~ change −2 ConfigMap two')),
        );
        await workbench.picture('simulate-upgrade');
        await workbench.webview().locator('button', { hasText: 'Cancel' }).click();
        await workbench.command('Argo CD Hooks: Simulate Sync…');
        await workbench.pick('shop');
        await workbench.expect(
          'the revision first',
          () => workbench.quickPickRows(),
          (texts) => /Upgrade from HEAD~1.*as last time/s.test(texts[0] ?? ''),
        );
        await workbench.press('Escape');
      },
    },
  ],
};
