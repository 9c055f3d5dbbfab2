import { planRows, type Session } from './scenario.ts';
import { configMap, workspace } from './workspace.ts';

const FILES: Readonly<Record<string, string>> = {
  'apps/blog/one.yaml': configMap('one', -1),
  'apps/blog/two.yaml': configMap('two', 3),
  'apps/shop/settings.yaml': configMap('settings', 0),
  'notes/readme.md': 'No manifest.',
  'parts/first.yaml': configMap('first', 0),
  'parts/second.yaml': configMap('second', 0),
};

/** An application that is there by a setting alone: one file of a folder. */
const SECOND = { name: 'second', path: 'parts', include: 'second.yaml' };

const isMeant = (row: string): boolean => row.startsWith('second  parts · 1 resource');

export const several: Session = {
  name: 'several applications',
  folder: workspace(FILES),
  server: { settings: { 'argocdHooks.applications': [SECOND] } },
  scenarios: [
    {
      name: 'each is a folded row, and opens when the editor goes into it',
      run: async (workbench) => {
        await workbench.openContainer('Argo CD Hooks');
        await workbench.expect(
          'folded applications',
          () => planRows(workbench),
          (rows) =>
            rows.slice(0, 2).join() === 'blog  apps/blog · 2 resources,shop  apps/shop · 1 resource' &&
            rows.length === 4 &&
            isMeant(rows[3] ?? ''),
          60_000,
        );
        await workbench.openFile('two.yaml');
        await workbench.expect(
          'the application of the file, opened at it',
          () => planRows(workbench),
          (rows) =>
            rows.slice(0, 7).join('\n') ===
            [
              'blog  apps/blog · 2 resources',
              '  Sync  2 resources',
              '    wave −1  does not wait',
              '      one  ConfigMap',
              '    wave 3  does not wait',
              '      two  ConfigMap',
              'shop  apps/shop · 1 resource',
            ].join('\n'),
        );
        await workbench.picture('several');
      },
    },
    {
      name: 'Run Sync asks which one, the one at the cursor first',
      run: async (workbench) => {
        await workbench.command('Argo CD Hooks: Simulate Sync…');
        await workbench.expect(
          'all applications',
          () => workbench.quickPickRows(),
          (rows) => rows.length === 4 && (rows[0] ?? '').includes('blog') && (rows[1] ?? '').includes('shop'),
        );
        await workbench.press('Escape');
      },
    },
    {
      name: 'an application that is there by a setting alone runs as it is planned',
      run: async (workbench) => {
        await workbench.rowMenu('second', 'Simulate Sync…');
        await workbench.pick('First Install');
        const page = workbench.webview();
        await page.locator('button.primary').waitFor();
        const rows = await page.locator('table').first().innerText();
        if (!rows.includes('second') || rows.includes('first')) throw new Error(`The page shows: ${rows}`);
        await workbench.picture('several-by-setting');
        await page.locator('button.primary').click();
        await workbench.expect(
          'its end',
          () => planRows(workbench),
          (found) => found.some((row) => /^second {2}simulation · succeeded/.test(row)),
          30_000,
        );
      },
    },
  ],
};
