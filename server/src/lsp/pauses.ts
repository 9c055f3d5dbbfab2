import type { Folder } from './folder.ts';

/** What depends on an application follows when the typist pauses for this long. */
const PAUSE_MS = 150;

export interface PausesHost {
  /** The folder is one of the workspace, and every file of it was read. */
  isRead(folder: Folder): boolean;
  /** The typist paused: what changed since the last time, by folder. Applications are worked out. */
  paused(changed: ReadonlyMap<Folder, ReadonlySet<string>>): void;
  failed(error: unknown): void;
}

/** Collects what changes until the typist pauses, and the applications that it leads to are worked out. */
export class Pauses {
  readonly #host: PausesHost;
  #changed = new Map<Folder, Set<string>>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: PausesHost) {
    this.#host = host;
  }

  /** A file of a folder changed, or the folder itself. */
  touch(folder: Folder, path?: string): void {
    const paths = this.#changed.get(folder) ?? new Set();
    if (path !== undefined) paths.add(path);
    this.#changed.set(folder, paths);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#pause(), PAUSE_MS);
  }

  #pause(): void {
    this.#timer = undefined;
    const waiting = [...this.#changed.keys()].filter((folder) => this.#host.isRead(folder) && !folder.index.isGrouped);
    if (waiting.length === 0) return this.#tell();
    Promise.all(waiting.map((folder) => folder.group())).then(
      () => {
        // Where something changed meanwhile the next pause is as good.
        if (this.#timer === undefined) this.#tell();
      },
      (error: unknown) => this.#host.failed(error),
    );
  }

  #tell(): void {
    const changed = this.#changed;
    this.#changed = new Map();
    this.#host.paused(changed);
  }
}
