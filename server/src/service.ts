import type { ApplicationPlan, PlanProblem } from './core/plan/model.ts';
import { apiVersionOf } from './core/object.ts';
import { NEWEST_ARGOCD } from './core/versions.ts';
import { lintFinding, Linter, lintRepairs } from './language/diagnostics/lint.ts';
import { WAVES_PAGE } from './core/annotations/pages.ts';
import type { Level, Levels } from './language/diagnostics/model.ts';
import { RULES } from './language/diagnostics/rules.ts';
import type { Files } from './workspace/files.ts';
import type { ConfiguredApplication } from './workspace/configured.ts';
import { openIndex, type WorkspaceIndex } from './workspace/index.ts';
import type { Application, LintFinding, LintRepair, SyncSource } from './workspace/model.ts';
import { objectsOfDocument } from './workspace/objects.ts';
import { RenderKeeper } from './workspace/render/keeper.ts';
import type { Renderer } from './workspace/render/model.ts';
import { syncSource } from './workspace/source.ts';

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
}

export interface Service {
  /** All applications of what was opened, in the order of their paths. */
  applications(): readonly Application[];
  /**
   * Renders the kustomizations and charts of applications, so that `plan`, `lint` and `source` speak of what comes out.
   * What cannot be rendered is a problem of its plan. Never rejects; does nothing without a renderer.
   */
  render(applications: readonly Application[]): Promise<void>;
  /** The plan of an application: what a first sync would do. */
  plan(application: Application): ApplicationPlan;
  /** What the rules find in all files. */
  lint(): LintReport;
  /** The text of a file as it was read; undefined where it was not. */
  text(path: string): string | undefined;
  /** The text of a file after everything in it is repaired that is beyond doubt; undefined where nothing is. */
  fixes(path: string): string | undefined;
  /** The ways to repair each finding of a file, in the order in which `lint` gives them. */
  repairs(path: string): readonly (readonly LintRepair[])[];
  /** What a sync would send, or why it may not. */
  source(application: Application): SyncSource;
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
    render: async (applications) => {
      if (keeper) await Promise.all(applications.map((application) => keeper.refresh(application)));
      linter = newLinter();
    },
    applications: () => index.applications(),
    plan: (application) => index.plan(application),
    lint: () => lint(index, linter),
    text: (path) => index.file(path)?.text,
    fixes: (path) => linter.fixed(path),
    repairs: (path) => linter.findings(path).map(lintRepairs),
    source: (application) => syncSource(index, application),
  };
}

function lint(index: WorkspaceIndex, linter: Linter): LintReport {
  const paths = index.paths();
  const documents = paths.flatMap((path) => index.file(path)?.documents ?? []);
  const objects = documents.flatMap(({ document }) => objectsOfDocument(document));
  return {
    files: paths.length,
    manifests: objects.filter(({ object }) => apiVersionOf(object) !== '').length,
    findings: paths.flatMap((path) => linter.findings(path).map((placed) => lintFinding(path, placed))),
    problems: index.unreadable(),
  };
}
