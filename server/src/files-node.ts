import { readFile as readFileBytes } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { decode, tooBig } from './decode.ts';
import { git } from './git-node/run.ts';
import type { Files } from './workspace/files.ts';
import { ignores, parseIgnore, type IgnoreRules } from './workspace/gitignore.ts';
import { comparePaths } from './workspace/paths.ts';
import { isHidden, isListed } from './workspace/tree-files.ts';

/** The file system of Node, seen from a root folder. Paths outside of it begin with `..`. */
export function nodeFiles(root: string): Files {
  const unreadable = new Map<string, string>();
  const absolute = (file: string): string => path.resolve(root, file);
  const relative = (file: string): string => path.relative(root, file).split(path.sep).join('/') || '.';

  const readText = async (file: string): Promise<string | undefined> => {
    unreadable.delete(file);
    const read = await bytesOf(absolute(file));
    if (typeof read === 'string') {
      if (read !== 'ENOENT' && read !== 'ENOTDIR') unreadable.set(file, `The file cannot be read (${read}).`);
      return undefined;
    }
    const problem = tooBig(read.byteLength);
    if (problem === undefined) return decode(read);
    unreadable.set(file, problem);
    return undefined;
  };

  const list = async (folder: string): Promise<readonly string[]> => {
    const start = absolute(folder);
    try {
      if (!(await stat(start)).isDirectory()) return [relative(start)];
    } catch (error) {
      unreadable.set(folder, `It cannot be read (${codeOf(error)}).`);
      return [];
    }
    const found = (await listedByGit(start)) ?? (await walk(start));
    return found.map(relative).sort(comparePaths);
  };

  return { read: readText, list, whyUnreadable: (file) => unreadable.get(file) };
}

/** The bytes of a file, or the code of the error. The function with a callback takes half the time of the promise's. */
const bytesOf = (file: string): Promise<Uint8Array | string> =>
  new Promise((resolve) => {
    readFileBytes(file, (error, bytes) => {
      resolve(error ? codeOf(error) : bytes);
    });
  });

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : String(error);

/** What Git has or would take below a folder; undefined where Git cannot say, or ignores the folder as a whole. */
async function listedByGit(folder: string): Promise<string[] | undefined> {
  const out = await git(folder, 'ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate');
  if (out === undefined || out === '') return undefined;
  const names = out.split('\0').filter((name) => name !== '');
  const files = names.filter((name) => isListed(name) && !name.split('/').some(isHidden));
  // A repository of its own inside this one, not added to it, is listed as a folder.
  const nested = names.filter((name) => name.endsWith('/') && !name.split('/').some(isHidden));
  const walked = await Promise.all(nested.map((name) => walk(path.join(folder, name))));
  return [...files.map((name) => path.join(folder, name)), ...walked.flat()];
}

interface IgnoreFile {
  readonly folder: string;
  readonly rules: IgnoreRules;
}

/** Files below a folder without Git's help; follows symbolic links to folders, but none in a circle. */
async function walk(start: string): Promise<string[]> {
  const visit = async (
    folder: string,
    above: ReadonlySet<string>,
    inherited: readonly IgnoreFile[],
  ): Promise<string[]> => {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    const own = entries.some(({ name }) => name === '.gitignore')
      ? [{ folder, rules: parseIgnore(await readFile(path.join(folder, '.gitignore'), 'utf8').catch(() => '')) }]
      : [];
    const ignoreFiles = own.length > 0 ? [...inherited, ...own] : inherited;
    const below = entries.map(async (entry): Promise<readonly string[]> => {
      const file = path.join(folder, entry.name);
      if (isHidden(entry.name)) return [];
      if (entry.isSymbolicLink()) return follow(file, above, ignoreFiles);
      if (isIgnored(file, entry.isDirectory(), ignoreFiles)) return [];
      if (entry.isDirectory()) return visit(file, above, ignoreFiles);
      return isListed(entry.name) ? [file] : [];
    });
    return (await Promise.all(below)).flat();
  };
  /** `above`: the real folders in which the walk went on behind a link, so that it does not come by them again. */
  const follow = async (
    link: string,
    above: ReadonlySet<string>,
    ignoreFiles: readonly IgnoreFile[],
  ): Promise<string[]> => {
    const real = await realpath(link).catch(() => undefined);
    const isFolder = real !== undefined && (await stat(real)).isDirectory();
    if (real === undefined || isIgnored(link, isFolder, ignoreFiles)) return [];
    if (!isFolder) return isListed(link) ? [link] : [];
    const circle = [...above].some((known) => known === real || known.startsWith(real + path.sep));
    const from = await realpath(path.dirname(link));
    if (circle || from === real || from.startsWith(real + path.sep)) return [];
    return visit(link, new Set(above).add(real), ignoreFiles);
  };
  return visit(start, new Set(), []);
}

function isIgnored(file: string, isFolder: boolean, ignoreFiles: readonly IgnoreFile[]): boolean {
  for (const { folder, rules } of ignoreFiles.toReversed()) {
    const verdict = ignores(rules, path.relative(folder, file).split(path.sep).join('/'), isFolder);
    if (verdict !== undefined) return verdict;
  }
  return false;
}
