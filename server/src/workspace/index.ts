import type { ApplicationPlan, PlanProblem } from '../core/plan/model.ts';
import type { PlanCounts } from '../core/plan/counts.ts';
import type { PlanInput } from '../core/plan/drafts.ts';
import { openFile, type SourceFile } from '../manifest/source-file.ts';
import type { Json } from '../core/object.ts';
import { readValue } from '../manifest/read-value.ts';
import type { ConfiguredApplication } from './configured.ts';
import { isEqual } from '../core/equal.ts';
import { excludesOf, type Excludes } from './excludes.ts';
import { factsOf, leadToSame, type FileFacts } from './facts.ts';
import type { Files } from './files.ts';
import { Grouping, isSameApplication } from './grouping.ts';
import { repositoriesOf, type Repository } from './repositories.ts';
import type { Application } from './model.ts';
import { KeptPlans, type VersionedPlan } from './kept-plans.ts';
import { comparePaths, isWithin } from './paths.ts';
import { planInputOf, type ApplicationObjects } from './plan-input.ts';
import type { RenderedSource } from './render/rendered.ts';
import { objectsOfSources, partsOf, Renderings, type Settled } from './renderings.ts';

export interface IndexOptions {
  /** Name of the root, for an application whose source is the root itself. */
  readonly rootName: string;
  /** What the setting `argocdHooks.applications` names. */
  readonly applications?: readonly ConfiguredApplication[];
  /** Glob patterns of what is left out (`argocdHooks.exclude`). */
  readonly exclude?: readonly string[];
}

interface Entry {
  readonly file: SourceFile;
  readonly facts: FileFacts;
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
export class WorkspaceIndex {
  readonly #files: Files;
  readonly #entries = new Map<string, Entry>();
  readonly #unreadable = new Map<string, string>();
  /** Those of them that are folders. */
  readonly #folders = new Set<string>();
  /** Files that changed since the applications were worked out. */
  readonly #touched = new Map<string, SourceFile>();
  readonly #open = new Set<string>();
  /** Open files that no list of the root's files has named: ignored ones, and new ones until they are saved. */
  readonly #guests = new Set<string>();
  /** Plans of the current applications none of whose files changed since. */
  readonly #plans = new KeptPlans();
  readonly #grouping: Grouping;
  /** What became of rendering the sources of the applications. */
  readonly renderings = new Renderings();
  /** Paths of the entries in their order, until one comes or goes. */
  #sorted: readonly string[] | undefined;
  #repositories: readonly Repository[] = [];
  #configured: readonly ConfiguredApplication[];
  #excludes: Excludes;

