import type { PlanProblem } from '../core/plan/model.ts';
import { openFile, type SourceFile } from '../manifest/source-file.ts';
import { excludesOf, type Excludes } from './excludes.ts';
import type { FileFacts } from './facts.ts';
import type { Files } from './files.ts';
import { HeldFiles, type TakenFile } from './held-files.ts';
import { Unreadable } from './unreadable.ts';

/** The files of one root, read from disk or, where an editor holds them, as they are typed. */
export abstract class RootFiles {
  readonly #files: Files;
  readonly #held = new HeldFiles();
  readonly #unreadable = new Unreadable();
  readonly #open = new Set<string>();
  /** Open files that no list of the root's files has named: ignored ones, and new ones until they are saved. */
  readonly #guests = new Set<string>();
  #excludes: Excludes;

  /** @param exclude glob patterns of what is left out */
  constructor(files: Files, exclude: readonly string[]) {
    this.#files = files;
    this.#excludes = excludesOf(exclude);
  }

  /** A file is another one, comes or goes. */
  protected abstract changed(path: string): void;
  /** What a file says about applications was looked at. */
  protected abstract taken(file: TakenFile): void;
  /** A file that was looked at is gone. */
  protected abstract gone(): void;
  /** These folders can be read, or cannot, which was otherwise before. */
  protected abstract foldersChanged(paths: readonly string[]): void;

  /** These patterns are left out from now on: forgets what they match. What they let in again has to be loaded. */
  protected exclude(patterns: readonly string[]): void {
    this.#excludes = excludesOf(patterns);
    for (const path of this.#held.paths()) if (this.isExcluded(path)) this.remove(path);
  }

  /** A file as it was when somebody looked last at what it says. */
  protected settled(path: string): { readonly file: SourceFile; readonly facts: FileFacts } | undefined {
    return this.#held.settled(path);
  }

  /** Nothing was typed since somebody looked. */
  protected get isSettled(): boolean {
    return this.#held.isSettled;
  }

  /** The number of files that were looked at. */
  protected get size(): number {
    return this.#held.size;
  }

  /** The settings leave the file out, and no editor holds it. */
  isExcluded(path: string): boolean {
    return !this.#open.has(path) && this.#excludes(path);
  }

  /** Paths of the files below a folder that belong to the index. */
  async list(folder: string): Promise<readonly string[]> {
    const found = await this.#files.list(folder, (path) => this.#excludes(path));
    const unreadable = [...(this.#files.unreadableFolders?.() ?? [])].filter(([path]) => !this.#excludes(path));
    const changed = this.#unreadable.takeFolders(new Map(unreadable));
    if (changed.length > 0) this.foldersChanged(changed);
    return found.filter((path) => !this.#excludes(path));
  }

  /** Reads a file from disk again: it is new, was saved or is gone. An open editor's text stays. */
  async refresh(path: string): Promise<void> {
    this.#takeRead(path, await this.#files.read(path));
  }

  /** The same at once; false where the files are too far away for it. */
  refreshNow(path: string): boolean {
    if (!this.#files.readNow) return false;
    this.#takeRead(path, this.#files.readNow(path));
    return true;
  }

  #takeRead(path: string, text: string | undefined): void {
    if (text !== undefined) this.#guests.delete(path);
    if (this.#open.has(path)) return;
    this.#unreadable.delete(path);
    if (text !== undefined && !this.#excludes(path)) {
      const known = this.file(path);
      if (known?.text === text) return;
      // Taken in at once, so that many files are spread over the time in which they are read.
      this.changed(path);
      this.taken(this.#held.take(path, known?.replaced(text, known.version + 1) ?? openFile(path, text)));
      return;
    }
    const why = this.#files.whyUnreadable?.(path);
    if (why !== undefined) this.#unreadable.set(path, why);
    this.remove(path);
  }

  /** Nobody wants to wait for the rest of these files: those that were not read yet are said to be missing. */
  leaveUnread(paths: readonly string[]): void {
    for (const path of paths) {
      if (this.file(path) || this.#unreadable.has(path)) continue;
      this.#unreadable.set(path, 'The file was not read: reading the workspace was cancelled.');
    }
  }

  /** The text of an open editor, from now on instead of the file on disk. Call it for each change. */
  overlay(path: string, file: SourceFile): void {
    if (!this.#open.has(path) && !this.file(path)) this.#guests.add(path);
    this.#open.add(path);
    this.#unreadable.delete(path);
    this.#held.touch(path, file);
    this.changed(path);
  }

  /** The editor was closed: the file on disk counts again, if it is one of the root's files. */
  async close(path: string): Promise<void> {
    this.#open.delete(path);
    if (this.#guests.delete(path)) this.remove(path);
    else await this.refresh(path);
  }

  /** The file is gone. */
  remove(path: string): void {
    this.changed(path);
    if (this.#held.remove(path)) this.gone();
  }

  /** A file as it stands now. */
  file(path: string): SourceFile | undefined {
    return this.#held.file(path);
  }

  /** Does an editor hold the file? */
  isOpen(path: string): boolean {
    return this.#open.has(path);
  }

  /** Paths of all files, sorted. */
  paths(): readonly string[] {
    this.settle();
    return this.#held.paths();
  }

  /** What a file says about applications. */
  facts(path: string): FileFacts | undefined {
    this.settle();
    return this.#held.settled(path)?.facts;
  }

  /** Files that could not be read, and why. */
  unreadable(): readonly PlanProblem[] {
    return this.#unreadable.all();
  }

  /** Takes in what was typed. */
  protected settle(): void {
    for (const taken of this.#held.takeTouched()) this.taken(taken);
  }
}
