import type { ApplicationPlan, PlanPhase, PlanTask, PlanWave } from '#core/plan/model';
import { taskKey, taskName } from '#core/plan/query';
import { CAN_HANG, counted, gateBadge, hookNotes, waveText } from '#core/plan/words';
import type { ApplicationRef, ApplicationSummary } from '#protocol';
import type { RunState, TaskRun } from '../sync/run-state.ts';
import { asideNodes } from './asides.ts';
import { kindIcon } from './icons.ts';
import { applicationId, joined, placeOf, WARNING, type ApplicationView, type Context, type PlanNode } from './node.ts';
import { findRun, groupIcon, markOf, runLine, type Icon, type RunMark } from './run-marks.ts';
import { gateMarkdown, phaseLabel, phaseMeaning } from './texts.ts';
import { phaseTooltip, taskTooltip, waveTooltip } from './tooltips.ts';

/**
 * The tree of one application.
 * @param open it is the only one, so its rows are shown at once
 * @param here our clock, in milliseconds since 1970: running tasks show their time
 */
export function applicationNode(view: ApplicationView, open: boolean, here: number): PlanNode {
  const { summary, result, run } = view;
  const application: ApplicationRef = { folder: summary.folder, path: summary.path, name: summary.name };
  const id = applicationId(application);
  const leftOut = result?.plan.skipped.length ?? 0;
  return {
    id,
    kind: 'application',
    label: summary.name,
    description: run
      ? runLine(run, here)
      : joined(
          summary.path === '.' ? '' : summary.path,
          counted(summary.resources, 'resource'),
          leftOut > 0 && `${leftOut} left out`,
          summary.problems > 0 && counted(summary.problems, 'problem'),
        ),
    tooltip: applicationTooltip(summary, result?.plan, run),
    icon: applicationIcon(run),
    fold: open || run ? 'open' : 'closed',
    application,
    children: result && applicationChildren({ application, id, plan: result.plan, run, here }),
  };
}

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
  const { sync, syncFail, delete: deletion } = context.plan.plans;
  const phases = [...sync.phases, ...syncFail.phases, ...deletion.phases];
  return [
    ...phases.filter((phase) => phase.waves.length > 0).map((phase) => phaseNode(context, phase)),
    ...asideNodes(context),
  ];
}

function phaseNode(context: Context, phase: PlanPhase): PlanNode {
  const tasks = phase.waves.flatMap(tasksOf);
  const hooks = tasks.filter((task) => task.hook.length > 0).length;
  const id = `${context.id} ${phase.phase}`;
  const [only] = phase.waves;
  // A level that holds one thing says nothing: a phase with wave 0 alone shows its tasks itself.
  const flat = phase.waves.length === 1 && only?.wave === 0 ? only : undefined;
  return {
    id,
    kind: 'phase',
    label: phaseLabel(phase.phase),
    description: joined(
      hooks > 0 && counted(hooks, 'hook'),
      tasks.length > hooks && counted(tasks.length - hooks, 'resource'),
      flat && gateText(flat),
    ),
    tooltip: phaseTooltip(phaseMeaning(phase.phase), flat?.gate),
    icon:
      runIcon(context, phase, phase.waves) ?? (flat && flat.gate.mayHang.length > 0 ? WARNING : { id: 'milestone' }),
    fold: phase.phase === 'PreSync' || phase.phase === 'Sync' || phase.phase === 'PostSync' ? 'open' : 'closed',
    application: context.application,
    children: flat
      ? taskNodes(context, phase, flat, id)
      : phase.waves.map((wave) => waveNode(context, phase, wave, id)),
  };
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

const tasksOf = (wave: PlanWave): PlanTask[] => wave.batches.flatMap((batch) => batch.tasks);

const gateText = (wave: PlanWave): string => joined(gateBadge(wave.gate), wave.gate.mayHang.length > 0 && CAN_HANG);

function waveNode(context: Context, phase: PlanPhase, wave: PlanWave, parent: string): PlanNode {
  const id = `${parent} ${wave.wave}`;
  const waits: Icon = { id: wave.gate.waits ? 'watch' : 'circle-large-outline' };
  return {
    id,
    kind: 'wave',
    label: waveText(wave.wave),
    description: gateText(wave),
    tooltip: waveTooltip(wave, gateMarkdown(wave.gate)),
    icon: runIcon(context, phase, [wave]) ?? (wave.gate.mayHang.length > 0 ? WARNING : waits),
    fold: 'open',
    application: context.application,
    children: taskNodes(context, phase, wave, id),
  };
}

const taskNodes = (context: Context, phase: PlanPhase, wave: PlanWave, parent: string): PlanNode[] =>
  tasksOf(wave).map((task) => taskNode(context, phase, wave, task, parent));

function taskNode(context: Context, phase: PlanPhase, wave: PlanWave, task: PlanTask, parent: string): PlanNode {
  const { run, mark } = markFor(context, phase, task) ?? {};
  const hang = wave.gate.mayHang.find((entry) => entry.task === taskKey(task));
  const kind = `${task.hook.length > 0 ? '⚓ ' : ''}${task.kind}`;
  return {
    id: `${parent} ${taskKey(task)}`,
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
            hang && `⚠ ${CAN_HANG}`,
          ),
    tooltip: taskTooltip({ task, phase: phase.phase, gate: wave.gate, run, state: mark?.state }),
    icon: mark?.icon ?? (hang ? WARNING : kindIcon(task.group, task.kind)),
    fold: 'none',
    ...placeOf(context, task),
    application: context.application,
    children: [],
  };
}

/** A kind that Kubernetes does not bring along: its group tells which one is meant. */
const isCustom = (task: PlanTask): boolean => task.group.includes('.') && !task.group.endsWith('.k8s.io');
