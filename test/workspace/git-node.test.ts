import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeRevisions } from '#git-node';
import type { Files } from '../../server/src/workspace/files.ts';
import { pairApplications } from '../../server/src/workspace/revisions.ts';
import { newFolder, Repository } from './repository.ts';

/** The files of a folder at a revision. @throws where there is no such revision */
async function filesAt(folder: string, name = 'HEAD'): Promise<Files> {
  const revisions = nodeRevisions(folder);
  const revision = await revisions.resolve(name);
  if ('problem' in revision) throw new Error(revision.problem);
  return revisions.files(revision);
}

const problemOf = async (folder: string, name: string): Promise<string> => {
  const answer = await nodeRevisions(folder).resolve(name);
  return 'problem' in answer ? answer.problem : `found ${answer.short}`;
};

describe('the files of a revision', () => {
  it('are those that were committed, whatever became of them', async () => {
    const repository = new Repository().holding({ 'a.yaml': 'a: 1', 'sub/b.json': '{}', 'notes.txt': 'x' });
    repository.write({ 'a.yaml': 'a: 2', 'new.yaml': 'n: 1' });
    rmSync(path.join(repository.folder, 'sub'), { recursive: true });
    const files = await filesAt(repository.folder);
    expect(await files.list('.')).toEqual(['a.yaml', 'sub/b.json']);
    expect(await files.list('sub')).toEqual(['sub/b.json']);
    expect(await files.list('a.yaml')).toEqual(['a.yaml']);
    expect([await files.read('a.yaml'), await files.read('sub/b.json')]).toEqual(['a: 1', '{}']);
    expect([await files.read('new.yaml'), files.whyUnreadable?.('new.yaml')]).toEqual([undefined, undefined]);
  });

  it('are seen from a folder inside the repository, and beyond it', async () => {
    const { folder } = new Repository().holding({
      'apps/shop/a.yaml': 'a: 1',
      'base/b.yaml': 'b: 1',
      'apps/shopping/c.yaml': '',
    });
    const files = await filesAt(path.join(folder, 'apps/shop'));
    expect(await files.list('.')).toEqual(['a.yaml']);
    expect(await files.read('../../base/b.yaml')).toBe('b: 1');
    expect(await files.list('../../base')).toEqual(['../../base/b.yaml']);
    expect([await files.list('../../..'), await files.read('../../../x.yaml')]).toEqual([[], undefined]);
  });

  it('may have any names', async () => {
    const names = [
      'a b.yaml',
      'ü.yaml',
      '"q".yaml',
      'tab\tbed.yaml',
      '-x.yaml',
      ':(top)y.yaml',
      'line\nend.yaml',
      '*.yaml',
    ];
    const { folder } = new Repository().holding(
      Object.fromEntries(names.map((name) => [name, `is: ${JSON.stringify(name)}`])),
    );
    const files = await filesAt(folder);
    expect(new Set(await files.list('.'))).toEqual(new Set(names));
    for (const name of names) expect(await files.read(name)).toBe(`is: ${JSON.stringify(name)}`);
  });

  it('leave out what is hidden, as on disk', async () => {
    const { folder } = new Repository().holding({
      '.github/a.yaml': '',
      'node_modules/x/b.yaml': '',
      'c.yaml': '',
      'd.yml': '',
    });
    expect(await (await filesAt(folder)).list('.')).toEqual(['c.yaml', 'd.yml']);
  });

  it('may be many, large, empty, and in other encodings', async () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`m${i}.yaml`, `number: ${i}\n`.repeat(i)]));
    const { folder } = new Repository().holding({
      ...many,
      'empty.yaml': '',
      'large.yaml': `# ${'x'.repeat(3_000_000)}`,
      'huge.yaml': `# ${'x'.repeat(11 * 1024 * 1024)}`,
      'utf16.yaml': Buffer.from('\ufeffa: ü', 'utf16le'),
      'latin.yaml': Buffer.from([0x61, 0x3a, 0x20, 0xfc]),
    });
    const files = await filesAt(folder);
    const texts = await Promise.all(
      (await files.list('.')).map(async (name) => [name, await files.read(name)] as const),
    );
    const read = new Map(texts);
    for (const [name, text] of Object.entries(many)) expect(read.get(name)).toBe(text);
    expect(read.get('empty.yaml')).toBe('');
    expect(read.get('large.yaml')?.length).toBe(3_000_002);
    expect(read.get('huge.yaml')).toBeUndefined();
    expect(files.whyUnreadable?.('huge.yaml')).toContain('12 MiB');
    expect(read.get('utf16.yaml')).toBe('a: ü');
    expect(read.get('latin.yaml')).toBe('a: \ufffd');
    // Asked again after the process has ended.
    expect(await files.read('m7.yaml')).toBe(many['m7.yaml']);
  });

  it('are not read beyond the size that the settings allow', async () => {
    const { folder } = new Repository().holding({ 'a.yaml': 'a: 1', 'long.yaml': `# ${'x'.repeat(20_000)}` });
    let maxFileSize = 0.01;
    const revisions = nodeRevisions(folder, { maxFileSize: () => maxFileSize });
    const revision = await revisions.resolve('HEAD');
    if ('problem' in revision) throw new Error(revision.problem);
    const small = revisions.files(revision);
    expect([await small.read('a.yaml'), await small.read('long.yaml')]).toEqual(['a: 1', undefined]);
    expect(small.whyUnreadable?.('long.yaml')).toContain('more than 0.01 (argocdHooks.maxFileSize)');
    maxFileSize = 1;
    expect(await revisions.files(revision).read('long.yaml')).toHaveLength(20_002);
  });

  it('are read through links, and say where a link leads nowhere', async () => {
    const repository = new Repository().write({ 'real/a.yaml': 'a: 1' });
    const link = (to: string, name: string): void => symlinkSync(to, path.join(repository.folder, name));
    link('real/a.yaml', 'one.yaml');
    link('one.yaml', 'two.yaml');
    link('self.yaml', 'self.yaml');
    link('/etc/hostname', 'out.yaml');
    link('../up.yaml', 'up.yaml');
    link('nothing.yaml', 'broken.yaml');
    const files = await filesAt(repository.commit('links').folder);
    expect([await files.read('one.yaml'), await files.read('two.yaml')]).toEqual(['a: 1', 'a: 1']);
    for (const name of ['self', 'out', 'up', 'broken']) expect(await files.read(`${name}.yaml`)).toBeUndefined();
    expect(files.whyUnreadable?.('self.yaml')).toContain('in a circle');
    expect(files.whyUnreadable?.('out.yaml')).toContain('out of the repository (/etc/hostname)');
    expect(files.whyUnreadable?.('up.yaml')).toContain('out of the repository (../up.yaml)');
    expect(files.whyUnreadable?.('broken.yaml')).toContain('link to nothing.yaml');
  });

  it('hold pointers of Git LFS, which are no manifests', async () => {
    const { folder } = new Repository().holding({
      'big.yaml': `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12345\n`,
    });
    const files = await filesAt(folder);
    expect(await files.read('big.yaml')).toBeUndefined();
    expect(files.whyUnreadable?.('big.yaml')).toContain('kept in Git LFS');
  });

  it('go into submodules that are checked out, at the commit of then', async () => {
    const inner = new Repository().holding({ 'a.yaml': 'then: 1' });
    const outer = new Repository().holding({ 'b.yaml': 'b: 1' });
    outer.git('submodule', '--quiet', 'add', inner.folder, 'lib');
    outer.commit('with a submodule');
    new Repository(path.join(outer.folder, 'lib')).write({ 'a.yaml': 'now: 1' }).commit('later');
    outer.commit('moved on');
    expect(await (await filesAt(outer.folder)).read('lib/a.yaml')).toBe('now: 1');
    expect(await (await filesAt(outer.folder, 'HEAD~1')).read('lib/a.yaml')).toBe('then: 1');
    rmSync(path.join(outer.folder, 'lib'), { recursive: true });
    mkdirSync(path.join(outer.folder, 'lib'));
    const files = await filesAt(outer.folder);
    expect(await files.list('.')).toEqual(['b.yaml', 'lib']);
    expect(await files.read('lib')).toBeUndefined();
    expect(files.whyUnreadable?.('lib')).toContain('git submodule update --init');
  });

  it('are there in a worktree, and on a detached HEAD', async () => {
    const repository = new Repository().holding({ 'a.yaml': 'a: 1' });
    const other = path.join(newFolder(), 'tree');
    repository.git('worktree', 'add', '-q', '-b', 'topic', other);
    const worktree = new Repository(other).write({ 'a.yaml': 'a: 2' }).commit('second');
    expect(await (await filesAt(other)).read('a.yaml')).toBe('a: 2');
    expect(await (await filesAt(other, 'main')).read('a.yaml')).toBe('a: 1');
    worktree.git('checkout', '-q', '--detach', 'HEAD~1');
    expect(await (await filesAt(other)).read('a.yaml')).toBe('a: 1');
  });

  it('come without a program of the repository being run', async () => {
    const repository = new Repository().holding({
      'a.yaml': 'a: 1',
      '.gitattributes': '*.yaml diff=evil filter=evil\n',
    });
    const trace = path.join(newFolder(), 'ran');
    const program = path.join(repository.folder, '.git', 'evil');
    repository.write({ '.git/evil': `#!/bin/sh\necho "$0 $*" >> '${trace}'\ncat\n` });
    chmodSync(program, 0o755);
    for (const key of [
      'core.fsmonitor',
      'core.pager',
      'core.sshCommand',
      'diff.evil.textconv',
      'filter.evil.clean',
      'filter.evil.smudge',
      'gpg.program',
    ])
      repository.git('config', key, program);
    repository.git('config', 'log.showSignature', 'true');
    for (const hook of ['post-checkout', 'post-index-change']) {
      repository.write({ [`.git/hooks/${hook}`]: `#!/bin/sh\necho hook >> '${trace}'\n` });
      chmodSync(path.join(repository.folder, '.git/hooks', hook), 0o755);
    }
    rmSync(trace, { force: true });
    const files = await filesAt(repository.folder);
    expect(await files.list('.')).toEqual(['a.yaml']);
    expect(await files.read('a.yaml')).toBe('a: 1');
    expect(await nodeRevisions(repository.folder).choices()).toHaveLength(2);
    expect(existsSync(trace) ? readFileSync(trace, 'utf8') : '').toBe('');
  });
});

