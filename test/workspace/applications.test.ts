import { describe, expect, test } from 'vitest';
import { matchesGlob } from '../../server/src/workspace/glob.ts';
import { openFile } from '../../server/src/manifest/source-file.ts';
import { openIndex } from '../../server/src/workspace/index.ts';
import { comparePaths, joinPath, normalizePath } from '../../server/src/workspace/paths.ts';
import { application, manifest, MemoryFiles } from './memory-files.ts';

/** The applications of some files, in short. */
async function grouped(texts: Readonly<Record<string, string>>, paths?: readonly string[]) {
  const index = await openIndex(new MemoryFiles(texts), { rootName: 'root' }, paths);
  return index.applications().map(({ name, path, kind, namespace, files, problems }) => ({
    name,
    path,
    kind,
    namespace,
    files,
    problems: problems.map(({ message }) => message),
  }));
}

const CONFIG = manifest('ConfigMap', 'settings');

describe('an Argo CD Application', () => {
  test('takes the manifests of its source, not of the folders below', async () => {
    const found = await grouped({
      'apps/shop.yaml': application('shop', 'source:\n  path: deploy/shop\n', 'syncPolicy:\n  automated: {}\n'),
      'deploy/shop/b.yml': CONFIG,
      'deploy/shop/a.json': '{"apiVersion":"v1","kind":"Secret","metadata":{"name":"x"}}',
      'deploy/shop/below/c.yaml': CONFIG,
    });
    expect(found).toEqual([
      {
        name: 'shop',
        path: 'deploy/shop',
        kind: 'application',
        namespace: 'shop-ns',
        files: ['deploy/shop/a.json', 'deploy/shop/b.yml'],
        problems: [],
      },
      {
        name: 'below',
        path: 'deploy/shop/below',
        kind: 'directory',
        namespace: '',
        files: ['deploy/shop/below/c.yaml'],
        problems: [],
      },
    ]);
  });

  test('takes folders below, with include and exclude, as its directory says', async () => {
    const source =
      "source:\n  path: ./all/\n  directory:\n    recurse: true\n    include: '{*.yaml,*.yml}'\n    exclude: 'old/*'\n";
    const [first] = await grouped({
      'a.yaml': application('all', source),
      'all/x.yaml': CONFIG,
      'all/x.json': '{}',
      'all/deep/er/y.yml': CONFIG,
      'all/old/z.yaml': CONFIG,
    });
    expect(first?.files).toEqual(['all/deep/er/y.yml', 'all/x.yaml']);
  });

  test('plans itself where it stands in its own folder, as Argo CD would apply it', async () => {
    const index = await openIndex(
      new MemoryFiles({ 'self/app.yaml': application('self', 'source:\n  path: self\n'), 'self/c.yaml': CONFIG }),
      { rootName: 'root' },
    );
    const [self] = index.applications();
    expect(self?.files).toEqual(['self/app.yaml', 'self/c.yaml']);
    const plan = self && index.plan(self);
    const kinds = plan?.plans.sync.phases.flatMap((p) => p.waves.flatMap((w) => w.batches.map((b) => b.kind)));
    expect(kinds).toEqual(['ConfigMap', 'Application']);
  });

  test('finds its source beside itself where the repository lies in a folder', async () => {
    const [found] = await grouped({
      'test/guide/application.yaml': application('guide', 'source:\n  path: sync-hooks\n'),
      'test/guide/sync-hooks/c.yaml': CONFIG,
    });
    expect(found?.path).toBe('test/guide/sync-hooks');
  });

  test('finds its source where the root is a folder of the repository', async () => {
    const [found] = await grouped({
      'application.yaml': application('guide', 'source:\n  path: examples/guide/sync-hooks\n'),
      'sync-hooks/c.yaml': CONFIG,
    });
    expect([found?.name, found?.path]).toEqual(['guide', 'sync-hooks']);
  });

  test('with several sources takes what is here, and says what is not', async () => {
    const sources =
      'sources:\n- path: one\n- path: two\n- chart: redis\n  repoURL: https://charts.example.com\n- path: gone\n  repoURL: https://git.example.com/x\n';
    const [found] = await grouped({
      'a.yaml': application('many', sources),
      'one/a.yaml': CONFIG,
      'two/b.yaml': CONFIG,
    });
    expect(found?.files).toEqual(['one/a.yaml', 'two/b.yaml']);
    expect(found?.problems).toEqual([
      'The Application many takes the chart redis from https://charts.example.com, a registry, and nothing is fetched unless the setting argocdHooks.render.network allows it (--render-network in the terminal): its manifests are missing in the plan, and it cannot be synced from here.',
      'A source of the Application many is not in this workspace (gone of https://git.example.com/x): its manifests are missing here.',
    ]);
  });

  test('whose source is the root of another repository is not taken for this one', async () => {
    const named = (name: string, repository: string, path: string): string =>
      application(name, `source:\n  repoURL: https://git.example.com/team/${repository}.git\n  path: ${path}\n`);
    const texts = {
      'apps/own.yaml': named('own', 'deploy', 'shop'),
      'apps/other.yaml': named('other', 'policies', '.'),
      'shop/c.yaml': CONFIG,
    };
    const names = async (files: Readonly<Record<string, string>>) => (await grouped(files)).map(({ name }) => name);
    expect(await names(texts)).toEqual(['own']);
    // A fork keeps the name; and where nothing tells which repository this is, it may be any.
    expect(await names({ ...texts, 'apps/root.yaml': named('root', 'deploy', '.') })).toContain('root');
    expect(await names({ ...texts, 'apps/own.yaml': CONFIG })).toContain('other');
  });

  test('whose source is elsewhere is a manifest like any other', async () => {
    const found = await grouped({ 'apps/a.yaml': application('a', 'source:\n  path: gone\n'), 'apps/c.yaml': CONFIG });
    expect(found.map(({ name, files }) => [name, files])).toEqual([['apps', ['apps/a.yaml', 'apps/c.yaml']]]);
  });

  test('files that only set applications up are no application, unless they are ordered', async () => {
    const plain = application('a', 'source:\n  path: one\n');
    const waved = plain.replace('name: a\n', 'name: a\n  annotations: {argocd.argoproj.io/sync-wave: "1"}\n');
    expect((await grouped({ 'apps/a.yaml': plain, 'one/c.yaml': CONFIG })).map(({ name }) => name)).toEqual(['a']);
    expect((await grouped({ 'apps/a.yaml': waved, 'one/c.yaml': CONFIG })).map(({ name }) => name)).toEqual([
      'apps',
      'a',
    ]);
  });
});

