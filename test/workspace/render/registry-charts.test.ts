import { describe, expect, test } from 'vitest';
import { placesIn } from '../../../server/src/core/plan/query.ts';
import { openIndex } from '../../../server/src/workspace/index.ts';
import type { ApplicationPlan } from '../../../server/src/core/plan/model.ts';
import type { Application, SyncSource } from '../../../server/src/workspace/model.ts';
import { RenderKeeper } from '../../../server/src/workspace/render/keeper.ts';
import type { RenderJob, RenderOutput } from '../../../server/src/workspace/render/model.ts';
import { registryChart } from '../../../server/src/workspace/registry-charts.ts';
import { syncSource } from '../../../server/src/workspace/source.ts';
import { Linter } from '../../../server/src/language/diagnostics/lint.ts';
import { application as declared, manifest, MemoryFiles } from '../memory-files.ts';
import { fetched, MemoryRenderer, rendered } from './memory-renderer.ts';

const INGRESS = `source:
  repoURL: https://charts.example.com/ingress
  chart: ingress-nginx
  targetRevision: 4.11.x
`;
const CHART = fetched({
  'Chart.yaml': 'apiVersion: v2\nname: ingress-nginx\nversion: 4.11.3\n',
  'values.yaml': 'wave: 1\n',
  'values-small.yaml': 'wave: 2\n',
  'templates/web.yaml': `${manifest('Deployment', 'web').trimEnd()}
  annotations:
    argocd.argoproj.io/sync-wave: {{ .Values.wave | quote }}
    argocd.argoproj.io/hook: Nonsense
`,
});
const output = (wave = '"3"'): string =>
  `---\n# Source: ingress-nginx/templates/web.yaml\n${manifest('Deployment', 'web').trimEnd()}
  annotations:
    argocd.argoproj.io/sync-wave: ${wave}
    argocd.argoproj.io/hook: Nonsense
---
# Source: ingress-nginx/templates/web.yaml
${manifest('Service', 'web')}`;

interface Run {
  readonly application: Application;
  readonly plan: ApplicationPlan;
  readonly source: SyncSource;
  readonly renderer: MemoryRenderer;
  readonly job: RenderJob | undefined;
  readonly arguments: readonly string[];
  readonly tasks: readonly string[];
  readonly problems: readonly string[];
  readonly findings: (file: string) => readonly string[];
}

async function run(
  name: string,
  texts: Readonly<Record<string, string>>,
  { network = true, result = rendered(output()) }: { network?: boolean; result?: RenderOutput } = {},
): Promise<Run> {
  const files = new MemoryFiles(texts);
  const index = await openIndex(files, { rootName: 'root' });
  const renderer = new MemoryRenderer(files.texts, () => result, network);
  renderer.charts.set('ingress-nginx', CHART);
  renderer.charts.set('oci://registry.example.com/charts/ingress-nginx', CHART);
  const application = index.applications().find((candidate) => candidate.name === name);
  if (!application) throw new Error(`no application ${name}`);
  await new RenderKeeper(index, renderer).refresh(application);
  const plan = index.plan(application);
  const linter = new Linter(index, { argocdVersion: '3.1', levels: {} });
  const [job] = renderer.jobs;
  return {
    ...{ application, plan, renderer, job },
    source: syncSource(index, application),
    arguments: (job?.calls.at(-1) ?? []).map((part) =>
      typeof part === 'string' ? part : `${part.before}<${'file' in part ? part.file : part.extra}>`,
    ),
    tasks: placesIn(plan.plans.sync).map(
      ({ wave, task }) => `${wave.wave} ${task.kind} ${task.name} ${task.file}:${task.line} ${task.origin}`,
    ),
    problems: plan.problems.map(({ file, line, message }) => `${file}:${line} ${message}`),
    findings: (file) => linter.findings(file).map(({ finding }) => `${finding.rule}: ${finding.message}`),
  };
}

const FOLDER = '.chart-of-a-registry/ingress-nginx';

