import path from 'node:path';
import type { ServerOptions } from '../../client/scripts/vscode-host/server.ts';
import type { Workbench } from '../../client/scripts/vscode-host/workbench.ts';

/** One test in the workbench: what a person does and must see. Rejects where it is not so. */
export interface Scenario {
  readonly name: string;
  readonly run: (workbench: Workbench) => Promise<void>;
}

/** Scenarios that share one workbench, one after the other. */
export interface Session {
  readonly name: string;
  /** A copy of it is opened. */
  readonly folder: string;
  readonly server?: Omit<ServerOptions, 'folder' | 'extensions'>;
  /** Folders of extensions that are there beside ours. */
  readonly extensions?: readonly string[];
  readonly scenarios: readonly Scenario[];
}

/** The example application. */
export const GUIDE = path.join(import.meta.dirname, '../fixtures/guide');

export const DB_MIGRATION = 'sync-hooks/db-migration-job.yaml';

/** A row of the plan view as the tests write it: `label  description`, indented by its level. */
export async function planRows(workbench: Workbench): Promise<string[]> {
  const rows = await workbench.treeRows();
  return rows.map((row) => `${'  '.repeat(row.level - 1)}${row.label}  ${row.description}`.trimEnd());
}

/** Opens the plan view and waits until the example's plan stands in it. */
export async function openPlan(workbench: Workbench): Promise<void> {
  await workbench.openContainer('Argo CD Hooks');
  await workbench.expect(
    'the plan of the example',
    () => planRows(workbench),
    (rows) => rows.some((row) => row.includes('db-migration-job')) && rows.some((row) => row.includes('cleanup-job')),
    60_000,
  );
}

/** The rows of the example's plan, below that of its application. */
export const GUIDE_ROWS: readonly string[] = [
  '  PreSync  1 hook · 1 resource · waits for Job db-migration-job to complete',
  '    sync-hooks-2  Namespace',
  '    db-migration-job  ⚓ Job · deleted when the sync succeeds',
  '  Sync  2 resources · waits for 2 to be healthy',
  '    nginx  Service',
  '    nginx  Deployment',
  '  PostSync  2 hooks · waits for 2 to complete',
  '    app-slack-notification-…  ⚓ Job · new name every sync · deleted when the sync succeeds',
  '    cleanup-job  ⚓ Job · deleted when the sync fails',
];

/** Simulates what happens in an empty cluster. */
export async function simulateFirstInstall(workbench: Workbench): Promise<void> {
  await workbench.command('Argo CD Hooks: Simulate Sync…');
  await workbench.pick('First Install');
}

/** Confirms the sync that the page shows, and terminates it while its migration runs. */
export async function terminateSync(workbench: Workbench): Promise<void> {
  await workbench.webview().locator('button.primary').click();
  await workbench.expect(
    'the migration runs',
    () => planRows(workbench),
    (rows) => rows.some((row) => row.includes('· running')),
  );
  await workbench.command('Argo CD Hooks: Terminate Sync');
  await workbench.expect(
    'a failed operation, and resources that were not reached',
    () => planRows(workbench),
    (rows) =>
      /simulation · failed/.test(rows[0] ?? '') && rows.some((row) => /nginx {2}Deployment · not reached/.test(row)),
    30_000,
  );
}

/** Writes into the input box that shows this text, and takes what was written. */
export async function answerInput(workbench: Workbench, shown: string, text: string): Promise<void> {
  const widget = workbench.page.locator('.quick-input-widget:visible');
  await widget.getByText(shown).first().waitFor();
  await widget.locator('input').fill(text);
  await widget.locator('input').press('Enter');
}
