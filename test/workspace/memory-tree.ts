import { joinPath } from '../../server/src/workspace/paths.ts';
import type { FileText, FileTree, TreeEntry } from '../../server/src/workspace/tree-files.ts';

/** A file system of an editor that lives in a map. */
export class MemoryTree implements FileTree {
  readonly #texts: ReadonlyMap<string, string>;
  readonly #found: readonly string[] | null;
  /** Folders that were looked into. */
  readonly visited: string[] = [];

  /** @param found what its search gives; null: it has none */
  constructor(texts: ReadonlyMap<string, string>, found: readonly string[] | null = null) {
    this.#texts = texts;
    this.#found = found;
  }

  find(): Promise<readonly string[] | null> {
    return Promise.resolve(this.#found);
  }

  entries(folder: string): Promise<readonly TreeEntry[] | null> {
    this.visited.push(folder);
    const entries = new Map<string, TreeEntry>();
    for (const path of this.#texts.keys()) {
      const parts = path.split('/');
      parts.forEach((name, depth) => {
        if (joinPath('.', parts.slice(0, depth).join('/')) !== folder) return;
        entries.set(name, { name, isFolder: depth < parts.length - 1 });
      });
    }
    return Promise.resolve(entries.size > 0 || folder === '.' ? [...entries.values()] : null);
  }

  read(path: string): Promise<FileText> {
    const text = this.#texts.get(path);
    return Promise.resolve(text === undefined ? null : { text });
  }
}