describe('a chart of a registry', () => {
  test('is fetched and rendered where the network is allowed', async () => {
    const found = await run('ingress', { 'apps/ingress.yaml': `# one\n${declared('ingress', INGRESS)}` });
    expect(found.renderer.asked).toEqual([
      { name: 'ingress-nginx', repository: 'https://charts.example.com/ingress', version: '4.11.x' },
    ]);
    expect(found.job?.folder).toBe(FOLDER);
    expect(found.arguments).toEqual([
      ...['template', '.', '--name-template', 'ingress', '--namespace', 'ingress-ns', '--include-crds'],
    ]);
    expect([...(found.job?.texts.keys() ?? [])].map((path) => path.slice(FOLDER.length + 1))).toEqual([
      ...['Chart.yaml', 'values.yaml', 'values-small.yaml', 'templates/web.yaml'],
    ]);
    expect(found.tasks).toEqual([
      '0 Service web apps/ingress.yaml:11 Rendered by Helm from templates/web.yaml of the chart ingress-nginx 4.11.3.',
    ]);
    expect(found.source.refused).toEqual([]);
    expect(found.source.objects.map(({ file, line }) => `${file}:${line}`)).toEqual([
      'apps/ingress.yaml:11',
      'apps/ingress.yaml:11',
    ]);
    expect(found.plan.source).toEqual({
      kind: 'helm',
      path: 'apps',
      chart: 'chart ingress-nginx 4.11.x from https://charts.example.com/ingress',
      reason:
        'The Argo CD Application ingress in apps/ingress.yaml names the chart ingress-nginx 4.11.x from https://charts.example.com/ingress as its source.',
    });
  });

  test('is a problem of its plan where it is not, and is not synced', async () => {
    const files = { 'apps/ingress.yaml': declared('ingress', INGRESS) };
    const { renderer, problems, tasks, source, findings } = await run('ingress', files, { network: false });
    expect(renderer.asked).toEqual([]);
    expect(tasks).toEqual([]);
    expect(problems).toEqual([
      'apps/ingress.yaml:1 Helm cannot render the chart ingress-nginx 4.11.x from https://charts.example.com/ingress: it is in a registry, and nothing is fetched unless the setting argocdHooks.render.network allows it (--render-network in the terminal). Its manifests are missing in the plan, and it is not synced from here.',
    ]);
    expect(source.refused).toHaveLength(1);
    expect(findings('apps/ingress.yaml')).toEqual([]);
  });

  test('does not keep the other sources from being planned where it is not fetched', async () => {
    const files = {
      'app.yaml': declared(
        'both',
        `sources:\n- path: own\n  repoURL: https://git.example.com/a\n- chart: ingress-nginx\n  repoURL: https://charts.example.com\n`,
      ),
      'own/a.yaml': manifest('ConfigMap', 'a'),
    };
    const { tasks, problems, plan } = await run('both', files, { network: false });
    expect(tasks).toEqual(['0 ConfigMap a own/a.yaml:1 undefined']);
    expect(problems).toHaveLength(1);
    expect([plan.source.path, plan.source.chart]).toEqual(['own', undefined]);
  });

  test.each([
    ['', ''],
    ['"*"', ''],
    ['">= 4.10, < 5"', '>= 4.10, < 5'],
    ['4.11.3', '4.11.3'],
  ])('of the version %s is asked for as %j', async (written, version) => {
    const source = INGRESS.replace('4.11.x', written);
    const { renderer } = await run('ingress', { 'a.yaml': declared('ingress', source) });
    expect(renderer.asked).toMatchObject([{ version }]);
  });

  test.each(['registry.example.com/charts', 'oci://registry.example.com/charts', 'oci://registry.example.com/charts/'])(
    'is asked for by its address in the OCI registry %s',
    async (repoURL) => {
      const source = INGRESS.replace('https://charts.example.com/ingress', repoURL);
      const { renderer, problems } = await run('ingress', { 'a.yaml': declared('ingress', source) });
      expect(renderer.asked).toEqual([{ name: 'oci://registry.example.com/charts/ingress-nginx', version: '4.11.x' }]);
      expect(problems).toEqual([]);
    },
  );

  test.each([
    ['chart: --post-renderer=sh', /chart is no name/],
    ['chart: ../../etc', /chart is no name/],
    ['chart: "{{ name }}"', /holds a template/],
    ['repoURL: file:///etc', /neither an address with https/],
    ['repoURL: "s3://bucket/charts"', /neither an address with https/],
    ['targetRevision: "4; rm"', /no version/],
  ])('is not asked for with %s', async (line, expected) => {
    const key = line.slice(0, line.indexOf(':'));
    const source = INGRESS.replace(new RegExp(`${key}: .*`), line);
    const { renderer, problems } = await run('ingress', { 'a.yaml': declared('ingress', source) });
    expect(renderer.asked).toEqual([]);
    expect(problems).toEqual([expect.stringMatching(expected)]);
  });

  test('does not show the password of its address', async () => {
    const source = INGRESS.replace('https://', 'https://me:secret@');
    const found = await run('other', { 'a.yaml': declared('other', source.replace('ingress-nginx', 'gone')) });
    expect(found.renderer.asked).toMatchObject([{ repository: 'https://me:secret@charts.example.com/ingress' }]);
    expect(found.problems).toEqual([
      'a.yaml:1 Helm cannot render the chart gone 4.11.x from https://charts.example.com/ingress: chart "gone" not found in https://charts.example.com/ingress. Its manifests are missing in the plan, and it is not synced from here.',
    ]);
    expect(JSON.stringify([found.plan, found.source])).not.toContain('secret');
  });

  test('is given values of its own, of a second source, and of the Application', async () => {
    const sources = `sources:
- repoURL: https://charts.example.com
  chart: ingress-nginx
  targetRevision: 4.11.3
  helm:
    releaseName: edge
    valueFiles: [$values/env/prod.yaml, values-small.yaml, gone.yaml]
    ignoreMissingValueFiles: true
    valuesObject: {replicas: 2}
    parameters: [{name: a.b, value: "x,y"}]
    skipCrds: true
    skipTests: true
    kubeVersion: "1.31"
    apiVersions: [monitoring.coreos.com/v1]
- repoURL: https://git.example.com/team/config.git
  ref: values
`;
    const files = { 'apps/a.yaml': declared('edge', sources), 'env/prod.yaml': 'wave: "3"\n' };
    const found = await run('edge', files);
    expect(found.arguments).toEqual([
      ...['template', '.', '--name-template', 'edge', '--namespace', 'edge-ns', '--kube-version', '1.31'],
      ...['--set', 'a.b=x\\,y', '--values', '<env/prod.yaml>', '--values', `<${FOLDER}/values-small.yaml>`],
      ...['--values', '<values-of-the-application.yaml>', '--api-versions', 'monitoring.coreos.com/v1', '--skip-tests'],
    ]);
    expect(found.job?.files).toContain('env/prod.yaml');
    expect(found.job?.extra.get('values-of-the-application.yaml')).toBe('{"replicas":2}');
    expect(found.problems).toEqual([]);
  });

  test('is not rendered with a file outside of it', async () => {
    const source = `${INGRESS}  helm:\n    valueFiles: [../../secret.yaml]\n`;
    const { renderer, problems } = await run('ingress', { 'a.yaml': declared('ingress', source) });
    expect(renderer.asked).toEqual([]);
    expect(problems).toEqual([expect.stringContaining('The values file ../../secret.yaml is not in this workspace.')]);
  });

  test('is told about only where the values decide', async () => {
    const source = `${INGRESS}  helm:\n    valuesObject:\n      wave: "three"\n`;
    const files = { 'a.yaml': declared('ingress', source) };
    const wrong = await run('ingress', files, { result: rendered(output('"three"')) });
    expect(wrong.findings('a.yaml')).toEqual([
      expect.stringMatching(
        /^invalid-sync-wave: .*Rendered by Helm from this value, by templates\/web\.yaml of the chart ingress-nginx 4\.11\.3\.$/,
      ),
    ]);
    const own = await run('ingress', { 'a.yaml': declared('ingress', INGRESS) }, { result: rendered(output('"one"')) });
    expect(own.findings('a.yaml')).toEqual([]);
  });

  test('says why it fails without naming a file that nobody has', async () => {
    const message = `Error: execution error at (ingress-nginx/templates/web.yaml:7:3): wave is required`;
    const files = { 'apps/a.yaml': declared('ingress', INGRESS) };
    const { problems } = await run('ingress', files, { result: { kind: 'failed', message } });
    expect(problems).toEqual([
      'apps/a.yaml:1 Helm cannot render the chart ingress-nginx 4.11.3: execution error at (ingress-nginx/templates/web.yaml:7:3): wave is required. Its manifests are missing in the plan, and it is not synced from here.',
    ]);
  });

  test('of an ApplicationSet is rendered for each Application', async () => {
    const set = `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: edges}
spec:
  generators:
  - list: {elements: [{env: a, version: 4.11.3}, {env: b, version: 4.10.0}]}
  template:
    metadata: {name: "edge-{{env}}"}
    spec:
      destination: {namespace: "{{env}}"}
      source:
        repoURL: https://charts.example.com
        chart: ingress-nginx
        targetRevision: "{{version}}"
`;
    const found = await run('edge-b', { 'sets/edges.yaml': set });
    expect(found.renderer.asked).toMatchObject([{ version: '4.10.0' }]);
    expect(found.tasks).toEqual([expect.stringContaining(' sets/edges.yaml:13 ')]);
    expect(found.application.reason).toContain('with the source chart ingress-nginx 4.10.0 from https://');
  });
});

test.each(['ghcr.io/a', 'https://example.com'])('a chart of %s may have folders', (repoURL) => {
  expect(registryChart({ repoURL, chart: 'org/charts/app', targetRevision: '' })).toHaveProperty('chart');
});