describe('a name', () => {
  it('means a commit', async () => {
    const repository = new Repository().holding({ 'a.yaml': '' });
    repository.git('tag', '-a', '-m', 'a release', 'v1');
    const head = repository.git('rev-parse', 'HEAD').trim();
    const revisions = nodeRevisions(repository.folder);
    for (const name of ['', 'HEAD', 'main', 'v1', ' main ', head, head.slice(0, 9)])
      expect(await revisions.resolve(name)).toEqual({
        name: name.trim() || 'HEAD',
        commit: head,
        short: expect.stringMatching(/^[0-9a-f]{7,}$/) as string,
      });
  });

  it('that means none is told with what to do', async () => {
    const repository = new Repository().holding({ 'a.yaml': '' });
    const { folder } = repository;
    expect(await problemOf(folder, 'nope')).toBe(
      'Git knows no revision nope here. A branch of a remote is named with it (origin/main); what others pushed comes with git fetch.',
    );
    expect(await problemOf(folder, 'HEAD:a.yaml')).toContain('Git knows no revision HEAD:a.yaml');
    expect(await problemOf(folder, '--all')).toContain('Git knows no revision --all');
    expect(await problemOf(folder, 'a\nb')).toContain('A revision is one line');
    repository.git('update-ref', 'refs/remotes/origin/dev', 'HEAD');
    expect(await problemOf(folder, 'dev')).toBe('Git knows no revision dev here. Did you mean origin/dev?');
  });

  it('means nothing without a repository, and before its first commit', async () => {
    expect(await problemOf(newFolder(), 'HEAD')).toMatch(/ is in no Git repository: /);
    expect(await problemOf(new Repository().folder, 'HEAD')).toContain('no commit yet');
    expect(await problemOf(path.join(newFolder(), 'gone'), 'HEAD')).toContain('Git does not read the repository');
  });

  it('may be missing from a shallow clone', async () => {
    const repository = new Repository().holding({ 'a.yaml': '1' });
    repository.git('tag', 'old');
    repository.write({ 'a.yaml': '2' }).commit('second');
    const clone = path.join(newFolder(), 'clone');
    repository.git('clone', '-q', '--depth', '1', '--no-tags', `file://${repository.folder}`, clone);
    expect(await problemOf(clone, 'old')).toContain('This clone is shallow');
    expect(await problemOf(clone, 'HEAD~1')).toContain('fetch-depth: 0');
    expect(await (await filesAt(clone)).read('a.yaml')).toBe('2');
  });
});

