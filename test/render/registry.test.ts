import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { placesIn } from '../../server/src/core/plan/query.ts';
import { nodeFiles } from '../../server/src/files-node.ts';
import { nodeRenderer } from '../../server/src/render-node.ts';
import { openLintService } from '../../server/src/service-lint.ts';

const HELM = path.join(process.env['ARGOCD_HOOKS_RENDER_TOOLS'] ?? '', 'helm');

/** A repository of charts on this machine: an index, and the archives that it names. */
let folder = '';
let server: Server;
let address = '';
const asked: string[] = [];

function write(root: string, files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
}

/** Packs a version of the chart `edge`, and indexes it. */
function publish(version: string): void {
  write(path.join(folder, version, 'edge'), {
    'Chart.yaml': `apiVersion: v2\nname: edge\nversion: ${version}\n`,
    'values.yaml': 'wave: "1"\nnames: []\n',
    'values-two.yaml': 'names: [one, two]\n',
    'templates/config.yaml': `apiVersion: v1
kind: ConfigMap
metadata:
  name: edge-${version}
  annotations:
    argocd.argoproj.io/sync-wave: {{ .Values.wave | quote }}
{{- range .Values.names }}
---
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ . }}
  annotations: {helm.sh/hook: pre-install}
{{- end }}
`,
    'crds/things.yaml': `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.example.com}
spec: {group: example.com, scope: Namespaced, names: {kind: Thing, plural: things}, versions: []}
`,
  });
  const env = { PATH: process.env['PATH'], HOME: folder };
  execFileSync(HELM, ['package', path.join(folder, version, 'edge'), '--destination', folder], { env });
  execFileSync(HELM, ['repo', 'index', folder], { env });
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'argocd-hooks-test-'));
  for (const version of ['4.10.0', '4.11.3', '5.0.0']) publish(version);
  server = createServer((request, response) => {
    const name = path.basename(request.url ?? '');
    asked.push(name);
    try {
      response.end(readFileSync(path.join(folder, name)));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => void asked.splice(0));

const edge = (version: string, more = '', name = 'edge'): string => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: ${name}}
spec:
  destination: {namespace: edge}
  sources:
  - repoURL: ${address}
    chart: edge
    targetRevision: ${version}
${more.replace(/^(?=.)/gm, '    ')}`;

/** Plans the applications of a folder with the real Helm. */
async function planned(files: Readonly<Record<string, string>>, network = true) {
  const root = mkdtempSync(path.join(tmpdir(), 'argocd-hooks-test-'));
  try {
    write(root, files);
    const paths = { helm: HELM, kustomize: '/nonexistent/kustomize', kubectl: '/nonexistent/kubectl' };
    const renderer = nodeRenderer(root, { paths, network, env: process.env });
    const service = await openLintService(nodeFiles(root), [], { rootName: 'root', renderer });
    const applications = service.applications();
    await service.render(applications);
    const plans = applications.map((application) => service.plan(application));
    return {
      tasks: plans.flatMap(({ plans: { sync } }) =>
        placesIn(sync).map(
          ({ phase, wave, task }) => `${phase} ${wave.wave} ${task.kind} ${task.name} ${task.file}:${task.line}`,
        ),
      ),
      problems: plans.flatMap(({ problems }) =>
        problems.map(({ file, line, message }) => `${file}:${line} ${message}`),
      ),
      sent: applications.flatMap((application) =>
        service.source(application).objects.map(({ object }) => (object['metadata'] as { name: string }).name),
      ),
      refused: applications.flatMap((application) => service.source(application).refused),
      unrendered: service.lint().unrendered.map(({ file, line, message }) => `${file}:${line} ${message}`),
    };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

describe('a chart of a repository', () => {
  test.each([
    ['4.11.3', 'edge-4.11.3'],
    ['4.10.x', 'edge-4.10.0'],
    ['"*"', 'edge-5.0.0'],
    ['""', 'edge-5.0.0'],
    ['">=4.0.0 <5.0.0"', 'edge-4.11.3'],
  ])('is rendered in the version %s', async (version, name) => {
    const { tasks, problems, sent, refused } = await planned({ 'apps/edge.yaml': edge(version) });
    expect(problems).toEqual([]);
    expect(tasks).toEqual([
      'Sync 0 CustomResourceDefinition things.example.com apps/edge.yaml:8',
      `Sync 1 ConfigMap ${name} apps/edge.yaml:8`,
    ]);
    expect(sent.sort()).toEqual([name, 'things.example.com']);
    expect(refused).toEqual([]);
  });

  test('is given values of its own, of another source and of the Application', async () => {
    const helm = 'helm:\n  skipCrds: true\n  valueFiles: [$here/env/prod.yaml, values-two.yaml]\n';
    const { tasks, problems } = await planned({
      'edge.yaml': `${edge('4.11.3', helm)}  - repoURL: https://git.example.com/config.git\n    ref: here\n`,
      'env/prod.yaml': 'wave: "7"\nnames: [other]\n',
    });
    expect(problems).toEqual([]);
    expect(tasks).toEqual([
      'PreSync 0 Job one edge.yaml:8',
      'PreSync 0 Job two edge.yaml:8',
      'Sync 7 ConfigMap edge-4.11.3 edge.yaml:8',
    ]);
  });

  test('is fetched once for all that take it', async () => {
    const { sent } = await planned({ 'a.yaml': edge('4.11.3'), 'b.yaml': edge('4.11.3', '', 'other') });
    expect(sent).toHaveLength(4);
    expect(asked).toEqual(['index.yaml', 'edge-4.11.3.tgz']);
  });

  test('that is not there is a problem of the plan', async () => {
    const { tasks, problems, unrendered } = await planned({ 'edge.yaml': edge('6.x') });
    expect(tasks).toEqual([]);
    expect(problems).toEqual([
      expect.stringMatching(/^edge\.yaml:1 Helm cannot render the chart edge 6\.x from http:.*6\.x/),
    ]);
    expect(unrendered).toEqual([expect.stringMatching(/^edge\.yaml:1 Helm cannot render/)]);
  });

  test('is not fetched where the network is not allowed', async () => {
    const { tasks, problems, refused } = await planned({ 'edge.yaml': edge('4.11.3') }, false);
    expect([tasks, asked]).toEqual([[], []]);
    expect(problems).toEqual([expect.stringContaining('argocdHooks.render.network')]);
    expect(refused).toHaveLength(1);
  });
});
