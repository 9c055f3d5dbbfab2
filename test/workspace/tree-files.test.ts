import { describe, expect, test } from 'vitest';
import { treeFiles, type FileTree } from '../../server/src/workspace/tree-files.ts';
import { MemoryTree } from './memory-tree.ts';

const TEXTS = new Map(
  Object.entries({
    'b.yaml': '',
    'a/x.yml': '',
    'a/y.json': '',
    'a/z.txt': '',
    'a-b.yaml': '',
    'out/o.yaml': '',
    'keep/out/k.yaml': '',
    'keep/tmp/deep/t.yaml': '',
    'node_modules/m.yaml': '',
    '.hidden/h.yaml': '',
    'a/.dot.yaml': '',
    'a/tmp.yaml': '',
    '.gitignore': '/out/\ntmp.*\n# comment\n',
    'keep/.gitignore': 'tmp/\n',
  }),
);
const LISTED = ['a/x.yml', 'a/y.json', 'a-b.yaml', 'b.yaml', 'keep/out/k.yaml'];

describe('files of an editor', () => {
  test('are those that its search finds, without hidden ones and what .gitignore names', async () => {
    const tree = new MemoryTree(TEXTS, [...TEXTS.keys()]);
    expect(await treeFiles(tree).list('.')).toEqual(LISTED);
    expect(tree.visited).toEqual([]);
  });

  test.each([
    ['has no search', null],
    ['finds nothing, which may mean that it has none', []],
  ])('are looked for folder by folder where it %s', async (_, found) => {
    const tree = new MemoryTree(TEXTS, found);
    expect(await treeFiles(tree).list('.')).toEqual(LISTED);
    expect(tree.visited.filter((folder) => /node_modules|hidden/.test(folder))).toEqual([]);
  });

  test('are those below a folder, or the file that stands in its place', async () => {
    const files = treeFiles(new MemoryTree(TEXTS));
    expect(await files.list('a')).toEqual(['a/x.yml', 'a/y.json']);
    expect(await files.list('b.yaml')).toEqual(['b.yaml']);
  });

  test('tell why one could not be read, and forget it when it can', async () => {
    let broken = true;
    const tree: FileTree = {
      find: () => Promise.resolve(['a.yaml']),
      entries: () => Promise.resolve(null),
      read: () => Promise.resolve(broken ? { problem: 'The file cannot be read (NoPermissions).' } : { text: 'a: 1' }),
    };
    const files = treeFiles(tree);
    expect(await files.read('a.yaml')).toBeUndefined();
    expect(files.whyUnreadable?.('a.yaml')).toBe('The file cannot be read (NoPermissions).');
    broken = false;
    expect(await files.read('a.yaml')).toBe('a: 1');
    expect(files.whyUnreadable?.('a.yaml')).toBeUndefined();
  });

  test('that are gone have no text and no problem', async () => {
    const files = treeFiles(new MemoryTree(TEXTS));
    expect([await files.read('gone.yaml'), files.whyUnreadable?.('gone.yaml')]).toEqual([undefined, undefined]);
  });
});
