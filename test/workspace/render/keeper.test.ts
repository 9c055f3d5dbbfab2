import { describe, expect, test } from 'vitest';
import { placesIn } from '../../../server/src/core/plan/query.ts';
import { openFile } from '../../../server/src/manifest/source-file.ts';
import { openIndex, type WorkspaceIndex } from '../../../server/src/workspace/index.ts';
import type { Application } from '../../../server/src/workspace/model.ts';
import { RenderKeeper } from '../../../server/src/workspace/render/keeper.ts';
import type { Cancellation, RenderJob, RenderOutput } from '../../../server/src/workspace/render/model.ts';
import { syncSource } from '../../../server/src/workspace/source.ts';
import { application as declared, manifest, MemoryFiles } from '../memory-files.ts';
import { MemoryRenderer, rendered } from './memory-renderer.ts';

interface Setup {
  readonly index: WorkspaceIndex;
  readonly keeper: RenderKeeper;
  readonly renderer: MemoryRenderer;
  readonly files: MemoryFiles;
  readonly application: (name: string) => Application;
}

async function setup(
  texts: Readonly<Record<string, string>>,
  tool: (job: RenderJob, cancellation: Cancellation) => RenderOutput | Promise<RenderOutput>,
  network = false,
): Promise<Setup> {
  const files = new MemoryFiles(texts);
  const index = await openIndex(files, { rootName: 'root' });
  const renderer = new MemoryRenderer(files.texts, tool, network);
  return {
    index,
    renderer,
    files,
    keeper: new RenderKeeper(index, renderer),
    application: (name) => {
      const found = index.applications().find((candidate) => candidate.name === name);
      if (!found) throw new Error(`no application ${name}`);
      return found;
    },
  };
}

/** The tasks of a plan, each with its place. */
function tasksOf(index: WorkspaceIndex, application: Application): string[] {
  return placesIn(index.plan(application).plans.sync).map(
    ({ phase, wave, task }) => `${phase} ${wave.wave} ${task.kind} ${task.name} ${task.file}:${task.line}`,
  );
}

const problemsOf = (index: WorkspaceIndex, application: Application): string[] =>
  index.plan(application).problems.map(({ file, line, message }) => `${file}:${line} ${message}`);

const JOB = manifest('Job', 'migrate', { 'argocd.argoproj.io/hook': 'PreSync' });
const WEB = manifest('Deployment', 'web');
const SHOP = {
  'base/kustomization.yaml': 'resources: [all.yaml]\nconfigMapGenerator:\n- name: other\n- name: settings\n',
  'base/all.yaml': `# two\n${JOB}---\n${WEB}`,
  'prod/kustomization.yaml': 'namePrefix: prod-\nresources: [../base]\n',
};
const built = (wave = 2): string =>
  `${manifest('ConfigMap', 'prod-settings-abcdefgh12')}---
${manifest('Deployment', 'prod-web', { 'argocd.argoproj.io/sync-wave': String(wave) })}---
${manifest('Job', 'prod-migrate', { 'argocd.argoproj.io/hook': 'PreSync' })}`;
const TRACED = `${manifest('ConfigMap', 'prod-settings-abcdefgh12').trimEnd()}
  annotations:
    config.kubernetes.io/origin: |
      configuredIn: ../base/kustomization.yaml
      configuredBy: {apiVersion: builtin, kind: ConfigMapGenerator}
---
${manifest('Deployment', 'prod-web').trimEnd()}
  annotations:
    config.kubernetes.io/origin: |
      configuredIn: kustomization.yaml
      configuredBy: {apiVersion: builtin, kind: PatchTransformer}
---
${manifest('Job', 'prod-migrate').trimEnd()}
  annotations:
    config.kubernetes.io/origin: |
      path: ../base/all.yaml
`;

