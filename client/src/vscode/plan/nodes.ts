import type { ApplicationPlan, PlanPhase, PlanProblem, PlanTask, PlanWave, SkippedManifest } from '#core/plan/model';
import { taskKey, taskName } from '#core/plan/query';
import type { ApplicationRef, ApplicationSummary, PlanResult } from '#protocol';
import type { RunState } from '../sync/run-state.ts';
import { kindIcon } from './icons.ts';
import { findRun, markOf, runLine, type Icon, type RunMark } from './run-marks.ts';
import { count, gateLines, gateText, hookNotes, objectLabel, phaseLabel, phaseMeaning, waveLabel } from './texts.ts';
import { phaseTooltip, skippedTooltip, taskTooltip, waveTooltip } from './tooltips.ts';

/** Where a manifest stands: path within the workspace folder, 1-based line. */
export interface NodePlace {
  readonly folder: string;
  readonly file: string;
  readonly line: number;
}

/** One row of the plan view, without anything of VS Code. */
export interface PlanNode {
  /** The same in every plan of the same application, so that the view keeps what a person folded. */
  readonly id: string;
  readonly kind: 'application' | 'phase' | 'wave' | 'task' | 'left-out' | 'skipped' | 'problem' | 'left' | 'object';
  readonly label: string;
  readonly description: string;
  /** Markdown. */
  readonly tooltip: string;
  readonly icon?: Icon;
  readonly fold: 'open' | 'closed' | 'none';
  readonly place?: NodePlace;
  readonly application: ApplicationRef;
  /** Undefined: not read yet (the plan of an application that was not opened). */
  readonly children: readonly PlanNode[] | undefined;
}

/** What the tree is made of for one application. */
export interface ApplicationView {
  readonly summary: ApplicationSummary;
  /** Absent until the plan was asked for. */
  readonly result?: PlanResult;
  readonly run?: RunState;
}

export const applicationId = ({ folder, path, name }: ApplicationRef): string => JSON.stringify([folder, path, name]);

const joined = (...parts: readonly (string | false | undefined)[]): string => parts.filter(Boolean).join(' · ');

const WARNING: Icon = { id: 'warning', color: 'list.warningForeground' };

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
          count(summary.resources, 'resource'),
          leftOut > 0 && `${leftOut} left out`,
          summary.problems > 0 && count(summary.problems, 'problem'),
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

/** What every row of one application needs to know. */
interface Context {
  readonly application: ApplicationRef;
  readonly id: string;
  readonly plan: ApplicationPlan;
  readonly run: RunState | undefined;
  readonly here: number;
}

function applicationChildren(context: Context): PlanNode[] {
  const { sync, syncFail, delete: deletion } = context.plan.plans;
  const phases = [...sync.phases, ...syncFail.phases, ...deletion.phases];
  return [
    ...phases.filter((phase) => phase.waves.length > 0).map((phase) => phaseNode(context, phase)),
    ...leftOutNode(context),
    ...problemsNode(context),
    ...leftInClusterNode(context),
  ];
}

const placeOf = (context: Context, at: { readonly file?: string; readonly line?: number }): { place?: NodePlace } =>
  at.file === undefined ? {} : { place: { folder: context.application.folder, file: at.file, line: at.line ?? 1 } };

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
      hooks > 0 && count(hooks, 'hook'),
      tasks.length > hooks && count(tasks.length - hooks, 'resource'),
      flat && gateBadge(flat),
    ),
    tooltip: phaseTooltip(phaseMeaning(phase.phase), flat?.gate),
    icon: flat && flat.gate.mayHang.length > 0 ? WARNING : { id: 'milestone' },
    fold: phase.phase === 'PreSync' || phase.phase === 'Sync' || phase.phase === 'PostSync' ? 'open' : 'closed',
    application: context.application,
    children: flat
      ? taskNodes(context, phase, flat, id)
      : phase.waves.map((wave) => waveNode(context, phase, wave, id)),
  };
}

const tasksOf = (wave: PlanWave): PlanTask[] => wave.batches.flatMap((batch) => batch.tasks);

const gateBadge = (wave: PlanWave): string =>
  joined(gateText(wave.gate), wave.gate.mayHang.length > 0 && 'can wait for ever');

