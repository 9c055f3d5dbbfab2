import { FileChangeType, type Connection } from 'vscode-languageserver';
import { viewOf, type PlanView } from '../language/place.ts';
import type { ApplicationPlan } from '../core/plan/model.ts';
import type { Located } from './application-reports.ts';
import type { Application } from '../workspace/model.ts';
import { isWithin } from '../workspace/paths.ts';
import type { OpenDocument } from './documents.ts';
import { IndexProgress } from './index-progress.ts';
import { Folder, planIn, readAhead, refKey, refOf, type FolderHost } from './folder.ts';
import { GivenPlans } from './given-plans.ts';
import { KustomizedDocuments } from './kustomized.ts';
import { isRecord, numberIn, stringIn } from './params.ts';
import type { DocumentPlan } from './document-plan.ts';
import {
  PLAN_CHANGED,
  type ApplicationRef,
  type ApplicationSummary,
  type PlanAnswer,
  type PlanChangedParams,
  type PlanResult,
  type UnreadPlace,
} from './protocol.ts';
import { Pauses } from './pauses.ts';
import type { Platform, PlansHost } from './platform.ts';
import { PlanComparer } from './plan-comparer.ts';
import { Rendering } from './rendering.ts';
import { report } from './run-safe.ts';
import { summariesIn, summariesOf } from './summaries.ts';
import { Slices } from './turns.ts';

export type { Platform } from './platform.ts';

