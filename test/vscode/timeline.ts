import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Workbench } from '../../client/scripts/vscode-host/workbench.ts';
import { openPlan, planRows, type Scenario, type Session } from './scenario.ts';
import { configMap, manifest, workspace } from './workspace.ts';

const job = (name: string, phase: string, wave = 0): string =>
  `${manifest('batch/v1', 'Job', name, [`argocd.argoproj.io/hook: ${phase}`, `argocd.argoproj.io/sync-wave: "${wave}"`])}spec:\n  template:\n    spec:\n      restartPolicy: Never\n      containers: [{ name: main, image: busybox }]\n`;

const deployment = (name: string, wave: number): string =>
  `${manifest('apps/v1', 'Deployment', name, [`argocd.argoproj.io/sync-wave: "${wave}"`])}spec:\n  selector: { matchLabels: { app: ${name} } }\n  template:\n    metadata: { labels: { app: ${name} } }\n    spec: { containers: [{ name: main, image: nginx }] }\n`;

const FILES: Readonly<Record<string, string>> = {
  'apps/shop/backup.yaml': job('db-backup', 'PreSync', -2),
  'apps/shop/db-migration-job.yaml': job('db-migration-job', 'PreSync', -1),
  'apps/shop/settings.yaml': configMap('settings', 0),
  'apps/shop/database.yaml': deployment('database', 0),
  'apps/shop/web.yaml': deployment('web', 5),
  'apps/shop/cleanup-job.yaml': job('cleanup-job', 'PostSync'),
  'apps/shop/notify.yaml': job('notify', 'SyncFail'),
  'apps/shop/dump.yaml': job('dump', 'PreDelete'),
  'apps/shop/goodbye.yaml': job('goodbye', 'PostDelete'),
};

/** What a screen reader says of the bars and gates, in their order. */
const spoken = (workbench: Workbench): Promise<string[]> =>
  workbench
    .webview()
    .locator('.chart [data-id]')
    .evaluateAll((all: { getAttribute(name: string): string | null }[]) =>
      all.map((one) => one.getAttribute('aria-label') ?? ''),
    );

const expectSpoken = (
  workbench: Workbench,
  what: string,
  passes: (labels: readonly string[]) => boolean,
  ms?: number,
): Promise<string[]> =>
  workbench.expect(
    what,
    () => spoken(workbench).catch(() => []),
    (labels) => labels.length > 0 && passes(labels),
    ms,
  );

const has =
  (...parts: readonly string[]) =>
  (labels: readonly string[]): boolean =>
    labels.some((label) => parts.every((part) => label.includes(part)));

const before: Scenario = {
  name: 'before a run it shows phases, waves and gates with estimated durations',
  run: async (workbench) => {
    await openPlan(workbench);
    await workbench.command('Argo CD Hooks: Show Timeline');
    const labels = await expectSpoken(workbench, 'a bar for the migration', has('hook Job db-migration-job'));
    assert.ok(
      has('hook Job db-migration-job, planned, about 2 s, on the critical path, wave minus 1 of PreSync')(labels),
      labels.join('\n'),
    );
    assert.ok(has('ConfigMap settings, planned, wave 0 of Sync')(labels), labels.join('\n'));
    assert.ok(has('Gate after wave minus 2: waits for Job db-backup to complete')(labels), labels.join('\n'));
    await workbench.webview().locator('.status', { hasText: 'estimated durations' }).waitFor();
    await workbench.picture('timeline-before');
  },
};

const focused = (workbench: Workbench): Promise<string> =>
  workbench
    .webview()
    .locator('[data-id]:focus')
    .evaluate((one: { getAttribute(name: string): string | null }) => one.getAttribute('aria-label') ?? '')
    .catch(() => '');

const expectFocus = (workbench: Workbench, part: string): Promise<string> =>
  workbench.expect(
    `the focus on ${part}`,
    () => focused(workbench),
    (label) => label.includes(part),
  );

const keyboard: Scenario = {
  name: 'arrow keys move, the focus tells what the plan tells, Enter opens the manifest',
  run: async (workbench) => {
    await workbench.webview().locator('.chart [tabindex="0"]').focus();
    await expectFocus(workbench, 'db-backup');
    await workbench.press('ArrowRight');
    await expectFocus(workbench, 'db-migration-job');
    const tooltip = workbench.webview().getByRole('tooltip');
    await tooltip.getByText('Estimated: 2 s').waitFor();
    await tooltip.getByText('db-migration-job.yaml').waitFor();
    await workbench.picture('timeline-focus');
    await workbench.press('ArrowDown');
    await expectFocus(workbench, 'Gate after wave minus 1');
    await workbench.press('Escape');
    await tooltip.waitFor({ state: 'hidden' });
    await workbench.press('ArrowUp', 'Enter');
    await workbench.page.locator('.tab.active[data-resource-name="db-migration-job.yaml"]').waitFor();
    await workbench.command('Argo CD Hooks: Show Timeline');
    await expectSpoken(workbench, 'the timeline again', has('db-migration-job'));
  },
};

