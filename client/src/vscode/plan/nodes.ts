import type { ApplicationPlan, PlanPhase, PlanTask, PlanWave } from '#core/plan/model';
import { allWaves, taskKey, taskName, tasksOf } from '#core/plan/query';
import { CAN_HANG, counted, gateBadge, hookNotes, waveText } from '#core/plan/words';
import type { ApplicationRef, ApplicationSummary } from '#protocol';
import type { RunState, TaskRun } from '../sync/run-state.ts';
import { asideNodes } from './asides.ts';
import { kindIcon } from './icons.ts';
import {
  applicationId,
  joined,
  placeOf,
  PlanNode,
  WARNING,
  whereText,
  type ApplicationView,
  type Context,
} from './node.ts';
import {
  hangReasons,
  hasDiagnostics,
  problemsOf,
  taskProblems,
  waveProblems,
  type FileProblems,
  type RowProblem,
} from './problems.ts';
import { findRun, groupIcon, markOf, runLine, type Icon, type RunMark } from './run-marks.ts';
import { EVERYTHING, type Shown } from './shown.ts';
import { gateMarkdown, phaseLabel, phaseMeaning } from './texts.ts';
import { phaseTooltip, taskTooltip, waveTooltip } from './tooltips.ts';

/** What the rows depend on beside the plan. */
export interface Drawing {
  /** The application is the only one, so its rows are shown at once. */
  readonly open: boolean;
  /** Our clock, in milliseconds since 1970: running tasks show their time. */
  readonly here: number;
  /** Name of the workspace folder of an application; empty where there is no other. */
  readonly rootName?: (folder: string) => string;
  readonly shown?: Shown;
  /** Our diagnostics. */
  readonly problems?: FileProblems;
}

/** An application of more resources shows its waves, and what stands in one when it is opened. */
const LARGE = 500;

const NO_PROBLEMS: FileProblems = () => new Map();

/** The tree of one application. */
export function applicationNode(view: ApplicationView, drawing: Drawing): PlanNode {
  const { summary, result, run } = view;
  const { open, here, shown = EVERYTHING, problems: files = NO_PROBLEMS } = drawing;
  const root = drawing.rootName?.(summary.folder) ?? '';
  const application: ApplicationRef = { folder: summary.folder, path: summary.path, name: summary.name };
  const id = applicationId(application);
  const plan = result?.plan;
  const context = plan && {
    application,
    id,
    plan,
    run,
    here,
    shown,
    large: summary.resources > LARGE,
    problems: problemsOf(plan, summary.folder, files),
  };
  const problems = context ? applicationProblems(context) : unreadProblems(summary.problems);
  return new PlanNode({
    id,
    kind: 'application',
    label: summary.name,
    description: run
      ? joined(root, runLine(run, here))
      : joined(
          whereText(summary, root),
          counted(summary.resources, 'resource'),
          summary.leftOut > 0 && `${summary.leftOut} left out`,
          problems.length > 0 && counted(problems.length, 'problem'),
        ),
    tooltip: () => applicationTooltip(summary, plan, run),
    icon: applicationIcon(run),
    fold: open || run ? 'open' : 'closed',
    application,
    problems: () => problems,
    children: context && (() => applicationChildren(context)),
  });
}

/** Of an application whose plan was not read only the number of problems is known. */
const unreadProblems = (number: number): readonly RowProblem[] =>
  Array.from({ length: number }, () => ({
    severity: 'warning',
    message: `${counted(number, 'problem')} in its plan: open the application to see ${number === 1 ? 'it' : 'them'}.`,
  }));

/** All that is wrong with an application, whatever is shown of it; a mistake of a hook with two phases counts once. */
function applicationProblems(context: Context): readonly RowProblem[] {
  const asides = asideNodes({ ...context, run: undefined });
  return [...new Set([...wavesProblems(context, allWaves(context.plan)), ...asides.flatMap((node) => node.problems)])];
}

const wavesProblems = (context: Context, waves: readonly PlanWave[]): readonly RowProblem[] =>
  waves.flatMap((wave) => waveProblems(context.problems, wave));

