import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Workbench } from '../../client/scripts/vscode-host/workbench.ts';
import { DB_MIGRATION, GUIDE, openPlan, type Session } from './scenario.ts';

const KUBECONFIG = path.join(mkdtempSync(path.join(tmpdir(), 'argocd-hooks-contexts-')), 'config');

/** A kubeconfig with these contexts, of clusters that nobody asks here. */
function write(current: string, ...names: readonly string[]): void {
  const list = (inner: string, value: (name: string) => object): object[] =>
    names.map((name) => ({ name, [inner]: value(name) }));
  writeFileSync(
    KUBECONFIG,
    JSON.stringify({
      'current-context': current,
      contexts: list('context', (name) => ({ cluster: name, user: name, namespace: 'shop' })),
      clusters: list('cluster', (name) => ({ server: `https://${name}.example.com:6443` })),
      users: list('user', () => ({ token: 'none' })),
    }),
  );
}
write('kind-dev', 'kind-dev', 'lab', 'prod-eu');

const SELECT = 'Argo CD Hooks: Select Context…';

/** The entry of the status bar that tells the active context. */
const statusOf = async (workbench: Workbench): Promise<string> =>
  (await workbench.page.locator('.statusbar-item[id*="argocdHooks.context"]').allInnerTexts()).join('').trim();

async function expectStatus(workbench: Workbench, name: string): Promise<void> {
  await workbench.expect(
    `${name} in the status bar`,
    () => statusOf(workbench),
    (text) => text === name,
    20_000,
  );
}

export const contexts: Session = {
  name: 'contexts',
  folder: GUIDE,
  server: { env: { KUBECONFIG } },
  scenarios: [
    {
      name: 'Select Context shows every context with its source, and the status bar tells the one that is selected',
      run: async (workbench) => {
        await openPlan(workbench);
        await workbench.openFile(DB_MIGRATION);
        await workbench.command(SELECT);
        await workbench.expect(
          'the current context first, and to follow the kubeconfig last',
          () => workbench.quickPickRows(),
          (rows) =>
            rows.length === 4 &&
            /kind-dev.*https:\/\/kind-dev\.example\.com:6443.*namespace shop · current context of/s.test(
              rows[0] ?? '',
            ) &&
            /As the Kubeconfig Says.*now kind-dev/s.test(rows[3] ?? ''),
        );
        await workbench.picture('select-context');
        await workbench.pick('prod-eu');
        await expectStatus(workbench, 'prod-eu');
        await workbench.picture('selected-context');
      },
    },
    {
      name: 'Run Sync offers the selected context first',
      run: async (workbench) => {
        await workbench.command('Argo CD Hooks: Run Sync…');
        await workbench.expect(
          'the selected context',
          () => workbench.quickPickRows(),
          (rows) => /prod-eu.*selected here · context of/s.test(rows[0] ?? '') && (rows[1] ?? '').includes('kind-dev'),
        );
        await workbench.press('Escape');
      },
    },
    {
      name: 'a selected context that is gone is told, and the current one of the kubeconfig is followed',
      run: async (workbench) => {
        write('kind-dev', 'kind-dev', 'lab');
        await workbench.expect(
          'a notification that names it',
          () => workbench.notifications(),
          (texts) => texts.some((text) => text.includes('The kube context prod-eu, which was selected here, is not')),
          20_000,
        );
        await expectStatus(workbench, 'kind-dev');
        write('lab', 'kind-dev', 'lab');
        await expectStatus(workbench, 'lab');
      },
    },
  ],
};
