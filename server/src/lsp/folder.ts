import type { ApplicationPlan } from '../core/plan/model.ts';
import type { SourceFile } from '../manifest/source-file.ts';
import type { Files } from '../workspace/files.ts';
import { WorkspaceIndex } from '../workspace/index.ts';
import type { Application } from '../workspace/model.ts';
import { forgetObjects, objectsOfDocument } from '../workspace/objects.ts';
import { ancestorsOf, folderOf, isWithin, joinPath } from '../workspace/paths.ts';
import { isHidden, isListed, mayBeFolder } from '../workspace/tree-files.ts';
import type { IndexProgress } from './index-progress.ts';
import { below } from './params.ts';
import type { ApplicationRef } from './protocol.ts';
import type { FolderSettings } from '../language/folder-settings.ts';
import { Slices } from './turns.ts';

/** How many files are read at a time: taking them in must not keep a keystroke waiting. */
const READERS = 16;

/** A file that takes longer to read is far away, or long. */
const SLOW_MS = 4;

const wasRead = new WeakSet<SourceFile>();

/** Reads the objects of some files in slices: what is read stays with its document, and the plan is quick. */
export async function readAhead({ index }: Folder, files: readonly string[], slices = new Slices()): Promise<void> {
  for (const path of files) {
    const file = index.file(path);
    if (!file || wasRead.has(file)) continue;
    for (const { document } of file.documents) {
      objectsOfDocument(document);
      const rest = slices.rest();
      if (rest) await rest;
    }
    wasRead.add(file);
  }
}

/**
 * Forgets the objects of an application whose plan is made, unless somebody edits a file of it: most applications of a
 * large workspace are never touched, and their plans are all that is asked for.
 */
export function release({ index }: Folder, { files }: Application): void {
  if (files.some((path) => index.isOpen(path))) return;
  for (const path of files) {
    const file = index.file(path);
    if (!file) continue;
    for (const { document } of file.documents) forgetObjects(document);
    wasRead.delete(file);
  }
}

/** The plan of an application; where it is not kept its files are read in slices, and forgotten again. */
export async function planIn(folder: Folder, application: Application, slices: Slices): Promise<ApplicationPlan> {
  const kept = folder.index.keptPlan(application);
  if (!kept) await readAhead(folder, application.files, slices);
  const plan = folder.index.plan(application);
  if (!kept) release(folder, application);
  await slices.rest();
  return plan;
}

export const refOf = (folder: string, { path, name }: Application): ApplicationRef => ({ folder, path, name });
export const refKey = ({ folder, path, name }: ApplicationRef): string => `${folder}\n${path}\n${name}`;

/** What a folder needs of the session. */
export interface FolderHost {
  /** Resolves when the settings are known. */
  readonly known: Promise<void>;
  /** The settings of this folder. */
  settings(): Pick<FolderSettings, 'applications' | 'exclude' | 'maxFileSize'>;
  progress(cancelled: () => void): Pick<IndexProgress, 'report' | 'done'>;
}

/** One workspace folder: its index, and how its documents are named. */
export class Folder {
  /** Without a slash at the end (see `withoutSlash`). */
  readonly uri: string;
  readonly index: WorkspaceIndex;
  /** Resolves when every file was read once. */
  readonly loaded: Promise<void>;
  readonly #files: Files;
  readonly #host: FolderHost;
  #ended = false;
  #cancelled = false;
  /** The settings by which files are read, and by which applications are made up. */
  #filesBy = '';
  #madeBy = '';
  #complete = false;
  #revision = 0;
  #announced: ReadonlyMap<string, Application> = new Map();
  #announcedList: readonly Application[] = [];

  constructor(uri: string, files: Files, host: FolderHost) {
    this.uri = uri;
    this.#files = files;
    this.#host = host;
    this.index = new WorkspaceIndex(files, { rootName: decoded(uri.slice(uri.lastIndexOf('/') + 1)) || 'root' });
    this.loaded = this.#load();
  }

