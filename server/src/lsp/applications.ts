import type { Connection } from 'vscode-languageserver';
import type { ApplicationPlan } from '../core/plan/model.ts';
import type { Application } from '../workspace/model.ts';
import { isWithin } from '../workspace/paths.ts';
import { hasFolder } from '../workspace/registry-charts.ts';
import { planIn, readAhead, refKey, refOf, type Folder } from './folder.ts';
import type { Folders } from './folders.ts';
import { GivenPlans } from './given-plans.ts';
import { isRecord, numberIn, stringIn } from './params.ts';
import {
  PLAN_CHANGED,
  type ApplicationRef,
  type ApplicationSummary,
  type PlanAnswer,
  type PlanChangedParams,
  type PlanResult,
  type UnreadPlace,
} from './protocol.ts';
import { summariesIn, summariesOf } from './summaries.ts';
import { Slices } from './turns.ts';

export interface ApplicationsHost {
  /** The setting `argocdHooks.enable` of a folder. */
  isEnabled(folderUri: string): boolean;
  /** Resolves when an application is rendered, if it is to be. */
  rendered(folder: Folder, application: Application): Promise<void>;
}

/** What a client asks about the applications of the workspace, and is told of them. */
export class Applications {
  readonly #connection: Connection;
  readonly #folders: Folders;
  readonly #host: ApplicationsHost;
  /** Whether the applications of a folder were listed when the client asked last. */
  readonly #listed = new WeakMap<Folder, boolean>();
  readonly #given = new GivenPlans();
  /** The client asked for applications or plans once: only then is it told of changes, which are no part of the protocol. */
  #wanted = false;

  constructor(connection: Connection, folders: Folders, host: ApplicationsHost) {
    this.#connection = connection;
    this.#folders = folders;
    this.#host = host;
  }

  /** These are not what they were. @param list applications came or went */
  tellChanged(applications: readonly ApplicationRef[], list = false): void {
    if (!this.#wanted) return;
    const params: PlanChangedParams = { applications, ...(list ? { list } : {}) };
    void this.#connection.sendNotification(PLAN_CHANGED, params);
  }

  /** The list of a folder's applications is another one. */
  listChanged(folder: Folder): void {
    this.#given.keepOnly(folder, refsOf(folder));
  }

  /** The settings are other ones: the plans are what they were, but may come into sight or go out of it. */
  configured(folder: Folder): void {
    if (this.#listed.get(folder) === !this.#host.isEnabled(folder.uri)) this.tellChanged(refsOf(folder), true);
  }

  /** These are no folders of the workspace any more. No other application is another one, but the list of them is. */
  removed(folders: readonly Folder[]): void {
    for (const folder of folders) this.#given.keepOnly(folder, []);
    if (folders.length > 0) this.tellChanged([], true);
  }

  /** Nobody is told any more. */
  end(): void {
    this.#wanted = false;
  }

  /** The plans of all applications, one after the other, made in slices where they are not kept. */
  async *plans(): AsyncGenerator<{ readonly folder: Folder; readonly plan: ApplicationPlan }> {
    await this.#folders.ready();
    const slices = new Slices();
    for (const folder of this.#folders.all) {
      if (!this.#host.isEnabled(folder.uri)) continue;
      for (const application of folder.index.applications())
        yield { folder, plan: await planIn(folder, application, slices) };
    }
  }

  /** @param params ApplicationsParams, or none */
  async summaries(params: unknown): Promise<ApplicationSummary[]> {
    this.#wanted = true;
    await this.#folders.ready();
    const asked =
      isRecord(params) && Array.isArray(params['only']) ? (params['only'] as readonly unknown[]) : undefined;
    const only = asked && new Set(asked.map((one) => refKey(refIn(one))));
    const summaries: ApplicationSummary[] = [];
    for (const folder of this.#folders.all) {
      const enabled = this.#host.isEnabled(folder.uri);
      this.#listed.set(folder, enabled);
      if (enabled) summaries.push(...(only ? await summariesIn(folder, only) : await summariesOf(folder)));
    }
    return summaries;
  }

  /** What could not be read and lies in no application. */
  async unread(): Promise<UnreadPlace[]> {
    await this.#folders.ready();
    const enabled = this.#folders.all.filter(({ uri }) => this.#host.isEnabled(uri));
    return enabled.flatMap(({ uri, index }) => {
      const paths = index
        .applications()
        .filter(hasFolder)
        .map(({ path }) => path);
      return index
        .unreadable()
        .flatMap(({ file = '.', message }) =>
          paths.some((path) => isWithin(file, path)) ? [] : [{ folder: uri, path: file, message }],
        );
    });
  }

  /** @param params PlanParams */
  async planAnswer(params: unknown): Promise<PlanAnswer | null> {
    this.#wanted = true;
    const found = await this.find(params);
    if (!found) return null;
    const { folder, application } = found;
    const versioned = folder.index.versionedPlan(application);
    return this.#given.answer(folder, refOf(folder.uri, application), versioned, numberIn(params, 'since'));
  }

  /** The plan of an application as it stands. @param params what names the `application` */
  async plan(params: unknown): Promise<PlanResult | null> {
    const found = await this.find(params);
    if (!found) return null;
    const { folder, application } = found;
    return { application: refOf(folder.uri, application), ...folder.index.versionedPlan(application) };
  }

  /** The application that a request's `application` names, once it was read; undefined where it is not there. */
  async find(params: unknown): Promise<{ folder: Folder; application: Application } | undefined> {
    await this.#folders.ready();
    const asked = refIn(isRecord(params) ? params['application'] : undefined);
    const folder = this.#folders.get(asked.folder);
    const application = folder?.index
      .applications()
      .find(({ path, name }) => path === asked.path && name === asked.name);
    if (!folder || !application) return undefined;
    await this.#host.rendered(folder, application);
    await readAhead(folder, application.files);
    return { folder, application };
  }

  /** The applications of one folder, once it was read. */
  async applicationsIn(folderUri: string): Promise<readonly ApplicationRef[]> {
    const folder = this.#folders.get(folderUri);
    await folder?.group();
    return (folder?.index.applications() ?? []).map((application) => refOf(folderUri, application));
  }

  /** The application that the document of a request belongs to. @param params `{ uri }` */
  async applicationOf(params: unknown): Promise<ApplicationRef | null> {
    await this.#folders.ready();
    const uri = stringIn(params, 'uri');
    const place = uri === undefined ? undefined : this.#folders.place(uri);
    const application = place?.folder.index.applicationOf(place.path);
    return place && application ? refOf(place.folder.uri, application) : null;
  }
}

const refIn = (asked: unknown): ApplicationRef => ({
  folder: stringIn(asked, 'folder') ?? '',
  path: stringIn(asked, 'path') ?? '',
  name: stringIn(asked, 'name') ?? '',
});

const refsOf = ({ uri, index }: Folder): ApplicationRef[] =>
  index.applications().map((application) => refOf(uri, application));
