import { FileChangeType, type Connection } from 'vscode-languageserver';
import type { ApplicationPlan } from '../core/plan/model.ts';
import { viewOf, type PlanView } from '../language/place.ts';
import type { Application } from '../workspace/model.ts';
import { Applications } from './applications.ts';
import type { DocumentPlan } from './document-plan.ts';
import type { OpenDocument } from './documents.ts';
import { Folder, readAhead, refOf, type FolderHost } from './folder.ts';
import { Folders, type Located } from './folders.ts';
import { IndexProgress } from './index-progress.ts';
import { KustomizedDocuments } from './kustomized.ts';
import { isRecord, numberIn, stringIn } from './params.ts';
import { Pauses } from './pauses.ts';
import { PlanComparer } from './plan-comparer.ts';
import type { Platform, PlansHost } from './platform.ts';
import type { ApplicationRef } from './protocol.ts';
import { Rendering } from './rendering.ts';
import { report } from './run-safe.ts';

/** The workspace folders with their applications: the second tier of every answer. */
export class WorkspacePlans {
  /** Compares plans with those of earlier revisions. */
  readonly comparer: PlanComparer;
  readonly #connection: Connection;
  readonly #platform: Platform;
  readonly #host: PlansHost;
  readonly #folders = new Folders();
  /** What the client asks about applications, and is told of them. */
  readonly applications: Applications;
  readonly #views = new WeakMap<ApplicationPlan, PlanView>();
  /** Which open documents a kustomization lists. */
  readonly kustomized = new KustomizedDocuments((uri) => this.placeOf(uri));
  readonly #open = new Map<string, OpenDocument>();
  readonly #pauses = new Pauses({
    isRead: (folder) => folder.complete && this.#folders.has(folder),
    paused: (changed) => this.#paused(changed),
    failed: (error) => report(this.#connection, 'Working out the applications', error),
  });
  readonly #rendering: Rendering;
  /** The document in which the typist typed last. */
  #edited: { readonly folder: Folder; readonly path: string } | undefined;

  constructor(connection: Connection, platform: Platform, host: PlansHost) {
    this.#connection = connection;
    this.#platform = platform;
    this.applications = new Applications(connection, this.#folders, {
      isEnabled: (uri) => host.settingsOf(uri).enable,
      rendered: (folder, application) => this.#rendering.ready(folder, application),
    });
    const settingsFor = (uri: string): FolderHost => this.settingsFor(uri);
    this.comparer = new PlanComparer(platform, { applications: this.applications, settingsFor }, (uri) => {
      const settings = host.renderSettings(uri);
      return settings && platform.rendererOf?.(uri, settings);
    });
    this.#host = host;
    this.#rendering = new Rendering({
      settled: () => host.settingsKnown,
      settingsOf: (uri) => host.renderSettings(uri),
      rendererOf: (uri, settings) => platform.rendererOf?.(uri, settings),
      hintOf: (uri) => (platform.rendererOf ? host.renderHint(uri) : ''),
      changed: (folder, application) => this.#rendered(folder, application),
    });
  }

  /** Takes the workspace folders as they are now: reads new ones in the background, forgets those that are gone. */
  setFolders(uris: readonly string[]): void {
    this.comparer.setFolders(uris);
    const gone = this.#folders.all.filter(({ uri }) => !uris.includes(uri));
    for (const folder of gone) {
      folder.end();
      this.#folders.remove(folder);
    }
    this.applications.removed(gone);
    for (const uri of uris) {
      const files = this.#folders.get(uri)
        ? undefined
        : this.#platform.filesOf(uri, () => this.#host.settingsOf(uri).maxFileSize);
      if (!files) continue;
      const folder = new Folder(uri, files, { ...this.settingsFor(uri), progress: this.#progress });
      this.#folders.add(folder);
      for (const { uri: open, file } of this.#open.values()) {
        const path = folder.pathOf(open);
        if (path !== undefined) folder.overlay(path, file);
      }
      folder.loaded.then(
        () => {
          // Of what was typed before nothing was told yet.
          this.#edited = undefined;
          this.#pauses.touch(folder);
        },
        (error: unknown) => report(this.#connection, `Reading ${uri}`, error),
      );
    }
    this.updateRendering();
  }

  /** Settings or trust changed: whether and how folders are rendered may be another one. */
  updateRendering(): void {
    this.#rendering.update(this.#folders.all);
  }

  /** What somebody looks at is rendered anew, although no file changed. */
  renderAgain(): void {
    for (const folder of this.#folders.all) this.#rendering.again(folder);
  }

  /** An application was rendered: whoever shows it is told. */
  #rendered(folder: Folder, application: Application): void {
    if (!this.#folders.has(folder)) return;
    folder.rendered();
    this.applications.tellChanged([refOf(folder.uri, application)]);
    this.#host.lensesChanged();
    this.#host.paused();
  }

  /** The session is over: nothing is read any more, and nobody told. */
  end(): void {
    this.applications.end();
    this.setFolders([]);
  }

  readonly #progress = (cancelled: () => void): IndexProgress => new IndexProgress(this.#connection, cancelled);

  /** What a folder is read by, without a word about how far it is. */
  settingsFor(uri: string): FolderHost {
    return {
      known: this.#host.settingsKnown,
      settings: () => this.#host.settingsOf(uri),
      progress: () => ({ report: () => undefined, done: () => undefined }),
    };
  }

  /** The settings are other ones. */
  async configured(): Promise<void> {
    for (const folder of this.#folders.all) {
      await folder.configure();
      this.#pauses.touch(folder);
      this.applications.configured(folder);
    }
  }

  /** A client that watches no files opened or saved a document: others may have changed with it. */
  async mayHaveChanged(uri: string): Promise<void> {
    const place = this.#folders.place(uri);
    if (!place) return;
    const { folder, path } = place;
    await folder.loaded;
    await folder.rescan(folder.index.applicationOf(path)?.files ?? []);
    this.#pauses.touch(folder);
  }

  changed(document: OpenDocument): void {
    const opened = !this.#open.has(document.uri);
    this.#open.set(document.uri, document);
    const place = this.#folders.place(document.uri);
    if (!place) return;
    const { folder, path } = place;
    folder.overlay(path, document.file);
    this.#edited = { folder, path };
    this.#pauses.touch(folder, path);
    if (opened) this.#readNeighbors(folder, path);
  }

  /** What lies beside an opened file is read ahead, so that no keystroke waits for it. */
  #readNeighbors(folder: Folder, path: string): void {
    const read = async (): Promise<void> => {
      await folder.loaded;
      const application = folder.index.applicationOf(path);
      if (application) await readAhead(folder, application.files);
    };
    read().catch((error: unknown) => report(this.#connection, 'Reading an application', error));
  }

  async closed(uri: string): Promise<void> {
    this.#open.delete(uri);
    this.kustomized.forget(uri);
    const place = this.#folders.place(uri);
    if (!place) return;
    const { folder, path } = place;
    await folder.close(path);
    this.#pauses.touch(folder, path);
  }

  /** Takes a `didChangeWatchedFiles`. */
  async watched(params: unknown): Promise<void> {
    const changes = isRecord(params) ? params['changes'] : undefined;
    for (const change of Array.isArray(changes) ? (changes as readonly unknown[]) : []) {
      const uri = stringIn(change, 'uri');
      const place = uri === undefined ? undefined : this.#folders.place(uri);
      if (uri === undefined || !place) continue;
      const { folder, path } = place;
      const deleted = numberIn(change, 'type') === FileChangeType.Deleted && !this.#open.has(uri);
      for (const one of await folder.changedOnDisk(path, deleted)) this.#pauses.touch(folder, one);
    }
  }

  /** The typist pauses: whoever shows an application is told that it changed. */
  #paused(changed: ReadonlyMap<Folder, ReadonlySet<string>>): void {
    const applications: ApplicationRef[] = [];
    let list = false;
    let others = this.#open.size > 1;
    for (const [folder, paths] of changed) {
      if (!this.#folders.has(folder)) continue;
      // While it is read nobody knows its applications; afterwards all of them are new.
      if (folder.complete) {
        const changed = folder.changedApplications(paths);
        applications.push(...changed.applications);
        if (changed.list) this.applications.listChanged(folder);
        list ||= changed.list;
      }
      this.#rendering.paused(folder, paths);
      others ||= paths.size !== 1 || folder !== this.#edited?.folder || !paths.has(this.#edited.path);
    }
    this.#edited = undefined;
    if (applications.length > 0) this.applications.tellChanged(applications, list);
    if (this.kustomized.update()) this.#host.reportsChanged();
    // The editor asks by itself for the lenses of what was typed in.
    if (applications.length > 0 && others) this.#host.lensesChanged();
    this.#host.paused();
  }

  /** Where a document lies; undefined outside of every folder, and until every file of its folder was read once. */
  located(uri: string): Located | undefined {
    return this.#folders.located(uri);
  }

  /** URI of another file of the folder that a document lies in. */
  uriBeside(uri: string, path: string): string {
    return this.#folders.of(uri)?.uriOf(path) ?? path;
  }

  /** Somebody looks at an application: gives whether what it was rendered to is about to be another one. */
  look(folder: Folder, application: Application): boolean {
    this.#rendering.want(folder, application);
    return this.#rendering.isBehind(folder, application);
  }

  /** Undefined until every file was read once: places in half of an application would be wrong. */
  planOf(uri: string): DocumentPlan | undefined {
    const located = this.located(uri);
    if (!located) return undefined;
    const { folder, path: file } = located;
    const application = folder.index.applicationOf(file);
    if (!application) return undefined;
    this.#rendering.want(folder, application);
    const plan = folder.index.plan(application);
    let view = this.#views.get(plan);
    if (!view) {
      view = viewOf(plan);
      this.#views.set(plan, view);
    }
    return { view, file, folder, application };
  }

  /** The workspace folder of a document, and its path there. */
  placeOf(uri: string): Located | undefined {
    return this.#folders.place(uri);
  }
}
