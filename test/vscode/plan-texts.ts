import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { answerInput, planRows, type Session } from './scenario.ts';
import { configMap, manifest, workspace } from './workspace.ts';

/** What leaves the panel as text. */
export const planTexts: Session = {
  name: 'plan texts',
  folder: workspace({
    'apps/shop/one.yaml': configMap('one', 0),
    'apps/shop/two.yaml': configMap('two', 3),
    'apps/blog/blog.yaml': manifest('v1', 'ConfigMap', 'blog'),
  }),
  scenarios: [
    {
      name: 'Copy Plan as… puts Markdown on the clipboard',
      run: async (workbench) => {
        await workbench.openContainer('Argo CD Hooks');
        await workbench.expect(
          'both applications',
          () => planRows(workbench),
          (rows) => rows.length === 2,
          60_000,
        );
        await workbench.widenSideBar(420);
        await workbench.rowMenu('shop', 'Copy Plan as…');
        await workbench.expect(
          'both formats',
          () => workbench.quickPickRows(),
          (rows) => rows.length === 2,
        );
        await workbench.picture('panel-copy');
        await workbench.pick('Markdown');
        const lines = await workbench.pasted();
        await workbench.picture('panel-copied-markdown');
        const text = lines.join('\n');
        assert.match(text, /\|.*ConfigMap.*one/);
        assert.match(text, /\|.*ConfigMap.*two/);
        assert.doesNotMatch(text, /blog/);
      },
    },
    {
      name: 'Copy Plan as… puts Mermaid on the clipboard',
      run: async (workbench) => {
        await workbench.rowMenu('shop', 'Copy Plan as…');
        await workbench.pick('Mermaid');
        const lines = await workbench.pasted();
        await workbench.picture('panel-copied-mermaid');
        assert.match(lines.join('\n'), /flowchart/);
        assert.match(lines.join('\n'), /two/);
      },
    },
    {
      name: 'Create Argo CD Application… writes the file, and the plan takes it',
      run: async (workbench) => {
        await workbench.rowMenu('shop', 'Create Argo CD Application…');
        await answerInput(workbench, 'Git knows no remote here', 'https://git.example.com/team/deploy.git');
        await workbench.pick(/^Name/);
        await answerInput(workbench, 'Name of the Application', 'web-shop');
        await workbench.pick('Destination namespace');
        await answerInput(workbench, 'Namespace that it is deployed to', 'shops');
        await workbench.pick(/^File/);
        await answerInput(workbench, 'File to write', 'argocd/web-shop.yaml');
        await workbench.expect(
          'the form with all of it',
          () => workbench.quickPickRows(),
          (rows) => rows.some((row) => row.includes('Write argocd/web-shop.yaml')),
        );
        await workbench.picture('panel-create');
        await workbench.pick('Write argocd/web-shop.yaml');
        await workbench.page.locator('.tab.active[data-resource-name="web-shop.yaml"]').waitFor();
        const text = fs.readFileSync(path.join(workbench.server.workspace, 'argocd/web-shop.yaml'), 'utf8');
        assert.match(text, /kind: Application\n/);
        assert.match(text, /path: apps\/shop\n/);
        assert.match(text, /namespace: shops\n/);
        await workbench.expect(
          'the application by its new name',
          () => planRows(workbench),
          (rows) =>
            rows.some((row) => row.startsWith('web-shop  apps/shop')) && !rows.some((row) => row.startsWith('shop ')),
          30_000,
        );
        await workbench.picture('panel-created');
      },
    },
  ],
};