function applicationIcon(run: RunState | undefined): Icon {
  if (!run) return { id: 'layers' };
  if (run.stage !== 'finished') return { id: 'sync~spin' };
  return run.phase === 'Succeeded'
    ? { id: 'pass', color: 'testing.iconPassed' }
    : { id: 'error', color: 'testing.iconFailed' };
}

function applicationTooltip(
  summary: ApplicationSummary,
  plan: ApplicationPlan | undefined,
  run: RunState | undefined,
): string {
  const lines = [`**${summary.name}** · \`${summary.path}\``];
  if (plan) lines.push(plan.source.reason, plan.namespace === '' ? '' : `Namespace: \`${plan.namespace}\``);
  if (run?.error !== undefined) lines.push(run.error);
  else if (run && run.message !== '') lines.push(run.message);
  return lines.filter((line) => line !== '').join('\n\n');
}

function applicationChildren(context: Context): PlanNode[] {
  const phases = context.shown.parts.flatMap((part) => context.plan.plans[part].phases);
  return [
    ...phases.filter((phase) => phase.waves.length > 0).map((phase) => phaseNode(context, phase)),
    ...asideNodes(context),
  ];
}

function phaseNode(context: Context, phase: PlanPhase): PlanNode {
  const tasks = phase.waves.flatMap(tasksOf);
  const id = `${context.id} ${phase.phase}`;
  const flat = flatWave(phase);
  const isOpen = phase.phase === 'PreSync' || phase.phase === 'Sync' || phase.phase === 'PostSync';
  return new PlanNode({
    id,
    kind: 'phase',
    label: phaseLabel(phase.phase),
    description: joined(tasksText(tasks), flat && gateText(flat)),
    tooltip: () => phaseTooltip(phaseMeaning(phase.phase), flat?.gate),
    ...(flat ? { detail: gateDetail(flat) } : {}),
    icon:
      runIcon(context, phase, phase.waves) ?? (flat && flat.gate.mayHang.length > 0 ? WARNING : { id: 'milestone' }),
    fold: isOpen && !(flat && context.large && tasks.length > LARGE) ? 'open' : 'closed',
    application: context.application,
    spot: { phase: phase.phase, ...(flat ? { wave: flat.wave } : {}) },
    problems: () => wavesProblems(context, phase.waves),
    children: () =>
      flat ? taskNodes(context, phase, flat, id) : phase.waves.map((wave) => waveNode(context, phase, wave, id)),
  });
}

/** `1 hook · 3 resources`. */
function tasksText(tasks: readonly PlanTask[]): string {
  const hooks = tasks.filter((task) => task.hook.length > 0).length;
  return joined(hooks > 0 && counted(hooks, 'hook'), tasks.length > hooks && counted(tasks.length - hooks, 'resource'));
}

/** A level that holds one thing says nothing: a phase with wave 0 alone shows its tasks itself. */
function flatWave({ waves }: PlanPhase): PlanWave | undefined {
  const [only] = waves;
  return waves.length === 1 && only?.wave === 0 ? only : undefined;
}

/** What the run did with a task, and how that looks; undefined where there is no run, or one that does not run it. */
function markFor(context: Context, phase: PlanPhase, task: PlanTask): { run?: TaskRun; mark: RunMark } | undefined {
  const { run: state, plan, here } = context;
  // A sync does not run the hooks of an application's deletion; and before it begins nothing is to be told.
  if (!state || state.phase === undefined || phase.phase === 'PreDelete' || phase.phase === 'PostDelete')
    return undefined;
  const run = findRun(state, phase.phase, task, plan.namespace);
  return { ...(run ? { run } : {}), mark: markOf(state, phase.phase, run, here) };
}

const runIcon = (context: Context, phase: PlanPhase, waves: readonly PlanWave[]): Icon | undefined =>
  groupIcon(waves.flatMap(tasksOf).flatMap((task) => markFor(context, phase, task)?.mark ?? []));

const gateText = (wave: PlanWave): string => joined(gateBadge(wave.gate), wave.gate.mayHang.length > 0 && CAN_HANG);

