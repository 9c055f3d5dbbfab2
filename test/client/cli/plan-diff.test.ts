import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { PlanChange } from '#core/plan/diff-model';
import { Repository } from '../../workspace/repository.ts';
import { cli } from './run-cli.ts';

const CONFIG_MAP = (name: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;
const JOB = (name: string, hook: string): string =>
  `apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: ${name}\n  annotations:\n    argocd.argoproj.io/hook: ${hook}\n`;

interface PlanJson {
  readonly version: number;
  readonly revision: { readonly name: string; readonly commit: string };
  readonly applications: readonly { readonly name: string; readonly diff: readonly PlanChange[] }[];
  readonly gone: readonly { readonly name: string; readonly diff: readonly PlanChange[] }[];
}

/** Two applications; of one a hook moved since, the other is as it was. */
const shop = (): Repository => {
  const repository = new Repository().holding({
    'apps/shop/job.yaml': JOB('migrate', 'PreSync'),
    'apps/shop/settings.yaml': CONFIG_MAP('settings'),
    'apps/other/a.yaml': CONFIG_MAP('a'),
  });
  return repository.write({ 'apps/shop/job.yaml': JOB('migrate', 'PostSync') });
};

const json = async (args: readonly string[], cwd: string): Promise<PlanJson> =>
  JSON.parse((await cli(['plan', '--format', 'json', ...args], { cwd })).stdout) as PlanJson;

describe.concurrent('plan --diff', () => {
  test('tells what is different from a revision, by application', async () => {
    const { folder, ...repository } = shop();
    const { version, revision, applications, gone } = await json(['--diff', 'HEAD'], folder);
    expect([version, revision.name, gone]).toEqual([1, 'HEAD', []]);
    expect(revision.commit).toMatch(/^[0-9a-f]{40}$/);
    expect(applications.map(({ name, diff }) => [name, diff.length])).toEqual([
      ['other', 0],
      ['shop', 1],
    ]);
    expect(applications[1]?.diff).toEqual([
      {
        change: 'moved',
        task: 'batch/Job//migrate',
        from: { phase: 'PreSync', wave: 0 },
        to: { phase: 'PostSync', wave: 0 },
        text: expect.stringContaining('From PreSync to PostSync') as string,
        file: 'apps/shop/job.yaml',
        line: 1,
      },
    ]);
    expect(repository).toBeDefined();
  });

  test('in text shows the changes and marks them in the plan', async () => {
    const { folder } = shop();
    const { stdout, code } = await cli(['plan', 'apps', '--diff', 'HEAD', '--color', 'never'], { cwd: folder });
    expect(code).toBe(0);
    expect(stdout.split('\n')).toEqual([
      'other  apps/other (directory), 1 resource',
      expect.stringMatching(/^ {2}nothing changes since HEAD \([0-9a-f]{7,}\)$/),
      '  no hooks and no waves: everything is applied at once',
      '  Sync',
      '      0  ConfigMap/a',
      '',
      'shop  apps/shop (directory), 2 resources',
      expect.stringMatching(/^ {2}1 change since HEAD \([0-9a-f]{7,}\)$/),
      expect.stringMatching(/^ {4}~ moved {2}Job\/migrate {2}PreSync 0 → PostSync 0 {2}From PreSync to PostSync/),
      '  Sync',
      '      0  ConfigMap/settings',
      '  PostSync',
      '  ~   0  Job/migrate         hook, replaced by the next sync  waits until it completes',
      '',
    ]);
  });

  test('works from a folder inside the repository, by branch and tag', async () => {
    const repository = shop();
    repository.git('tag', 'v1');
    repository.commit('moved');
    const inside = path.join(repository.folder, 'apps/shop');
    expect((await json(['--diff', 'v1'], inside)).applications.map(({ diff }) => diff.length)).toEqual([1]);
    expect((await json(['--diff', 'main'], inside)).applications.map(({ diff }) => diff.length)).toEqual([0]);
  });

  test('names applications that are gone, and adds those that are new', async () => {
    const { folder } = new Repository().holding({ 'old/a.yaml': CONFIG_MAP('a') }).commit('old');
    const repository = new Repository(folder);
    repository.git('rm', '-q', '-r', 'old');
    repository.write({ 'new/b.yaml': CONFIG_MAP('b') });
    const all = await json(['--diff', 'HEAD'], folder);
    expect(all.applications.map(({ name, diff }) => [name, diff.map(({ change }) => change)])).toEqual([
      ['new', ['added']],
    ]);
    expect(all.gone.map(({ name, diff }) => [name, diff.map(({ change }) => change)])).toEqual([['old', ['removed']]]);
    const text = (await cli(['plan', '--diff', 'HEAD', '--application', 'old'], { cwd: folder })).stdout;
    expect(text).toMatch(/^old {2}old, not there any more\n {2}1 change since HEAD .*\n {4}− removed {2}ConfigMap\/a/);
    expect((await json(['--diff', 'HEAD', 'new'], folder)).gone).toEqual([]);
  });

  test('in Markdown and as a diagram', async () => {
    const { folder } = shop();
    const markdown = (await cli(['plan', '--diff', 'HEAD', '--format', 'markdown'], { cwd: folder })).stdout;
    expect(markdown).toMatch(
      /^### shop\n[^]*\| ~ moved \| Job migrate \| PreSync 0 \| PostSync 0 \|[^]*\nNothing changes in the order of other since HEAD/,
    );
    const diagram = (await cli(['plan', '--diff', 'HEAD', '--format', 'mermaid'], { cwd: folder })).stdout;
    expect(diagram).toContain('#126; Job/migrate"]:::changed');
  });

  test.each([
    [['--diff', 'nope'], /^--diff nope: Git knows no revision nope here\./],
    [['--diff', ''], /^--diff needs a value/],
    [['--diff', 'HEAD', '-'], /^--diff compares files: the standard input has no earlier revision$/],
    [['--diff', 'HEAD', '--application', 'nope'], /^No application here is called nope$/],
  ])('refuses %j in one line', async (args, expected) => {
    const ran = await cli(['plan', ...args], { cwd: shop().folder });
    expect(ran.stderr.trimEnd()).toMatch(expected);
    expect([ran.code, ran.stdout]).toEqual([2, '']);
  });

  test('says it without a repository', async () => {
    const { folder } = shop();
    const outside = path.join(folder, '..');
    const ran = await cli(['plan', '--diff', 'HEAD', path.basename(folder)], { cwd: outside });
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining('is in no Git repository')]);
  });
});