describe('without an Application', () => {
  test('each folder with manifests is one', async () => {
    const found = await grouped({
      'c.yaml': CONFIG,
      'a/x.yaml': CONFIG,
      'a/values.yaml': 'image: x\nkind: y\n',
      'a/b/y.yaml': `# c\n---\n${CONFIG}`,
      'docs/only.yaml': 'a: 1\n',
      'package.json': '{"name": "x"}',
    });
    expect(found.map(({ name, path, kind }) => [name, path, kind])).toEqual([
      ['root', '.', 'directory'],
      ['a', 'a', 'directory'],
      ['b', 'a/b', 'directory'],
    ]);
    expect(found[1]?.files).toEqual(['a/values.yaml', 'a/x.yaml']);
  });

  test('only some files or folders may be asked for', async () => {
    const texts = { 'a/x.yaml': CONFIG, 'a/y.yaml': CONFIG, 'b/z.yaml': CONFIG };
    expect((await grouped(texts, ['a/y.yaml'])).map(({ path, files }) => [path, files])).toEqual([['a', ['a/y.yaml']]]);
    expect((await grouped(texts, ['b'])).map(({ path }) => path)).toEqual(['b']);
  });

  test('a file that asks Argo CD to skip it is passed over', async () => {
    expect(await grouped({ 'a/x.yaml': `# +argocd:skip-file-rendering\n${CONFIG}` })).toEqual([]);
  });

  test('a kustomization is one, with the plain manifests that it builds on', async () => {
    const found = await grouped({
      'base/kustomization.yaml': 'resources: [c.yaml]\n',
      'base/c.yaml': CONFIG,
      'prod/kustomization.yaml':
        'namespace: prod\nresources:\n- ../base\n- job.yaml\n- gone.yaml\n- https://example.com/x\n',
      'prod/job.yaml': manifest('Job', 'x'),
      'prod/patch.yaml': manifest('ConfigMap', 'settings'),
    });
    expect(found).toMatchObject([
      { name: 'prod', path: 'prod', kind: 'kustomize', namespace: 'prod', files: ['base/c.yaml', 'prod/job.yaml'] },
    ]);
    expect(found[0]?.problems.slice(1)).toEqual([
      'It builds on gone.yaml, which is not here: those manifests are missing in the plan.',
      'It builds on https://example.com/x, which is not fetched: those manifests are missing in the plan.',
    ]);
  });

  test('a chart is one, with the templates of the charts inside', async () => {
    const found = await grouped({
      'chart/Chart.yaml': 'name: chart\n',
      'chart/values.yaml': 'a: 1\n',
      'chart/templates/job.yaml': manifest('Job', '{{ .Release.Name }}'),
      'chart/crds/crd.yaml': manifest('CustomResourceDefinition', 'x'),
      'chart/charts/sub/Chart.yaml': 'name: sub\n',
      'chart/charts/sub/templates/c.yaml': CONFIG,
      'chart/ci/test.yaml': CONFIG,
    });
    expect(found).toMatchObject([
      {
        name: 'chart',
        kind: 'helm',
        files: ['chart/charts/sub/templates/c.yaml', 'chart/crds/crd.yaml', 'chart/templates/job.yaml'],
      },
    ]);
  });
});

