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
