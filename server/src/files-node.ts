import {
  closeSync,
  fstatSync,
  openSync,
  readFile as readFileBytes,
  readFileSync,
  readSync,
  stat as statWithCallback,
} from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { decode, MAX_FILE_SIZE, tooBig } from './decode.ts';
import { git } from './git-node/run.ts';
import type { Files, Skip } from './workspace/files.ts';
import { ignores, parseIgnore, type IgnoreRules } from './workspace/gitignore.ts';
import { comparePaths } from './workspace/paths.ts';
import { isHidden, isListed } from './workspace/tree-files.ts';

/** What became of reading a file: its bytes, the code of the error, or why it is too long. */
type Read = { readonly bytes: Buffer } | { readonly code: string } | { readonly problem: string };

export interface NodeFilesOptions {
  /** Files beyond this size are not read, in MiB. */
  readonly maxFileSize?: () => number;
}

/** The file system of Node, seen from a root folder. Paths outside of it begin with `..`. */
export function nodeFiles(root: string, { maxFileSize = () => MAX_FILE_SIZE }: NodeFilesOptions = {}): Files {
  const unreadable = new Map<string, string>();
  const prefix = root.endsWith(path.sep) ? root : root + path.sep;
  const absolute = (file: string): string => path.resolve(root, file);
  const relative = (file: string): string => {
    const below = file.startsWith(prefix) ? file.slice(prefix.length) : path.relative(root, file);
    return (path.sep === '/' ? below : below.split(path.sep).join('/')) || '.';
  };
  const textOf = (file: string, read: Read): string | undefined => {
    unreadable.delete(file);
    if ('bytes' in read) return decode(read.bytes);
    if ('problem' in read) unreadable.set(file, read.problem);
    else if (read.code !== 'ENOENT' && read.code !== 'ENOTDIR')
      unreadable.set(file, `The file cannot be read (${read.code}).`);
    return undefined;
  };

  const list = async (folder: string, skip: Skip = () => false): Promise<readonly string[]> => {
    const start = absolute(folder);
    try {
      if (!(await stat(start)).isDirectory()) return [relative(start)];
    } catch (error) {
      unreadable.set(folder, `It cannot be read (${codeOf(error)}).`);
      return [];
    }
    const found = (await listedByGit(start)) ?? (await walk(start, (file, isFolder) => skip(relative(file), isFolder)));
    return found.map(relative).sort(comparePaths);
  };

  return {
    read: async (file) => textOf(file, await readLater(absolute(file), maxFileSize())),
    readNow: (file) => textOf(file, readNow(absolute(file), maxFileSize())),
    list,
    whyUnreadable: (file) => unreadable.get(file),
  };
}

/** Most manifests are shorter: they are read into this with one call. */
const BUFFER = Buffer.alloc(64 * 1024);

/** Reads a file at once. The bytes are good until the next call. @param limit in MiB */
function readNow(file: string, limit: number): Read {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    const length = readSync(descriptor, BUFFER, 0, BUFFER.length, 0);
    const whole = length < BUFFER.length;
    const problem = tooBig(whole ? length : fstatSync(descriptor).size, limit);
    if (problem !== undefined) return { problem };
    return { bytes: whole ? BUFFER.subarray(0, length) : readFileSync(file) };
  } catch (error) {
    return { code: codeOf(error) };
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Reads a file, unless it is too long. The functions with a callback take half the time of the promises'. */
const readLater = (file: string, limit: number): Promise<Read> =>
  new Promise((resolve) => {
    statWithCallback(file, (failed, found) => {
      const problem = failed ? undefined : tooBig(found.size, limit);
      if (problem !== undefined) resolve({ problem });
      else readFileBytes(file, (error, bytes) => resolve(error ? { code: codeOf(error) } : { bytes }));
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
async function walk(start: string, skip: Skip = () => false): Promise<string[]> {
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
      if (isHidden(entry.name) || skip(file, entry.isDirectory())) return [];
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
