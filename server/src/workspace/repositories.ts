import type { Files } from './files.ts';
import { joinPath } from './paths.ts';
import { repositoryName } from './source-folders.ts';
import type { Repository } from './tree.ts';

/** How many folders above the root a repository is looked for. */
const LEVELS = 8;

/** The repository that the root lies in, or those whose roots are among some folders of it. Reads Git's own files. */
export async function repositoriesOf(files: Files, folders: readonly string[]): Promise<Repository[]> {
  for (let level = 0, folder = '.'; level < LEVELS; level++, folder = joinPath(folder, '..')) {
    const found = await repositoryAt(files, folder);
    if (found && level > 0) return [found];
    if (found) return [found, ...(await repositoriesIn(files, folders))];
    if (level === 0) {
      const inside = await repositoriesIn(files, folders);
      if (inside.length > 0) return inside;
    }
  }
  return [];
}

/** How many folders are looked into at a time: others get a turn in between. */
const LOOKS = 64;

async function repositoriesIn(files: Files, folders: readonly string[]): Promise<Repository[]> {
  const found: Repository[] = [];
  for (let i = 0; i < folders.length; i += LOOKS) {
    const some = await Promise.all(folders.slice(i, i + LOOKS).map((folder) => repositoryAt(files, folder)));
    for (const repository of some) if (repository) found.push(repository);
  }
  return found;
}

async function repositoryAt(files: Files, folder: string): Promise<Repository | undefined> {
  if (files.has && !(await files.has(joinPath(folder, '.git')))) return undefined;
  const text = (await files.read(joinPath(folder, '.git/config'))) ?? (await linkedConfig(files, folder));
  return text === undefined ? undefined : { folder, remotes: remotesIn(text) };
}

/** Of a submodule or another work tree: `.git` is a file there that names the folder. */
async function linkedConfig(files: Files, folder: string): Promise<string | undefined> {
  const link = /^gitdir: *(.+)$/m.exec((await files.read(joinPath(folder, '.git'))) ?? '')?.[1]?.trim();
  if (link === undefined || link.startsWith('/') || /^[A-Za-z]:/.test(link)) return undefined;
  const at = joinPath(folder, link);
  return (await files.read(joinPath(at, 'config'))) ?? (await files.read(joinPath(at, '../../config')));
}

/** A folder of some machine, from which a clone was made: it says nothing about the address that Argo CD knows. */
const isLocal = (url: string): boolean => /^(?:file:|[./~]|[A-Za-z]:[\\/])/.test(url) || !/[:]/.test(url);

/** The addresses of the remotes in a Git configuration, but for those that are folders of a machine. */
export function remotesIn(config: string): string[] {
  const remotes = new Set<string>();
  let inRemote = false;
  for (const line of config.split(/\r?\n/)) {
    const section = /^\s*\[\s*([^\]\s"]+)/.exec(line)?.[1];
    if (section !== undefined) inRemote = section.toLowerCase() === 'remote';
    const url = inRemote ? /^\s*(?:push)?url\s*=\s*"?([^"]+?)"?\s*$/i.exec(line)?.[1] : undefined;
    if (url !== undefined && !isLocal(url)) remotes.add(repositoryName(url));
  }
  return [...remotes];
}
