import assert from 'node:assert/strict';
import type { Workbench } from '../../client/scripts/vscode-host/workbench.ts';
import { planRows, type Scenario, type Session } from './scenario.ts';
import { configMap, manifest, workspace } from './workspace.ts';

const hook = (phase: string, wave?: number): string[] => [
  `argocd.argoproj.io/hook: ${phase}`,
  ...(wave === undefined ? [] : [`argocd.argoproj.io/sync-wave: "${wave}"`]),
];
const job = (name: string, annotations: readonly string[]): string =>
  `${manifest('batch/v1', 'Job', name, annotations)}spec:\n  template:\n    spec:\n      restartPolicy: Never\n      containers: [{ name: main, image: busybox }]\n`;

const FILES: Readonly<Record<string, string>> = {
  'apps/blog/blog.yaml': manifest('v1', 'ConfigMap', 'blog'),
  'apps/shop/migrate.yaml': job('migrate', hook('PreSync', -1)),
  'apps/shop/notify.yaml': job('notify', hook('SyncFail')),
  'apps/shop/goodbye.yaml': job('goodbye', hook('PostDelete')),
  'apps/shop/seed.yaml': job('seed', hook('presync')),
  'apps/shop/settings.yaml': configMap('settings', 0),
  'apps/shop/feature.yaml': configMap('feature', 3),
};

const expectRows = (
  workbench: Workbench,
  what: string,
  passes: (rows: readonly string[]) => boolean,
  ms?: number,
): Promise<string[]> => workbench.expect(what, () => planRows(workbench), passes, ms);

const expectTree = (workbench: Workbench, what: string, tree: readonly string[]): Promise<string[]> =>
  expectRows(workbench, `${what}:\n${tree.join('\n')}`, (rows) => rows.join('\n') === tree.join('\n'));

const has = (label: string) => (rows: readonly string[]) => rows.some((row) => row.trim().startsWith(label));

const SHOP = [
  'shop  apps/shop · 5 resources · 1 left out · 1 problem',
  '  PreSync  1 hook',
  '    wave −1  waits for Job migrate to complete',
  '      migrate  ⚓ Job · replaced by the next sync',
  '  Sync  2 resources',
  '    wave 0  does not wait',
  '      settings  ConfigMap',
  '    wave 3  does not wait',
  '      feature  ConfigMap',
];
const LEFT_OUT = [
  '  Left out  1 manifest that Argo CD does not apply',
  '    seed  Job · "presync" is no phase of Argo CD: it never applies this manifest, and prunes a live copy. Did you mean PreSync?',
];

const open: Scenario = {
  name: 'rows tell their problems by color, number and words',
  run: async (workbench) => {
    await workbench.openContainer('Argo CD Hooks');
    await expectRows(workbench, 'both applications', (rows) => rows.length === 2, 60_000);
    await workbench.widenSideBar(520);
    await workbench.clickRow('shop');
    await expectRows(
      workbench,
      'the rows of shop',
      (rows) => has('Left out')(rows) && has('seed')(rows) && has('feature')(rows),
    );
    await workbench.expect(
      'the number of problems beside the view',
      () => workbench.page.locator('.activitybar .action-item .badge-content').allInnerTexts(),
      (badges) => badges.includes('1'),
    );
    const spoken = await workbench.rowLabels();
    assert.ok(
      spoken.every((label) => label.length > 5),
      JSON.stringify(spoken),
    );
    assert.ok(spoken.includes('Application shop, apps/shop, 5 resources, 1 left out, 1 problem'), spoken.join('\n'));
    assert.ok(
      spoken.some((label) =>
        label.startsWith('migrate, hook Job, replaced by the next sync, in wave minus 1 of PreSync'),
      ),
      spoken.join('\n'),
    );
    await workbench.picture('panel');
  },
};

const switches: Scenario = {
  name: 'each plan has a switch, and only applications with ordering may be shown',
  run: async (workbench) => {
    await workbench.viewMenu('Show', '✓ If It Fails');
    await expectRows(
      workbench,
      'no SyncFail',
      (rows) => !has('If it fails')(rows) && has('After the application')(rows),
    );
    await workbench.viewMenu('Show', '✓ Delete');
    await workbench.viewMenu('Show', 'Only Applications with Ordering');
    await expectTree(workbench, 'the sync alone', [...SHOP, ...LEFT_OUT]);
    await workbench.picture('panel-switches');
  },
};

const reload: Scenario = {
  name: 'switches, folds and the selected row outlive a reload of the window',
  run: async (workbench) => {
    await workbench.foldRow('Sync');
    await expectRows(workbench, 'Sync folded', (rows) => !has('feature')(rows));
    await workbench.picture('panel-folded');
    await workbench.reload();
    await workbench.openContainer('Argo CD Hooks');
    await expectRows(
      workbench,
      'the tree as it was left',
      (rows) => has('Left out')(rows) && !has('feature')(rows) && !has('blog')(rows),
      60_000,
    );
    await workbench.viewMenu('Show', '✓ Only Applications with Ordering');
    await expectRows(workbench, 'all applications', has('blog'));
  },
};

const filter: Scenario = {
  name: 'a filter shows what it finds, in plans that nobody opened, too',
  run: async (workbench) => {
    await workbench.command('Argo CD Hooks: Filter Plan…');
    await workbench.type('configmap');
    await workbench.press('Enter');
    await expectTree(workbench, 'three ConfigMaps', [
      'blog  apps/blog · 1 resource',
      '  Sync  1 resource · does not wait',
      '    blog  ConfigMap',
      SHOP[0] ?? '',
      ...SHOP.slice(4),
    ]);
    await workbench.picture('panel-filter');
    await workbench.command('Argo CD Hooks: Clear Filter');
    await expectRows(workbench, 'all rows', has('Left out'));
  },
};

export const panel: Session = {
  name: 'panel',
  folder: workspace(FILES),
  scenarios: [open, switches, reload, filter],
};