describe('a kustomization', () => {
  test('is planned as it is built, each task led back to its file and line', async () => {
    const { index, keeper, application, renderer } = await setup(SHOP, () => rendered(built(), TRACED));
    const prod = application('prod');
    expect(problemsOf(index, prod)).toEqual([expect.stringContaining('prod is a kustomization that is not rendered')]);
    expect(await keeper.refresh(prod)).toBe(true);
    expect(tasksOf(index, prod)).toEqual([
      'PreSync 0 Job prod-migrate base/all.yaml:2',
      'Sync 0 ConfigMap prod-settings-abcdefgh12 base/kustomization.yaml:4',
      'Sync 2 Deployment prod-web base/all.yaml:9',
    ]);
    expect(problemsOf(index, prod)).toEqual([]);
    expect(renderer.jobs).toHaveLength(1);
    expect(renderer.jobs[0]).toMatchObject({
      tool: 'kustomize',
      folder: 'prod',
      files: ['base/all.yaml', 'base/kustomization.yaml', 'prod/kustomization.yaml'],
      calls: [['.']],
    });
    expect(renderer.jobs[0]?.traced?.get('prod/kustomization.yaml')).toContain('"buildMetadata":["originAnnotations"]');
  });

  test('is led back by names where kustomize says nothing of origins', async () => {
    const { index, keeper, application } = await setup(SHOP, () => rendered(built()));
    await keeper.refresh(application('prod'));
    expect(tasksOf(index, application('prod'))).toEqual([
      'PreSync 0 Job prod-migrate base/all.yaml:2',
      'Sync 0 ConfigMap prod-settings-abcdefgh12 prod/kustomization.yaml:1',
      'Sync 2 Deployment prod-web base/all.yaml:9',
    ]);
  });

  test('can be synced once it is built, with the objects that kustomize made', async () => {
    const { index, keeper, application } = await setup(SHOP, () => rendered(built(), TRACED));
    expect(syncSource(index, application('prod')).refused).toHaveLength(1);
    await keeper.refresh(application('prod'));
    const { objects, refused } = syncSource(index, application('prod'));
    expect(refused).toEqual([]);
    expect(
      objects.map(({ object, file, line }) => [(object['metadata'] as { name: string }).name, file, line]),
    ).toEqual([
      ['prod-settings-abcdefgh12', 'base/kustomization.yaml', 4],
      ['prod-web', 'base/all.yaml', 9],
      ['prod-migrate', 'base/all.yaml', 2],
    ]);
  });

  test('what an Application says of it is written into a copy', async () => {
    const source = `source:
  repoURL: https://example.com/shop.git
  path: prod
  kustomize:
    namePrefix: blue-
    images: ["nginx=registry.example.com:5000/nginx:1.2"]
    commonAnnotations: {team: a}
`;
    const { keeper, application, renderer } = await setup({ ...SHOP, 'app.yaml': declared('shop', source) }, () =>
      rendered(built()),
    );
    await keeper.refresh(application('shop'));
    const text = renderer.jobs[0]?.texts.get('prod/kustomization.yaml');
    expect(JSON.parse(String(text ?? ''))).toEqual({
      namePrefix: 'blue-',
      resources: ['../base'],
      images: [{ name: 'nginx', newName: 'registry.example.com:5000/nginx', newTag: '1.2' }],
      commonAnnotations: { team: 'a' },
    });
  });

  test('fetches nothing unless that is allowed', async () => {
    const texts = { ...SHOP, 'prod/kustomization.yaml': 'resources:\n- ../base\n- github.com/team/base?ref=v1\n' };
    const { index, keeper, application, renderer } = await setup(texts, () => rendered(built()));
    await keeper.refresh(application('prod'));
    expect(renderer.jobs).toEqual([]);
    expect(problemsOf(index, application('prod'))).toEqual([
      expect.stringMatching(
        /^prod\/kustomization\.yaml:3 kustomize cannot render prod: it builds on github\.com\/team\/base\?ref=v1, .*argocdHooks\.render\.network/,
      ),
      expect.stringContaining('It builds on github.com/team/base?ref=v1, which is not fetched'),
    ]);
    const allowed = await setup(texts, () => rendered(built()), true);
    await allowed.keeper.refresh(allowed.application('prod'));
    expect(problemsOf(allowed.index, allowed.application('prod'))).toEqual([]);
  });

  test('that cannot be built shows why at the place, and its files as before', async () => {
    const message =
      "Error: accumulating resources: accumulation err='accumulating resources from 'nope.yaml': evalsymlink failure on '/w/prod/nope.yaml' : lstat /w/prod/nope.yaml: no such file or directory'";
    const texts = { ...SHOP, 'prod/kustomization.yaml': 'resources:\n- ../base\n- nope.yaml\n' };
    const { index, keeper, application } = await setup(texts, () => ({ kind: 'failed', message }));
    await keeper.refresh(application('prod'));
    expect(problemsOf(index, application('prod'))[0]).toMatch(
      /^prod\/kustomization\.yaml:3 kustomize cannot render prod: accumulating resources.*as they are written.*not synced/,
    );
    expect(tasksOf(index, application('prod'))).toEqual([
      'PreSync 0 Job migrate base/all.yaml:2',
      'Sync 0 Deployment web base/all.yaml:9',
    ]);
    expect(syncSource(index, application('prod')).refused).not.toEqual([]);
  });

  test.each([
    `E1126 07:21:36.924327    9732 run.go:72] "command failed" err="accumulating resources from 'a.yaml': no \\"kind\\"\\nin it"\n`,
    `Warning: x\nE1126 07:21:36.924327    9732 run.go:72] "command failed" err=<\n\taccumulating resources from 'a.yaml': no "kind"\n\tin it\n >\n`,
  ])('tells what kubectl says, without how it logs it', async (message) => {
    const { index, keeper, application } = await setup(SHOP, () => ({ kind: 'failed', message }));
    await keeper.refresh(application('prod'));
    expect(problemsOf(index, application('prod'))[0]).toContain(
      `kustomize cannot render prod: accumulating resources from 'a.yaml': no "kind" in it. The plan shows`,
    );
  });

  test('says once that the tool is missing, and what to do', async () => {
    const { index, keeper, application } = await setup(SHOP, ({ tool }) => ({ kind: 'missing', tool }));
    await keeper.refresh(application('prod'));
    expect(problemsOf(index, application('prod'))).toEqual([
      expect.stringContaining('there is no kustomize or kubectl on this machine. Install it'),
    ]);
    expect(index.plan(application('prod')).problems[0]).toMatchObject({
      file: 'prod/kustomization.yaml',
      line: 1,
      help: { title: 'How to install kustomize', url: 'https://kubectl.docs.kubernetes.io/installation/kustomize/' },
    });
  });
});

