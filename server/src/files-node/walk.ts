import { readdir as readdirWithCallback, readdirSync, type Dirent } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { compareBytes } from '../core/object.ts';
import { ignores, parseIgnore, type IgnoreRules } from '../workspace/gitignore.ts';
import { isHidden, isListed } from '../workspace/tree-files.ts';

/** Says of an absolute path whether nobody wants what is there. */
export type SkipAbsolute = (file: string, isFolder: boolean) => boolean;

interface IgnoreFile {
  readonly folder: string;
  readonly rules: IgnoreRules;
}

/** A folder on the way. */
interface Visit {
  readonly folder: string;
  /** The real folders in which the walk went on behind a link, so that it does not come by them again. */
  readonly above: ReadonlySet<string>;
  readonly ignoreFiles: readonly IgnoreFile[];
}

/** Is told of a folder that cannot be read. */
export type Unlisted = (folder: string, error: unknown) => void;

/** Files below a folder without Git's help; follows symbolic links to folders, but none in a circle. */
export async function walk(
  start: string,
  skip: SkipAbsolute = () => false,
  unlisted: Unlisted = () => undefined,
): Promise<string[]> {
  const found: string[] = [];
  const list = folderLister(unlisted);
  /** Takes the entries in their order, and leaves those of folders for later. */
  const visit = async ({ folder, above, ignoreFiles: inherited }: Visit): Promise<void> => {
    const entries = await list(folder);
    const own = entries.some(({ name }) => name === '.gitignore')
      ? [{ folder, rules: parseIgnore(await readFile(path.join(folder, '.gitignore'), 'utf8').catch(() => '')) }]
      : [];
    const ignoreFiles = own.length > 0 ? [...inherited, ...own] : inherited;
    const prefix = folder.endsWith(path.sep) ? folder : folder + path.sep;
    for (const entry of entries) {
      if (isHidden(entry.name)) continue;
      const file = prefix + entry.name;
      const isFolder = entry.isDirectory();
      const isLink = !isFolder && entry.isSymbolicLink();
      if ((!isFolder && !isLink && !isListed(entry.name)) || skip(file, isFolder)) continue;
      if (isLink) await follow(file, above, ignoreFiles);
      else if (isIgnored(file, isFolder, ignoreFiles)) continue;
      else if (isFolder) await visit({ folder: file, above, ignoreFiles });
      else found.push(file);
    }
  };
  const follow = async (
    link: string,
    above: ReadonlySet<string>,
    ignoreFiles: readonly IgnoreFile[],
  ): Promise<void> => {
    const real = await realpath(link).catch(() => undefined);
    const isFolder = real !== undefined && (await stat(real)).isDirectory();
    if (real === undefined || isIgnored(link, isFolder, ignoreFiles)) return;
    if (!isFolder) {
      if (isListed(link)) found.push(link);
      return;
    }
    const circle = [...above].some((known) => known === real || known.startsWith(real + path.sep));
    const from = await realpath(path.dirname(link));
    if (circle || from === real || from.startsWith(real + path.sep)) return;
    await visit({ folder: link, above: new Set(above).add(real), ignoreFiles });
  };
  await visit({ folder: start, above: new Set(), ignoreFiles: [] });
  return found;
}

/** How long folders are listed before others get a turn, in ms. */
const SLICE_MS = 4;

/**
 * Lists folders, each at once for as long as that is quick: it takes a fraction of the time. Where folders are far away
 * they are waited for.
 */
function folderLister(unlisted: Unlisted): (folder: string) => Promise<readonly Dirent[]> {
  let slow = 0;
  let began = performance.now();
  return async (folder) => {
    if (slow > 2) return byName(await listLater(folder, unlisted));
    if (performance.now() - began > SLICE_MS) {
      await nextTurn();
      began = performance.now();
    }
    const start = performance.now();
    const entries = listNow(folder, unlisted);
    slow = performance.now() - start > SLICE_MS ? slow + 1 : 0;
    return byName(entries);
  };
}

function listNow(folder: string, unlisted: Unlisted): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    unlisted(folder, error);
    return [];
  }
}

const listLater = (folder: string, unlisted: Unlisted): Promise<Dirent[]> =>
  new Promise((resolve) => {
    readdirWithCallback(folder, { withFileTypes: true }, (error, entries) => {
      if (error) unlisted(folder, error);
      resolve(error ? [] : entries);
    });
  });

const byName = (entries: Dirent[]): Dirent[] => entries.sort((a, b) => compareBytes(a.name, b.name));

function isIgnored(file: string, isFolder: boolean, ignoreFiles: readonly IgnoreFile[]): boolean {
  for (const { folder, rules } of ignoreFiles.toReversed()) {
    const verdict = ignores(rules, path.relative(folder, file).split(path.sep).join('/'), isFolder);
    if (verdict !== undefined) return verdict;
  }
  return false;
}