const runs: Scenario = {
  name: 'while a simulation runs its bars grow, and afterwards the next run is expected to take as long',
  run: async (workbench) => {
    await workbench.command('Argo CD Hooks: Simulate Sync…');
    await workbench.pick('First Install');
    await workbench.webview().locator('button.primary').click();
    await expectSpoken(workbench, 'the migration runs', has('db-migration-job, running'), 60_000);
    const width = (): Promise<number> =>
      workbench
        .webview()
        .locator('.bar.running .solid')
        .first()
        .evaluate((one: { getAttribute(name: string): string | null }) => Number(one.getAttribute('width')))
        .catch(() => 0);
    const first = await width();
    await workbench.expect('a longer bar', width, (now) => now > first);
    await workbench.picture('timeline-running');
    const labels = await expectSpoken(workbench, 'the end', has('cleanup-job, done'), 60_000);
    assert.ok(has('Gate after wave minus 1: waited', 'for Job db-migration-job')(labels), labels.join('\n'));
    await workbench.webview().getByText('simulation · succeeded').first().waitFor();
    await workbench.picture('timeline-succeeded');
    await workbench.command('Argo CD Hooks: Clear Sync State');
    await workbench.webview().getByText('durations of the last simulation').first().waitFor();
  },
};

const deletes: Scenario = {
  name: 'a deletion is drawn as it is planned, and as it runs; its page lists by name what goes',
  run: async (workbench) => {
    await workbench.webview().getByRole('button', { name: 'Deletion' }).click();
    const planned = await expectSpoken(workbench, 'what is deleted', has('Deployment web, planned, wave 5 of Delete'));
    assert.ok(has('hook Job dump, planned', 'of PreDelete')(planned), planned.join('\n'));
    assert.ok(has('Gate after wave 5: waits for Deployment web to be gone')(planned), planned.join('\n'));
    await workbench.picture('timeline-deletion-planned');
    await workbench.rowMenu('shop', 'Delete Application Resources…');
    await workbench.pick('Simulation');
    await workbench
      .webview()
      .getByRole('heading', { name: 'Delete the resources of shop in the simulation' })
      .waitFor();
    await workbench
      .webview()
      .getByRole('row', { name: /delete 5 Deployment web/ })
      .waitFor();
    await workbench.picture('deletion-preflight');
    await workbench.webview().getByRole('button', { name: 'Delete 6 resources in the simulation' }).click();
    await expectSpoken(workbench, 'the PreDelete hook runs', has('hook Job dump, running'), 60_000);
    await workbench.picture('timeline-deletion-running');
    await workbench.expect(
      'the plan at the end',
      () => planRows(workbench),
      (rows) =>
        /simulation · succeeded/.test(rows[0] ?? '') &&
        rows.some((row) => /Delete \(highest wave first\)/.test(row)) &&
        rows.some((row) => /web {2}Deployment · deleted/.test(row)) &&
        rows.some((row) => /goodbye {2}⚓ Job · done in/.test(row)),
      60_000,
    );
    await expectSpoken(workbench, 'the end', has('hook Job goodbye, done'));
    await workbench.picture('timeline-deletion-over');
    await workbench.command('Argo CD Hooks: Clear Sync State');
    // What was chosen before it ran holds no more.
    await expectSpoken(workbench, 'the sync again', has('db-migration-job', 'of PreSync'));
  },
};

const fails: Scenario = {
  name: 'after a failure it shows what failed and what was not reached, also as a table',
  run: async (workbench) => {
    await workbench.rowMenu('db-migration-job', 'What if This Fails?');
    const labels = await expectSpoken(workbench, 'what was not reached', has('Deployment web, not reached'), 60_000);
    assert.ok(has('db-migration-job, failed')(labels), labels.join('\n'));
    assert.ok(has('Gate after wave minus 1: did not open: Job db-migration-job failed')(labels), labels.join('\n'));
    await workbench.picture('timeline-failed');
    await workbench.webview().getByRole('button', { name: 'Table' }).click();
    await workbench
      .webview()
      .getByRole('row', { name: /web Deployment not reached/ })
      .waitFor();
    await workbench.picture('timeline-table');
    await workbench.webview().getByRole('button', { name: 'Table' }).click();
    await workbench.webview().locator('.chart').waitFor();
  },
};

const saves: Scenario = {
  name: 'it is saved as a picture, and is there again after a reload of the window',
  run: async (workbench) => {
    await workbench.webview().getByRole('button', { name: 'Save as SVG…' }).click();
    const file = path.join(workbench.server.workspace, 'shop-timeline.svg');
    await workbench.page.locator('.quick-input-widget input').first().waitFor();
    await workbench.press('Enter');
    const text = await workbench.expect(
      'the whole file',
      async () => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : ''),
      (written) => written.endsWith('</svg>\n'),
    );
    assert.match(text, /^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    assert.match(text, /db-migration-job/);
    assert.doesNotMatch(text, /<script|href=|class=|var\(/);
    await workbench.reload();
    await expectSpoken(workbench, 'the timeline as it was', has('db-migration-job'), 60_000);
  },
};

export const timeline: Session = {
  name: 'timeline',
  folder: workspace(FILES),
  scenarios: [before, keyboard, runs, deletes, fails, saves],
};

export const timelineHighContrast: Session = {
  name: 'timeline, high contrast',
  folder: workspace(FILES),
  server: { settings: { 'workbench.colorTheme': 'Default High Contrast' } },
  scenarios: [
    {
      name: 'bars have edges, what failed a cross',
      run: async (workbench) => {
        await openPlan(workbench);
        await workbench.command('Argo CD Hooks: Show Timeline');
        await expectSpoken(workbench, 'the bars', has('db-migration-job'));
        await workbench.rowMenu('db-migration-job', 'What if This Fails?');
        await expectSpoken(workbench, 'a failed bar', has('db-migration-job, failed'), 60_000);
        await workbench.webview().locator('.bar.failed .cross').first().waitFor();
        await workbench.picture('timeline-high-contrast');
      },
    },
  ],
};
