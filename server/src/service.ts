import type { ApplicationPlan, PlanProblem } from './core/plan/model.ts';
import { NEWEST_ARGOCD } from './core/versions.ts';
import { lintFinding, Linter, lintRepairs } from './language/diagnostics/lint.ts';
import { WAVES_PAGE } from './core/annotations/pages.ts';
import type { Level, Levels } from './language/diagnostics/model.ts';
import { RULES } from './language/diagnostics/rules.ts';
import type { Files } from './workspace/files.ts';
import type { ConfiguredApplication } from './workspace/configured.ts';
import { openIndex, type WorkspaceIndex } from './workspace/index.ts';
import type { Application, LintFinding, LintRepair, SyncSource } from './workspace/model.ts';
import { countManifests } from './workspace/facts.ts';
import { RenderKeeper } from './workspace/render/keeper.ts';
import type { Renderer } from './workspace/render/model.ts';
import { LINTED_AS_WRITTEN } from './workspace/render/problems.ts';
import { fileSource, syncSource } from './workspace/source.ts';

/**
 * The façade: a workspace opened once, as the terminal client and the runner use it. It reads through the port `Files`
 * alone, so that it serves Node and the browser.
 */

export type { ApplicationPlan, PlanProblem } from './core/plan/model.ts';
export type { LevelSetting } from './language/diagnostics/model.ts';
export { configuredApplication, type ConfiguredApplication } from './workspace/configured.ts';
export type { Files } from './workspace/files.ts';
export { treeFiles, type FileTree } from './workspace/tree-files.ts';
export { revisionRenderer } from './workspace/revision-renderer.ts';
export { pairApplications, type Revision } from './workspace/revisions.ts';
export { readBuildOptions } from './workspace/render/build-options.ts';
export type { Renderer } from './workspace/render/model.ts';
export type { Application, LintFinding, LintRepair, SyncObject, SyncSource } from './workspace/model.ts';

/** Ids of all rules, as settings name them. */
export const RULE_IDS: readonly string[] = RULES.map(({ id }) => id);

/** What reports tell about a rule. */
export interface RuleInfo {
  readonly id: string;
  readonly level: Level;
  /** One sentence: when it fires. */
  readonly title: string;
  /** Why it matters and what to do, in Markdown. */
  readonly docs: string;
  /** Page of Argo CD's documentation. */
  readonly link: string;
  /** A manifest that it fires on, and what that should have been. */
  readonly examples: { readonly bad: string; readonly good: string };
}

/** All rules, in the order in which they are documented. */
export const RULE_INFOS: readonly RuleInfo[] = RULES.map(
  ({ id, defaultLevel, title, docs, link = WAVES_PAGE, examples: { bad, good } }) => ({
    ...{ id, level: defaultLevel, title, docs, link, examples: { bad, good } },
  }),
);

export interface ServiceOptions {
  /** Name of the root folder, for an application whose source is the root itself. */
  readonly rootName: string;
  /** Version of Argo CD that diagnostics speak of; the newest known where nothing is given. */
  readonly argocdVersion?: string;
  /** Levels of rules as the user sets them, by the rule's id. */
  readonly levels?: Levels;
  /** Renders kustomizations and charts; without it they are taken as they are written. */
  readonly renderer?: Renderer;
  /** Applications that count before all that is found. */
  readonly applications?: readonly ConfiguredApplication[];
  /** Glob patterns of files and folders that are left out. */
  readonly exclude?: readonly string[];
}

export interface LintReport {
  /** How many files were read, and how many objects they hold. */
  readonly files: number;
  readonly manifests: number;
  /** By file, in the order of its text. */
  readonly findings: readonly LintFinding[];
  /** Files that could not be read, and why. */
  readonly problems: readonly PlanProblem[];
  /** Sources that could not be rendered, and why: each once, however many applications use it. */
  readonly unrendered: readonly PlanProblem[];
}

/** How far a render came. */
export interface RenderProgress {
  /** Applications that are done, and all that have anything to render. */
  readonly done: number;
  readonly total: number;
  /** One that is being rendered; undefined when all are done. */
  readonly now: Application | undefined;
}