/** The workspace folders with their applications: the second tier of every answer. */
export class WorkspacePlans {
  /** Compares plans with those of earlier revisions. */
  readonly comparer: PlanComparer;
  readonly #connection: Connection;
  readonly #platform: Platform;
  readonly #host: PlansHost;
  readonly #folders = new Map<string, Folder>();
  /** Whether the applications of a folder were listed when the client asked last. */
  readonly #listed = new WeakMap<Folder, boolean>();
  readonly #views = new WeakMap<ApplicationPlan, PlanView>();
  /** Which open documents a kustomization lists. */
  readonly kustomized = new KustomizedDocuments((uri) => this.placeOf(uri));
  readonly #open = new Map<string, OpenDocument>();
  readonly #pauses = new Pauses({
    isRead: (folder) => folder.complete && this.#folders.get(folder.uri) === folder,
    paused: (changed) => this.#paused(changed),
    failed: (error) => report(this.#connection, 'Working out the applications', error),
  });
  /** The client asked for applications or plans once: only then is it told of changes, which are no part of the protocol. */
  #plansWanted = false;
  readonly #given = new GivenPlans();
  readonly #rendering: Rendering;
  /** The document in which the typist typed last. */
  #edited: { readonly folder: Folder; readonly path: string } | undefined;

  constructor(connection: Connection, platform: Platform, host: PlansHost) {
    this.#connection = connection;
    this.#platform = platform;
    this.comparer = new PlanComparer(platform, this, (uri) => {
      const settings = host.renderSettings(uri);
      return settings && platform.rendererOf?.(uri, settings);
    });
    this.#host = host;
    this.#rendering = new Rendering({
      settled: () => host.settingsKnown,
      settingsOf: (uri) => host.renderSettings(uri),
      rendererOf: (uri, settings) => platform.rendererOf?.(uri, settings),
      changed: (folder, application) => this.#rendered(folder, application),
    });
  }

  /** Takes the workspace folders as they are now: reads new ones in the background, forgets those that are gone. */
  setFolders(uris: readonly string[]): void {
    let gone = false;
    this.comparer.setFolders(uris);
    for (const [uri, folder] of this.#folders) {
      if (uris.includes(uri)) continue;
      folder.end();
      this.#folders.delete(uri);
      this.#given.keepOnly(folder, []);
      gone = true;
    }
    // None of those that are left is another one, but the list of them is.
    if (gone) this.#tellChanged([], true);
    for (const uri of uris) {
      const files = this.#folders.has(uri)
        ? undefined
        : this.#platform.filesOf(uri, () => this.#host.settingsOf(uri).maxFileSize);
      if (!files) continue;
      const folder = new Folder(uri, files, { ...this.settingsFor(uri), progress: this.#progress });
      this.#folders.set(uri, folder);
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
    this.#rendering.update(this.#folders.values());
  }

  /** An application was rendered: whoever shows it is told. */
  #rendered(folder: Folder, application: Application): void {
    if (this.#folders.get(folder.uri) !== folder) return;
    folder.rendered();
    this.#tellChanged([refOf(folder.uri, application)]);
    this.#host.lensesChanged();
    this.#host.paused();
  }

  /** The session is over: nothing is read any more, and nobody told. */
  end(): void {
    this.#plansWanted = false;
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
    for (const folder of this.#folders.values()) {
      await folder.configure();
      this.#pauses.touch(folder);
      const { enable } = this.#host.settingsOf(folder.uri);
      // Its plans are what they were, but they come into sight or go out of it.
      if (this.#listed.get(folder) === !enable) this.#tellChanged(this.#refsOf(folder), true);
    }
  }

  /** A client that watches no files opened or saved a document: others may have changed with it. */
  async mayHaveChanged(uri: string): Promise<void> {
    const folder = this.#folderOf(uri);
    const path = folder?.pathOf(uri);
    if (!folder || path === undefined) return;
    await folder.loaded;
    await folder.rescan(folder.index.applicationOf(path)?.files ?? []);
    this.#pauses.touch(folder);
  }

  changed(document: OpenDocument): void {
    const opened = !this.#open.has(document.uri);
    this.#open.set(document.uri, document);
    const folder = this.#folderOf(document.uri);
    const path = folder?.pathOf(document.uri);
    if (!folder || path === undefined) return;
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
    const folder = this.#folderOf(uri);
    const path = folder?.pathOf(uri);
    if (!folder || path === undefined) return;
    await folder.close(path);
    this.#pauses.touch(folder, path);
  }

  /** Takes a `didChangeWatchedFiles`. */
  async watched(params: unknown): Promise<void> {
    const changes = isRecord(params) ? params['changes'] : undefined;
    for (const change of Array.isArray(changes) ? (changes as readonly unknown[]) : []) {
      const uri = stringIn(change, 'uri');
      const folder = uri === undefined ? undefined : this.#folderOf(uri);
      const path = uri === undefined ? undefined : folder?.pathOf(uri);
      if (!folder || path === undefined) continue;
      const deleted = numberIn(change, 'type') === FileChangeType.Deleted && !this.#open.has(uri ?? '');
      for (const one of await folder.changedOnDisk(path, deleted)) this.#pauses.touch(folder, one);
    }
  }

  #folderOf(uri: string): Folder | undefined {
    let best: Folder | undefined;
    for (const folder of this.#folders.values()) {
      if (folder.pathOf(uri) !== undefined && folder.uri.length > (best?.uri.length ?? 0)) best = folder;
    }
    return best;
  }

  /** The typist pauses: whoever shows an application is told that it changed. */
  #paused(changed: ReadonlyMap<Folder, ReadonlySet<string>>): void {
    const applications: ApplicationRef[] = [];
    let list = false;
    let others = this.#open.size > 1;
    for (const [folder, paths] of changed) {
      if (this.#folders.get(folder.uri) !== folder) continue;
      // While it is read nobody knows its applications; afterwards all of them are new.
      if (folder.complete) {
        const changed = folder.changedApplications(paths);
        applications.push(...changed.applications);
        if (changed.list) this.#given.keepOnly(folder, this.#refsOf(folder));
        list ||= changed.list;
      }
      this.#rendering.paused(folder, paths);
      others ||= paths.size !== 1 || folder !== this.#edited?.folder || !paths.has(this.#edited.path);
    }
    this.#edited = undefined;
    if (applications.length > 0) this.#tellChanged(applications, list);
    if (this.kustomized.update()) this.#host.reportsChanged();
    // The editor asks by itself for the lenses of what was typed in.
    if (applications.length > 0 && others) this.#host.lensesChanged();
    this.#host.paused();
  }

  #tellChanged(applications: readonly ApplicationRef[], list = false): void {
    if (!this.#plansWanted) return;
    const params: PlanChangedParams = { applications, ...(list ? { list } : {}) };
    void this.#connection.sendNotification(PLAN_CHANGED, params);
  }

  #refsOf({ uri, index }: Folder): ApplicationRef[] {
    return index.applications().map((application) => refOf(uri, application));
  }

  /** Where a document lies; undefined outside of every folder, and until every file of its folder was read once. */
  located(uri: string): Located | undefined {
    const folder = this.#folderOf(uri);
    const path = folder?.pathOf(uri);
    return folder?.complete && path !== undefined ? { folder, path } : undefined;
  }

  /** URI of another file of the folder that a document lies in. */
  uriBeside(uri: string, path: string): string {
    return this.#folderOf(uri)?.uriOf(path) ?? path;
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
  placeOf(uri: string): { readonly folder: Folder; readonly path: string } | undefined {
    const folder = this.#folderOf(uri);
    const path = folder?.pathOf(uri);
    return folder && path !== undefined ? { folder, path } : undefined;
  }

  /** The plans of all applications, one after the other, made in slices where they are not kept. */
  async *all(): AsyncGenerator<{ readonly folder: Folder; readonly plan: ApplicationPlan }> {
    await this.#ready();
    const slices = new Slices();
    for (const folder of this.#folders.values()) {
      if (!this.#host.settingsOf(folder.uri).enable) continue;
      for (const application of folder.index.applications())
        yield { folder, plan: await planIn(folder, application, slices) };
    }
  }

  /** Resolves when every file of the workspace was read once, and the applications are as the files say. */
  async #ready(): Promise<void> {
    await Promise.all([...this.#folders.values()].map((folder) => folder.group()));
  }

  /** @param params ApplicationsParams, or none */
  async applications(params: unknown): Promise<ApplicationSummary[]> {
    this.#plansWanted = true;
    await this.#ready();
    const asked =
      isRecord(params) && Array.isArray(params['only']) ? (params['only'] as readonly unknown[]) : undefined;
    const only = asked && new Set(asked.map((one) => refKey(refIn(one))));
    const summaries: ApplicationSummary[] = [];
    for (const folder of this.#folders.values()) {
      const { enable } = this.#host.settingsOf(folder.uri);
      this.#listed.set(folder, enable);
      if (enable) summaries.push(...(only ? await summariesIn(folder, only) : await summariesOf(folder)));
    }
    return summaries;
  }

  /** What could not be read and lies in no application. */
  async unread(): Promise<UnreadPlace[]> {
    await this.#ready();
    const enabled = [...this.#folders.values()].filter(({ uri }) => this.#host.settingsOf(uri).enable);
    return enabled.flatMap(({ uri, index }) => {
      const paths = index.applications().map(({ path }) => path);
      return index
        .unreadable()
        .flatMap(({ file = '.', message }) =>
          paths.some((path) => isWithin(file, path)) ? [] : [{ folder: uri, path: file, message }],
        );
    });
  }

  /** @param params PlanParams */
  async planAnswer(params: unknown): Promise<PlanAnswer | null> {
    this.#plansWanted = true;
    const found = await this.applicationIn(params);
    if (!found) return null;
    const { folder, application } = found;
    const versioned = folder.index.versionedPlan(application);
    return this.#given.answer(folder, refOf(folder.uri, application), versioned, numberIn(params, 'since'));
  }

  /** The plan of an application as it stands. @param params what names the `application` */
  async plan(params: unknown): Promise<PlanResult | null> {
    const found = await this.applicationIn(params);
    if (!found) return null;
    const { folder, application } = found;
    return { application: refOf(folder.uri, application), ...folder.index.versionedPlan(application) };
  }

  /** The application that a request's `application` names, once it was read; undefined where it is not there. */
  async applicationIn(params: unknown): Promise<{ folder: Folder; application: Application } | undefined> {
    await this.#ready();
    const asked = refIn(isRecord(params) ? params['application'] : undefined);
    const folder = this.#folders.get(asked.folder);
    const application = folder?.index
      .applications()
      .find(({ path, name }) => path === asked.path && name === asked.name);
    if (!folder || !application) return undefined;
    await this.#rendering.ready(folder, application);
    await readAhead(folder, application.files);
    return { folder, application };
  }

  /** The applications of one folder, once it was read. */
  async applicationsIn(folderUri: string): Promise<readonly ApplicationRef[]> {
    const folder = this.#folders.get(folderUri);
    await folder?.group();
    return (folder?.index.applications() ?? []).map((application) => refOf(folderUri, application));
  }

  async applicationOf(params: unknown): Promise<ApplicationRef | null> {
    await this.#ready();
    const uri = stringIn(params, 'uri');
    const folder = uri === undefined ? undefined : this.#folderOf(uri);
    const path = uri === undefined ? undefined : folder?.pathOf(uri);
    const application = path === undefined ? undefined : folder?.index.applicationOf(path);
    return folder && application ? refOf(folder.uri, application) : null;
  }
}

const refIn = (asked: unknown): ApplicationRef => ({
  folder: stringIn(asked, 'folder') ?? '',
  path: stringIn(asked, 'path') ?? '',
  name: stringIn(asked, 'name') ?? '',
});
