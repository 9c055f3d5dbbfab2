// What a person sees whose sync to a cluster is cut off (its process dies while a hook runs), or fails.
import assert from 'node:assert/strict';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Workbench } from '../../client/scripts/vscode-host/workbench.ts';
import { readRecord } from '../../client/src/sync/record.ts';
import type { OnCluster } from './on-cluster.ts';
import { openPlan, planRows, type Scenario, type Session } from './scenario.ts';

interface Place {
  readonly context: string;
  readonly application: string;
}

/** Ends the process of the sync that runs, as a crash does. */
function killRun({ server }: Workbench): void {
  const folder = path.join(server.profile, 'user/User/globalStorage');
  const files = globSync('*/operations/*.json', { cwd: folder });
  const records = files.map((file) => readRecord(readFileSync(path.join(folder, file), 'utf8')));
  const running = records.filter((record) => typeof record !== 'string').filter(({ ended }) => ended === undefined);
  assert.equal(running.length, 1);
  for (const { process: id } of running) process.kill(id, 'SIGKILL');
}

/** Types the name of the context on the preflight page, and confirms. */
async function confirm(workbench: Workbench, context: string): Promise<void> {
  const name = workbench.webview().locator('#name');
  await name.fill(context);
  await name.press('Enter');
}

const dies = ({ context, application }: Place): Scenario => ({
  name: 'a sync whose process dies is marked as cut off, and told once with what can be done',
  run: async (workbench) => {
    await openPlan(workbench);
    await workbench.widenSideBar(480);
    await workbench.rowMenu(application, 'Run Sync…');
    await workbench.pick(context);
    await confirm(workbench, context);
    await workbench.expect(
      'the migration runs',
      () => planRows(workbench),
      (rows) => rows.some((row) => /db-migration-job {2}⚓ Job · running/.test(row)),
      30_000,
    );
    killRun(workbench);
    await workbench.expect(
      'the mark on the row and on the migration',
      () => planRows(workbench),
      (rows) =>
        (rows[0] ?? '').startsWith(`${application}  ${context} · cut off before its end · resume or discard it`) &&
        rows.some((row) => /db-migration-job {2}⚓ Job · was running/.test(row)),
    );
    const told = await workbench.expect(
      'a notification that tells it',
      () => workbench.notifications(),
      (texts) => texts.some((text) => text.includes('was cut off before its end')),
    );
    assert.equal(told.length, 1);
    await workbench.picture('cluster-cut-off');
  },
});

const resumed = ({ context, application }: Place): Scenario => ({
  name: 'Resume shows what has its result and what is left to do, and takes it to its end',
  run: async (workbench) => {
    await workbench.answer('Resume');
    const page = workbench.webview();
    await page.locator('#name').waitFor();
    assert.equal(await page.locator('h1').innerText(), `Resume the sync of ${application} to ${context}`);
    assert.equal(await page.locator('button.primary').innerText(), `Resume Sync to ${context}`);
    assert.match(await page.locator('body').innerText(), /Continues the sync that began at/);
    await workbench.picture('cluster-resume');
    await confirm(workbench, context);
    await workbench.expect(
      'the end of the sync',
      () => planRows(workbench),
      (rows) =>
        (rows[0] ?? '').startsWith(`${application}  ${context} · succeeded`) &&
        rows.some((row) => /db-migration-job {2}⚓ Job · done/.test(row)) &&
        !rows.some((row) => row.includes('not reached')),
      60_000,
    );
    await workbench.picture('cluster-resumed');
  },
});

