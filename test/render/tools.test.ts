import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { placesIn } from '../../server/src/core/plan/query.ts';
import { nodeFiles } from '../../server/src/files-node.ts';
import { nodeRenderer } from '../../server/src/render-node.ts';
import { openService } from '../../server/src/service.ts';

const TOOLS = process.env['ARGOCD_HOOKS_RENDER_TOOLS'] ?? '';
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

interface Planned {
  /** `phase wave Kind name file:line` of the sync, in order. */
  readonly tasks: readonly string[];
  readonly problems: readonly string[];
  readonly refused: readonly string[];
  /** Names of what would be sent. */
  readonly sent: readonly string[];
}

/** Plans one application of a folder with the real tools. */
async function planned(
  name: string,
  files: Readonly<Record<string, string>>,
  kustomizeBuildOptions = '',
): Promise<Planned> {
  const root = mkdtempSync(path.join(tmpdir(), 'argocd-hooks-test-'));
  folders.push(root);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
  const tool = (program: string): string => path.join(TOOLS, program);
  const paths = { helm: tool('helm'), kustomize: tool('kustomize'), kubectl: tool('no-kubectl') };
  const renderer = nodeRenderer(root, { paths, network: false, kustomizeBuildOptions, env: process.env });
  const service = await openService(nodeFiles(root), [], { rootName: 'root', renderer });
  const application = service.applications().find((candidate) => candidate.name === name);
  if (!application) throw new Error(`no application ${name}`);
  await service.render([application]);
  const { plans, problems } = service.plan(application);
  const { objects, refused } = service.source(application);
  return {
    tasks: placesIn(plans.sync).map(
      ({ phase, wave, task }) => `${phase} ${wave.wave} ${task.kind} ${task.name} ${task.file}:${task.line}`,
    ),
    problems: problems.map(({ file, line, message }) => `${file}:${line} ${message}`),
    refused: refused.map(({ message }) => message),
    sent: objects.map(({ object }) => (object['metadata'] as { name: string }).name),
  };
}

const CHART = {
  'shop/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 0.1.0\n',
  'shop/values.yaml': 'wave: "1"\nbackup: false\nnames: [a, b]\n',
  'shop/templates/_helpers.tpl': '{{- define "shop.name" -}}{{ .Release.Name }}-shop{{- end -}}\n',
  'shop/templates/hooks.yaml': `{{- if .Values.backup }}
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ include "shop.name" . }}-backup
  annotations:
    helm.sh/hook: pre-upgrade
---
{{- end }}
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ include "shop.name" . }}-migrate
  annotations:
    helm.sh/hook: pre-install
    helm.sh/hook-weight: "-5"
`,
  'shop/templates/config.yaml': `{{- range .Values.names }}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ . }}
  annotations:
    argocd.argoproj.io/sync-wave: {{ $.Values.wave | quote }}
---
{{- end }}
`,
  'shop/crds/things.yaml': `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: things.example.com
spec: {group: example.com}
`,
  'shop/charts/store/Chart.yaml': 'apiVersion: v2\nname: db\nversion: 0.1.0\n',
  'shop/charts/store/templates/a.yaml': `# its own chart
apiVersion: v1
kind: Secret
metadata:
  name: {{ .Release.Name }}-db
`,
};

describe('Helm', () => {
  test('renders a chart with hooks, a chart inside, helpers, loops and CRDs, each led back', async () => {
    const { tasks, problems, refused } = await planned('shop', CHART);
    expect(problems).toEqual([]);
    expect(refused).toEqual([]);
    expect(tasks).toEqual([
      'PreSync -5 Job shop-shop-migrate shop/templates/hooks.yaml:10',
      'Sync 0 Secret shop-db shop/charts/store/templates/a.yaml:2',
      'Sync 0 CustomResourceDefinition things.example.com shop/crds/things.yaml:1',
      'Sync 1 ConfigMap a shop/templates/config.yaml:2',
      'Sync 1 ConfigMap b shop/templates/config.yaml:2',
    ]);
  });

  test('is given what the Application says: values files, a file of another source, values, parameters', async () => {
    const { tasks, problems } = await planned('blue', {
      ...CHART,
      'env/prod.yaml': 'wave: "2"\nbackup: true\n',
      'app.yaml': `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: blue}
spec:
  destination: {namespace: blue}
  sources:
  - repoURL: https://example.com/shop.git
    path: shop
    helm:
      releaseName: green
      skipCrds: true
      valueFiles: ["$values/env/prod.yaml"]
      values: |
        wave: "3"
      parameters:
      - {name: wave, value: "4"}
      - {name: names, value: "{p,q}"}
  - repoURL: https://example.com/shop.git
    ref: values
`,
    });
    expect(problems).toEqual([]);
    expect(tasks).toEqual([
      'PreSync -5 Job green-shop-migrate shop/templates/hooks.yaml:10',
      'PreSync 0 Job green-shop-backup shop/templates/hooks.yaml:2',
      'Sync 0 Secret green-db shop/charts/store/templates/a.yaml:2',
      'Sync 4 ConfigMap p shop/templates/config.yaml:2',
      'Sync 4 ConfigMap q shop/templates/config.yaml:2',
    ]);
  });

  test.each([
    [
      'a value that is missing',
      { 'shop/templates/bad.yaml': 'a: 1\nb: {{ .Values.no.such }}\n' },
      /^shop\/templates\/bad\.yaml:2 Helm cannot render shop: /,
    ],
    ['a broken action', { 'shop/templates/bad.yaml': 'a: {{ if }}\n' }, /^shop\/templates\/bad\.yaml:1 /],
    ['broken values', { 'shop/values.yaml': 'a: 1\nb: [\n' }, /^shop\/Chart\.yaml:1 .*values/],
    [
      'a missing dependency',
      {
        'shop/Chart.yaml': `${CHART['shop/Chart.yaml']}dependencies:\n- name: redis\n  version: 1.0.0\n  repository: https://example.com\n`,
      },
      /^shop\/Chart\.yaml:5 .*redis.*helm dependency build shop/,
    ],
  ])('leads back %s', async (_what, files, expected) => {
    const { problems, refused } = await planned('shop', { ...CHART, ...files });
    expect(problems[0]).toMatch(expected);
    expect(refused.length).toBeGreaterThan(0);
  });

  test('takes a dependency of the workspace from there', async () => {
    const dependency = 'dependencies:\n- name: common\n  version: 0.1.0\n  repository: file://../common\n';
    const { tasks, problems } = await planned('shop', {
      ...CHART,
      'shop/Chart.yaml': CHART['shop/Chart.yaml'] + dependency,
      'common/Chart.yaml': 'apiVersion: v2\nname: common\nversion: 0.1.0\n',
      'common/templates/c.yaml': 'apiVersion: v1\nkind: Service\nmetadata:\n  name: common\n',
    });
    expect(problems).toEqual([]);
    expect(tasks).toContain('Sync 0 Service common common/templates/c.yaml:1');
  });
});