/** What the tooltip of a wave is made of. */
const gateDetail = ({ gate }: PlanWave): string =>
  [gate.for, gate.notWaitedFor, gate.mayHang].map((entries) => entries.map(({ task }) => task).join()).join(';');

const drawn = new WeakMap<PlanWave, PlanNode>();

/**
 * The row of a wave. Where the wave is the one that was drawn before, with nothing laid over it, so is the row: what an
 * edit does not touch costs nothing.
 */
function waveNode(context: Context, phase: PlanPhase, wave: PlanWave, parent: string): PlanNode {
  const id = `${parent} ${wave.wave}`;
  const keeps = !context.run && !hasDiagnostics(context.problems, wave);
  const before = keeps ? drawn.get(wave) : undefined;
  if (before?.id === id && before.fold === foldOf(context)) return before;
  const node = newWaveNode(context, phase, wave, id);
  if (keeps) drawn.set(wave, node);
  else drawn.delete(wave);
  return node;
}

/** In a large application waves are opened by hand: nobody reads 5,000 rows, and each open one is drawn. */
const foldOf = (context: Context): 'open' | 'closed' => (context.large ? 'closed' : 'open');

function newWaveNode(context: Context, phase: PlanPhase, wave: PlanWave, id: string): PlanNode {
  const waits: Icon = { id: wave.gate.waits ? 'watch' : 'circle-large-outline' };
  return new PlanNode({
    id,
    kind: 'wave',
    label: waveText(wave.wave),
    description: joined(context.large && tasksText(tasksOf(wave)), gateText(wave)),
    tooltip: () => waveTooltip(wave, gateMarkdown(wave.gate)),
    detail: gateDetail(wave),
    icon: runIcon(context, phase, [wave]) ?? (wave.gate.mayHang.length > 0 ? WARNING : waits),
    fold: foldOf(context),
    application: context.application,
    spot: { phase: phase.phase, wave: wave.wave },
    problems: () => wavesProblems(context, [wave]),
    children: () => taskNodes(context, phase, wave, id),
  });
}

function taskNodes(context: Context, phase: PlanPhase, wave: PlanWave, parent: string): PlanNode[] {
  const used = new Set<string>();
  return tasksOf(wave).map((task) => {
    let id = `${parent} ${taskKey(task)}`;
    // Names that are generated may begin alike.
    while (used.has(id)) id += '+';
    used.add(id);
    return taskNode(context, phase, wave, task, id);
  });
}

function taskNode(context: Context, phase: PlanPhase, wave: PlanWave, task: PlanTask, id: string): PlanNode {
  const { run, mark } = markFor(context, phase, task) ?? {};
  const hang = wave.gate.mayHang.length === 0 ? undefined : hangReasons(wave).get(taskKey(task));
  const kind = `${task.hook.length > 0 ? '⚓ ' : ''}${task.kind}`;
  return new PlanNode({
    id,
    kind: 'task',
    label: taskName(task),
    description:
      mark && mark.text !== ''
        ? joined(kind, mark.text)
        : joined(
            kind,
            isCustom(task) && task.group,
            ...hookNotes(task),
            task.prune && 'deleted',
            hang !== undefined && `⚠ ${CAN_HANG}`,
          ),
    tooltip: () => taskTooltip({ task, phase: phase.phase, gate: wave.gate, run, state: mark?.state }),
    detail: `${task.phaseReason.text}\n${task.waveReason.text}\n${run?.message ?? ''}`,
    icon: mark?.icon ?? (hang === undefined ? kindIcon(task.group, task.kind) : WARNING),
    fold: 'none',
    ...placeOf(context, task),
    application: context.application,
    spot: { phase: phase.phase, wave: wave.wave, task },
    words: `${task.hook.length > 0 ? 'hook' : 'resource'} ${task.namespace} ${task.file ?? ''}`,
    problems: () => taskProblems(context.problems, wave, task),
    children: () => [],
  });
}

/** A kind that Kubernetes does not bring along: its group tells which one is meant. */
const isCustom = (task: PlanTask): boolean => task.group.includes('.') && !task.group.endsWith('.k8s.io');
