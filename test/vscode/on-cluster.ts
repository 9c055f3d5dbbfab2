import assert from 'node:assert/strict';
import { liveStatus, type Synced } from './live-status.ts';
import { DB_MIGRATION, planRows, type Session } from './scenario.ts';

/** A real cluster, and a copy of the example that is meant for it. */
export interface OnCluster extends Synced {
  readonly folder: string;
  readonly limitedFolder: string;
  /** A copy whose sync is cut off, an Application of its own. */
  readonly cutOff: { readonly folder: string; readonly application: string };
  /** The same cluster as a user who may not write. */
  readonly limited: string;
}

/** The same as in the simulation, against the active kube context, which is protected here. */
export const onCluster = ({ folder, kubeconfig, context, application, ...cluster }: OnCluster): Session => ({
  name: 'cluster',
  folder,
  server: { env: { KUBECONFIG: kubeconfig }, settings: { 'argocdHooks.protectedContexts': [context] } },
  scenarios: [
    {
      name: 'Run Sync on the active kube context asks for its name, and goes live on the tree',
      run: async (workbench) => {
        await workbench.openContainer('Argo CD Hooks');
        await workbench.widenSideBar(480);
        await workbench.openFile(DB_MIGRATION);
        await workbench.expect(
          'the plan',
          () => planRows(workbench),
          (rows) => rows.some((row) => row.includes('cleanup-job')),
          60_000,
        );
        await workbench.command('Argo CD Hooks: Run Sync…');
        await workbench.expect(
          'the current context first, with server and namespace',
          () => workbench.quickPickRows(),
          (rows) => {
            const first = rows[0] ?? '';
            return (
              first.includes(context) && first.includes('https://127.0.0.1:') && first.includes('current context of')
            );
          },
        );
        await workbench.picture('cluster-where');
        await workbench.pick(context);
        const page = workbench.webview();
        const confirm = page.locator('button.primary');
        await confirm.waitFor();
        assert.match(await page.locator('h1').innerText(), new RegExp(`^Sync ${application} to ${context}$`));
        assert.match(await page.locator('dl').innerText(), /https:\/\/127\.0\.0\.1:\d+ · Kubernetes v1\./);
        assert.equal(await confirm.isDisabled(), true);
        assert.doesNotMatch(await page.locator('table').innerText(), /refuse|not found/);
        await workbench.picture('cluster-preflight');
        await page.locator('#name').fill(context);
        await workbench.expect(
          'a button that can be pressed',
          () => confirm.isDisabled(),
          (disabled) => !disabled,
        );
        await page.locator('#name').press('Enter');
        await workbench.expect(
          'the migration runs on the cluster',
          () => planRows(workbench),
          (rows) => rows.some((row) => /db-migration-job {2}⚓ Job · running/.test(row)),
          30_000,
        );
        const symbol = workbench.page.locator('.activitybar .action-item .action-label[aria-label^="Argo CD Hooks"]');
        await workbench.expect(
          'what the badge counts',
          () => symbol.getAttribute('aria-label'),
          (label) => label?.includes(`${application} is being synced (${context}): waits for 1 resource`) === true,
        );
        await workbench.picture('cluster-running');
        await workbench.expect(
          'the end of the sync',
          () => planRows(workbench),
          (rows) =>
            (rows[0] ?? '').includes(`${context} · succeeded`) &&
            rows.some((row) => /db-migration-job {2}⚓ Job · done in 0:\d\d · deleted/.test(row)) &&
            rows.some((row) => /nginx {2}Deployment · done/.test(row)),
          60_000,
        );
        await workbench.picture('cluster-finished');
      },
    },
    ...liveStatus({ ...cluster, kubeconfig, context, application }),
  ],
});

/** A user who may not write gets to know it before anything happens. */
export const onClusterLimited = ({ limitedFolder, limited }: OnCluster): Session => ({
  name: 'cluster, limited',
  folder: limitedFolder,
  server: { env: { KUBECONFIG: limited } },
  scenarios: [
    {
      name: 'missing permissions are named, and no sync is offered',
      run: async (workbench) => {
        await workbench.openContainer('Argo CD Hooks');
        await workbench.openFile(DB_MIGRATION);
        await workbench.expect(
          'the plan',
          () => planRows(workbench),
          (rows) => rows.length > 5,
          60_000,
        );
        await workbench.command('Argo CD Hooks: Run Sync…');
        await workbench.pick('current context of');
        const page = workbench.webview();
        const blockers = page.locator('.blockers');
        await blockers.waitFor();
        assert.match(await blockers.innerText(), /limited may not create, .* jobs\.batch in namespace/);
        assert.equal(await page.locator('button.primary').count(), 0);
        await workbench.picture('cluster-blocked');
        await page.locator('button', { hasText: 'Close' }).click();
        await workbench.expect(
          'the plan without a run',
          () => planRows(workbench),
          (rows) => (rows[0] ?? '').includes('sync-hooks · 6 resources'),
        );
      },
    },
  ],
});
