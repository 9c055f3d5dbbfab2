import type { ApplicationPlan } from '#core/plan/model';
import { allPlaces } from '#core/plan/query';

/** Something that is wrong with a row, in one sentence. */
export interface RowProblem {
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

/** A diagnostic of ours in a file of the workspace. */
export interface FileProblem extends RowProblem {
  /** 1-based. */
  readonly line: number;
}

/** Our diagnostics: by workspace folder and path within. Empty for a file without any. */
export type FileProblems = (folder: string, file: string) => readonly FileProblem[];

/** The diagnostics of the manifest that stands at a place. */
export type ManifestProblems = (at: { readonly file?: string; readonly line?: number }) => readonly RowProblem[];

const starts = new WeakMap<ApplicationPlan, ReadonlyMap<string, readonly number[]>>();

/** First lines of the manifests of each file of a plan, sorted. */
function startsOf(plan: ApplicationPlan): ReadonlyMap<string, readonly number[]> {
  const known = starts.get(plan);
  if (known) return known;
  const lines = new Map<string, Set<number>>();
  for (const { file, line } of [...allPlaces(plan).map(({ task }) => task), ...plan.skipped]) {
    if (file === undefined) continue;
    const there = lines.get(file);
    if (there) there.add(line ?? 1);
    else lines.set(file, new Set([line ?? 1]));
  }
  const sorted = new Map([...lines].map(([file, set]) => [file, [...set].sort((a, b) => a - b)]));
  starts.set(plan, sorted);
  return sorted;
}

/** Shares the diagnostics of files out to the manifests in which they stand. */
export function problemsOf(plan: ApplicationPlan, folder: string, all: FileProblems): ManifestProblems {
  return ({ file, line = 1 }) => {
    const inFile = file === undefined ? [] : all(folder, file);
    if (file === undefined || inFile.length === 0) return [];
    const lines = startsOf(plan).get(file) ?? [];
    const next = lines.find((start) => start > line) ?? Number.POSITIVE_INFINITY;
    // What stands above the first manifest of a file belongs to it.
    const first = lines[0] === line ? 0 : line;
    return inFile.filter((problem) => problem.line >= first && problem.line < next);
  };
}

/** Says the same thing once: the plan and a diagnostic may tell of one mistake. */
export function withFacts(
  found: readonly RowProblem[],
  ...facts: readonly (string | undefined)[]
): readonly RowProblem[] {
  if (found.length > 0) return found;
  return facts.flatMap((message) => (message === undefined ? [] : [{ severity: 'warning' as const, message }]));
}

/** Two characters that fit beside a row: the number, or that there are many. */
export const badgeText = (count: number): string => (count > 99 ? '9+' : String(count));

/** The sentences of problems, each once and a few at most, as the text of a tooltip. */
export function problemsText(problems: readonly RowProblem[], most = 5): string {
  const messages = [...new Set(problems.map(({ message }) => message))];
  const rest = messages.length - most;
  return [...messages.slice(0, most), ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n');
}
