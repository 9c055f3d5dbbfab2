import { decode, MAX_FILE_SIZE, tooBig } from '../decode.ts';
import type { Files } from '../workspace/files.ts';
import type { RevisionTree } from '../workspace/revision-renderer.ts';
import { comparePaths, folderOf, isWithin, joinPath, relativeTo } from '../workspace/paths.ts';
import { isHidden, isListed } from '../workspace/tree-files.ts';
import type { CommitTree, TreeFile } from './tree.ts';

/** A commit as files of a root. */
export interface CommitFiles {
  /** Folder of the root within the repository; `.` where it is the repository's own. */
  readonly prefix: string;
  readonly short: string;
  /** Undefined where Git cannot say. */
  readonly tree: Promise<CommitTree | undefined>;
}

/** Links to links are followed so far. */
const LINKS = 16;
const LFS = 'version https://git-lfs.github.com/spec/';

/** Content of a file, or why there is none, for a person; undefined where there is no such file. */
type Content = { readonly bytes: Uint8Array } | { readonly problem: string } | undefined;

/** What a commit has at the paths of a root: as it was committed, without any filter. */
class Commit {
  readonly #prefix: string;
  readonly #short: string;
  readonly #tree: Promise<CommitTree | undefined>;

  constructor({ prefix, short, tree }: CommitFiles) {
    this.#prefix = prefix;
    this.#short = short;
    this.#tree = tree;
  }

  /** Path from the repository's own root; undefined where it lies outside. */
  #inside(file: string): string | undefined {
    const place = joinPath(this.#prefix, file);
    return isOutside(place) ? undefined : place;
  }

  async content(file: string): Promise<Content> {
    const tree = await this.#tree;
    const place = this.#inside(file);
    const found = tree && place !== undefined ? await this.#follow(tree, place) : undefined;
    if (typeof found === 'string') return { problem: found };
    if (found?.kind === 'submodule')
      return {
        problem: `It is a submodule at ${found.hash.slice(0, 7)}, which is not checked out here: run git submodule update --init.`,
      };
    if (!found) return undefined;
    const bytes = await found.blobs.read(found.hash);
    if (bytes) return { bytes };
    return { problem: `Its content at ${this.#short} is not in this clone: fetch it first (git fetch).` };
  }

  /** Follows links within the commit. A text says why nothing is read behind one. */
  async #follow(tree: CommitTree, place: string): Promise<TreeFile | string | undefined> {
    let at = place;
    for (let i = 0; i < LINKS; i++) {
      const found = tree.get(at);
      if (found?.kind !== 'link') return found;
      const to = Buffer.from((await found.blobs.read(found.hash)) ?? []).toString('utf8');
      at = to.startsWith('/') ? '..' : joinPath(folderOf(at), to);
      if (isOutside(at)) return `It is a link out of the repository (${to}), which ${this.#short} does not hold.`;
      if (!tree.has(at)) return `It is a link to ${to}, where ${this.#short} has no file.`;
    }
    return 'It is a link that leads in a circle.';
  }

  /** Paths below a folder, as the root has them, of the entries that are wanted; a file in place of a folder: that file. */
  async list(folder: string, isWanted: (path: string, entry: TreeFile) => boolean): Promise<string[]> {
    const tree = await this.#tree;
    const place = this.#inside(folder);
    if (!tree || place === undefined) return [];
    if (tree.has(place)) return [folder];
    const found: string[] = [];
    for (const [path, entry] of tree) {
      if (!isWithin(path, place)) continue;
      const rest = relativeTo(path, place);
      if (isWanted(rest, entry)) found.push(joinPath(folder, rest));
    }
    return found.sort(comparePaths);
  }

  async entry(file: string): Promise<'file' | 'folder' | undefined> {
    const tree = await this.#tree;
    const place = this.#inside(file);
    if (!tree || place === undefined) return undefined;
    if (tree.has(place)) return 'file';
    for (const path of tree.keys()) if (isWithin(path, place)) return 'folder';
    return undefined;
  }
}

const isOutside = (place: string): boolean => place === '..' || place.startsWith('../');

/**
 * The manifests of a root as a commit has them.
 * @param maxFileSize files beyond it are not read, in MiB
 */
export function commitFiles(options: CommitFiles, maxFileSize = MAX_FILE_SIZE): Files {
  const commit = new Commit(options);
  const unreadable = new Map<string, string>();
  const read = async (file: string): Promise<string | undefined> => {
    unreadable.delete(file);
    const content = await commit.content(file);
    if (!content) return undefined;
    const text = 'bytes' in content ? textOf(content.bytes, options.short, maxFileSize) : content;
    if (typeof text === 'string') return text;
    unreadable.set(file, text.problem);
    return undefined;
  };
  return {
    read,
    list: (folder) =>
      commit.list(
        folder,
        (path, { kind }) => (kind === 'submodule' || isListed(path)) && !path.split('/').some(isHidden),
      ),
    whyUnreadable: (file) => unreadable.get(file),
  };
}

/** All files of a root as a commit has them, for the tools that render. */
export function commitContents(options: CommitFiles): RevisionTree {
  const commit = new Commit(options);
  const bytes = async (path: string): Promise<Uint8Array | undefined> => {
    const content = await commit.content(path);
    return content && 'bytes' in content ? content.bytes : undefined;
  };
  return {
    entry: (path) => commit.entry(path),
    bytes,
    text: async (path) => {
      const found = await bytes(path);
      return found && decode(found);
    },
    list: (folder) => commit.list(folder, (path, { kind }) => kind !== 'submodule' && !/(?:^|\/)\.[^/]*\//.test(path)),
  };
}

function textOf(bytes: Uint8Array, short: string, maxFileSize: number): string | { readonly problem: string } {
  const large = tooBig(bytes.byteLength, maxFileSize);
  if (large !== undefined) return { problem: large };
  const text = decode(bytes);
  if (!text.startsWith(LFS)) return text;
  return { problem: `At ${short} it is kept in Git LFS: the repository itself holds a pointer, and no manifest.` };
}
