import { decode, tooBig } from '../decode.ts';
import type { Files } from '../workspace/files.ts';
import { comparePaths, folderOf, isWithin, joinPath } from '../workspace/paths.ts';
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

/** What has content of its own. */
type Blob = Exclude<TreeFile, { kind: 'submodule' }>;

/** Links to links are followed so far. */
const LINKS = 16;
const LFS = 'version https://git-lfs.github.com/spec/';

/** The files of a root as a commit has them: as they were committed, without any filter. */
export function commitFiles({ prefix, short, tree }: CommitFiles): Files {
  const unreadable = new Map<string, string>();
  /** Path from the repository's own root; undefined where it lies outside. */
  const inside = (file: string): string | undefined => {
    const place = joinPath(prefix, file);
    return place === '..' || place.startsWith('../') ? undefined : place;
  };

  const read = async (file: string): Promise<string | undefined> => {
    unreadable.delete(file);
    const all = await tree;
    const place = inside(file);
    const found = all && place !== undefined ? await follow(all, place) : undefined;
    const problem = (text: string): undefined => void unreadable.set(file, text);
    if (typeof found === 'string') return problem(found);
    if (!found) return undefined;
    if (found.kind === 'submodule')
      return problem(
        `It is a submodule at ${found.hash.slice(0, 7)}, which is not checked out here: run git submodule update --init.`,
      );
    const text = await contentOf(found);
    if (typeof text !== 'string') return problem(text.problem);
    return text;
  };

  const contentOf = async ({ hash, blobs }: Blob): Promise<string | { problem: string }> => {
    const bytes = await blobs.read(hash);
    if (!bytes) return { problem: `Its content at ${short} is not in this clone: fetch it first (git fetch).` };
    const large = tooBig(bytes.byteLength);
    if (large !== undefined) return { problem: large };
    const text = decode(bytes);
    if (text.startsWith(LFS))
      return { problem: `At ${short} it is kept in Git LFS: the repository itself holds a pointer, and no manifest.` };
    return text;
  };

  /** Follows links within the commit. A text says why nothing is read behind one. */
  const follow = async (all: CommitTree, place: string): Promise<TreeFile | string | undefined> => {
    let at = place;
    for (let i = 0; i < LINKS; i++) {
      const found = all.get(at);
      if (found?.kind !== 'link') return found;
      const to = (await found.blobs.read(found.hash))?.toString('utf8') ?? '';
      at = to.startsWith('/') ? '..' : joinPath(folderOf(at), to);
      if (at === '..' || at.startsWith('../'))
        return `It is a link out of the repository (${to}), which ${short} does not hold.`;
      if (!all.has(at)) return `It is a link to ${to}, where ${short} has no file.`;
    }
    return 'It is a link that leads in a circle.';
  };

  const list = async (folder: string): Promise<readonly string[]> => {
    const all = await tree;
    const place = inside(folder);
    if (!all || place === undefined) return [];
    if (all.get(place)) return [folder];
    const found: string[] = [];
    for (const [path, { kind }] of all) {
      if (!isWithin(path, place)) continue;
      const rest = place === '.' ? path : path.slice(place.length + 1);
      if ((kind === 'submodule' || isListed(path)) && !rest.split('/').some(isHidden))
        found.push(joinPath(folder, rest));
    }
    return found.sort(comparePaths);
  };

  return { read, list, whyUnreadable: (file) => unreadable.get(file) };
}