  /** Reads the folder's files in slices, in the background, as soon as the settings are known. */
  async #load(): Promise<void> {
    await this.#host.known;
    this.#configure();
    const paths = await this.index.list('.');
    await this.index.findRepositories(paths);
    const progress = this.#host.progress(() => (this.#cancelled = true));
    await this.#read(paths, (read) => progress.report(read, paths.length));
    progress.done();
    await this.#group();
    this.#complete = !this.#ended;
  }

  async #read(paths: readonly string[], done: (read: number) => void): Promise<void> {
    const rest = await this.#readNear(paths, done);
    let next = 0;
    const reader = async (): Promise<void> => {
      for (let path = rest[next++]; path !== undefined && !this.#stops; path = rest[next++]) {
        await this.refresh(path);
        done(paths.length - rest.length + next);
      }
    };
    await Promise.all(Array.from({ length: READERS }, reader));
    if (this.#cancelled) this.index.leaveUnread(paths);
  }

  /** Works the applications out in slices, once every file was read: whoever asks for them then does not wait. */
  async group(): Promise<void> {
    await this.loaded;
    if (!this.index.isGrouped) await this.#group();
  }

  async #group(): Promise<void> {
    const slices = new Slices();
    await this.index.group(() => slices.rest());
  }

  get #stops(): boolean {
    return this.#ended || this.#cancelled;
  }

  /** The settings may be other ones: then files come or go, or applications are made up otherwise. */
  async configure(): Promise<void> {
    await this.loaded;
    const before = this.#filesBy;
    if (!this.#configure()) return;
    this.#revision++;
    if (this.#filesBy !== before) await this.rescan();
  }

  /** Takes the settings as they are now; gives whether anything is another one. */
  #configure(): boolean {
    const { applications, exclude, maxFileSize } = this.#host.settings();
    const files = JSON.stringify([exclude, maxFileSize]);
    const made = JSON.stringify(applications);
    if (files === this.#filesBy && made === this.#madeBy) return false;
    this.#filesBy = files;
    this.#madeBy = made;
    this.index.configure({ applications, exclude });
    return true;
  }

  /** Looks for files that came or went, without being told: reads the new ones, and these. */
  async rescan(again: readonly string[] = []): Promise<void> {
    await this.loaded;
    const listed = await this.index.list('.');
    const known = new Set(this.index.paths());
    const now = new Set(listed);
    for (const path of known) if (!now.has(path) && !this.index.isOpen(path)) this.remove(path);
    const read = new Set(again);
    await this.#read(
      listed.filter((path) => !known.has(path) || read.has(path)),
      () => undefined,
    );
  }

  /** Something on disk is new, another one or gone. Gives the files that it touches. */
  async changedOnDisk(path: string, deleted: boolean): Promise<readonly string[]> {
    if (path.split('/').some(isHidden) || this.index.isExcluded(path)) return [];
    if (!/\.(?:ya?ml|json|tpl)$/.test(path)) return mayBeFolder(path) ? this.#folderChanged(path) : [];
    if (deleted) this.remove(path);
    else await this.refresh(path);
    return [path];
  }

  /** A folder came, or went: so did what lies in it. */
  async #folderChanged(folder: string): Promise<readonly string[]> {
    const known = this.index.paths().filter((path) => isWithin(path, folder));
    const listed = (await this.index.list(folder)).filter((path) => isListed(path) && isWithin(path, folder));
    const now = new Set(listed);
    for (const path of known) if (!now.has(path) && !this.index.isOpen(path)) this.remove(path);
    await this.#read(listed, () => undefined);
    return [...new Set([...known, ...listed])];
  }

  /** Reads files at once for as long as that is quick, which saves most of what reading costs; gives those that are left. */
  async #readNear(paths: readonly string[], done: (read: number) => void): Promise<readonly string[]> {
    const slices = new Slices();
    let slow = 0;
    for (let i = 0; i < paths.length && !this.#stops; i++) {
      const began = performance.now();
      if (!this.index.refreshNow(paths[i] ?? '')) return paths.slice(i);
      this.#revision++;
      slow = performance.now() - began > SLOW_MS ? slow + 1 : 0;
      if (slow > 2) return paths.slice(i + 1);
      const rest = slices.rest();
      if (rest) {
        done(i + 1);
        await rest;
      }
    }
    return [];
  }

  /** Every file was read once: what the index says of applications holds. */
  get complete(): boolean {
    return this.#complete;
  }

  /**
   * Whether a kustomization beside a file, or in a folder above, may list it: a look at the disk, for as long as the
   * index is not complete. Kustomize itself reads no files from elsewhere (its load restriction).
   */
  async mayBeKustomized(path: string): Promise<boolean> {
    for (const folder of ancestorsOf(folderOf(path))) {
      for (const name of ['kustomization.yaml', 'kustomization.yml']) {
        if ((await this.#files.read(joinPath(folder, name))) !== undefined) return true;
      }
    }
    return false;
  }

  /** Stops reading: the folder was removed. */
  end(): void {
    this.#ended = true;
  }

  /** Path within the folder of a document; undefined where it lies elsewhere. */
  pathOf(uri: string): string | undefined {
    const path = below(this.uri, uri);
    return path === undefined ? undefined : decoded(path);
  }

  /** URI of a file of the folder, or of one beside it (`../…`). */
  uriOf(path: string): string {
    return uriBelow(this.uri, path);
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

  /** Nothing is rendered any more: manifests count as they are written. */
  forgetRenderings(): void {
    this.index.forgetRenderings();
    this.#revision++;
  }

  /** The plan of an application is another one although no file changed. */
  rendered(): void {
    this.#revision++;
  }

  remove(path: string): void {
    this.#revision++;
    this.index.remove(path);
  }

  /**
   * Applications that are not what they were when this was last asked: those of the changed files, and those that came,
   * went or are made up otherwise. `list`: some came or went, or their order is another one.
   */
  changedApplications(paths: Iterable<string>): { applications: ApplicationRef[]; list: boolean } {
    const applications = this.index.applications();
    const changed = new Map<string, ApplicationRef>();
    let list = false;
    const add = (application: Application | undefined): void => {
      if (!application) return;
      const ref = refOf(this.uri, application);
      changed.set(refKey(ref), ref);
    };
    if (applications !== this.#announcedList) {
      const now = new Map(applications.map((application) => [refKey(refOf(this.uri, application)), application]));
      for (const [key, application] of now) if (this.#announced.get(key) !== application) add(application);
      for (const [key, application] of this.#announced) if (!now.has(key)) add(application);
      list = [...now.keys()].join('\n\n') !== [...this.#announced.keys()].join('\n\n');
      this.#announced = now;
      this.#announcedList = applications;
    }
    for (const path of paths) add(this.index.applicationOf(path));
    return { applications: [...changed.values()], list };
  }
}

function uriBelow(folder: string, path: string): string {
  if (path.startsWith('../')) return uriBelow(folder.slice(0, folder.lastIndexOf('/')), path.slice('../'.length));
  return `${folder}/${path.split('/').map(encodeURIComponent).join('/')}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
