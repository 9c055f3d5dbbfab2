import { planRows, type Session } from './scenario.ts';
import { configMap, workspace } from './workspace.ts';

const FILES: Readonly<Record<string, string>> = {
  'apps/blog/one.yaml': configMap('one', -1),
  'apps/blog/two.yaml': configMap('two', 3),
  'apps/shop/settings.yaml': configMap('settings', 0),
  'notes/readme.md': 'No manifest.',
};

export const several: Session = {
  name: 'several applications',
  folder: workspace(FILES),
  scenarios: [
    {
      name: 'each is a folded row, and opens when the editor goes into it',
      run: async (workbench) => {
        await workbench.openContainer('Argo CD Hooks');
        await workbench.expect(
          'two folded applications',
          () => planRows(workbench),
          (rows) => rows.join() === 'blog  apps/blog · 2 resources,shop  apps/shop · 1 resource',
          60_000,
        );
        await workbench.openFile('two.yaml');
        await workbench.expect(
          'the application of the file, opened at it',
          () => planRows(workbench),
          (rows) =>
            rows.join('\n') ===
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
          'both applications',
          () => workbench.quickPickRows(),
          (rows) => rows.length === 2 && (rows[0] ?? '').includes('blog') && (rows[1] ?? '').includes('shop'),
        );
        await workbench.press('Escape');
      },
    },
  ],
};