function waveNode(context: Context, phase: PlanPhase, wave: PlanWave, parent: string): PlanNode {
  const id = `${parent} ${wave.wave}`;
  const waits: Icon = { id: wave.gate.waits ? 'watch' : 'circle-large-outline' };
  return {
    id,
    kind: 'wave',
    label: waveLabel(wave.wave),
    description: gateBadge(wave),
    tooltip: waveTooltip(wave, gateLines(wave.gate)),
    icon: wave.gate.mayHang.length > 0 ? WARNING : waits,
    fold: 'open',
    application: context.application,
    children: taskNodes(context, phase, wave, id),
  };
}

const taskNodes = (context: Context, phase: PlanPhase, wave: PlanWave, parent: string): PlanNode[] =>
  tasksOf(wave).map((task) => taskNode(context, phase, wave, task, parent));

function taskNode(context: Context, phase: PlanPhase, wave: PlanWave, task: PlanTask, parent: string): PlanNode {
  // A sync does not run the hooks of an application's deletion.
  const state = phase.phase === 'PreDelete' || phase.phase === 'PostDelete' ? undefined : context.run;
  const run = state && findRun(state, phase.phase, task, context.plan.namespace);
  const mark: RunMark | undefined = state && markOf(state, phase.phase, run, context.here);
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
            hang && '⚠ can wait for ever',
          ),
    tooltip: taskTooltip({ task, phase: phase.phase, gate: wave.gate, hang: hang?.reason, run, state: mark?.state }),
    icon: mark?.icon ?? (hang ? WARNING : kindIcon(task.group, task.kind)),
    fold: 'none',
    ...placeOf(context, task),
    application: context.application,
    children: [],
  };
}

/** A kind that Kubernetes does not bring along: its group tells which one is meant. */
const isCustom = (task: PlanTask): boolean => task.group.includes('.') && !task.group.endsWith('.k8s.io');

function leftOutNode(context: Context): PlanNode[] {
  const { skipped } = context.plan;
  if (skipped.length === 0) return [];
  const id = `${context.id} left-out`;
  return [
    {
      id,
      kind: 'left-out',
      label: 'Left out',
      description: `${count(skipped.length, 'manifest')} that Argo CD does not apply`,
      tooltip: 'Manifests of this application that Argo CD does not apply, and why.',
      icon: { id: 'eye-closed' },
      fold: 'open',
      application: context.application,
      children: skipped.map((manifest, index) => skippedNode(context, manifest, `${id} ${index}`)),
    },
  ];
}

function skippedNode(context: Context, manifest: SkippedManifest, id: string): PlanNode {
  const wanted = manifest.reason.code === 'skip';
  return {
    id,
    kind: 'skipped',
    label: manifest.name || manifest.kind,
    description: joined(manifest.kind, manifest.reason.text),
    tooltip: skippedTooltip(manifest),
    icon: wanted ? { id: 'debug-step-over' } : WARNING,
    fold: 'none',
    ...placeOf(context, manifest),
    application: context.application,
    children: [],
  };
}

function problemsNode(context: Context): PlanNode[] {
  const { problems } = context.plan;
  if (problems.length === 0) return [];
  const id = `${context.id} problems`;
  const child = (problem: PlanProblem, index: number): PlanNode => ({
    id: `${id} ${index}`,
    kind: 'problem',
    label: problem.file ?? context.application.name,
    description: joined(problem.line !== undefined && `line ${problem.line}`, problem.message),
    tooltip: problem.message,
    icon: WARNING,
    fold: 'none',
    ...placeOf(context, problem),
    application: context.application,
    children: [],
  });
  return [
    {
      id,
      kind: 'left-out',
      label: 'Not read',
      description: `${count(problems.length, 'place')} that the plan does not know`,
      tooltip: 'What stands here could not be read, so the plan does not hold it.',
      icon: WARNING,
      fold: 'open',
      application: context.application,
      children: problems.map(child),
    },
  ];
}

/** At the end of a run: what stands in the cluster because of it. */
function leftInClusterNode(context: Context): PlanNode[] {
  const { run } = context;
  if (run?.stage !== 'finished' || run.left.length === 0) return [];
  const id = `${context.id} left`;
  return [
    {
      id,
      kind: 'left',
      label: 'Left in the cluster',
      description: count(run.left.length, 'object'),
      tooltip: `Objects of this application that stand in the cluster (${run.place}) after the run.`,
      icon: { id: 'server' },
      fold: 'closed',
      application: context.application,
      children: run.left.map((key) => ({
        id: `${id} ${key}`,
        kind: 'object',
        label: objectLabel(key),
        description: key.split('/')[2] ?? '',
        tooltip: `\`${key}\``,
        fold: 'none',
        application: context.application,
        children: [],
      })),
    },
  ];
}
