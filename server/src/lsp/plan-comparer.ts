import { diffPlans } from '../core/plan/diff.ts';
import type { ApplicationPlan } from '../core/plan/model.ts';
import type { Application } from '../workspace/model.ts';
import { RenderKeeper } from '../workspace/render/keeper.ts';
import type { Renderer } from '../workspace/render/model.ts';
import { revisionRenderer } from '../workspace/revision-renderer.ts';
import { pairApplications, type Refusal, type Revision, type Revisions } from '../workspace/revisions.ts';
import type { Applications } from './applications.ts';
import { Folder, type FolderHost, readAhead, release } from './folder.ts';
import { isRecord, stringIn } from './params.ts';
import type {
  ApplicationRef,
  ComparePlanResult,
  GoneApplication,
  GoneApplicationsResult,
  RevisionsResult,
} from './protocol.ts';
import type { Platform } from './platform.ts';

/** The plan as it stands. */
export interface CurrentPlans {
  readonly applications: Pick<Applications, 'plan' | 'applicationsIn'>;
  /** The settings of a folder, as of now. */
  settingsFor(folderUri: string): FolderHost;
}

/** How many revisions of folders are kept as they were read. */
const KEPT = 2;

const UNTRUSTED = {
  problem:
    'This workspace is not trusted, and reading its Git history runs Git, which its settings can influence. Trust it first.',
};
const NO_GIT = { problem: 'This folder lies on no disk of this machine: its Git history cannot be read from here.' };

/** Compares plans with those of Git revisions. Git is asked only in a workspace that the user trusts. */
export class PlanComparer {
  readonly #platform: Platform;
  readonly #plans: CurrentPlans;
  readonly #rendererOf: (folderUri: string) => Renderer | undefined;
  readonly #revisions = new Map<string, Revisions | undefined>();
  /** Folders as they were, the one that was used last at the end. */
  readonly #read = new Map<string, Folder>();
  #folders: readonly string[] = [];
  #trusted = false;

  /** @param rendererOf renders what is in a folder; undefined where nothing of it is rendered now */
  constructor(platform: Platform, plans: CurrentPlans, rendererOf: (folderUri: string) => Renderer | undefined) {
    this.#platform = platform;
    this.#plans = plans;
    this.#rendererOf = rendererOf;
  }

  /** From now on the user trusts the workspace. */
  trust(): void {
    this.#trusted = true;
  }

  /** Takes the workspace folders as they are now. */
  setFolders(uris: readonly string[]): void {
    this.#folders = uris;
    this.#revisions.clear();
    for (const [key, folder] of this.#read) if (!uris.includes(folder.uri)) this.#forget(key);
  }

  /** @param params ComparePlanParams */
  async compare(params: unknown): Promise<ComparePlanResult> {
    const found = await this.#ask(stringIn(isRecord(params) ? params['application'] : undefined, 'folder'));
    if ('problem' in found) return found;
    const revision = await found.revisions.resolve(stringIn(params, 'revision') ?? '');
    if ('problem' in revision) return revision;
    const before = await this.#folderAt(found, revision);
    // Asked last, so that it is what stands when the answer is sent.
    const current = await this.#plans.applications.plan(params);
    if (!current)
      return { problem: 'The application is not in the workspace any more: refresh the plan and choose it again.' };
    const now = await this.#plans.applications.applicationsIn(found.uri);
    const application = earlierOf(before, current.application, now);
    const plan = application && (await this.#planOf(before, application, { ...found, revision }));
    const { version } = current;
    return { revision, diff: diffPlans(plan, current.plan), plan: plan ?? null, version };
  }

  /** @param params GoneApplicationsParams */
  async gone(params: unknown): Promise<GoneApplicationsResult> {
    const found = await this.#ask(stringIn(params, 'folder'));
    if ('problem' in found) return found;
    const revision = await found.revisions.resolve(stringIn(params, 'revision') ?? '');
    if ('problem' in revision) return revision;
    const before = await this.#folderAt(found, revision);
    const now = await this.#plans.applications.applicationsIn(found.uri);
    const gone: GoneApplication[] = [];
    for (const application of pairApplications(before.index.applications(), now).gone) {
      const { name, path } = application;
      const plan = await this.#planOf(before, application, { ...found, revision });
      gone.push({ application: { folder: found.uri, path, name }, plan, diff: diffPlans(plan, undefined) });
    }
    return { revision, gone };
  }

  /** @param params RevisionsParams */
  async revisions(params: unknown): Promise<RevisionsResult> {
    const found = await this.#ask(stringIn(params, 'folder'));
    if ('problem' in found) return found;
    const revisions = await found.revisions.choices();
    return 'problem' in revisions ? revisions : { revisions };
  }

  async #ask(folder: string | undefined): Promise<{ uri: string; revisions: Revisions } | Refusal> {
    if (!this.#trusted) return UNTRUSTED;
    const uri = folder === undefined ? undefined : this.#folders.find((known) => known === folder);
    if (uri === undefined) return { problem: 'The folder is no part of the workspace any more.' };
    if (!this.#revisions.has(uri)) {
      const maxFileSize = (): number => this.#plans.settingsFor(uri).settings().maxFileSize;
      this.#revisions.set(uri, this.#platform.revisionsOf?.(uri, maxFileSize));
    }
    const revisions = this.#revisions.get(uri);
    return revisions ? { uri, revisions } : NO_GIT;
  }

  /** The folder as it was, read in the background like the folder itself. */
  async #folderAt({ uri, revisions }: { uri: string; revisions: Revisions }, revision: Revision): Promise<Folder> {
    const key = `${revision.commit} ${uri}`;
    const folder = this.#read.get(key) ?? new Folder(uri, revisions.files(revision), this.#plans.settingsFor(uri));
    this.#read.delete(key);
    this.#read.set(key, folder);
    for (const old of [...this.#read.keys()].slice(0, -KEPT)) this.#forget(old);
    await folder.loaded;
    return folder;
  }

  /** As the application's plan of now is made: rendered, where that is. */
  async #planOf(
    folder: Folder,
    application: Application,
    { uri, revisions, revision }: { uri: string; revisions: Revisions; revision: Revision },
  ): Promise<ApplicationPlan> {
    const now = this.#rendererOf(uri);
    folder.forgetRenderings();
    if (now) await new RenderKeeper(folder.index, revisionRenderer(now, revisions.tree(revision))).refresh(application);
    await readAhead(folder, application.files);
    const plan = folder.index.plan(application);
    release(folder, application);
    return plan;
  }

  #forget(key: string): void {
    this.#read.get(key)?.end();
    this.#read.delete(key);
  }
}

/** The application that an application of now was in a folder of then; undefined where it was not there. */
function earlierOf(
  folder: Folder,
  { name, path }: ApplicationRef,
  now: readonly ApplicationRef[],
): Application | undefined {
  const { pairs } = pairApplications(folder.index.applications(), now);
  return pairs.find((one) => one.now.name === name && one.now.path === path)?.before;
}
