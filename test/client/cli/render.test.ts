import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli, folderWith } from './run-cli.ts';

/** A Helm that renders one template with one value, wherever it is called. */
const HELM = `#!${process.execPath}
const fs = require('node:fs');
if (process.argv[2] === 'version') { console.log('v4.0.0'); process.exit(0); }
const [, phase] = /phase: (\\w+)/.exec(fs.readFileSync('values.yaml', 'utf8'));
const text = fs.readFileSync('templates/job.yaml', 'utf8').replace('{{ .Values.phase }}', phase);
console.log('---\\n# Source: shop/templates/job.yaml\\n' + text);
`;

const chart = (phase: string): Readonly<Record<string, string>> => ({
  'shop/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
  'shop/values.yaml': `phase: ${phase}\n`,
  'shop/templates/job.yaml': `apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
  annotations:
    argocd.argoproj.io/hook: {{ .Values.phase }}
spec:
  activeDeadlineSeconds: 600
  template:
    spec:
      restartPolicy: Never
      containers: [{ name: main, image: busybox }]
`,
});

/** Settings that name the stand-in. */
function settings(program = HELM): string {
  const folder = folderWith({ helm: program });
  const helm = path.join(folder, 'helm');
  chmodSync(helm, 0o755);
  return path.join(
    folderWith({ 'settings.json': JSON.stringify({ 'argocdHooks.render.helmPath': helm }) }),
    'settings.json',
  );
}

describe('a chart in the terminal', () => {
  test('has what it is rendered to judged, told where the values say it', async () => {
    const { code, stdout } = await cli(['lint', '--config', settings()], { cwd: folderWith(chart('PreSink')) });
    expect(stdout).toMatch(/shop\/values\.yaml[\s\S]*unknown-hook-phase/);
    expect(stdout).toContain('Rendered by Helm from this value, by shop/templates/job.yaml.');
    expect(code).toBe(1);
  });

  test('has nothing told where it is rendered to what Argo CD knows', async () => {
    const { code, stdout } = await cli(['lint', '--config', settings()], { cwd: folderWith(chart('PreSync')) });
    expect(stdout).not.toContain('unknown-hook-phase');
    expect(code).toBe(0);
  });

  test('is taken as it is written, and said so, where no tool is found', async () => {
    const { stdout, stderr } = await cli(['plan'], { cwd: folderWith(chart('PreSync')) });
    expect(`${stdout}${stderr}`).toContain('there is no helm on this machine');
  });

  const WHY =
    'shop/Chart.yaml:1: Helm cannot render shop: there is no helm on this machine. Install it, or name it in the settings under argocdHooks.render. Its manifests are checked as they are written, which may differ from what Argo CD applies.';

  test('is said to be checked as it is written', async () => {
    const { code, stdout, stderr } = await cli(['lint'], { cwd: folderWith(chart('PreSync')) });
    expect(stderr).toBe(`${WHY}\n1 manifest in 3 files: nothing to complain about.\n`);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  });

  test('is told once, however many Applications use it', async () => {
    const application = (name: string): string =>
      `{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: ${name}}, spec: {source: {path: shop}}}\n`;
    const cwd = folderWith({
      ...chart('PreSync'),
      'apps/one.yaml': application('one'),
      'apps/two.yaml': application('two'),
    });
    const plan = await cli(['plan', '--format', 'json'], { cwd });
    expect(JSON.parse(plan.stdout)).toMatchObject({ applications: [{ name: 'one' }, { name: 'two' }] });
    const { stderr } = await cli(['lint'], { cwd });
    expect(stderr.match(/there is no helm/g)).toHaveLength(1);
  });

  test('is told in reports too', async () => {
    const cwd = folderWith(chart('PreSync'));
    const message = WHY.slice('shop/Chart.yaml:1: '.length);
    const json = await cli(['lint', '--format', 'json'], { cwd });
    expect(JSON.parse(json.stdout)).toMatchObject({ problems: [{ file: 'shop/Chart.yaml', line: 1, message }] });
    const sarif = await cli(['lint', '--format', 'sarif'], { cwd });
    const notification = { level: 'warning', message: { text: message } };
    expect(JSON.parse(sarif.stdout)).toMatchObject({
      runs: [{ invocations: [{ executionSuccessful: true, toolExecutionNotifications: [notification] }] }],
    });
  });

  test('is told with the words of the tool where that says no', async () => {
    const broken = `#!/bin/sh\nif [ "$1" = version ]; then echo v4.0.0; exit 0; fi\necho "Error: parse error at (shop/templates/job.yaml:6): unclosed action" >&2\nexit 1\n`;
    const cwd = folderWith(chart('PreSync'));
    const { code, stderr } = await cli(['lint', '--config', settings(broken)], { cwd });
    expect(stderr).toContain('shop/templates/job.yaml:6: Helm cannot render shop: parse error at');
    expect(code).toBe(0);
  });

  test('is said nothing about where it need not be rendered', async () => {
    const { stderr } = await cli(['lint', '--no-render'], { cwd: folderWith(chart('PreSync')) });
    expect(stderr).toBe('1 manifest in 3 files: nothing to complain about.\n');
  });

  test('is not rendered again where `lint --fix` changed other files alone', async () => {
    const log = path.join(folderWith({ log: '' }), 'log');
    const counting = HELM.replace(
      'const [, phase]',
      `fs.appendFileSync(${JSON.stringify(log)}, 'rendered\\n');\nconst [, phase]`,
    );
    writeFileSync(log, '');
    const cwd = folderWith({
      ...chart('PreSync'),
      'other/a.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, annotations: {argocd.argoproj.io/sync-wave: 5}}\n',
    });
    const { stdout } = await cli(['lint', '--fix', '--config', settings(counting)], { cwd });
    expect(stdout).toContain('other/a.yaml:3: fixed:');
    expect(readFileSync(log, 'utf8')).toBe('rendered\n');
  });
});

