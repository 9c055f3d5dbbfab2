import {
  access,
  closeSync,
  fstatSync,
  openSync,
  readFile as readFileBytes,
  readFileSync,
  readSync,
  stat as statWithCallback,
} from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { decode, MAX_FILE_SIZE, tooBig } from './decode.ts';
import { walk } from './files-node/walk.ts';
import { git } from './git-node/run.ts';
import type { Files, Skip } from './workspace/files.ts';
import { comparePaths, isWithin } from './workspace/paths.ts';
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
  const folders = new Map<string, string>();
  const cannotList = (folder: string, error: unknown): void =>
    void folders.set(folder, `The folder cannot be read (${codeOf(error)}), so what is in it is in no plan.`);
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
    for (const path of [...folders.keys()]) if (isWithin(path, folder)) folders.delete(path);
    try {
      if (!(await stat(start)).isDirectory()) return [relative(start)];
    } catch (error) {
      unreadable.set(folder, `It cannot be read (${codeOf(error)}).`);
      cannotList(folder, error);
      return [];
    }
    const byGit = await listedByGit(start);
    const walked =
      byGit?.walked ??
      (await walk(
        start,
        (file, isFolder) => skip(relative(file), isFolder),
        (path, error) => cannotList(relative(path), error),
      ));
    const found = walked.map(relative);
    if (byGit) {
      const above = relative(start);
      for (const name of byGit.files) found.push(above === '.' ? name : `${above}/${name}`);
    }
    return found.sort(comparePaths);
  };

  return {
    read: async (file) => textOf(file, await readLater(absolute(file), maxFileSize())),
    readNow: (file) => textOf(file, readNow(absolute(file), maxFileSize())),
    list,
    has: (file) => new Promise((resolve) => access(absolute(file), (error) => resolve(!error))),
    whyUnreadable: (file) => unreadable.get(file),
    unreadableFolders: () => folders,
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
      if (failed) resolve({ code: codeOf(failed) });
      else if (problem !== undefined) resolve({ problem });
      else readFileBytes(file, (error, bytes) => resolve(error ? { code: codeOf(error) } : { bytes }));
    });
  });

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : String(error);

/** What Git lists, relative to the folder and with `/`, and what it leaves to others: absolute. */
interface GitListing {
  readonly files: readonly string[];
  readonly walked: readonly string[];
}

/** What Git has or would take below a folder; undefined where Git cannot say, or ignores the folder as a whole. */
async function listedByGit(folder: string): Promise<GitListing | undefined> {
  const out = await git(folder, 'ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate');
  if (out === undefined || out === '') return undefined;
  const names = out.split('\0').filter((name) => name !== '');
  const files = names.filter((name) => isListed(name) && !name.split('/').some(isHidden));
  // A repository of its own inside this one, not added to it, is listed as a folder.
  const nested = names.filter((name) => name.endsWith('/') && !name.split('/').some(isHidden));
  const walked = await Promise.all(nested.map((name) => walk(path.join(folder, name))));
  return { files, walked: walked.flat() };
}