describe('an edit', () => {
  const edit = (index: WorkspaceIndex, keeper: RenderKeeper, path: string, text: string): void => {
    index.overlay(path, openFile(path, text));
    keeper.touch(path);
  };

  test('of what it is made from makes it due; the editor’s text is rendered', async () => {
    const { index, keeper, application, renderer } = await setup(SHOP, () => rendered(built()));
    await keeper.refresh(application('prod'));
    expect(keeper.isDue(application('prod'))).toBe(false);
    keeper.touch('elsewhere/a.yaml');
    expect(keeper.isDue(application('prod'))).toBe(false);
    edit(index, keeper, 'base/all.yaml', JOB);
    expect(keeper.isDue(application('prod'))).toBe(true);
    await keeper.refresh(application('prod'));
    expect(renderer.jobs[1]?.texts.get('base/all.yaml')).toBe(JOB);
  });

  test.each([
    ['beside what it is made from', 'base/new.yaml'],
    ['below its folder', 'prod/deep/er/new.yaml'],
  ])('%s makes it due', async (_where, path) => {
    const { keeper, application } = await setup(SHOP, () => rendered(built()));
    await keeper.refresh(application('prod'));
    keeper.touch(path);
    expect(keeper.isDue(application('prod'))).toBe(true);
  });

  test('during a render that nobody asked for again makes it due: what comes of it is old', async () => {
    const ends: ((output: RenderOutput) => void)[] = [];
    const { keeper, application } = await setup(SHOP, () => new Promise((resolve) => ends.push(resolve)));
    const first = keeper.refresh(application('prod'));
    await expect.poll(() => ends.length).toBe(1);
    keeper.touch('base/all.yaml');
    ends[0]?.(rendered(built(7)));
    expect(await first).toBe(false);
    expect(keeper.isDue(application('prod'))).toBe(true);
  });

  test('during a render cancels it; the next one counts', async () => {
    const ends: ((output: RenderOutput) => void)[] = [];
    const { index, keeper, application } = await setup(
      SHOP,
      (_job, cancellation) =>
        new Promise((resolve) => {
          ends.push(resolve);
          cancellation.onCancelled(() => resolve({ kind: 'cancelled' }));
        }),
    );
    const begun = async (count: number): Promise<void> => expect.poll(() => ends.length).toBe(count);
    const first = keeper.refresh(application('prod'));
    await begun(1);
    edit(index, keeper, 'base/all.yaml', JOB);
    const second = keeper.refresh(application('prod'));
    expect(await first).toBe(false);
    await begun(2);
    ends[1]?.(rendered(built(7)));
    expect(await second).toBe(true);
    expect(tasksOf(index, application('prod')).at(-1)).toBe('Sync 7 Deployment prod-web prod/kustomization.yaml:1');
  });

  test('above the Application that declares it, while it is rendered, loses nothing', async () => {
    const app = declared('shop', 'source:\n  repoURL: https://example.com/shop.git\n  path: prod\n');
    const ends: ((output: RenderOutput) => void)[] = [];
    const texts = { ...SHOP, 'app.yaml': app };
    const { index, keeper, application } = await setup(texts, () => new Promise((resolve) => ends.push(resolve)));
    const first = keeper.refresh(application('shop'));
    await expect.poll(() => ends.length).toBe(1);
    ends[0]?.(rendered(built()));
    await first;
    keeper.touch('base/all.yaml');
    const done = keeper.refresh(application('shop'));
    await expect.poll(() => ends.length).toBe(2);
    edit(index, keeper, 'app.yaml', `# the shop\n${app}`);
    expect(tasksOf(index, application('shop'))).not.toContain('Sync 7 Deployment prod-web base/all.yaml:9');
    ends[1]?.(rendered(built(7)));
    expect(await done).toBe(true);
    expect(tasksOf(index, application('shop'))).toContain('Sync 7 Deployment prod-web base/all.yaml:9');
  });

  test('that breaks it keeps what it came to before, which is not synced', async () => {
    let broken = false;
    const { index, keeper, application } = await setup(SHOP, () =>
      broken
        ? { kind: 'failed', message: 'Error: MalformedYAMLError: yaml: line 4: oh in File: all.yaml' }
        : rendered(built()),
    );
    await keeper.refresh(application('prod'));
    broken = true;
    edit(index, keeper, 'base/all.yaml', `${JOB}---\n${WEB}`);
    await keeper.refresh(application('prod'));
    expect(tasksOf(index, application('prod'))).toContain('Sync 2 Deployment prod-web base/all.yaml:8');
    expect(problemsOf(index, application('prod'))).toEqual([
      expect.stringMatching(/^base\/all\.yaml:4 .*what it came to before, and it is not synced/),
    ]);
    expect(syncSource(index, application('prod')).refused).toHaveLength(1);
  });

  test('of the place in a file moves the places of what is rendered at once', async () => {
    const { index, keeper, application } = await setup(SHOP, () => rendered(built(), TRACED));
    await keeper.refresh(application('prod'));
    edit(index, keeper, 'base/all.yaml', `# one\n# more\n# line\n${JOB}---\n${WEB}`);
    expect(tasksOf(index, application('prod'))[0]).toBe('PreSync 0 Job prod-migrate base/all.yaml:4');
  });
});