describe('the choices', () => {
  it('are branches, those of remotes, tags and commits', async () => {
    const repository = new Repository().holding({ 'a.yaml': '1' });
    repository.git('tag', 'v1');
    repository.git('branch', 'topic');
    repository.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    repository.git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/main');
    repository.commit('second: with a "quote" and more');
    const choices = await nodeRevisions(repository.folder).choices();
    if ('problem' in choices) throw new Error(choices.problem);
    expect(choices.map(({ kind, name }) => (kind === 'commit' ? kind : `${kind} ${name}`)).sort()).toEqual([
      'branch main',
      'branch topic',
      'commit',
      'commit',
      'remote-branch origin/main',
      'tag v1',
    ]);
    expect(choices.filter(({ kind }) => kind === 'commit').map(({ subject }) => subject)).toEqual([
      'second: with a "quote" and more',
      'first',
    ]);
    for (const { short, time } of choices) expect(`${short} ${time}`).toMatch(/^[0-9a-f]{7,} \d{4}-\d\d-\d\dT/);
  });

  it('are none without a repository', async () => {
    expect(await nodeRevisions(newFolder()).choices()).toHaveProperty('problem');
    expect(await nodeRevisions(new Repository().folder).choices()).toEqual([]);
  });
});

describe('applications of two revisions', () => {
  const pairs = (before: readonly string[], now: readonly string[]): string[] => {
    const named = (text: string): { name: string; path: string } => ({
      name: text.split('@')[0] ?? '',
      path: text.split('@')[1] ?? '',
    });
    const found = pairApplications(before.map(named), now.map(named));
    const text = (one: { name: string; path: string } | undefined): string => (one ? `${one.name}@${one.path}` : '–');
    return [
      ...found.pairs.map((pair) => `${text(pair.before)} = ${text(pair.now)}`),
      ...found.gone.map((one) => `${text(one)} gone`),
    ];
  };

  it('are told by name and path, by path, then by name', () => {
    expect(pairs(['a@x', 'b@y', 'c@z'], ['a@x', 'new@y', 'c@w', 'd@v'])).toEqual([
      'a@x = a@x',
      'b@y = new@y',
      'c@z = c@w',
      '– = d@v',
    ]);
    expect(pairs(['a@x', 'a@y'], ['a@y', 'a@z'])).toEqual(['a@y = a@y', 'a@x = a@z']);
    expect(pairs(['a@x'], [])).toEqual(['a@x gone']);
  });
});