const KUSTOMIZATION = {
  'base/kustomization.yaml': `resources: [all.yaml]
configMapGenerator:
- name: settings
  literals: [a=b]
`,
  'base/all.yaml': `apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
  annotations:
    argocd.argoproj.io/hook: PreSync
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
`,
  'prod/kustomization.yaml': `resources: [../base]
namePrefix: prod-
commonAnnotations: {team: a}
patches:
- target: {kind: Deployment}
  patch: |-
    - op: add
      path: /metadata/annotations/argocd.argoproj.io~1sync-wave
      value: "2"
`,
};

describe('kustomize', () => {
  test('builds a base with prefix, patches, generator and annotations, each led back', async () => {
    const { tasks, problems, refused, sent } = await planned('prod', KUSTOMIZATION);
    expect([problems, refused]).toEqual([[], []]);
    expect(tasks).toEqual([
      'PreSync 0 Job prod-migrate base/all.yaml:1',
      expect.stringMatching(/^Sync 0 ConfigMap prod-settings-\w{10} base\/kustomization\.yaml:3$/),
      'Sync 2 Deployment prod-web base/all.yaml:8',
    ]);
    expect(sent).toHaveLength(3);
  });

  test('inflates a chart that lies beside it where --enable-helm is given, and says so where it is not', async () => {
    const chart = Object.fromEntries(Object.entries(CHART).map(([file, text]) => [`kust/charts/${file}`, text]));
    const files = { ...chart, 'kust/kustomization.yaml': 'helmCharts:\n- name: shop\n  releaseName: web\n' };
    const without = await planned('kust', files);
    expect(without.problems[0]).toMatch(/must specify --enable-helm.*kustomize\.buildOptions.*kustomizeBuildOptions/);
    const given = await planned('kust', files, '--enable-helm');
    expect(given.problems).toEqual([]);
    expect(given.tasks.length).toBeGreaterThan(0);
  });

  test('takes a file from elsewhere where the load restriction is lifted, and says so where it is not', async () => {
    const files = {
      'kust/kustomization.yaml': 'resources: [../shared/a.yaml]\n',
      'shared/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n',
    };
    expect((await planned('kust', files)).problems[0]).toMatch(
      /is not in or below.*--load-restrictor LoadRestrictionsNone/,
    );
    const given = await planned('kust', files, '--load-restrictor LoadRestrictionsNone');
    expect(given).toMatchObject({ problems: [], sent: ['a'] });
  });

  test('is given what the Application says', async () => {
    const { tasks, problems } = await planned('blue', {
      ...KUSTOMIZATION,
      'app.yaml': `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: blue}
spec:
  destination: {namespace: blue}
  source:
    repoURL: https://example.com/shop.git
    path: prod
    kustomize:
      namePrefix: blue-
      commonAnnotations: {"argocd.argoproj.io/sync-options": Prune=false}
      patches:
      - target: {kind: Job}
        patch: |-
          - op: add
            path: /metadata/annotations/argocd.argoproj.io~1sync-wave
            value: "-3"
`,
    });
    expect(problems).toEqual([]);
    expect(tasks).toEqual([
      'PreSync -3 Job blue-migrate base/all.yaml:1',
      expect.stringMatching(/^Sync 0 ConfigMap blue-settings-/),
      'Sync 2 Deployment blue-web base/all.yaml:8',
    ]);
  });

  test.each([
    [
      'a resource that is not there',
      { 'prod/kustomization.yaml': 'resources:\n- ../base\n- nope.yaml\n' },
      /^prod\/kustomization\.yaml:3 /,
    ],
    [
      'a broken resource',
      { 'base/all.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: [\n' },
      /^base\/all\.yaml:\d /,
    ],
    [
      'a field that it does not know',
      { 'prod/kustomization.yaml': 'resources: [../base]\nprefix: a-\n' },
      /^prod\/kustomization\.yaml:2 /,
    ],
  ])('leads back %s', async (_what, files, expected) => {
    const { problems } = await planned('prod', { ...KUSTOMIZATION, ...files });
    expect(problems[0]).toMatch(expected);
  });
});
