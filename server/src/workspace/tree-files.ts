import type { Files } from './files.ts';
import { ignores, parseIgnore, type IgnoreRules } from './gitignore.ts';
import { ancestorsOf, baseName, comparePaths, folderOf, isWithin, joinPath, relativeTo } from './paths.ts';

/** Names of files that may hold manifests, or say which files form an application. */
export const isListed = (path: string): boolean => /\.(?:ya?ml|json)$/.test(path);

/** Folders and files that are never looked at. */
export const isHidden = (name: string): boolean => name === 'node_modules' || name.startsWith('.');

/** Names of folders seldom have an ending, and those of files that are not listed mostly do. */
export const mayBeFolder = (path: string): boolean => !/\.[A-Za-z0-9]{1,5}$/.test(path);

const IGNORE_FILE = '.gitignore';

export interface TreeEntry {
  readonly name: string;
  readonly isFolder: boolean;
}

/** What became of reading a file: its text, or why it could not be read; null: there is none. */
export type FileText = { readonly text: string } | { readonly problem: string } | null;

/**
 * A file system that knows no Git: that of an editor, which may lie anywhere. Paths are relative to its root, with `/`.
 */
export interface FileTree {
  /** Paths of all YAML, JSON and `.gitignore` files by a search of its own; null where it has none. */
  find(): Promise<readonly string[] | null>;
  /** What stands in a folder; null where there is no such folder. Links to folders are left out. */
  entries(folder: string): Promise<readonly TreeEntry[] | null>;
  read(path: string): Promise<FileText>;
}

/** The port `Files` over such a file system: what its `.gitignore` files name is left out here. */
export function treeFiles(tree: FileTree): Files {
  const unreadable = new Map<string, string>();
  const read = async (path: string): Promise<string | undefined> => {
    unreadable.delete(path);
    const found = await tree.read(path);
    if (found && 'problem' in found) unreadable.set(path, found.problem);
    return found && 'text' in found ? found.text : undefined;
  };
  const list = async (folder: string): Promise<readonly string[]> => {
    if (folder !== '.' && isListed(folder) && (await tree.entries(folder)) === null) return [folder];
    const found = (await tree.find()) ?? [];
    // A search that finds nothing may be none at all: a look says it for certain.
    const all = found.length > 0 ? found : await walk(tree, '.');
    return (await notIgnored(tree, all)).filter((path) => isWithin(path, folder)).sort(comparePaths);
  };
  return { read, list, whyUnreadable: (path) => unreadable.get(path) };
}

/** The files below a folder, folder by folder. */
async function walk(tree: FileTree, folder: string): Promise<string[]> {
  const entries = (await tree.entries(folder)) ?? [];
  const found = entries.map(async ({ name, isFolder }): Promise<readonly string[]> => {
    const path = joinPath(folder, name);
    if (!isFolder) return isListed(name) || name === IGNORE_FILE ? [path] : [];
    return isHidden(name) ? [] : walk(tree, path);
  });
  return (await Promise.all(found)).flat();
}

/** The manifests among some files that no `.gitignore` among them names, nor one of the folders that they lie in. */
async function notIgnored(tree: FileTree, all: readonly string[]): Promise<string[]> {
  const seen = all.filter((path) => !folderOf(path).split('/').some(isHiddenPart));
  const rules = new Map<string, IgnoreRules>();
  const read = async (path: string): Promise<void> => {
    const found = await tree.read(path);
    if (found && 'text' in found) rules.set(folderOf(path), parseIgnore(found.text));
  };
  await Promise.all(seen.filter((path) => baseName(path) === IGNORE_FILE).map(read));
  const manifests = seen.filter((path) => isListed(path) && !isHidden(baseName(path)));
  if (rules.size === 0) return manifests;
  const folders = new Map<string, boolean>();
  const folderIgnored = (folder: string): boolean => {
    if (folder === '.') return false;
    const known = folders.get(folder) ?? (folderIgnored(folderOf(folder)) || isIgnored(folder, true, rules));
    folders.set(folder, known);
    return known;
  };
  return manifests.filter((path) => !folderIgnored(folderOf(path)) && !isIgnored(path, false, rules));
}

const isHiddenPart = (name: string): boolean => name !== '.' && isHidden(name);

/** What the nearest `.gitignore` that speaks of a path says. */
function isIgnored(path: string, isFolder: boolean, rules: ReadonlyMap<string, IgnoreRules>): boolean {
  for (const folder of ancestorsOf(folderOf(path))) {
    const own = rules.get(folder);
    const verdict = own && ignores(own, relativeTo(path, folder), isFolder);
    if (verdict !== undefined) return verdict;
  }
  return false;
}
