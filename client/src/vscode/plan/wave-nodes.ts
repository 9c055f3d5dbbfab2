import type { PlanPhase, PlanTask, PlanWave } from '#core/plan/model';
import { taskKey, taskName, tasksOf } from '#core/plan/query';
import { isOfDeletion } from '#core/plan/deletion';
import { CAN_HANG, counted, gateBadge, hookNotes, waveText } from '#core/plan/words';
import type { TaskRun } from '../sync/run-state.ts';
import { kindIcon } from './icons.ts';
import { placeOf, PlanNode, WARNING, type Context } from './node.ts';
import { joined, gateMarkdown } from './texts.ts';
import { liveMark } from './live-marks.ts';
import { hangReasons, hasDiagnostics, taskProblems, waveProblems, type RowProblem } from './problems.ts';
import { findRun, groupIcon, markOfTask, spanText, type Icon, type RunMark } from './run-marks.ts';
import { taskTooltip, waveTooltip } from './tooltips.ts';

/** `1 hook · 3 resources`. */
export function tasksText(tasks: readonly PlanTask[]): string {
  const hooks = tasks.filter((task) => task.hook.length > 0).length;
  return joined(hooks > 0 && counted(hooks, 'hook'), tasks.length > hooks && counted(tasks.length - hooks, 'resource'));
}

/** What is wrong with the tasks of some waves. */
export const wavesProblems = (context: Context, waves: readonly PlanWave[]): readonly RowProblem[] =>
  waves.flatMap((wave) => waveProblems(context.problems, wave));

/** What the run did with a task, and how that looks; undefined where there is no run, or one that does not run it. */
function markFor(context: Context, phase: PlanPhase, task: PlanTask): { run?: TaskRun; mark: RunMark } | undefined {
  const { run: state, plan, here } = context;
  // A sync does not run the hooks of an application's deletion; and before it begins nothing is to be told.
  if (!state || state.phase === undefined || isOfDeletion(phase.phase) !== (state.deletes === true)) return undefined;
  const run = findRun(state, phase.phase, task, plan.namespace);
  return { ...(run ? { run } : {}), mark: markOfTask(state, phase.phase, task, run, here) };
}

export const runIcon = (context: Context, phase: PlanPhase, waves: readonly PlanWave[]): Icon | undefined =>
  groupIcon(waves.flatMap(tasksOf).flatMap((task) => markFor(context, phase, task)?.mark ?? []));

/** How long the tasks of a wave have taken so far: from the first that began to the last that ended, or to now. */
export function waveTime(context: Context, phase: PlanPhase, wave: PlanWave): string {
  if (!context.run) return '';
  const runs = tasksOf(wave).flatMap((task) => markFor(context, phase, task)?.run ?? []);
  return spanText(context.run, runs, context.here);
}

export const gateText = (wave: PlanWave): string =>
  joined(gateBadge(wave.gate), wave.gate.mayHang.length > 0 && CAN_HANG);

/** What the tooltip of a wave is made of. */
export const gateDetail = ({ gate }: PlanWave): string =>
  [gate.for, gate.notWaitedFor, gate.mayHang].map((entries) => entries.map(({ task }) => task).join()).join(';');

const drawn = new WeakMap<PlanWave, PlanNode>();

/**
 * The row of a wave. Where the wave is the one that was drawn before, with nothing laid over it, so is the row: what an
 * edit does not touch costs nothing.
 */
export function waveNode(context: Context, phase: PlanPhase, wave: PlanWave, parent: string): PlanNode {
  const id = `${parent} ${wave.wave}`;
  const keeps = !context.run && !context.live && !hasDiagnostics(context.problems, wave);
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
    description: joined(context.large && tasksText(tasksOf(wave)), waveTime(context, phase, wave), gateText(wave)),
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

export function taskNodes(context: Context, phase: PlanPhase, wave: PlanWave, parent: string): PlanNode[] {
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
  const live = context.live && liveMark(context.live, phase.phase, task, context.plan.namespace);
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
            live?.text,
            ...(live || phase.phase === 'Delete' ? [] : hookNotes(task)),
            task.prune && 'deleted',
            phase.phase === 'Delete' && task.kept,
            hang !== undefined && `⚠ ${CAN_HANG}`,
          ),
    tooltip: () =>
      taskTooltip({ task, phase: phase.phase, gate: wave.gate, run, state: mark?.state, live: live?.resource }),
    detail: [
      task.phaseReason.text,
      task.waveReason.text,
      run?.message,
      ...(run?.wait?.reasons ?? []),
      ...(live?.resource.diff ?? []),
    ].join('\n'),
    ...(live?.resource.texts ? { trait: 'differs' } : {}),
    hasLogs: run?.logs === true,
    icon: live?.icon ?? mark?.icon ?? (hang === undefined ? kindIcon(task.group, task.kind) : WARNING),
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
