import type { Folder } from './folder.ts';

/** A file of a workspace folder. */
export interface Located {
  readonly folder: Folder;
  readonly path: string;
}

/** The workspace folders, by their URIs (see `withoutSlash`). */
export class Folders {
  readonly #folders = new Map<string, Folder>();

  get all(): readonly Folder[] {
    return [...this.#folders.values()];
  }

  get(uri: string): Folder | undefined {
    return this.#folders.get(uri);
  }

  add(folder: Folder): void {
    this.#folders.set(folder.uri, folder);
  }

  remove({ uri }: Folder): void {
    this.#folders.delete(uri);
  }

  /** It is one of the workspace still. */
  has(folder: Folder): boolean {
    return this.#folders.get(folder.uri) === folder;
  }

  /** The innermost folder that a document lies in. */
  of(uri: string): Folder | undefined {
    let best: Folder | undefined;
    for (const folder of this.#folders.values()) {
      if (folder.pathOf(uri) !== undefined && folder.uri.length > (best?.uri.length ?? 0)) best = folder;
    }
    return best;
  }

  /** The folder of a document, and its path there; undefined outside of every folder. */
  place(uri: string): Located | undefined {
    const folder = this.of(uri);
    const path = folder?.pathOf(uri);
    return folder && path !== undefined ? { folder, path } : undefined;
  }

  /** Where a document lies; undefined outside of every folder, and until every file of its folder was read once. */
  located(uri: string): Located | undefined {
    const place = this.place(uri);
    return place?.folder.complete ? place : undefined;
  }

  /** Resolves when every file of the workspace was read once, and the applications are as the files say. */
  async ready(): Promise<void> {
    await Promise.all(this.all.map((folder) => folder.group()));
  }
}
