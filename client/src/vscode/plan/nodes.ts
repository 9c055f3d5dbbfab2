import type { PlanPhase, PlanWave } from '#core/plan/model';
import { allWaves, tasksOf } from '#core/plan/query';
import { deletionOf } from '#core/plan/deletion';
import { counted } from '#core/plan/words';
import type { ApplicationRef } from '#protocol';
import { escapeMarkdown } from '../../text/markdown.ts';
import { asideNodes } from './asides.ts';
import { isUnbegun } from '../sync/run-state.ts';
import { applicationId, PlanNode, WARNING, whereText, type ApplicationView, type Context } from './node.ts';
import { joined, phaseLabel, phaseMeaning } from './texts.ts';
import { liveDetails, liveLine, statusIcon } from './live-marks.ts';
import { problemsOf, type FileProblems, type RowProblem } from './problems.ts';
import { runLine, type Icon } from './run-marks.ts';
import { EVERYTHING, type Shown } from './shown.ts';
import { phaseTooltip } from './tooltips.ts';
import {
  gateDetail,
  gateText,
  runIcon,
  tasksText,
  taskNodes,
  waveNode,
  wavesProblems,
  waveTime,
} from './wave-nodes.ts';

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
  const { summary, result, run, live } = view;
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
    live: run && !isUnbegun(run) ? undefined : live,
    here,
    shown,
    large: summary.resources > LARGE,
    problems: problemsOf(plan, summary.folder, files),
  };
  const overlay = run ? runLine(run, here) : live && liveLine(live);
  const problems = context ? applicationProblems(context) : unreadProblems(summary.problems);
  return new PlanNode({
    id,
    kind: 'application',
    label: summary.name,
    description: overlay
      ? joined(root, overlay)
      : joined(
          whereText(summary, root),
          counted(summary.resources, 'resource'),
          summary.leftOut > 0 && `${summary.leftOut} left out`,
          problems.length > 0 && counted(problems.length, 'problem'),
        ),
    tooltip: () => applicationTooltip(view),
    icon: applicationIcon(view),
    fold: open || overlay !== undefined ? 'open' : 'closed',
    application,
    ...(run?.stage === 'interrupted' ? { trait: 'interrupted' as const } : {}),
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

function applicationIcon({ run, live, summary }: ApplicationView): Icon {
  if (!run) return live ? statusIcon(live.status) : { id: summary.chart === undefined ? 'layers' : 'package' };
  if (run.stage === 'interrupted') return { id: 'debug-disconnect', color: 'list.warningForeground' };
  if (run.stage !== 'finished') return { id: 'sync~spin' };
  return run.phase === 'Succeeded'
    ? { id: 'pass', color: 'testing.iconPassed' }
    : { id: 'error', color: 'testing.iconFailed' };
}

function applicationTooltip({ summary, result, run, live }: ApplicationView): string {
  const plan = result?.plan;
  const lines = [`**${summary.name}** · \`${summary.chart ?? summary.path}\``];
  if (plan) lines.push(plan.source.reason, plan.namespace === '' ? '' : `Namespace: \`${plan.namespace}\``);
  if (run?.error !== undefined) lines.push(escapeMarkdown(run.error));
  else if (run && run.message !== '') lines.push(escapeMarkdown(run.message));
  else if (!run && live) lines.push(...liveDetails(live));
  return lines.filter((line) => line !== '').join('\n\n');
}

function applicationChildren(context: Context): PlanNode[] {
  const { run, plan, shown } = context;
  // While a deletion runs it is what is shown, whatever was chosen.
  const phases =
    run?.deletes === true ? deletionOf(plan, run.live) : shown.parts.flatMap((part) => plan.plans[part].phases);
  return [
    ...phases.filter((phase) => phase.waves.length > 0).map((phase) => phaseNode(context, phase)),
    ...asideNodes(context),
  ];
}

function phaseNode(context: Context, phase: PlanPhase): PlanNode {
  const tasks = phase.waves.flatMap(tasksOf);
  const isDeletion = context.run?.deletes === true;
  // Folded as it was left in the plan it would hide what runs.
  const id = `${context.id} ${isDeletion ? 'deletion-' : ''}${phase.phase}`;
  const flat = flatWave(phase);
  const isOpen = isDeletion || phase.phase === 'PreSync' || phase.phase === 'Sync' || phase.phase === 'PostSync';
  return new PlanNode({
    id,
    kind: 'phase',
    label: isDeletion && phase.phase !== 'Delete' ? phase.phase : phaseLabel(phase.phase),
    description: joined(tasksText(tasks), flat && waveTime(context, phase, flat), flat && gateText(flat)),
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

/** A level that holds one thing says nothing: a phase with wave 0 alone shows its tasks itself. */
function flatWave({ waves }: PlanPhase): PlanWave | undefined {
  const [only] = waves;
  return waves.length === 1 && only?.wave === 0 ? only : undefined;
}
