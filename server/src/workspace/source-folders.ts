import type { DeclaredApplication, DeclaredSource } from './declared.ts';
import type { ValueFile } from './model.ts';
import { hasTemplate } from '../manifest/template.ts';
import { ancestorsOf, baseName, folderOf, isWithin, joinPath, normalizePath } from './paths.ts';
import type { Tree } from './tree.ts';

/** Where the folder of a source lies in the root, and the root of its repository (`..` where that lies above). */
export interface SourcePlace {
  readonly folder: string;
  readonly repository: string;
}

/**
 * The folder that a source means. Where the repository of its address lies in the root: its path there. Else, unless
 * the address is known to be another repository's, its path within the root; else below one of the folders above the
 * Application's own file, nearest first (the repository may lie in a folder of the root); else without its first
 * folders (the root may be a folder of the repository). Undefined where no such folder holds a file.
 */
export function placeOfSource(source: DeclaredSource, file: string, tree: Tree): SourcePlace | undefined {
  if (source.path === undefined) return undefined;
  const path = normalizePath(source.path);
  const own = tree.repositories.find(({ remotes }) => remotes.includes(repositoryName(source.repoURL)));
  if (own && !own.folder.startsWith('..')) {
    const folder = joinPath(own.folder, path);
    return tree.folders.has(folder) ? { folder, repository: own.folder } : undefined;
  }
  if (!own && isElsewhere(source.repoURL, file, tree)) return undefined;
  if (path === '.' && isAway(source.repoURL, tree)) return undefined;
  return placeByPath(path, file, tree);
}

/** The address is not one of the repository in which the Application lies, nor of a fork of it by another owner. */
function isElsewhere(repoURL: string, file: string, { repositories }: Tree): boolean {
  if (repoURL === '' || hasTemplate(repoURL) || repoURL.includes('$')) return false;
  const around = repositories.filter(({ folder }) => folder.startsWith('..') || isWithin(file, folder));
  const remotes = around.flatMap((repository) => repository.remotes);
  return remotes.length > 0 && !remotes.some((remote) => baseName(remote) === baseName(repositoryName(repoURL)));
}

/**
 * The root of a repository may be any root: where nothing else tells, it is not this one if other sources tell which
 * repository this one is.
 */
function isAway(repoURL: string, { homes }: Tree): boolean {
  if (homes.size === 0 || repoURL === '' || hasTemplate(repoURL) || repoURL.includes('$')) return false;
  const name = baseName(repositoryName(repoURL));
  return ![...homes].some((home) => home === '' || hasTemplate(home) || baseName(home) === name);
}

function placeByPath(path: string, file: string, tree: Tree): SourcePlace | undefined {
  if (tree.folders.has(path)) return { folder: path, repository: '.' };
  for (const above of ancestorsOf(folderOf(file))) {
    const folder = joinPath(above, path);
    if (tree.folders.has(folder)) return { folder, repository: above };
  }
  const parts = path.split('/');
  for (let skip = 1; skip < parts.length; skip++) {
    const folder = parts.slice(skip).join('/');
    if (tree.folders.has(folder)) return { folder, repository: parts.slice(0, skip).fill('..').join('/') };
  }
  return undefined;
}

/** What the names of files in a source are seen from. */
export interface FileScope extends Partial<SourcePlace> {
  readonly application: DeclaredApplication;
  /** Places of the application's sources, in their order. */
  readonly places: readonly (SourcePlace | undefined)[];
  readonly tree: Tree;
}

/**
 * A values file, or a file for a parameter: relative to the source's folder, with `/` in front to its repository, with
 * `$ref/` to the repository of another source.
 * Source: util/helm and reposerver/repository/repository.go `getResolvedValueFiles`, util/io/path `ResolveValueFilePathOrUrl`.
 */
export function valueFile(declared: string, scope: FileScope): ValueFile {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(declared)) return { declared };
  const [, ref, rest] = /^\$([A-Za-z0-9_-]+)\/(.*)$/.exec(declared) ?? [];
  if (ref !== undefined && rest !== undefined) {
    const path = fileOfRef(ref, rest, scope);
    return path === undefined ? { declared } : { declared, path };
  }
  if (declared.startsWith('/')) {
    return scope.repository === undefined ? { declared } : { declared, path: joinPath(scope.repository, declared) };
  }
  return scope.folder === undefined ? { declared } : { declared, path: joinPath(scope.folder, declared) };
}

/** The repository of a source that only lends its files is known by another source of it, or by the file itself. */
function fileOfRef(ref: string, rest: string, { application, places, tree }: FileScope): string | undefined {
  const at = application.sources.findIndex((source) => source.ref === ref);
  const lender = application.sources[at];
  if (!lender) return undefined;
  const known = tree.repositories.find(({ remotes }) => remotes.includes(repositoryName(lender.repoURL)));
  const own = places[at]?.repository ?? known?.folder;
  const sibling = application.sources.findIndex(
    ({ repoURL }, i) => places[i] !== undefined && sameRepository(repoURL, lender.repoURL),
  );
  const repository = own ?? places[sibling]?.repository;
  if (repository !== undefined) return joinPath(repository, rest);
  const path = normalizePath(rest);
  const above = [...ancestorsOf(folderOf(application.file))].reverse();
  return above.map((folder) => joinPath(folder, path)).find((candidate) => tree.byPath.has(candidate));
}

/** One repository, whatever protocol, user and ending its address is written with. Source: util/git/git.go `NormalizeGitURL`. */
const sameRepository = (a: string, b: string): boolean => repositoryName(a) === repositoryName(b);

/** The host and path of a repository's address. */
export function repositoryName(url: string): string {
  const text = url
    .trim()
    .toLowerCase()
    .replace(/\.git\/?$/, '')
    .replace(/\/$/, '');
  const [, host = '', path = ''] =
    /^(?:[a-z+]+:\/\/)(?:[^@/]*@)?([^/:]+)(?::\d+)?\/(.*)$/.exec(text) ??
    /^(?:[^@/]*@)?([^/:]+):(.*)$/.exec(text) ??
    [];
  return host === '' ? text : `${host}/${path.replace(/^\//, '')}`;
}
