import assert from 'node:assert/strict';
import type { Workbench } from '../../client/scripts/vscode-host/workbench.ts';
import { answerInput, planRows, type Session } from './scenario.ts';
import { workspace } from './workspace.ts';

/** A real cluster with Argo CD's Applications in it, and a namespace that is not there. */
export interface ArgoCluster {
  readonly kubeconfig: string;
  readonly context: string;
  readonly namespace: string;
}

const FILES = {
  '.git/config': '[remote "origin"]\n\turl = https://me:token@example.com/team/shop.git\n',
  'apps/shop/settings.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: "1"}\n',
  'apps/shop/migrate.yaml': `apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
  annotations: {argocd.argoproj.io/hook: PreSync}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: main, image: busybox}]}}}
`,
};

const plan = (workbench: Workbench): Promise<unknown> =>
  workbench.expect(
    'the plan',
    () => planRows(workbench),
    (rows) => rows.some((row) => row.includes('migrate')),
    60_000,
  );

/** The same, declared to be deployed to a namespace that nobody makes. */
const plain = (namespace: string): Readonly<Record<string, string>> => ({
  ...FILES,
  'argocd/plain.yaml': `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: plain, namespace: argocd}
spec:
  project: default
  source: {repoURL: https://example.com/team/shop.git, path: apps/shop, targetRevision: HEAD}
  destination: {server: https://kubernetes.default.svc, namespace: ${namespace}}
`,
});

/** A namespace that is not there is named on the page, and created with the sync. */
export const missingNamespace = ({ kubeconfig, context, namespace }: ArgoCluster): Session => ({
  name: 'missing namespace',
  folder: workspace(plain(`${namespace}-plain`)),
  server: { env: { KUBECONFIG: kubeconfig } },
  scenarios: [
    {
      name: 'is named before the sync, and created with it',
      run: async (workbench) => {
        await workbench.openContainer('Argo CD Hooks');
        await workbench.openFile('migrate.yaml');
        await plan(workbench);
        await workbench.command('Argo CD Hooks: Run Sync…');
        await workbench.pick(context);
        const page = workbench.webview();
        await page.locator('.blockers').waitFor();
        assert.match(
          await page.locator('.blockers').innerText(),
          new RegExp(`Namespace ${namespace}-plain does not exist`),
        );
        assert.equal(await page.locator('#answer-confirm').count(), 0);
        await workbench.picture('namespace-missing');
        await page.locator('#answer-create-namespace').click();
        await page.locator('#answer-confirm').waitFor();
        assert.match(
          await page.locator('table').innerText(),
          new RegExp(`create[\\s\\S]*Namespace ${namespace}-plain`),
        );
        await workbench.picture('namespace-created-with-it');
        await page.locator('#answer-confirm').click();
        await workbench.expect(
          'the end of the sync',
          () => planRows(workbench),
          (rows) => (rows[0] ?? '').includes('succeeded'),
          60_000,
        );
      },
    },
  ],
});

export const argocd = ({ kubeconfig, context, namespace }: ArgoCluster): Session => ({
  name: 'Argo CD',
  folder: workspace(FILES),
  server: { env: { KUBECONFIG: kubeconfig } },
  scenarios: [
    {
      name: 'an Application is written beside its folder, with what was found out, and applied',
      run: async (workbench) => {
        await workbench.openContainer('Argo CD Hooks');
        await workbench.openFile('migrate.yaml');
        await plan(workbench);
        await workbench.command('Argo CD Hooks: Create Argo CD Application…');
        await workbench.expect(
          'everything that Git and the folder tell',
          () => workbench.quickPickRows(),
          (rows) => {
            const text = rows.join('\n');
            return (
              text.includes('Write argocd/shop.yaml') &&
              text.includes('https://example.com/team/shop.git') &&
              text.includes('apps/shop') &&
              !text.includes('token')
            );
          },
        );
        await workbench.picture('application-form');
        await workbench.pick('Destination namespace');
        await answerInput(workbench, 'Namespace that it is deployed to', namespace);
        await workbench.pick(/^File/);
        await answerInput(workbench, 'File to write', 'apps/shop/application.yaml');
        await workbench.page.getByText('it would apply itself').first().waitFor();
        await workbench.picture('application-applies-itself');
        await answerInput(workbench, 'it would apply itself', 'argocd/shop.yaml');
        await workbench.pick('Write argocd/shop.yaml');
        await workbench.expect(
          'the manifest',
          () => workbench.editorLines(),
          (lines) =>
            lines.join('\n').includes('kind: Application') && lines.join('\n').includes(`namespace: ${namespace}`),
        );
        await workbench.expect(
          'the offer to apply it',
          () => workbench.notifications(),
          (texts) => texts.some((text) => text.includes('Wrote the Application shop to argocd/shop.yaml')),
        );
        await workbench.picture('application-written');
        await workbench.answer('Apply to a Cluster');
        await workbench.pick(context);
        const dialog = workbench.page.locator('.monaco-dialog-box');
        await dialog.waitFor();
        const text = await dialog.innerText();
        assert.match(text, new RegExp(`Create Application shop in ${context}\\?`));
        assert.match(text, /API server: https:\/\/127\.0\.0\.1/);
        assert.match(text, /Namespace: argocd/);
        await workbench.picture('application-confirm');
        await dialog.getByText('Create', { exact: true }).click();
        await workbench.expect(
          'the word that it is there',
          () => workbench.notifications(),
          (texts) => texts.some((one) => one.includes('application.argoproj.io/shop created')),
          20_000,
        );
      },
    },
    {
      name: 'the sync is left to Argo CD, and followed on the tree',
      run: async (workbench) => {
        await workbench.command('Notifications: Clear All Notifications');
        await workbench.openFile('migrate.yaml');
        await workbench.command('Argo CD Hooks: Run Sync…');
        await workbench.pick(context);
        const page = workbench.webview();
        const hand = page.locator('#answer-argocd');
        await hand.waitFor();
        assert.equal(await hand.innerText(), 'Let Argo CD Sync argocd/shop');
        await hand.scrollIntoViewIfNeeded();
        await workbench.picture('argocd-preflight');
        await hand.click();
        await workbench.expect(
          'the hook that Argo CD runs',
          () => planRows(workbench),
          (rows) => rows.some((row) => /migrate .*running/.test(row)),
          30_000,
        );
        await workbench.picture('argocd-running');
        await workbench.expect(
          'the end that Argo CD reports',
          () => planRows(workbench),
          (rows) =>
            (rows[0] ?? '').includes(`${context} · succeeded`) && rows.some((row) => /migrate .*done/.test(row)),
          60_000,
        );
        await workbench.picture('argocd-finished');
      },
    },
  ],
});