const history = ({ context, application }: Place): Scenario => ({
  name: 'Sync History shows it as one sync that succeeded, and Run Last Sync Again asks for another one',
  run: async (workbench) => {
    await workbench.command('Argo CD Hooks: Sync History…');
    await workbench.expect(
      'one sync, succeeded',
      () => workbench.quickPickRows(),
      (rows) => rows.length === 1 && (rows[0] ?? '').includes(`${application}: succeeded`),
    );
    await workbench.pick('succeeded');
    await workbench.expect(
      'what each task came to',
      () => workbench.quickPickRows(),
      (rows) => rows.some((row) => /Job db-migration-job.*PreSync · Synced, Succeeded/s.test(row)),
    );
    await workbench.picture('cluster-history');
    await workbench.press('Escape');
    await workbench.rowMenu(application, 'Run Last Sync Again');
    const page = workbench.webview();
    await page.locator('#name').waitFor();
    assert.match(await page.locator('h1').innerText(), new RegExp(`^Sync ${application} to ${context}$`));
    assert.doesNotMatch(await page.locator('body').innerText(), /Continues the sync/);
    await page.locator('button', { hasText: 'Cancel' }).click();
  },
});

/** Lets the API server refuse the Deployment, or take it. */
function setReplicas({ server }: Workbench, replicas: number): void {
  const file = path.join(server.workspace, 'sync-hooks/deployment.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/replicas: -?\d+/, `replicas: ${replicas}`));
}

const retried = ({ context, application }: Place): Scenario => ({
  name: 'Retry Failed syncs what failed alone, once it is repaired',
  run: async (workbench) => {
    setReplicas(workbench, -1);
    await workbench.rowMenu(application, 'Run Last Sync Again');
    await workbench.webview().locator('#name').waitFor();
    await workbench.picture('cluster-will-fail');
    await confirm(workbench, context);
    await workbench.expect(
      'the failure, on its row',
      () => planRows(workbench),
      (rows) =>
        (rows[0] ?? '').startsWith(`${application}  ${context} · failed`) &&
        rows.some((row) => /nginx {2}Deployment · failed.*replicas/.test(row)),
      60_000,
    );
    await workbench.picture('cluster-failed');
    setReplicas(workbench, 2);
    await workbench.answer('Retry Failed');
    const page = workbench.webview();
    await page.locator('#name').waitFor();
    const rows = await page.locator('table').first().innerText();
    assert.match(rows, /Deployment\s+nginx/);
    assert.doesNotMatch(rows, /Service|Job/);
    await workbench.picture('cluster-retry');
    await confirm(workbench, context);
    await workbench.expect(
      'its end, of this one alone',
      () => planRows(workbench),
      (found) =>
        (found[0] ?? '').startsWith(`${application}  ${context} · succeeded`) &&
        found.some((row) => /nginx {2}Deployment · (?:done|applied)/.test(row)) &&
        found.some((row) => /db-migration-job .*not reached/.test(row)),
      60_000,
    );
    await workbench.picture('cluster-retried');
  },
});

const deleted = ({ context, application }: Place): Scenario => ({
  name: 'Delete Application Resources… lists by name what goes, wants a name typed, and takes it all away',
  run: async (workbench) => {
    await workbench.rowMenu(application, 'Delete Application Resources…');
    await workbench.pick(context);
    const page = workbench.webview();
    await page.locator('#name').waitFor();
    assert.equal(await page.locator('h1').innerText(), `Delete the resources of ${application} from ${context}`);
    const button = page.locator('button.primary');
    assert.match(await button.innerText(), /^Delete \d resources from /);
    assert.equal(await button.isDisabled(), true);
    assert.match(await page.locator('table').innerText(), /delete\s+0\s+Deployment nginx/);
    await workbench.picture('cluster-delete');
    await confirm(workbench, context);
    await workbench.expect(
      'nothing of it any more',
      () => planRows(workbench),
      (rows) =>
        (rows[0] ?? '').startsWith(`${application}  ${context} · succeeded`) &&
        rows.some((row) => /nginx {2}Deployment · deleted/.test(row)) &&
        !rows.some((row) => row.includes('Left in the cluster')),
      90_000,
    );
    await workbench.picture('cluster-deleted');
  },
});

/** A run that dies goes on where it was. */
export const onClusterCutOff = ({ kubeconfig, context, cutOff: { folder, application } }: OnCluster): Session => ({
  name: 'cluster, cut off',
  folder,
  server: {
    env: { KUBECONFIG: kubeconfig },
    settings: { 'argocdHooks.protectedContexts': [context] },
  },
  scenarios: [dies, resumed, history, retried, deleted].map((scenario) => scenario({ context, application })),
});
