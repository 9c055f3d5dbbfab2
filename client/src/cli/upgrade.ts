import type { Application, Files } from '#service';
import type { KubeObject } from '#core/object';
import { UsageError } from './args.ts';
import { git } from './git.ts';
import { openFiles } from './workspace.ts';

/** The files of a revision, as Git has them. */
function filesAt(folder: string, id: string): Files {
  return {
    async list(below) {
      const listed = await git(folder, 'ls-tree', '-r', '-z', '--name-only', id, '--', below === '' ? '.' : below);
      return (listed ?? '')
        .split('\0')
        .filter((file) => /\.(?:ya?ml|json)$/i.test(file))
        .filter((file) => !file.split('/').some((part) => part === 'node_modules' || part.startsWith('.')))
        .sort();
    },
    read: (file) => git(folder, 'show', `${id}:./${file}`),
  };
}

/**
 * The objects of an application in an earlier revision; none where it was not there yet.
 * @throws UsageError where there is no such revision, or its manifests cannot be read for certain
 */
export async function objectsAt(
  revision: string,
  application: Application,
): Promise<{ readonly objects: readonly KubeObject[]; readonly id: string }> {
  const folder = process.cwd();
  const id = (
    await git(folder, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`)
  )?.trim();
  if (id === undefined || id === '')
    throw new UsageError(`--upgrade ${revision}: Git knows no such revision here (${folder})`);
  const service = await openFiles(filesAt(folder, id), ['.']);
  const all = service.applications();
  const old =
    all.find(({ name, path }) => name === application.name && path === application.path) ??
    all.find(({ path }) => path === application.path) ??
    all.find(({ name }) => name === application.name);
  if (!old) return { objects: [], id };
  const source = service.source(old);
  const [refused] = source.refused;
  if (refused)
    throw new UsageError(
      `The manifests of ${revision} cannot be synced: ${refused.file}:${refused.line}: ${refused.message}`,
    );
  return { objects: source.objects.map(({ object }) => object), id };
}
