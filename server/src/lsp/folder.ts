import type { SourceFile } from '../manifest/source-file.ts';
import type { Files } from '../workspace/files.ts';
import { WorkspaceIndex } from '../workspace/index.ts';
import type { Application } from '../workspace/model.ts';
import { objectsOfFile } from '../workspace/objects.ts';
import type { ApplicationRef } from './protocol.ts';

/** How many files are read before the event loop gets a turn, so that no keystroke waits for the index. */
const SLICE = 32;

/** Gives the event loop a turn: everything that waits for it comes first. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/** How long something may run before the event loop gets a turn, in ms. */
export const SLICE_MS = 5;

const wasRead = new WeakSet<SourceFile>();

/** Reads the objects of an application's files in slices: what is read stays with its document, and the plan is quick. */
export async function readAhead({ index }: Folder, { files, kind }: Application): Promise<void> {
  let sliceEnd = performance.now() + SLICE_MS;
  for (const path of files) {
    const file = index.file(path);
    if (!file || wasRead.has(file)) continue;
    objectsOfFile(file, path, kind === 'helm');
    wasRead.add(file);
    if (performance.now() < sliceEnd) continue;
    await nextTurn();
    sliceEnd = performance.now() + SLICE_MS;
  }
}

export const refOf = (folder: string, { path, name }: Application): ApplicationRef => ({ folder, path, name });
export const refKey = ({ folder, path, name }: ApplicationRef): string => `${folder}\n${path}\n${name}`;

/** One workspace folder: its index, and how its documents are named. */
export class Folder {
  /** Without a slash at the end. */
  readonly uri: string;
  readonly index: WorkspaceIndex;
  /** Resolves when every file was read once. */
  readonly loaded: Promise<void>;
  readonly #files: Files;
  #ended = false;
  #revision = 0;
  #announced: ReadonlyMap<string, Application> = new Map();

  constructor(uri: string, files: Files) {
    this.uri = uri;
    this.#files = files;
    this.index = new WorkspaceIndex(files, { rootName: decoded(uri.slice(uri.lastIndexOf('/') + 1)) || 'root' });
    this.loaded = this.#load();
  }

  /** Reads the folder's files in slices, in the background. */
  async #load(): Promise<void> {
    const paths = await this.#files.list('.');
    for (let i = 0; i < paths.length && !this.#ended; i += SLICE) {
      const slice = paths.slice(i, i + SLICE);
      await Promise.all(slice.map((path) => this.refresh(path)));
      // Takes in what was read, so that the first question does not find all of it waiting.
      this.index.facts(slice[0] ?? '.');
    }
  }

  /** Stops reading: the folder was removed. */
  end(): void {
    this.#ended = true;
  }

  /** Path within the folder of a document; undefined where it lies elsewhere. */
  pathOf(uri: string): string | undefined {
    return uri.startsWith(`${this.uri}/`) ? decoded(uri.slice(this.uri.length + 1)) : undefined;
  }

  /** Grows with whatever may change an application. */
  get revision(): number {
    return this.#revision;
  }

  /** An editor holds the file: its text counts instead of that on disk. */
  overlay(path: string, file: SourceFile): void {
    this.#revision++;
    this.index.overlay(path, file);
  }

  /** The editor was closed. */
  async close(path: string): Promise<void> {
    await this.index.close(path);
    this.#revision++;
  }

  /** The file is new, or another one, on disk. */
  async refresh(path: string): Promise<void> {
    await this.index.refresh(path);
    this.#revision++;
  }

  remove(path: string): void {
    this.#revision++;
    this.index.remove(path);
  }

  /**
   * Applications that are not what they were when this was last asked: those of the changed files, and those that came,
   * went or are made up otherwise.
   */
  changedApplications(paths: Iterable<string>): ApplicationRef[] {
    const changed = new Map<string, ApplicationRef>();
    const add = (application: Application | undefined): void => {
      if (!application) return;
      const ref = refOf(this.uri, application);
      changed.set(refKey(ref), ref);
    };
    const now = new Map(
      this.index.applications().map((application) => [refKey(refOf(this.uri, application)), application]),
    );
    for (const [key, application] of now) if (this.#announced.get(key) !== application) add(application);
    for (const [key, application] of this.#announced) if (!now.has(key)) add(application);
    for (const path of paths) add(this.index.applicationOf(path));
    this.#announced = now;
    return [...changed.values()];
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
