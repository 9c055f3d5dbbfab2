import { isEqual } from '../core/equal.ts';
import type { Json } from '../core/object.ts';
import type { PlanCounts } from '../core/plan/counts.ts';
import type { PlanInput } from '../core/plan/drafts.ts';
import type { ApplicationPlan, PlanProblem } from '../core/plan/model.ts';
import { readValue } from '../manifest/read-value.ts';
import type { ConfiguredApplication } from './configured.ts';
import { leadToSame } from './facts.ts';
import type { Files } from './files.ts';
import { Grouping } from './grouping.ts';
import type { TakenFile } from './held-files.ts';
import { KeptPlans, type VersionedPlan } from './kept-plans.ts';
import { applicationKey, type Application } from './model.ts';
import { isWithin } from './paths.ts';
import { planInputOf, type ApplicationObjects } from './plan-input.ts';
import { hasFolder, isRegistryChart } from './registry-charts.ts';
import type { RenderedSource } from './render/rendered.ts';
import { objectsOfSources, partsOf, Renderings, type Settled } from './renderings.ts';
import { repositoriesOf } from './repositories.ts';
import type { Repository } from './tree.ts';
import { RootFiles } from './root-files.ts';

export interface IndexOptions {
  /** Name of the root, for an application whose source is the root itself. */
  readonly rootName: string;
  /** What the setting `argocdHooks.applications` names. */
  readonly applications?: readonly ConfiguredApplication[];
  /** Glob patterns of what is left out (`argocdHooks.exclude`). */
  readonly exclude?: readonly string[];
}

/** How many files are read at a time. */
const READS = 64;

/** The applications of no more files are worked out whenever somebody asks: that takes no longer than a slice. */
const AT_ONCE = 400;

/**
 * The files of one root and the applications that they form. Open editors lie over the files on disk. A change of a
 * file costs nothing but that file until somebody asks: then the applications are worked out anew if the file says
 * something else about them, and the plan of its own application alone. In a large root the last applications stand for
 * questions about single files until `group` made the new ones, or somebody asks for all.
 */
export class WorkspaceIndex extends RootFiles {
  readonly #files: Files;
  /** Plans of the current applications none of whose files changed since. */
  readonly #plans = new KeptPlans();
  readonly #grouping: Grouping;
  /** What became of rendering the sources of the applications. */
  readonly renderings = new Renderings();
  #repositories: readonly Repository[] = [];
  #configured: readonly ConfiguredApplication[];

  /** Use `openIndex`, or start empty and add files. */
  constructor(files: Files, options: IndexOptions) {
    super(files, options.exclude ?? []);
    this.#files = files;
    this.#configured = options.applications ?? [];
    const { rootName } = options;
    this.#grouping = new Grouping({
      paths: () => this.paths(),
      factsOf: (path) => this.settled(path)?.facts,
      valueIn: (path) => this.#valueIn(path),
      options: () => ({ rootName, configured: this.#configured, repositories: this.#repositories }),
      taken: (applications) => {
        this.renderings.keepOnly(applications);
        this.#plans.keepOnly(applications);
      },
    });
  }

  /** Takes the settings as they are now: forgets what they leave out. What they let in again has to be loaded. */
  configure({ applications = [], exclude = [] }: Omit<IndexOptions, 'rootName'>): void {
    this.#configured = applications;
    this.#grouping.outdate();
    this.exclude(exclude);
  }

  /** Looks for the Git repositories around and in the root, whose remotes tell which sources of Applications are here. */
  async findRepositories(paths: readonly string[]): Promise<void> {
    const folders = new Set(paths.flatMap((path) => (path.includes('/') ? [path.slice(0, path.indexOf('/'))] : [])));
    folders.delete('..');
    this.#repositories = await repositoriesOf(this.#files, [...folders]);
    this.#grouping.outdate();
  }

  /** Reads all manifests below some folders or files of the root. */
  async load(paths: readonly string[] = ['.'], isCancelled: () => boolean = () => false): Promise<void> {
    const lists = await Promise.all(paths.map((path) => this.list(path)));
    const all = [...new Set(lists.flat())];
    await this.findRepositories(all);
    for (let i = 0; i < all.length && !isCancelled(); i += READS) {
      if (all.slice(i, i + READS).every((path) => this.refreshNow(path))) continue;
      await Promise.all(all.slice(i, i + READS).map((path) => this.refresh(path)));
    }
  }