  /** Use `openIndex`, or start empty and add files. */
  constructor(files: Files, options: IndexOptions) {
    this.#files = files;
    this.#configured = options.applications ?? [];
    this.#excludes = excludesOf(options.exclude ?? []);
    const { rootName } = options;
    this.#grouping = new Grouping({
      paths: () => this.paths(),
      factsOf: (path) => this.#entries.get(path)?.facts,
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
    this.#excludes = excludesOf(exclude);
    this.#grouping.outdate();
    for (const path of [...this.#entries.keys()]) if (this.isExcluded(path)) this.remove(path);
  }

  /** The settings leave the file out, and no editor holds it. */
  isExcluded(path: string): boolean {
    return !this.#open.has(path) && this.#excludes(path);
  }

  /** Paths of the files below a folder that belong to the index. */
  async list(folder: string): Promise<readonly string[]> {
    const found = await this.#files.list(folder, (path) => this.#excludes(path));
    this.#takeFolders(this.#files.unreadableFolders?.() ?? new Map<string, string>());
    return found.filter((path) => !this.#excludes(path));
  }

  /** Folders that cannot be read are missing in the applications that they lie in, as files are. */
  #takeFolders(unreadable: ReadonlyMap<string, string>): void {
    const now = new Map([...unreadable].filter(([path]) => !this.#excludes(path)));
    const gone = [...this.#folders].filter((path) => !now.has(path));
    const come = [...now].filter(([path, why]) => this.#unreadable.get(path) !== why);
    if (gone.length === 0 && come.length === 0) return;
    for (const path of gone) {
      this.#folders.delete(path);
      this.#unreadable.delete(path);
    }
    for (const [path, why] of come) {
      this.#folders.add(path);
      this.#unreadable.set(path, why);
    }
    const changed = [...gone, ...come.map(([path]) => path)];
    for (const application of this.applications())
      if (changed.some((path) => isWithin(path, application.path))) this.#plans.outdate(application);
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
      this.#touched.delete(path);
      this.#outdate(path);
      this.#takeIn(path, known?.replaced(text, known.version + 1) ?? openFile(path, text));
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
    this.#touched.set(path, file);
    this.#outdate(path);
  }

  /** The editor was closed: the file on disk counts again, if it is one of the root's files. */
  async close(path: string): Promise<void> {
    this.#open.delete(path);
    if (this.#guests.delete(path)) this.remove(path);
    else await this.refresh(path);
  }

  /** The file is gone. */
  remove(path: string): void {
    this.#touched.delete(path);
    this.#outdate(path);
    if (!this.#entries.delete(path)) return;
    this.#sorted = undefined;
    this.#grouping.outdate();
  }

  /** A file is another one: the plans of its applications are not what they were. */
  #outdate(path: string): void {
    for (const application of this.#grouping.usersOf(path)) this.#plans.outdate(application);
    for (const application of this.#grouping.decidedBy(path)) this.#plans.outdate(application);
  }

  /** A file as it stands now. */
  file(path: string): SourceFile | undefined {
    return this.#touched.get(path) ?? this.#entries.get(path)?.file;
  }

  /** Does an editor hold the file? */
  isOpen(path: string): boolean {
    return this.#open.has(path);
  }

  /** Paths of all files, sorted. */
  paths(): readonly string[] {
    this.#settle();
    return (this.#sorted ??= [...this.#entries.keys()].sort(comparePaths));
  }

  /** What a file says about applications. */
  facts(path: string): FileFacts | undefined {
    this.#settle();
    return this.#entries.get(path)?.facts;
  }

  /** Files that could not be read, and why. */
  unreadable(): readonly PlanProblem[] {
    return [...this.#unreadable].map(([file, message]) => ({ file, message }));
  }

  /** Files of an application's source that could not be read. */
  unreadableOf({ path }: Application): readonly PlanProblem[] {
    return this.unreadable().filter(({ file }) => file !== undefined && isWithin(file, path));
  }

  /** All applications, in the order of their paths, as the files say now. */
  applications(): readonly Application[] {
    this.#settle();
    return this.#grouping.now();
  }

  /** Works the applications out in short steps. @param rest is asked after each one whether to wait */
  async group(rest: () => Promise<void> | undefined): Promise<void> {
    for (;;) {
      this.#settle();
      if (this.#grouping.step()) return;
      const wait = rest();
      if (wait) await wait;
    }
  }

  /** The applications are as the files say: nobody has to wait for them. */
  get isGrouped(): boolean {
    return this.#touched.size === 0 && this.#grouping.isCurrent;
  }

  /** The applications for a question about one file: those of now where that is quick, else the last ones. */
  #settleGrouping(): void {
    this.#settle();
    if (!this.#grouping.wasMade || this.#entries.size <= AT_ONCE) this.#grouping.now();
  }

  #valueIn(path: string): Json | undefined {
    const first = this.#entries.get(path)?.file.document(0);
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
    for (const other of this.#grouping.last) if (isSameApplication(other, application)) this.#plans.outdate(other);
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

  /** Takes in what was typed. */
  #settle(): void {
    for (const [path, file] of this.#touched) this.#takeIn(path, file);
    this.#touched.clear();
  }

  #takeIn(path: string, file: SourceFile): void {
    const facts = factsOf(path, file);
    const before = this.#entries.get(path)?.facts;
    if (!before) this.#sorted = undefined;
    const isOther = !before || !leadToSame(before, facts) || !isEqual(before.sets, facts.sets);
    if (isOther || this.#grouping.dependsOnValueOf(path)) this.#grouping.outdate();
    else if (facts.declared.length > 0) this.#grouping.moveDeclarations(facts);
    this.#entries.set(path, { file, facts });
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