describe('an index', () => {
  const texts = { 'a/x.yaml': CONFIG, 'b/y.yaml': manifest('Job', 'y') };

  test('plans anew what changed, and nothing else', async () => {
    const index = await openIndex(new MemoryFiles(texts), { rootName: 'root' });
    const [a, b] = index.applications();
    if (!a || !b) throw new Error('no applications');
    const before = [index.versionedPlan(a), index.versionedPlan(b)];
    const file = index.file('a/x.yaml');
    if (!file) throw new Error('no file');
    index.overlay('a/x.yaml', file.replaced(manifest('ConfigMap', 'other'), 1));
    expect(index.applications()).toEqual([a, b]);
    expect(index.applications()[0]).toBe(a);
    expect(index.versionedPlan(b)).toBe(before[1]);
    expect(index.versionedPlan(a).version).toBeGreaterThan(before[0]?.version ?? 0);
    expect(JSON.stringify(index.plan(a))).toContain('"other"');
  });

  test('shows open editors over the files on disk, until they are closed', async () => {
    const files = new MemoryFiles(texts);
    const index = await openIndex(files, { rootName: 'root' });
    const open = index.file('a/x.yaml')?.replaced(manifest('ConfigMap', 'typed'), 1);
    if (!open) throw new Error('no file');
    index.overlay('a/x.yaml', open);
    files.texts.set('a/x.yaml', manifest('ConfigMap', 'saved'));
    await index.refresh('a/x.yaml');
    expect(index.file('a/x.yaml')?.text).toContain('typed');
    await index.close('a/x.yaml');
    expect(index.file('a/x.yaml')?.text).toContain('saved');
  });

  test('keeps a file that Git ignores only as long as it is open', async () => {
    const files = new MemoryFiles(texts);
    const index = await openIndex(files, { rootName: 'root' });
    files.texts.set('out/x.yaml', CONFIG);
    index.overlay('out/x.yaml', openFile('out/x.yaml', CONFIG));
    expect(index.applicationOf('out/x.yaml')?.path).toBe('out');
    await index.close('out/x.yaml');
    expect(index.applications().map(({ path }) => path)).toEqual(['a', 'b']);
  });

  test('keeps a new file that was saved while it was open', async () => {
    const files = new MemoryFiles(texts);
    const index = await openIndex(files, { rootName: 'root' });
    index.overlay('c/x.yaml', openFile('c/x.yaml', CONFIG));
    files.texts.set('c/x.yaml', CONFIG);
    await index.refresh('c/x.yaml');
    await index.close('c/x.yaml');
    expect(index.applications().map(({ path }) => path)).toEqual(['a', 'b', 'c']);
  });

  test('follows files that come and go', async () => {
    const files = new MemoryFiles(texts);
    const index = await openIndex(files, { rootName: 'root' });
    files.texts.set('c/z.yaml', CONFIG);
    files.texts.delete('a/x.yaml');
    await Promise.all([index.refresh('c/z.yaml'), index.refresh('a/x.yaml')]);
    expect(index.applications().map(({ path }) => path)).toEqual(['b', 'c']);
    expect(index.applicationOf('c/z.yaml')?.name).toBe('c');
    expect(index.applicationOf('a/x.yaml')).toBeUndefined();
  });

  test('knows the application of a manifest and of the Application that declares it', async () => {
    const index = await openIndex(
      new MemoryFiles({ 'app.yaml': application('one', 'source:\n  path: a\n'), 'a/x.yaml': CONFIG }),
      { rootName: 'root' },
    );
    expect(index.applicationOf('a/x.yaml')?.name).toBe('one');
    expect(index.applicationOf('app.yaml')?.name).toBe('one');
    const file = index.file('app.yaml');
    if (!file) throw new Error('no file');
    index.overlay('app.yaml', file.replaced(`# a line more\n${file.text}`, 1));
    expect(index.applicationOf('app.yaml')?.declaredIn).toEqual({ file: 'app.yaml', line: 2 });
  });

  test('places every object on the line on which it begins, broken neighbors or not', async () => {
    const text = `# c\n${manifest('ConfigMap', 'a')}---\nkind: [\n--- # x\n\n${manifest('ConfigMap', 'b')}---\napiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  metadata: {name: s}\n`;
    const index = await openIndex(new MemoryFiles({ 'a/x.yaml': text }), { rootName: 'root' });
    const [a] = index.applications();
    if (!a) throw new Error('no application');
    const { objects, problems } = index.objects(a);
    const lines = text.split('\n');
    expect(objects.map(({ line }) => lines[(line ?? 0) - 1])).toEqual([
      'apiVersion: v1',
      'apiVersion: v1',
      '- apiVersion: v1',
    ]);
    expect(problems.map(({ file, line }) => [file, lines[(line ?? 0) - 1]])).toEqual([['a/x.yaml', 'kind: [']]);
  });
});