  /** The plans of its applications are not what they were. */
  protected changed(path: string): void {
    for (const application of this.#grouping.usersOf(path)) this.#plans.outdate(application);
    for (const application of this.#grouping.decidedBy(path)) this.#plans.outdate(application);
    // What a chart of a registry renders stands in the line that names the chart.
    for (const application of this.#grouping.declaredIn(path))
      if (application.sources.some(isRegistryChart)) this.#plans.outdate(application);
  }

  /** Files of an application's source that could not be read. */
  unreadableOf({ path, sources }: Application): readonly PlanProblem[] {
    if (!hasFolder({ sources })) return [];
    return this.unreadable().filter(({ file }) => file !== undefined && isWithin(file, path));
  }

  /** All applications, in the order of their paths, as the files say now. */
  applications(): readonly Application[] {
    this.settle();
    return this.#grouping.now();
  }

  /** Works the applications out in short steps. @param rest is asked after each one whether to wait */
  async group(rest: () => Promise<void> | undefined): Promise<void> {
    for (;;) {
      this.settle();
      if (this.#grouping.step()) return;
      const wait = rest();
      if (wait) await wait;
    }
  }

  /** The applications are as the files say: nobody has to wait for them. */
  get isGrouped(): boolean {
    return this.isSettled && this.#grouping.isCurrent;
  }

  /** The applications for a question about one file: those of now where that is quick, else the last ones. */
  #settleGrouping(): void {
    this.settle();
    if (!this.#grouping.wasMade || this.size <= AT_ONCE) this.#grouping.now();
  }

  #valueIn(path: string): Json | undefined {
    const first = this.settled(path)?.file.document(0);
    const reading = first && readValue(first.document.text);
    return reading && 'value' in reading ? reading.value : undefined;
  }

  /**
   * The application that a file belongs to, else the one that it decides about (values, a kustomization); for an Argo CD
   * Application manifest, else, the one that it declares.
   */
  applicationOf(path: string): Application | undefined {
    this.#settleGrouping();
    const grouping = this.#grouping;
    return grouping.usersOf(path)[0] ?? grouping.decidedBy(path)[0] ?? grouping.declaredIn(path)[0];
  }

  /** Every application that a file says something about: those that it belongs to or decides about, and those that it declares. */
  applicationsOf(path: string): readonly Application[] {
    this.#settleGrouping();
    const grouping = this.#grouping;
    return [...new Set([...grouping.usersOf(path), ...grouping.decidedBy(path), ...grouping.declaredIn(path)])];
  }

  /** The applications that a file declares. */
  declaredIn(path: string): readonly Application[] {
    this.#settleGrouping();
    return this.#grouping.declaredIn(path);
  }

  /** Does a kustomization build on the file? Then what it says may be changed before Argo CD sees it. */
  isKustomized(path: string): boolean {
    return this.applicationOf(path)?.kind === 'kustomize';
  }

  /** Does a kustomization use the file, but not as a manifest that it builds on? Then it is a patch, or data. */
  isPatch(path: string): boolean {
    this.#settleGrouping();
    const grouping = this.#grouping;
    const built = (application: Application): boolean =>
      application.sources.some(({ tool, inputs }) => tool === 'kustomize' && inputs.includes(path));
    return grouping.usersOf(path).length === 0 && grouping.decidedBy(path).some(built);
  }

  /** The plan of an application as its files stand now. */
  plan(application: Application): ApplicationPlan {
    return this.versionedPlan(application).plan;
  }

  /** The plan of an application as it was made last; undefined where one of its files changed since. */
  keptPlan(application: Application): VersionedPlan | undefined {
    return this.#plans.plan(application);
  }

  /** The plan of an application, kept until one of its files changes. */
  versionedPlan(application: Application): VersionedPlan {
    return this.keptPlan(application) ?? this.#plans.makePlan(application, this.#input(application));
  }

  /** A source of the application was rendered, or could not be: its plan is another one. */
  setRendering(application: Application, source: number, rendering: Settled): void {
    this.renderings.set(application, source, rendering);
    // While it was rendered the lines of its declaration may have moved: then another object stands for it.
    const key = applicationKey(application);
    for (const other of this.#grouping.last) if (applicationKey(other) === key) this.#plans.outdate(other);
  }

  /** What the plan of an application comes to, in numbers; kept until one of its files changes. */
  counts(application: Application): PlanCounts {
    return this.keptCounts(application) ?? this.#plans.makeCounts(application, this.#input(application));
  }

  /** The counts of an application as they were made last; undefined where one of its files changed since. */
  keptCounts(application: Application): PlanCounts | undefined {
    return this.#plans.counts(application);
  }

  #input = (application: Application): PlanInput => planInputOf(application, this.objects(application));

  /** What has to be done for anything to be rendered, told in plans; empty: nothing. Is that something else than before? */
  hintAtRendering(hint: string): boolean {
    if (this.renderings.hint === hint) return false;
    this.renderings.hint = hint;
    this.#plans.clear();
    return true;
  }

  /** Nothing is rendered any more. */
  forgetRenderings(): void {
    this.renderings.clear();
    this.#plans.clear();
  }

  /** The objects of an application, rendered or as they are written, and why they may not be all. */
  objects(application: Application): ApplicationObjects {
    const found = objectsOfSources(application, this.renderings, (path) => this.file(path));
    return { objects: found.objects, problems: [...found.problems, ...this.unreadableOf(application)] };
  }

  /** What the sources of an application were rendered to, in their order. */
  renderedSources(application: Application): readonly RenderedSource[] {
    return partsOf(application, this.renderings).rendered;
  }

  protected gone(): void {
    this.#grouping.outdate();
  }

  /** Folders that cannot be read are missing in the applications that they lie in, as files are. */
  protected foldersChanged(paths: readonly string[]): void {
    for (const application of this.applications())
      if (hasFolder(application) && paths.some((path) => isWithin(path, application.path)))
        this.#plans.outdate(application);
  }

  protected taken({ facts, before }: TakenFile): void {
    const isOther = !before || !leadToSame(before, facts) || !isEqual(before.sets, facts.sets);
    if (isOther || this.#grouping.dependsOnValueOf(facts.path)) this.#grouping.outdate();
    else if (facts.declared.length > 0) this.#grouping.moveDeclarations(facts);
  }
}

/** Opens an index and reads the manifests below some folders or files of the root. */
export async function openIndex(
  files: Files,
  options: IndexOptions,
  paths: readonly string[] = ['.'],
): Promise<WorkspaceIndex> {
  const index = new WorkspaceIndex(files, options);
  await index.load(paths);
  return index;
}
