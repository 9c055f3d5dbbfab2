import type { SourceFile } from '../manifest/source-file.ts';
import { factsOf, type FileFacts } from './facts.ts';
import { comparePaths } from './paths.ts';

interface Entry {
  readonly file: SourceFile;
  readonly facts: FileFacts;
}

/** What a file that was taken in says about applications, and what it said before. */
export interface TakenFile {
  readonly facts: FileFacts;
  readonly before: FileFacts | undefined;
}

/** The files of a root with what they say about applications. What a file that changed says is looked at when asked for. */
export class HeldFiles {
  readonly #entries = new Map<string, Entry>();
  /** Files that changed since somebody looked at what they say. */
  readonly #touched = new Map<string, SourceFile>();
  /** Paths of the entries in their order, until one comes or goes. */
  #sorted: readonly string[] | undefined;

  /** A file as it stands now. */
  file(path: string): SourceFile | undefined {
    return this.#touched.get(path) ?? this.#entries.get(path)?.file;
  }

  /** A file as it was when somebody looked last at what it says. */
  settled(path: string): Entry | undefined {
    return this.#entries.get(path);
  }

  /** Paths of all files that were looked at, sorted. */
  paths(): readonly string[] {
    return (this.#sorted ??= [...this.#entries.keys()].sort(comparePaths));
  }

  /** The number of files that were looked at. */
  get size(): number {
    return this.#entries.size;
  }

  /** Nothing changed since somebody looked. */
  get isSettled(): boolean {
    return this.#touched.size === 0;
  }

  /** A file is another one; what it says is looked at later. */
  touch(path: string, file: SourceFile): void {
    this.#touched.set(path, file);
  }

  /** Looks at what a file says, at once. */
  take(path: string, file: SourceFile): TakenFile {
    this.#touched.delete(path);
    const facts = factsOf(path, file);
    const before = this.#entries.get(path)?.facts;
    if (!before) this.#sorted = undefined;
    this.#entries.set(path, { file, facts });
    return { facts, before };
  }

  /** Looks at what the files say that changed. */
  takeTouched(): TakenFile[] {
    return [...this.#touched].map(([path, file]) => this.take(path, file));
  }

  /** The file is gone. True: it was one that somebody had looked at. */
  remove(path: string): boolean {
    this.#touched.delete(path);
    const wasThere = this.#entries.delete(path);
    if (wasThere) this.#sorted = undefined;
    return wasThere;
  }
}