describe('paths and patterns', () => {
  test.each([
    ['*.yaml', 'a/b.yaml', true],
    ['*.yaml', 'b.yml', false],
    ['{config.json,env-usw2/*}', 'env-usw2/x/y.yaml', true],
    ['{config.json,env-usw2/*}', 'config.json', true],
    ['?.yaml', 'a.yaml', true],
    ['[!a].yaml', 'a.yaml', false],
    ['[a-c].yaml', 'b.yaml', true],
    ['\\*.yaml', '*.yaml', true],
    ['a.yaml', 'axyaml', false],
    ['{a', 'a', false],
  ])('%s on %s: %s', (pattern, path, matches) => {
    expect(matchesGlob(pattern, path)).toBe(matches);
  });

  test('come in the order in which Argo CD walks', () => {
    expect(['a-b.yaml', 'a/x.yaml', 'a.yaml', 'A.yaml'].sort(comparePaths)).toEqual([
      'A.yaml',
      'a/x.yaml',
      'a-b.yaml',
      'a.yaml',
    ]);
    expect([normalizePath('./a//b/'), normalizePath(''), normalizePath('../a'), joinPath('a', '../b')]).toEqual([
      'a/b',
      '.',
      '../a',
      'b',
    ]);
  });
});

describe('a file of manifests is found alone, however it is written', () => {
  test.each([
    ['behind a byte-order mark', `\ufeff${CONFIG}`],
    ['behind a byte-order mark and a comment', `\ufeff# c\n${CONFIG}`],
    [
      'as kubectl prints a list',
      'apiVersion: v1\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata:\n    name: a\nkind: List\nmetadata: {}\n',
    ],
    [
      'with a nested kind first',
      'metadata:\n  ownerReferences:\n  - apiVersion: v1\n    kind: Pod\n  name: a\napiVersion: v1\nkind: ConfigMap\n',
    ],
    ['with an indented root', '  apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: a}\n'],
    ['with explicit keys', '? apiVersion\n: v1\n? kind\n: ConfigMap\nmetadata: {name: a}\n'],
    ['with anchors and tags on keys', '&k kind: ConfigMap\n!!str apiVersion: v1\nmetadata: {name: a}\n'],
    ['with escapes in keys', '"\\x6bind": ConfigMap\napiVersion: v1\nmetadata: {name: kind}\n'],
    ['with CRLF', CONFIG.replaceAll('\n', '\r\n')],
  ])('%s', async (_how, text) => {
    expect((await grouped({ 'a/x.yaml': text })).map(({ files }) => files)).toEqual([['a/x.yaml']]);
  });

  test.each([
    ['a kind below the root', 'apiVersion: v1\nspec:\n  kind: x\n'],
    ['a reference below another root', 'target:\n  apiVersion: v1\n  kind: Pod\n'],
    ['an indented root without a kind', '  target:\n    apiVersion: v1\n    kind: Pod\n'],
    ['a text', '# kind\nnote: |\n  apiVersion: v1\n  kind: Pod\n'],
  ])('but not %s', async (_what, text) => {
    expect(await grouped({ 'a/x.yaml': text })).toEqual([]);
  });
});

