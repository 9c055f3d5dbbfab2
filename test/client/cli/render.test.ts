import { chmodSync } from 'node:fs';
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
function settings(): string {
  const folder = folderWith({ helm: HELM });
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
});
