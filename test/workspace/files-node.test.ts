import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { nodeFiles } from '#files-node';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ignores, parseIgnore } from '../../server/src/workspace/gitignore.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'argocd-hooks-files-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function write(file: string, content: string | Uint8Array = 'a: 1\n'): void {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), content);
}

function tree(): void {
  for (const file of ['b.yaml', 'a/x.yml', 'a/y.json', 'a/z.txt', 'a-b.yaml', 'out/o.yaml', 'keep/out/k.yaml'])
    write(file);
  for (const file of ['node_modules/m.yaml', '.hidden/h.yaml', 'a/.dot.yaml', 'a/tmp.yaml']) write(file);
  write('.gitignore', '/out/\ntmp.*\n# comment\n');
}
const LISTED = ['a/x.yml', 'a/y.json', 'a-b.yaml', 'b.yaml', 'keep/out/k.yaml'];

describe('files of Node', () => {
  test('are listed without what Git ignores, with Git', async () => {
    tree();
    execFileSync('git', ['init', '-q'], { cwd: root });
    expect(await nodeFiles(root).list('.')).toEqual(LISTED);
    expect(await nodeFiles(root).list('a')).toEqual(['a/x.yml', 'a/y.json']);
  });

  test('tell of a folder that cannot be read, until it can be', async () => {
    write('a/x.yaml');
    write('secret/y.yaml');
    chmodSync(root, 0o755);
    chmodSync(path.join(root, 'secret'), 0);
    const files = nodeFiles(root);
    const asNobody = process.getuid?.() === 0;
    // Nothing is closed to the administrator.
    if (asNobody) process.seteuid?.(65_534);
    try {
      expect(await files.list('.')).toEqual(['a/x.yaml']);
    } finally {
      if (asNobody) process.seteuid?.(0);
    }
    expect([...(files.unreadableFolders?.() ?? [])]).toEqual([
      ['secret', 'The folder cannot be read (EACCES), so what is in it is in no plan.'],
    ]);
    chmodSync(path.join(root, 'secret'), 0o755);
    expect(await files.list('.')).toEqual(['a/x.yaml', 'secret/y.yaml']);
    expect(files.unreadableFolders?.().size).toBe(0);
    const nowhere = nodeFiles(path.join(root, 'nowhere'));
    expect(await nowhere.list('.')).toEqual([]);
    expect([...(nowhere.unreadableFolders?.() ?? [])]).toEqual([['.', expect.stringContaining('ENOENT')]]);
  });

  test('and without Git', async () => {
    tree();
    expect(await nodeFiles(root).list('.')).toEqual(LISTED);
  });

  test('are listed even below an ignored folder that is asked for by name', async () => {
    tree();
    execFileSync('git', ['init', '-q'], { cwd: root });
    expect(await nodeFiles(root).list('out')).toEqual(['out/o.yaml']);
  });

  test('outside of the root, and single ones, are listed as asked for', async () => {
    tree();
    execFileSync('git', ['init', '-q'], { cwd: root });
    expect(await nodeFiles(path.join(root, 'keep')).list('../a')).toEqual(['../a/x.yml', '../a/y.json']);
    expect(await nodeFiles(root).list('a/z.txt')).toEqual(['a/z.txt']);
    expect(await nodeFiles(root).list(path.join(root, 'a'))).toEqual(['a/x.yml', 'a/y.json']);
  });

  test('are found through links, but not in circles', async () => {
    write('a/x.yaml');
    symlinkSync('..', path.join(root, 'a/up'));
    symlinkSync('a', path.join(root, 'b'));
    symlinkSync('gone', path.join(root, 'dangling.yaml'));
    expect(await nodeFiles(root).list('.')).toEqual(['a/x.yaml', 'b/x.yaml']);
  });

  test('are read as UTF-8, or as UTF-16 where they say so', async () => {
    write('a.yaml', '\ufeffa: é\n');
    write('b.yaml', Buffer.from('\ufeffa: é\n', 'utf16le'));
    write('c.yaml', new Uint8Array([0x61, 0xff, 0x62]));
    const files = nodeFiles(root);
    expect(await files.read('a.yaml')).toBe('\ufeffa: é\n');
    expect(await files.read('b.yaml')).toBe('a: é\n');
    expect(await files.read('c.yaml')).toBe('a\ufffdb');
  });

  test('say why they cannot be read', async () => {
    write('big.yaml', Buffer.alloc(10 * 1024 * 1024 + 1, 'a'));
    mkdirSync(path.join(root, 'folder.yaml'));
    const files = nodeFiles(root);
    expect([await files.read('big.yaml'), await files.read('folder.yaml'), await files.read('gone.yaml')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(files.whyUnreadable?.('big.yaml')).toBe(
      'The file is not read: it has 11 MiB, more than 10 (argocdHooks.maxFileSize). What it holds is missing in the plan.',
    );
    expect(files.whyUnreadable?.('folder.yaml')).toBe('The file cannot be read (EISDIR).');
    expect(files.whyUnreadable?.('gone.yaml')).toBeUndefined();
  });
});

describe('rules of .gitignore', () => {
  test.each([
    ['*.log', 'a/b.log', false, true],
    ['/a', 'a', true, true],
    ['/a', 'b/a', true, undefined],
    ['a/b', 'x/a/b', true, undefined],
    ['**/a/b', 'x/a/b', true, true],
    ['a/**', 'a/b/c', false, true],
    ['dir/', 'dir', false, undefined],
    ['dir/', 'x/dir', true, true],
    ['a?c', 'abc', false, true],
    ['[ab].c', 'a.c', false, true],
    ['*.yaml\n!keep.yaml', 'keep.yaml', false, false],
    ['# c\n\\#x', '#x', false, true],
    ['', 'a', false, undefined],
  ])('%j on %s', (text, file, isFolder, verdict) => {
    expect(ignores(parseIgnore(text), file, isFolder)).toBe(verdict);
  });
});
