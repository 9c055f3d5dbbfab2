import path from 'node:path';
import type { KubeObject } from '#core/object';
import { contentRevision } from '../sync/content-id.ts';
import type { Revision } from '../sync/model.ts';
import { git } from '#git-node';

/**
 * What is synced: Git's HEAD, marked where the files are not as committed, or without Git a hash of the content.
 * @param files of the application, relative to the folder
 */
export async function revisionOf(
  folder: string,
  files: readonly string[],
  objects: readonly KubeObject[],
): Promise<Revision> {
  const places = [...new Set(files.map((file) => path.dirname(path.resolve(folder, file))))];
  const [place = folder] = places;
  const head = (await git(place, 'rev-parse', '--verify', 'HEAD'))?.trim();
  if (head !== undefined && head !== '') {
    const absolute = files.map((file) => path.resolve(folder, file));
    const changed = await git(place, 'status', '--porcelain', '--ignored=no', '--', ...absolute.slice(0, 500));
    const modified = changed === undefined || changed.trim() !== '';
    return { id: head, text: `HEAD ${head.slice(0, 7)}${modified ? ' (modified)' : ''}` };
  }
  return contentRevision(objects);
}
