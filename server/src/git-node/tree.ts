import path from 'node:path';
import { joinPath } from '../workspace/paths.ts';
import { Blobs } from './blobs.ts';
import { askGit, git } from './run.ts';

/** A file of a commit. */
export type TreeFile =
  | { readonly kind: 'file' | 'link'; readonly hash: string; readonly blobs: Blobs }
  /** A submodule whose commit is not at hand. */
  | { readonly kind: 'submodule'; readonly hash: string };

/** All files of a commit, by their paths from the repository's own root, with `/`. */
export type CommitTree = ReadonlyMap<string, TreeFile>;

/** Submodules inside submodules are followed so deep. */
const DEPTH = 4;

/** The files of a commit, those of submodules that are checked out here included. Undefined where Git cannot say. */
export async function commitTree(top: string, commit: string): Promise<CommitTree | undefined> {
  const tree = new Map<string, TreeFile>();
  return (await addTree(tree, { top, commit, prefix: '.', depth: 0 })) ? tree : undefined;
}

interface Part {
  /** Folder of the repository. */
  readonly top: string;
  readonly commit: string;
  /** Where it lies within the outermost one. */
  readonly prefix: string;
  readonly depth: number;
}

async function addTree(tree: Map<string, TreeFile>, { top, commit, prefix, depth }: Part): Promise<boolean> {
  const answer = await askGit(top, 'ls-tree', '-r', '-z', '--full-tree', commit);
  if (!answer.ok) return false;
  const blobs = new Blobs(top);
  const submodules: { readonly file: string; readonly place: string; readonly hash: string }[] = [];
  for (const entry of answer.out.toString('utf8').split('\0')) {
    // `MODE TYPE HASH\tPATH`, the path as it is.
    const tab = entry.indexOf('\t');
    if (tab < 0) continue;
    const [mode, type, hash = ''] = entry.slice(0, tab).split(' ');
    const file = entry.slice(tab + 1);
    const place = joinPath(prefix, file);
    if (type === 'blob') tree.set(place, { kind: mode === '120000' ? 'link' : 'file', hash, blobs });
    else if (type === 'commit') submodules.push({ file, place, hash });
  }
  for (const { file, place, hash } of submodules) {
    const inside = path.join(top, ...file.split('/'));
    // A submodule that is not checked out is a folder of the repository around it.
    const own = depth < DEPTH ? (await git(inside, 'rev-parse', '--show-cdup'))?.trim() : undefined;
    const added = own === '' && (await addTree(tree, { top: inside, commit: hash, prefix: place, depth: depth + 1 }));
    if (!added) tree.set(place, { kind: 'submodule', hash });
  }
  return true;
}
