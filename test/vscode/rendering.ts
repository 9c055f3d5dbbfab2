import fs from 'node:fs';
import path from 'node:path';
import type { Workbench } from '../../client/scripts/vscode-host/workbench.ts';
import { planRows, type Scenario, type Session } from './scenario.ts';
import { manifest, workspace } from './workspace.ts';

/** Programs that stand in for Helm and kustomize: what they know is enough for the files below. */
const TOOLS = workspace({
  helm: `#!${process.execPath}
const fs = require('node:fs'), path = require('node:path');
if (process.argv[2] === 'version') { console.log('v4.0.0'); process.exit(0); }
const values = Object.fromEntries(fs.readFileSync('values.yaml', 'utf8').trim().split('\\n').map((line) => line.split(': ')));
const name = /name: (.*)/.exec(fs.readFileSync('Chart.yaml', 'utf8'))[1];
for (const file of fs.readdirSync('templates').sort()) {
  const lines = fs.readFileSync(path.join('templates', file), 'utf8').trimEnd().split('\\n');
  const at = lines.findIndex((line) => line.includes('{{ fail'));
  if (at >= 0) {
    console.error('Error: execution error at (' + name + '/templates/' + file + ':' + (at + 1) + ':4): no image is set');
    process.exit(1);
  }
  const text = lines.join('\\n').replace(/\\{\\{ \\.Values\\.(\\w+) \\}\\}/g, (_, key) => values[key] ?? '');
  console.log('---\\n# Source: ' + name + '/templates/' + file + '\\n' + text);
}
`,
  kustomize: `#!${process.execPath}
const fs = require('node:fs');
if (process.argv[2] === 'version') { console.log('v5.7.0'); process.exit(0); }
const text = fs.readFileSync('kustomization.yaml', 'utf8');
const prefix = /namePrefix"?: *"?([\\w-]+)/.exec(text)[1];
process.stdout.write(fs.readFileSync('job.yaml', 'utf8').replace(/^  name: /m, '  name: ' + prefix));
`,
});
const HELM = path.join(TOOLS, 'helm');
const KUSTOMIZE = path.join(TOOLS, 'kustomize');
for (const tool of [HELM, KUSTOMIZE]) fs.chmodSync(tool, 0o755);

const SPEC =
  'spec:\n  activeDeadlineSeconds: 600\n  template:\n    spec:\n      restartPolicy: Never\n      containers: [{ name: main, image: busybox }]\n';
const job = (name: string, ...annotations: readonly string[]): string =>
  `${manifest('batch/v1', 'Job', name, annotations)}${SPEC}`;

const FOLDER = workspace({
  'shop/Chart.yaml': 'apiVersion: v2\nversion: 1.0.0\nname: shop\n',
  'shop/values.yaml': 'name: blue\nphase: PreSync\n',
  'shop/templates/migrate.yaml': job('{{ .Values.name }}-migrate', 'argocd.argoproj.io/hook: {{ .Values.phase }}'),
  'team/kustomization.yaml': 'resources: [job.yaml]\nnamePrefix: prod-\n',
  'team/job.yaml': job('seed', 'argocd.argoproj.io/hook: PostSync'),
});

const SETTINGS = { 'argocdHooks.render.helmPath': HELM, 'argocdHooks.render.kustomizePath': KUSTOMIZE };

const expectRow = (workbench: Workbench, what: string, pattern: RegExp): Promise<string[]> =>
  workbench.expect(
    what,
    () => planRows(workbench),
    (rows) => rows.some((row) => pattern.test(row.trim())),
    60_000,
  );

const expectLine = (workbench: Workbench, what: string, text: string): Promise<string[]> =>
  workbench.expect(
    what,
    () => workbench.editorLines(),
    (lines) => lines.some((line) => line.includes(text)),
  );

const shown: Scenario = {
  name: 'the plan shows what a chart and a kustomization are rendered to',
  run: async (workbench) => {
    await workbench.openContainer('Argo CD Hooks');
    await expectRow(workbench, 'the chart', /^shop {2}/);
    await workbench.widenSideBar(520);
    await workbench.clickRow('shop');
    await expectRow(workbench, 'the Job of the chart', /^blue-migrate {2}⚓ Job/);
    await workbench.clickRow('team');
    await expectRow(workbench, 'the Job of the kustomization', /^prod-seed {2}⚓ Job/);
    await workbench.picture('rendered');
  },
};

const followed: Scenario = {
  name: 'a click on a rendered object leads to the line that it comes from',
  run: async (workbench) => {
    await workbench.clickRow('blue-migrate');
    await expectLine(workbench, 'the template', 'name: {{ .Values.name }}-migrate');
    await workbench.clickRow('prod-seed');
    await expectLine(workbench, 'the manifest', 'name: seed');
  },
};

const typed: Scenario = {
  name: 'typing in values changes the plan, and a bad phase is told at the value',
  run: async (workbench) => {
    await workbench.openFile('shop/values.yaml');
    await workbench.goTo(1, 11);
    await workbench.type('berry');
    await expectRow(workbench, 'the Job under its new name', /^blueberry-migrate {2}⚓ Job/);
    await workbench.goTo(2, 15);
    await workbench.type('k');
    await workbench.expect(
      'the finding at the value',
      () => workbench.page.locator('.editor-group-container.active .squiggly-error').count(),
      (count) => count > 0,
      30_000,
    );
    await workbench.picture('rendered-values');
    await workbench.press('Backspace');
    await workbench.expect(
      'no finding at the value',
      () => workbench.page.locator('.editor-group-container.active .squiggly-error').count(),
      (count) => count === 0,
      30_000,
    );
  },
};

const broken: Scenario = {
  name: 'a broken template has the problem of the tool at its line',
  run: async (workbench) => {
    await workbench.openFile('migrate.yaml');
    await workbench.goTo(5, 1);
    await workbench.type('# {{ fail "no image is set" }}\n');
    await expectRow(
      workbench,
      'the problem',
      /^shop\/templates\/migrate\.yaml {2}line 5 · Helm cannot render shop: .*no image is set/,
    );
    await workbench.picture('rendered-broken');
  },
};

export const rendering: Session = {
  name: 'rendering',
  folder: FOLDER,
  server: { settings: SETTINGS },
  scenarios: [shown, followed, typed, broken],
};

export const untrustedRendering: Session = {
  name: 'untrusted-rendering',
  folder: FOLDER,
  server: { askForTrust: true, settings: { ...SETTINGS, 'security.workspace.trust.startupPrompt': 'never' } },
  scenarios: [
    {
      name: 'an untrusted workspace is served as it is written, and says so',
      run: async (workbench) => {
        await workbench.openContainer('Argo CD Hooks');
        await expectRow(workbench, 'the kustomization', /^team {2}/);
        await workbench.widenSideBar(520);
        await workbench.clickRow('team');
        await expectRow(workbench, 'the Job as it is written', /^seed {2}⚓ Job/);
        await expectRow(workbench, 'that it is not rendered', /is a kustomization that is not rendered/);
        await workbench.picture('rendered-untrusted');
      },
    },
  ],
};
