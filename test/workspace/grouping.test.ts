import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openFile } from '../../server/src/manifest/source-file.ts';
import { openIndex, type WorkspaceIndex } from '../../server/src/workspace/index.ts';
import { comparePaths, isWithin } from '../../server/src/workspace/paths.ts';
import { filesWithin } from '../../server/src/workspace/sources.ts';
import type { Tree } from '../../server/src/workspace/tree.ts';
import { manifest, MemoryFiles } from './memory-files.ts';

const CONFIG = manifest('ConfigMap', 'settings');
const application = (path: string): string => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: shop
spec:
  source:
    path: ${path}
`;

/** So many folders of two files, and an Application of the first one. */
const root = (folders: number): Record<string, string> => ({
  'app.yaml': application('app-0'),
  ...Object.fromEntries(
    Array.from({ length: folders * 2 }, (_, n) => [`app-${Math.floor(n / 2)}/${n}.yaml`, CONFIG] as const),
  ),
});

const open = (folders: number): Promise<WorkspaceIndex> =>
  openIndex(new MemoryFiles(root(folders)), { rootName: 'root' });

const type = (index: WorkspaceIndex, path: string, text: string): void => index.overlay(path, openFile(path, text));

/** Lets somebody else have a turn after each step, and counts them. */
async function groupSlowly(index: WorkspaceIndex, turn: (step: number) => void = () => undefined): Promise<number> {
  let steps = 0;
  await index.group(() => {
    turn(++steps);
    return Promise.resolve();
  });
  return steps;
}

describe('the applications of a large root', () => {
  it('are worked out in as many steps as there are folders', async () => {
    const index = await open(500);
    expect(index.isGrouped).toBe(false);
    expect(await groupSlowly(index)).toBeGreaterThan(1_000);
    expect(index.isGrouped).toBe(true);
    expect(await groupSlowly(index)).toBe(0);
    expect(index.applications().map(({ path }) => path)).toEqual(
      Array.from({ length: 500 }, (_, n) => `app-${n}`).sort(comparePaths),
    );
  });

  it('stand for questions about a file until the new ones are ready', async () => {
    const index = await open(500);
    await groupSlowly(index);
    const shop = index.applicationOf('app-0/0.yaml');
    type(index, 'app.yaml', application('app-1'));
    expect(index.isGrouped).toBe(false);
    expect(index.applicationOf('app-0/0.yaml')).toBe(shop);
    expect(index.applicationsOf('app.yaml')).toEqual([shop]);
    await groupSlowly(index);
    expect(index.applicationOf('app-0/0.yaml')?.name).toBe('app-0');
    expect(index.applicationOf('app-1/2.yaml')?.name).toBe('shop');
    expect(index.declaredIn('app.yaml').map(({ path }) => path)).toEqual(['app-1']);
  });

  it('are those of now for whoever asks for all of them', async () => {
    const index = await open(500);
    await groupSlowly(index);
    type(index, 'app.yaml', application('app-1'));
    expect(index.applications().find(({ name }) => name === 'shop')?.path).toBe('app-1');
    expect(index.isGrouped).toBe(true);
  });

  it('follow what is typed while they are worked out', async () => {
    const index = await open(500);
    await groupSlowly(index, (step) => {
      if (step === 700) type(index, 'app.yaml', application('app-2'));
    });
    expect(index.applicationOf('app-2/4.yaml')?.name).toBe('shop');
  });

  it('keep the line of a declaration that moves while they are worked out', async () => {
    const index = await open(500);
    await groupSlowly(index, (step) => {
      if (step === 1_200) type(index, 'app.yaml', `# one\n# two\n${application('app-0')}`);
    });
    expect(index.applicationOf('app-0/0.yaml')?.declaredIn).toEqual({ file: 'app.yaml', line: 3 });
  });

  it('may be asked for in between: what is left is then done at once', async () => {
    const index = await open(500);
    let asked = 0;
    const steps = await groupSlowly(index, (step) => {
      if (step === 100) asked = index.applications().length;
    });
    expect(asked).toBe(500);
    expect(steps).toBe(100);
  });
});

it('the applications of a small root are always those of now', async () => {
  const index = await open(5);
  expect(index.applicationOf('app-0/0.yaml')?.name).toBe('shop');
  type(index, 'app.yaml', application('app-1'));
  expect(index.applicationOf('app-0/0.yaml')?.name).toBe('app-0');
});

it('the files below a folder are those whose paths lead through it', () => {
  const name = fc.constantFrom('a', 'a-', 'a.b', 'a0', 'b', '..');
  const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('/'));
  fc.assert(
    fc.property(fc.uniqueArray(path), path, (paths, folder) => {
      const facts = [...paths]
        .sort(comparePaths)
        .map((own) => ({ path: own, holds: 'manifests', declared: [], sets: [] }) as const);
      const tree: Tree = {
        files: facts,
        byPath: new Map(),
        folders: new Map(),
        charts: new Set(),
        repositories: [],
        homes: new Set(),
      };
      expect(filesWithin(folder, tree)).toEqual(
        facts.filter((own) => own.path !== folder && isWithin(own.path, folder)),
      );
    }),
  );
});
