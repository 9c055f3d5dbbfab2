import type { ApplicationPlan, PlanTask, PlanWave } from '#core/plan/model';
import { allWaves, taskKey, taskName, tasksOf } from '#core/plan/query';
import { CAN_HANG } from '#core/plan/words';

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

/** Our diagnostics in the files of a workspace folder, by path within. Files without any are absent. */
export type FileProblems = (folder: string) => ReadonlyMap<string, readonly FileProblem[]>;

/** The diagnostics of the manifest that stands at a place. */
export type ManifestProblems = (at: { readonly file?: string; readonly line?: number }) => readonly RowProblem[];

const NONE: readonly RowProblem[] = [];

/** Those of a plan whose files have none. */
const NO_PROBLEMS: ManifestProblems = () => NONE;

/** Shares the diagnostics of files out to the manifests in which they stand. */
export function problemsOf(plan: ApplicationPlan, folder: string, all: FileProblems): ManifestProblems {
  const files = all(folder);
  if (files.size === 0) return NO_PROBLEMS;
  const starts = new Map<string, Set<number>>();
  const add = ({ file, line = 1 }: { readonly file?: string; readonly line?: number }): void => {
    if (file === undefined || !files.has(file)) return;
    const there = starts.get(file);
    if (there) there.add(line);
    else starts.set(file, new Set([line]));
  };
  for (const wave of allWaves(plan)) for (const task of tasksOf(wave)) add(task);
  for (const manifest of plan.skipped) add(manifest);
  if (starts.size === 0) return NO_PROBLEMS;
  const shared = new Map([...starts].map(([file, lines]) => [file, sharedOut([...lines], files.get(file) ?? [])]));
  return ({ file, line = 1 }) => (file === undefined ? NONE : (shared.get(file)?.get(line) ?? NONE));
}

/** The problems of a file by the first lines of its manifests. What stands above the first one belongs to it. */
function sharedOut(lines: readonly number[], problems: readonly FileProblem[]): ReadonlyMap<number, RowProblem[]> {
  const starts = lines.toSorted((a, b) => b - a);
  const shared = new Map<number, RowProblem[]>();
  for (const problem of problems) {
    const start = starts.find((line) => line <= problem.line) ?? starts.at(-1) ?? 1;
    const there = shared.get(start);
    if (there) there.push(problem);
    else shared.set(start, [problem]);
  }
  return shared;
}

interface Hanging {
  readonly byTask: ReadonlyMap<PlanTask, readonly RowProblem[]>;
  /** In the order of the tasks. */
  readonly all: readonly RowProblem[];
}

const NOT_HANGING: Hanging = { byTask: new Map(), all: NONE };
const hanging = new WeakMap<PlanWave, Hanging>();

/** What the plan itself finds wrong with the tasks of a wave: they may keep it from ever ending. */
function hangingIn(wave: PlanWave): Hanging {
  if (wave.gate.mayHang.length === 0) return NOT_HANGING;
  let found = hanging.get(wave);
  if (!found) {
    const reasons = hangReasons(wave);
    const byTask = new Map<PlanTask, readonly RowProblem[]>();
    for (const task of tasksOf(wave)) {
      const reason = reasons.get(taskKey(task));
      const message = `${task.kind} ${taskName(task)} ${CAN_HANG}: ${reason ?? ''}.`;
      if (reason !== undefined) byTask.set(task, [{ severity: 'warning', message }]);
    }
    found = { byTask, all: [...byTask.values()].flat() };
    hanging.set(wave, found);
  }
  return found;
}

const reasonsKnown = new WeakMap<PlanWave, ReadonlyMap<string, string>>();

/** Why tasks of a wave may keep it from ever ending, by their keys. */
export function hangReasons(wave: PlanWave): ReadonlyMap<string, string> {
  let reasons = reasonsKnown.get(wave);
  if (!reasons) {
    reasons = new Map(wave.gate.mayHang.toReversed().map(({ task, reason }) => [task, reason]));
    reasonsKnown.set(wave, reasons);
  }
  return reasons;
}

/** What is wrong with a task: what its file's diagnostics say, else what the plan knows. */
export function taskProblems(files: ManifestProblems, wave: PlanWave, task: PlanTask): readonly RowProblem[] {
  const found = files(task);
  return found.length > 0 ? found : (hangingIn(wave).byTask.get(task) ?? NONE);
}

/** Does the file of a task of the wave have diagnostics that stand in the task? Else the plan alone knows what is wrong. */
export const hasDiagnostics = (files: ManifestProblems, wave: PlanWave): boolean =>
  files !== NO_PROBLEMS && wave.batches.some(({ tasks }) => tasks.some((task) => files(task).length > 0));

/** What is wrong with the tasks of a wave, in their order. */
export const waveProblems = (files: ManifestProblems, wave: PlanWave): readonly RowProblem[] =>
  hasDiagnostics(files, wave) ? tasksOf(wave).flatMap((task) => taskProblems(files, wave, task)) : hangingIn(wave).all;

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
