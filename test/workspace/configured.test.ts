import { describe, expect, test } from 'vitest';
import { excludesOf } from '../../server/src/workspace/excludes.ts';
import { openIndex, type IndexOptions } from '../../server/src/workspace/index.ts';
import { remotesIn } from '../../server/src/workspace/repositories.ts';
import { application, manifest, MemoryFiles } from './memory-files.ts';

const CONFIG = manifest('ConfigMap', 'settings');

async function found(texts: Readonly<Record<string, string>>, options: Partial<IndexOptions> = {}) {
  const index = await openIndex(new MemoryFiles(texts), { rootName: 'root', ...options });
  return index.applications();
}

describe('the setting argocdHooks.applications', () => {
  const named = { name: 'mine', path: 'all', namespace: 'ns', recurse: true, include: '', exclude: 'old/*' };
  const files = { 'all/a.yaml': CONFIG, 'all/deep/b.yaml': CONFIG, 'all/old/c.yaml': CONFIG };

  test('names the files of an application, whatever else was found', async () => {
    const applications = await found(files, { applications: [named] });
    expect(applications.map(({ name, files, reason }) => [name, files, reason])).toEqual([
      ['mine', ['all/a.yaml', 'all/deep/b.yaml'], 'The setting argocdHooks.applications names the folder all.'],
      ['old', ['all/old/c.yaml'], 'The folder old holds manifests, and no Argo CD Application here names it.'],
    ]);
  });

  test('leaves an Application of the same name its policy', async () => {
    const text = application('mine', 'source:\n  path: all\n', 'syncPolicy:\n  syncOptions: [CreateNamespace=true]\n');
    const [mine] = await found({ ...files, 'app.yaml': text }, { applications: [{ ...named, namespace: '' }] });
    expect([mine?.namespace, mine?.syncOptions, mine?.declaredIn?.file]).toEqual([
      'mine-ns',
      ['CreateNamespace=true'],
      'app.yaml',
    ]);
  });

  test('says when the folder is not there', async () => {
    const applications = await found(files, { applications: [{ ...named, path: 'gone' }] });
    expect(applications.find(({ name }) => name === 'mine')?.problems.map(({ message }) => message)).toEqual([
      'The setting argocdHooks.applications names the folder gone for mine, which holds no manifest here.',
    ]);
  });
});

describe('excluded files', () => {
  test.each([
    ['**/vendor', 'a/vendor/x.yaml', true],
    ['**/vendor', 'vendor/x.yaml', true],
    ['vendor', 'a/vendor/x.yaml', false],
    ['**/*.{gen,tmp}.yaml', 'a/b.gen.yaml', true],
    ['a/*/c.yaml', 'a/b/c.yaml', true],
    ['a/*/c.yaml', 'a/b/d/c.yaml', false],
    ['**/test-?', 'x/test-1/a.yaml', true],
    ['[ab]', 'b/x.yaml', true],
    ['[!ab]', 'b/x.yaml', false],
    ['{a', 'a', false],
  ])('%s and %s: %s', (pattern, path, excluded) => {
    expect(excludesOf([pattern])(path)).toBe(excluded);
  });

  test('are no part of any application, until the settings change', async () => {
    const index = await openIndex(new MemoryFiles({ 'a/x.yaml': CONFIG, 'b/y.yaml': CONFIG }), {
      rootName: 'root',
      exclude: ['b'],
    });
    expect(index.applications().map(({ path }) => path)).toEqual(['a']);
    index.configure({ exclude: ['a'] });
    await index.load();
    expect(index.applications().map(({ path }) => path)).toEqual(['b']);
  });
});

describe('the remotes of Git', () => {
  const config = (url: string): string => `[core]\n\tbare = false\n[remote "origin"]\n\turl = ${url}\n\tfetch = x\n`;
  const source = (repoURL: string): string => application('shop', `source:\n  repoURL: ${repoURL}\n  path: deploy\n`);

  test('tell whether a source lies here', async () => {
    const files = { 'deploy/c.yaml': CONFIG, '.git/config': config('git@github.com:team/shop.git') };
    const names = async (repoURL: string): Promise<string[]> =>
      (await found({ ...files, 'apps/app.yaml': source(repoURL) })).map(({ name }) => name);
    expect(await names('https://github.com/team/shop')).toEqual(['shop']);
    expect(await names('https://github.com/somebody-else/shop.git')).toEqual(['shop']);
    expect(await names('https://github.com/team/other')).toEqual(['deploy']);
    expect(await names('"{{ .Values.repo }}"')).toEqual(['shop']);
  });

  test('tell repositories in one folder apart', async () => {
    const applications = await found({
      'one/deploy/c.yaml': CONFIG,
      'two/deploy/c.yaml': CONFIG,
      'one/.git/config': config('https://git.example.com/one'),
      'two/.git/config': config('https://git.example.com/two'),
      'one/app.yaml': source('https://git.example.com/two'),
    });
    expect(applications.find(({ name }) => name === 'shop')?.path).toBe('two/deploy');
  });

  test('are read from the configuration', () => {
    for (const folder of ['/srv/git/shop', '../shop', 'C:\\\\git\\\\shop', 'file:///srv/git/shop', 'shop.git'])
      expect(remotesIn(config(folder)), `${folder} is no address that Argo CD could know`).toEqual([]);
    expect(remotesIn(`${config('https://a.example.com/x.git')}[branch "main"]\n\turl = no\n`)).toEqual([
      'a.example.com/x',
    ]);
  });
});
