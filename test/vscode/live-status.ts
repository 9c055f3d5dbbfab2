// What a person sees who asks how the cluster stands to the manifests, after somebody has changed it by hand.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import type { Workbench } from '../../client/scripts/vscode-host/workbench.ts';
import { planRows, type Scenario } from './scenario.ts';

/** The cluster after the example was synced to it. */
export interface Synced {
  /** The program. */
  readonly kubectl: string;
  readonly kubeconfig: string;
  readonly context: string;
  /** Name of the Application, and of its destination namespace. */
  readonly application: string;
  /** The password in the example's Secret. */
  readonly password: string;
}

const BY_HAND = 'a-password-set-by-hand';

/** The lines of one side of the diff editor that are in sight. */
async function side(workbench: Workbench, which: 'original' | 'modified'): Promise<string[]> {
  const lines = workbench.page.locator(`.monaco-diff-editor .editor.${which} .view-lines .view-line`);
  return (await lines.allInnerTexts()).map((line) => line.replaceAll('\u00a0', ' ').trim());
}

/** The active tab, once the diff editor stands below it with these lines on its sides. */
async function difference(workbench: Workbench, before: string, after: string): Promise<string> {
  await workbench.expect(
    `${before} ↔ ${after} in the diff editor`,
    async () => [await side(workbench, 'original'), await side(workbench, 'modified')] as const,
    ([live, synced]) => live.includes(before) && synced.includes(after),
  );
  return workbench.page.locator('.tab.active').first().innerText();
}

/** What stands in the diff editor is to be read: nobody changes it, and no rule judges it, though one would. */
async function isForReading(workbench: Workbench): Promise<void> {
  const editor = workbench.page.locator('.monaco-diff-editor .editor.modified');
  await editor.locator('.view-lines').click();
  await workbench.type('x');
  await workbench.expect(
    'that the text cannot be changed',
    () => workbench.page.locator('.monaco-editor-overlaymessage').allInnerTexts(),
    (texts) => texts.some((text) => text.includes('read-only')),
  );
  await workbench.press('Escape');
  const marks = '.codelens-decoration, .squiggly-error, .squiggly-warning, .squiggly-info, .squiggly-hint';
  assert.equal(await workbench.page.locator('.monaco-diff-editor').locator(marks).count(), 0);
}

async function closeEditors(workbench: Workbench): Promise<void> {
  await workbench.command('View: Close All Editors');
}

export function liveStatus({ kubectl, kubeconfig, context, application, password }: Synced): readonly Scenario[] {
  const byHand = (...args: readonly string[]): string =>
    execFileSync(kubectl, ['--kubeconfig', kubeconfig, '--namespace', application, ...args], { encoding: 'utf8' });
  return [
    {
      name: 'Show Live Status marks each row with what has become of its object',
      run: async (workbench) => {
        await workbench.command('Argo CD Hooks: Show Live Status');
        await workbench.expect(
          'everything Synced and Healthy after the sync',
          () => planRows(workbench),
          (rows) =>
            (rows[0] ?? '').includes(`Synced · Healthy · ${context}`) &&
            rows.some((row) => /nginx {2}Deployment · Synced · Healthy$/.test(row)) &&
            rows.some((row) => /settings {2}ConfigMap · Synced$/.test(row)) &&
            rows.some((row) => /db-migration-job {2}⚓ Job · not there$/.test(row)),
          30_000,
        );
        await workbench.picture('live-synced');
        byHand('scale', 'deployment/nginx', '--replicas=3');
        byHand('rollout', 'pause', 'deployment/nginx');
        byHand('delete', 'service/nginx');
        byHand('patch', 'secret/login', '--type=merge', `--patch={"stringData":{"password":"${BY_HAND}"}}`);
        rmSync(path.join(workbench.server.workspace, 'sync-hooks/settings.yaml'));
        await workbench.expect(
          'the plan without the manifest that was deleted, and without marks',
          () => planRows(workbench),
          (rows) =>
            !rows.some((row) => row.includes('settings')) && rows.some((row) => /nginx {2}Deployment$/.test(row)),
        );
        await workbench.command('Argo CD Hooks: Show Live Status');
        await workbench.expect(
          'what was changed by hand',
          () => planRows(workbench),
          (rows) =>
            (rows[0] ?? '').includes(`OutOfSync · Suspended · ${context}`) &&
            rows.some((row) => /nginx {2}Deployment · OutOfSync · Suspended · Deployment is paused$/.test(row)) &&
            rows.some((row) => /nginx {2}Service · Missing$/.test(row)) &&
            rows.some((row) => /login {2}Secret · OutOfSync$/.test(row)) &&
            rows.some((row) => row.includes('In the cluster alone  1 object')) &&
            rows.some((row) => row.includes('ConfigMap settings')),
          30_000,
        );
        await workbench.picture('live-changed');
      },
    },
    {
      name: 'Show Difference opens the live object beside what a sync would leave, and no value of a Secret',
      run: async (workbench) => {
        await workbench.widenSideBar(320);
        const deployment = workbench.page
          .locator('.sidebar .pane-body .monaco-list-row')
          .filter({ hasText: 'Deployment' });
        await deployment.hover();
        await deployment.locator('.action-label[aria-label^="Show Difference"]').click();
        assert.match(await difference(workbench, 'replicas: 3', 'replicas: 1'), /^Deployment nginx/);
        await workbench.picture('difference');
        await workbench.rowMenu('login', 'Show Difference');
        const title = await difference(workbench, 'password: "(secret)"', 'password: "(secret), changed"');
        assert.match(title, /^Secret login/);
        await workbench.picture('difference-secret');
        await isForReading(workbench);
        const shown = await workbench.page.locator('body').innerText();
        for (const secret of [password, BY_HAND, btoa(password), btoa(BY_HAND)]) assert.ok(!shown.includes(secret));
        await closeEditors(workbench);
      },
    },
    {
      name: 'the preflight page opens the difference of a row in the diff editor, and waits meanwhile',
      run: async (workbench) => {
        await workbench.openFile('sync-hooks/deployment.yaml');
        await workbench.goTo(6, 14);
        await workbench.press('Backspace');
        await workbench.type('2');
        await workbench.press('Control+S');
        await workbench.command('Argo CD Hooks: Run Sync…');
        await workbench.pick(context);
        const page = workbench.webview();
        await page.locator('#name').fill(context);
        await workbench.picture('preflight-changed');
        const open = (object: string): Promise<void> =>
          page.locator(`button[aria-label="Open the difference of ${object} in an editor"]`).click();
        await open('Deployment nginx');
        assert.match(await difference(workbench, 'replicas: 3', 'replicas: 2'), /^Deployment nginx/);
        await workbench.picture('preflight-difference');
        await workbench.command('View: Close Editor');
        await workbench.expect(
          'the page as it was left',
          () => page.locator('#name').inputValue(),
          (name) => name === context,
        );
        await open('Secret login');
        await difference(workbench, 'password: "(secret)"', 'password: "(secret), changed"');
        await workbench.command('View: Close Editor');
        await page.locator('button', { hasText: 'Cancel' }).click();
        await workbench.expect(
          'the plan without a run',
          () => planRows(workbench),
          (rows) => (rows[0] ?? '').includes('resources') && !/running|failed/.test(rows[0] ?? ''),
        );
        assert.equal(byHand('get', 'deployment/nginx', '--output=jsonpath={.spec.replicas}'), '3');
        await closeEditors(workbench);
      },
    },
  ];
}