export interface Service {
  /** All applications of what was opened, in the order of their paths. */
  applications(): readonly Application[];
  /** The applications that a file belongs to, decides about (values, a kustomization) or declares. */
  applicationsOf(path: string): readonly Application[];
  /**
   * Renders the kustomizations and charts of applications, so that `plan`, `lint` and `source` speak of what comes out.
   * What cannot be rendered is a problem of its plan. Never rejects; does nothing without a renderer.
   * @param progress is told whenever one begins or ends
   */
  render(applications: readonly Application[], progress?: (progress: RenderProgress) => void): Promise<void>;
  /** The plan of an application: what a first sync would do. */
  plan(application: Application): ApplicationPlan;
  /** What the rules find in all files. */
  lint(): LintReport;
  /** What they find in one file, in the order of its text. */
  findings(path: string): readonly LintFinding[];
  /** The text of a file as it was read; undefined where it was not. */
  text(path: string): string | undefined;
  /** The text of a file after everything in it is repaired that is beyond doubt; undefined where nothing is. */
  fixes(path: string): string | undefined;
  /** The ways to repair each finding of a file, in the order in which `lint` gives them. */
  repairs(path: string): readonly (readonly LintRepair[])[];
  /** What a sync would send, or why it may not. */
  source(application: Application): SyncSource;
  /** The objects of one file as they would be sent, whatever application it belongs to. */
  objects(path: string): SyncSource;
}

/**
 * Opens what stands in some folders or files. Reads everything once; later changes of the files are not seen.
 * @param paths relative to the root of `files`, with `/`; none: the whole root
 */
export async function openService(files: Files, paths: readonly string[], options: ServiceOptions): Promise<Service> {
  const { rootName, applications = [], exclude = [] } = options;
  const index = await openIndex(files, { rootName, applications, exclude }, paths.length === 0 ? ['.'] : paths);
  const keeper = options.renderer && new RenderKeeper(index, options.renderer);
  const { argocdVersion = NEWEST_ARGOCD, levels = {} } = options;
  const newLinter = (): Linter => new Linter(index, { argocdVersion, levels });
  let linter = newLinter();
  return {
    render: async (applications, progress) => {
      if (keeper) await renderAll(keeper, applications, progress);
      linter = newLinter();
    },
    applications: () => index.applications(),
    applicationsOf: (path) => index.applicationsOf(path),
    plan: (application) => index.plan(application),
    lint: () => lint(index, linter),
    findings: (path) => findingsIn(linter, path),
    text: (path) => index.file(path)?.text,
    fixes: (path) => linter.fixed(path),
    repairs: (path) => linter.findings(path).map(lintRepairs),
    source: (application) => syncSource(index, application),
    objects: (path) => fileSource(index, path),
  };
}

/** How many applications are rendered at a time: the files of each are held until it is done. */
const AT_A_TIME = 8;

async function renderAll(
  keeper: RenderKeeper,
  applications: readonly Application[],
  progress: (progress: RenderProgress) => void = () => undefined,
): Promise<void> {
  const due = applications.filter((application) => keeper.isDue(application));
  const waiting = [...due];
  const running = new Set<Application>();
  let done = 0;
  const tell = (): void => progress({ done, total: due.length, now: [...running][0] });
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      running.add(next);
      tell();
      await keeper.refresh(next);
      running.delete(next);
      done++;
      tell();
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
}

const findingsIn = (linter: Linter, path: string): LintFinding[] =>
  linter.findings(path).map((placed) => lintFinding(path, placed));

function lint(index: WorkspaceIndex, linter: Linter): LintReport {
  const paths = index.paths();
  const documents = paths.flatMap((path) => index.file(path)?.documents ?? []);
  return {
    files: paths.length,
    manifests: documents.reduce((count, { document }) => count + countManifests(document), 0),
    findings: paths.flatMap((path) => findingsIn(linter, path)),
    problems: index.unreadable(),
    unrendered: unrendered(index),
  };
}

/** What is told of a source that several applications use is the same. */
function unrendered(index: WorkspaceIndex): PlanProblem[] {
  const problems = index
    .applications()
    .flatMap((application) =>
      application.sources.flatMap((_, i) => index.renderings.of(application, i)?.problems ?? []),
    );
  const told = new Map(
    problems.map((problem) => [JSON.stringify([problem.file, problem.line, problem.message]), problem]),
  );
  return [...told.values()].map((problem) => ({ ...problem, message: `${problem.message} ${LINTED_AS_WRITTEN}` }));
}
