import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
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

const onDisk = (workbench: Workbench, file: string): string =>
  fs.readFileSync(path.join(workbench.server.workspace, file), 'utf8');

const expectOnDisk = (workbench: Workbench, file: string, part: string): Promise<string> =>
  workbench.expect(
    `${part} in ${file}`,
    async () => onDisk(workbench, file),
    (text) => text.includes(part),
  );

const selected = (workbench: Workbench): Promise<string[]> =>
  workbench.page.locator('.sidebar .pane-body .monaco-list-row.selected .label-name').allInnerTexts();

const reveal: Scenario = {
  name: 'from a row to what waits for it, from the editor to the row',
  run: async (workbench) => {
    await workbench.rowMenu('migrate', 'What Waits for This');
    await workbench.expect(
      'what waits for migrate',
      () => workbench.quickPickRows(),
      (rows) => rows.length === 2 && (rows[0] ?? '').includes('settings') && (rows[1] ?? '').includes('feature'),
    );
    await workbench.picture('panel-waits');
    await workbench.pick('feature');
    await workbench.expect(
      'the row of what waits',
      () => selected(workbench),
      (names) => names.join() === 'feature',
    );
    await workbench.openFile('settings.yaml');
    await workbench.command('Argo CD Hooks: Show in Plan');
    await workbench.expect(
      'the row of the file',
      () => selected(workbench),
      (names) => names.join() === 'settings',
    );
    await workbench.page.locator('.sidebar .pane-body .monaco-list:focus').waitFor();
  },
};

const move: Scenario = {
  name: 'a manifest is moved to a wave by the menu, with its consequence, and back by undo',
  run: async (workbench) => {
    await workbench.rowMenu('feature', 'Move to Wave…');
    await workbench.expect(
      'the waves in use',
      () => workbench.quickPickRows(),
      (rows) => rows.length === 2 && (rows[1] ?? '').includes('where it is'),
    );
    await workbench.type('-4');
    await workbench.expect(
      'the consequence',
      () => workbench.quickPickRows(),
      (rows) => rows.length === 1 && /From wave 3 to wave −4/.test(rows[0] ?? ''),
    );
    await workbench.picture('panel-move');
    await workbench.press('Enter');
    await expectRows(workbench, 'wave −4', has('wave −4'));
    await workbench.expect(
      'the annotation in the editor',
      () => workbench.lineText(6),
      (line) => line.endsWith('sync-wave: "-4"'),
    );
    await workbench.press('Control+1', 'Control+Z');
    await expectRows(workbench, 'wave 3 again', (rows) => has('wave 3')(rows) && !has('wave −4')(rows));
  },
};

const drag: Scenario = {
  name: 'a manifest is dragged to another wave, but not to another phase',
  run: async (workbench) => {
    await workbench.dragRow('feature', 'settings');
    await expectRows(workbench, 'both in wave 0', (rows) => !has('wave 3')(rows));
    await workbench.dragRow('feature', 'migrate');
    await workbench.expect(
      'why it stays',
      () => workbench.notifications(),
      (texts) => texts.some((text) => text.includes('Not moved. ConfigMap feature stays in Sync')),
    );
    await workbench.picture('panel-drag');
    await workbench.press('Control+1', 'Control+Z');
    await expectRows(workbench, 'wave 3 again', has('wave 3'));
  },
};

const renumber: Scenario = {
  name: 'waves are numbered anew after a look at every edit',
  run: async (workbench) => {
    await workbench.rowMenu('shop', 'Renumber Waves…');
    await workbench.expect(
      'the numberings',
      () => workbench.quickPickRows(),
      (rows) => rows.some((row) => row.includes('−1 → −10, 3 → 10')),
    );
    await workbench.picture('panel-renumber');
    await workbench.pick('10 apart');
    const apply = workbench.page.locator('.monaco-button', { hasText: 'Apply' }).first();
    await apply.waitFor();
    await workbench.picture('panel-renumber-preview');
    await apply.click();
    await expectOnDisk(workbench, 'apps/shop/feature.yaml', 'sync-wave: "10"');
    await expectOnDisk(workbench, 'apps/shop/migrate.yaml', 'sync-wave: "-10"');
    await expectRows(workbench, 'the new numbers', (rows) => has('wave −10')(rows) && has('wave 10')(rows));
  },
};

export const panel: Session = {
  name: 'panel',
  folder: workspace(FILES),
  scenarios: [open, switches, reload, filter, reveal, move, drag, renumber],
};
