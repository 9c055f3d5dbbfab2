import { describe, expect, test } from 'vitest';
import { openIndex } from '../../../server/src/workspace/index.ts';
import { readBuildOptions } from '../../../server/src/workspace/render/build-options.ts';
import { RenderKeeper } from '../../../server/src/workspace/render/keeper.ts';
import type { Renderer, RenderJob } from '../../../server/src/workspace/render/model.ts';
import { manifest, MemoryFiles } from '../memory-files.ts';
import { MemoryRenderer, rendered } from './memory-renderer.ts';

describe('the options of a build', () => {
  test.each([
    ['', []],
    ['  --enable-helm ', ['--enable-helm']],
    ['--enable-helm=true', ['--enable-helm']],
    ['--enable-helm=false', []],
    ['--load-restrictor LoadRestrictionsNone', ['--load-restrictor', 'LoadRestrictionsNone']],
    [
      '--load-restrictor=LoadRestrictionsNone\n--enable-helm',
      ['--load-restrictor', 'LoadRestrictionsNone', '--enable-helm'],
    ],
    ['--helm-kube-version v1.31', ['--helm-kube-version', 'v1.31']],
    ['--helm-api-versions monitoring.coreos.com/v1,a/b', ['--helm-api-versions', 'monitoring.coreos.com/v1,a/b']],
  ])('%j are %j', (written, expected) => {
    expect(readBuildOptions(written)).toEqual({ arguments: expected });
  });

  test.each([
    '--enable-exec',
    '--enable-alpha-plugins --enable-helm',
    '--enable-helm --enable_alpha_plugins',
    '--network',
    '--network=true',
    '--network-name x',
    '--helm-command /tmp/evil',
    '--helm-command=/tmp/evil',
    '--mount type=bind,source=/,target=/x',
    '-e SECRET',
    '--as-current-user',
    '-o /etc/x',
    '--output=/etc/x',
    '--stack-trace',
    '../elsewhere',
    ';',
    '--load-restrictor',
    '--load-restrictor --enable-exec',
    '--load-restrictor=x',
    '--enable-helm=$(x)',
    '--helm-kube-version --enable-exec',
    '--constructor',
    'constructor',
    '__proto__',
  ])('%s are not let through', (written) => {
    expect(readBuildOptions(written)).toHaveProperty('wrong');
  });
});

const CHARTS = 'helmCharts:\n- name: redis\n  repo: https://charts.example.com\n  version: 1.2.3\n';

async function built(
  options: string,
  texts: Readonly<Record<string, string>>,
  { network = false, fails = '' } = {},
): Promise<{ readonly jobs: readonly RenderJob[]; readonly problems: readonly string[] }> {
  const files = new MemoryFiles(texts);
  const index = await openIndex(files, { rootName: 'root' });
  const tool = new MemoryRenderer(
    files.texts,
    () => (fails === '' ? rendered(manifest('ConfigMap', 'a')) : { kind: 'failed', message: fails }),
    network,
  );
  const renderer: Renderer = {
    ...{ network, kustomizeBuildOptions: options },
    ...{ render: (job, cancellation) => tool.render(job, cancellation) },
    chart: (chart) => tool.chart(chart),
    ...{ entry: (path) => tool.entry(path), read: (path) => tool.read(path), list: (folder) => tool.list(folder) },
  };
  const [application] = index.applications();
  if (!application) throw new Error('no application');
  await new RenderKeeper(index, renderer).refresh(application);
  const { problems } = index.plan(application);
  return { jobs: tool.jobs, problems: problems.map(({ file, line, message }) => `${file}:${line} ${message}`) };
}

describe('a kustomization', () => {
  const PLAIN = { 'kustomization.yaml': 'resources: [a.yaml]\n', 'a.yaml': manifest('ConfigMap', 'a') };

  test('is built with the options of the setting', async () => {
    const { jobs, problems } = await built('--load-restrictor LoadRestrictionsNone', PLAIN);
    expect(jobs.map(({ calls }) => calls)).toEqual([[['.', '--load-restrictor', 'LoadRestrictionsNone']]]);
    expect(problems).toEqual([]);
  });

  test('is not built with others, and the setting is named', async () => {
    const { jobs, problems } = await built('--enable-exec', PLAIN);
    expect(jobs).toEqual([]);
    expect(problems).toEqual([
      expect.stringMatching(
        /^kustomization\.yaml:1 kustomize cannot render this folder: the setting argocdHooks\.render\.kustomizeBuildOptions is wrong: --enable-exec is not allowed here/,
      ),
    ]);
  });

  test('has no chart fetched unless the network is allowed', async () => {
    const texts = { 'kustomization.yaml': CHARTS };
    const refused = await built('--enable-helm', texts);
    expect(refused.jobs).toEqual([]);
    expect(refused.problems[0]).toMatch(
      /^kustomization\.yaml:2 kustomize cannot render this folder: it builds on the chart redis of https:\/\/charts\.example\.com, and nothing is fetched unless/,
    );
    expect((await built('--enable-helm', texts, { network: true })).problems).toEqual([]);
  });

  test.each(['charts/redis', 'charts/redis-1.2.3/redis'])('takes a chart that lies in %s', async (folder) => {
    const texts = { 'kustomization.yaml': CHARTS, [`${folder}/Chart.yaml`]: 'name: redis\n' };
    const { jobs, problems } = await built('--enable-helm', texts);
    expect(problems).toEqual([]);
    expect(jobs[0]?.files).toContain(`${folder}/Chart.yaml`);
  });

  test('that needs an option says which one, and that Argo CD needs it too', async () => {
    const fails = 'Error: trouble configuring builtin HelmChartInflationGenerator: must specify --enable-helm';
    const { problems } = await built('', { 'kustomization.yaml': CHARTS }, { fails });
    expect(problems[0]).toContain(
      'must specify --enable-helm. Argo CD builds it only where kustomize.buildOptions in its ConfigMap argocd-cm holds --enable-helm: write the same into the setting argocdHooks.render.kustomizeBuildOptions.',
    );
  });
});
