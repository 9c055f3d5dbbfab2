import { WAVES_PAGE } from './core/annotations/pages.ts';
import type { PlanProblem } from './core/plan/model.ts';
import { NEWEST_ARGOCD } from './core/versions.ts';
import { lintFinding, Linter, lintRepairs } from './language/diagnostics/lint.ts';
import type { Level, Levels } from './language/diagnostics/model.ts';
import { RULES } from './language/diagnostics/rules.ts';
import { countManifests } from './workspace/facts.ts';
import type { Files } from './workspace/files.ts';
import type { WorkspaceIndex } from './workspace/index.ts';
import type { LintFinding, LintRepair } from './workspace/model.ts';
import { LINTED_AS_WRITTEN } from './workspace/render/problems.ts';
import { openIndexed, type Service, type ServiceOptions } from './workspace/service.ts';

/** The façade with the rules: a workspace that was opened once, and is judged. */

export type { LevelSetting } from './language/diagnostics/model.ts';
export type { LintFinding, LintRepair } from './workspace/model.ts';

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

export interface LintServiceOptions extends ServiceOptions {
  /** Version of Argo CD that diagnostics speak of; the newest known where nothing is given. */
  readonly argocdVersion?: string;
  /** Levels of rules as the user sets them, by the rule's id. */
  readonly levels?: Levels;
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

/** What a service tells, and what the rules find; of charts and kustomizations once they are rendered. */
export interface LintService extends Service {
  /** What the rules find in all files. */
  lint(): LintReport;
  /** What they find in one file, in the order of its text. */
  findings(path: string): readonly LintFinding[];
  /** The text of a file after everything in it is repaired that is beyond doubt; undefined where nothing is. */
  fixes(path: string): string | undefined;
  /** The ways to repair each finding of a file, in the order in which `lint` gives them. */
  repairs(path: string): readonly (readonly LintRepair[])[];
}

/** Opens what stands in some folders or files, to be judged; as `openService` does it. */
export async function openLintService(
  files: Files,
  paths: readonly string[],
  options: LintServiceOptions,
): Promise<LintService> {
  const { argocdVersion = NEWEST_ARGOCD, levels = {} } = options;
  const { index, service } = await openIndexed(files, paths, options);
  const newLinter = (): Linter => new Linter(index, { argocdVersion, levels });
  let linter = newLinter();
  return {
    ...service,
    render: async (applications, progress) => {
      await service.render(applications, progress);
      linter = newLinter();
    },
    lint: () => lint(index, linter),
    findings: (path) => findingsIn(linter, path),
    fixes: (path) => linter.fixed(path),
    repairs: (path) => linter.findings(path).map(lintRepairs),
  };
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
