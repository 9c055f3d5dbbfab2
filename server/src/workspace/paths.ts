import { compareBytes } from '../core/object.ts';

/** Paths relative to a root: with `/`, without a trailing one; the root itself is `.`, what lies outside begins with `..`. */

/** The path in its shortest form. */
export function normalizePath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.length === 0 ? '.' : parts.join('/');
}

export const joinPath = (folder: string, path: string): string => normalizePath(`${folder}/${path}`);

export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '.' : path.slice(0, slash);
}

export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Tells whether a path is a folder or lies below it. */
export const isWithin = (path: string, folder: string): boolean =>
  folder === '.' || path === folder || path.startsWith(`${folder}/`);

/** The path as seen from a folder that it lies in. */
export const relativeTo = (path: string, folder: string): string =>
  folder === '.' ? path : path.slice(folder.length + 1);

/** The folders that a folder lies in, from itself up to the root. */
export function ancestorsOf(folder: string): string[] {
  const chain = [folder];
  for (let at = folder; at !== '.';) {
    at = folderOf(at);
    chain.push(at);
  }
  return chain;
}

/** Order in which Go's filepath.Walk meets files: names compared folder by folder, by their bytes. */
export function comparePaths(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  if (at === length) return a.length - b.length;
  // A name that ends comes before every longer one.
  if (a[at] === '/') return -1;
  return b[at] === '/' ? 1 : compareBytes(a.slice(at), b.slice(at));
}
