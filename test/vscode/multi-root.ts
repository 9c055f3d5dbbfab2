import { planRows, type Session } from './scenario.ts';
import { configMap, workspace } from './workspace.ts';

/** Two roots that hold applications of equal names. */
const FOLDER = workspace({
  'blue/shop/settings.yaml': configMap('blue-settings', 0),
  'green/shop/settings.yaml': configMap('green-settings', 2),
  'both.code-workspace': JSON.stringify({ folders: [{ path: 'blue' }, { path: 'green' }] }),
});

export const multiRoot: Session = {
  name: 'several roots',
  folder: FOLDER,
  server: { opens: { workspaceFile: 'both.code-workspace' } },
  scenarios: [
    {
      name: 'equal names in two roots are two applications, each with its root',
      run: async (workbench) => {
        await workbench.openContainer('Argo CD Hooks');
        await workbench.expect(
          'both applications, each with the root that it lies in',
          () => planRows(workbench),
          (rows) =>
            rows.length === 2 &&
            /^shop {2}blue\b.*shop/.test(rows[0] ?? '') &&
            /^shop {2}green\b.*shop/.test(rows[1] ?? ''),
          60_000,
        );
        await workbench.picture('several-roots');
      },
    },
    {
      name: 'Simulate Sync asks which one, and runs that alone',
      run: async (workbench) => {
        await workbench.command('Argo CD Hooks: Simulate Sync…');
        await workbench.expect(
          'both, told apart by their roots',
          () => workbench.quickPickRows(),
          (rows) => rows.length === 2 && (rows[0] ?? '').includes('blue') && (rows[1] ?? '').includes('green'),
        );
        await workbench.picture('several-roots-which');
        await workbench.pick('green');
        await workbench.pick('First Install');
        const page = workbench.webview();
        await page.locator('tbody tr', { hasText: 'green-settings' }).waitFor();
        await page.locator('button.primary').click();
        await workbench.expect(
          'the run on the row of its own application',
          () => planRows(workbench),
          (rows) =>
            rows[0] === 'shop  blue • shop · 1 resource' &&
            rows.some((row) => row.startsWith('shop  green · simulation · succeeded in 0:0')),
          30_000,
        );
        await workbench.picture('several-roots-synced');
      },
    },
  ],
};