describe('the options of kustomize in the terminal', () => {
  /** A kustomize that tells its arguments as an object. */
  const KUSTOMIZE = `#!${process.execPath}
if (process.argv[2] === 'version') { console.log('v5'); process.exit(0); }
console.log('apiVersion: v1\\nkind: ConfigMap\\nmetadata:\\n  name: ' + process.argv.slice(2).join('').replace(/[^A-Za-z]+/g, '-').toLowerCase());
`;
  const cwd = (): string =>
    folderWith({
      'shop/kustomization.yaml': 'resources: [a.yaml]\n',
      'shop/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n',
    });
  const config = (options: unknown): string => {
    const program = path.join(folderWith({ kustomize: KUSTOMIZE }), 'kustomize');
    chmodSync(program, 0o755);
    const render = { kustomizePath: program, kustomizeBuildOptions: options };
    return path.join(folderWith({ 'settings.json': JSON.stringify({ render }) }), 'settings.json');
  };

  test('are those of the settings', async () => {
    const { stdout } = await cli(['plan', '--config', config('--load-restrictor=LoadRestrictionsNone')], {
      cwd: cwd(),
    });
    expect(stdout).toContain('ConfigMap/build-load-restrictorloadrestrictionsnone');
    expect((await cli(['plan', '--config', config('')], { cwd: cwd() })).stdout).toContain('ConfigMap/build-');
  });

  test.each([
    ['--enable-exec', 'render.kustomizeBuildOptions: --enable-exec is not allowed here'],
    [5, 'render.kustomizeBuildOptions is a text of options'],
  ])('%s are refused: exit code 2', async (options, why) => {
    const { code, stderr } = await cli(['plan', '--config', config(options)], { cwd: cwd() });
    expect(stderr).toContain(why);
    expect(code).toBe(2);
  });
});