describe('what builds on others alone', () => {
  const REMOTE = 'resources:\n- https://github.com/argoproj/argo-cd/manifests/install?ref=v3.1.0\n';
  const UMBRELLA = 'apiVersion: v2\nname: umbrella\nversion: 1.0.0\ndependencies:\n- name: redis\n  version: 1.0.0\n';

  test('is an application too: a kustomization of addresses or missing files, a chart of dependencies', async () => {
    const found = await grouped({
      'argo/kustomization.yaml': REMOTE,
      'gone/kustomization.yaml': 'resources: [job.yaml]\n',
      'chart/Chart.yaml': UMBRELLA,
      'over/kustomization.yaml': 'resources: [base]\n',
      'over/base/kustomization.yaml': REMOTE,
    });
    expect(found.map(({ path, kind }) => `${path} ${kind}`)).toEqual([
      'argo kustomize',
      'chart helm',
      'gone kustomize',
      'over kustomize',
    ]);
    expect(found[2]?.problems[1]).toBe(
      'It builds on job.yaml, which is not here: those manifests are missing in the plan.',
    );
  });

  test('is none where it builds on nothing, or an Application names it', async () => {
    const found = await grouped({
      'nothing/kustomization.yaml': 'commonLabels: {a: b}\n',
      'library/Chart.yaml': 'apiVersion: v2\nname: library\ntype: library\nversion: 1.0.0\n',
      'apps/argo.yaml': application('argo', 'source:\n  path: argo\n'),
      'argo/kustomization.yaml': REMOTE,
      'apps/chart.yaml': application('chart', 'source:\n  path: chart\n'),
      'chart/Chart.yaml': UMBRELLA,
    });
    expect(found.map(({ name }) => name)).toEqual(['argo', 'chart']);
  });
});
