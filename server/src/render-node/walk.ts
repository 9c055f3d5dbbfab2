import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { EntryKind } from '../workspace/render/model.ts';

/** No chart and no kustomization has more files. */
const MAX_FILES = 5_000;

/** What lies at a path of the disk; undefined where nothing does. */
export async function entryAt(file: string): Promise<EntryKind | undefined> {
  try {
    const found = await stat(file);
    return found.isDirectory() ? 'folder' : found.isFile() ? 'file' : undefined;
  } catch {
    return undefined;
  }
}

/** All files below a folder but those in hidden folders, bounded; links are followed, but in no circle. */
export async function walk(start: string): Promise<string[]> {
  const files: string[] = [];
  const visit = async (folder: string, above: ReadonlySet<string>): Promise<void> => {
    const real = await realpath(folder).catch(() => undefined);
    if (real === undefined || above.has(real)) return;
    const inside = new Set(above).add(real);
    for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
      if (files.length >= MAX_FILES) return;
      const file = path.join(folder, entry.name);
      const kind = entry.isSymbolicLink()
        ? await entryAt(file)
        : entry.isDirectory()
          ? 'folder'
          : entry.isFile()
            ? 'file'
            : undefined;
      if (kind === 'file') files.push(file);
      else if (kind === 'folder' && !entry.name.startsWith('.')) await visit(file, inside);
    }
  };
  await visit(start, new Set());
  return files;
}
