import type { ApplicationPlan, PhaseList, PlanPhase, PlanTask, PlanWave } from '#core/plan/model';
import { placesIn, taskKey, usesOrdering } from '#core/plan/query';
import { harmless, styled, type Output } from '../output.ts';
import { CAN_HANG, counted, gateNote, phaseTitle, signed } from '#core/plan/words';
import { aligned } from './columns.ts';
import { taskLabel, taskNotes } from '../../text/words.ts';

type Colors = Pick<Output, 'color'>;

/** Plans as a person reads them on a terminal. */
export function planText(plans: readonly ApplicationPlan[], colors: Colors): string {
  if (plans.length === 0) return 'No application here: no manifest was found.\n';
  return plans.map((plan) => applicationText(plan, colors)).join('\n');
}

function applicationText(plan: ApplicationPlan, colors: Colors): string {
  const { name, source } = plan;
  const tasks = placesIn(plan.plans.sync).length + placesIn(plan.plans.syncFail).length;
  const title = `${styled(colors, 'bold', name)}  ${source.path} (${source.kind}), ${counted(tasks, 'resource')}`;
  const order = tasks === 0 ? [whyNothing(plan)] : usesOrdering(plan) ? [] : [AT_ONCE];
  const phases = [...phaseRows(plan.plans.sync), ...phaseRows(plan.plans.syncFail), ...phaseRows(plan.plans.delete)];
  const cells = phases.flatMap(({ rows }) => rows);
  const lines = aligned(cells);
  let from = 0;
  const body = phases.flatMap(({ title: phase, rows }) => {
    const own = lines.slice(from, from + rows.length);
    from += rows.length;
    return [`  ${styled(colors, 'cyan', phase)}`, ...own.map((line) => harmless(line))];
  });
  return [title, ...order, ...body, ...leftOut(plan, colors), ...problems(plan, colors)].join('\n') + '\n';
}

const AT_ONCE = '  no hooks and no waves: everything is applied at once';

/** Why a sync applies nothing. */
function whyNothing({ skipped, problems: found, plans }: ApplicationPlan): string {
  const reasons = [
    ...(skipped.length > 0 ? [`${counted(skipped.length, 'manifest')} left out (below)`] : []),
    ...(found.length > 0 ? ['not everything could be read (below)'] : []),
    ...(placesIn(plans.delete).length > 0 ? ['its hooks run when the application is deleted'] : []),
  ];
  return `  a sync applies nothing: ${reasons.length > 0 ? reasons.join(', ') : 'there are no manifests'}`;
}

interface PhaseRows {
  readonly title: string;
  readonly rows: readonly (readonly string[])[];
}

const phaseRows = ({ phases }: PhaseList): PhaseRows[] =>
  phases.map((phase) => ({ title: phaseTitle(phase.phase), rows: waveRows(phase) }));

function waveRows({ waves }: PlanPhase): string[][] {
  return waves.flatMap((wave) => {
    const tasks = wave.batches.flatMap(({ tasks: batch }) => batch);
    return tasks.map((task, index) => [
      `    ${index === 0 ? signed(wave.wave).padStart(3) : '   '}`,
      taskLabel(task),
      taskNotes(task),
      waiting(wave, task),
    ]);
  });
}

/** Is the task waited for before the next wave, and can that take for ever? */
function waiting({ gate }: PlanWave, task: PlanTask): string {
  const key = taskKey(task);
  if (!gate.for.some((entry) => entry.task === key)) return '';
  const hang = gate.mayHang.find((entry) => entry.task === key);
  return `${gateNote(gate, key)}${hang ? `; ${CAN_HANG}: ${hang.reason}` : ''}`;
}

function leftOut({ skipped }: ApplicationPlan, colors: Colors): string[] {
  if (skipped.length === 0) return [];
  const rows = skipped.map(({ kind, name, reason, file, line }) => [
    '       ',
    `${kind}/${name}`,
    reason.text,
    file === undefined ? '' : `${file}:${line ?? 1}`,
  ]);
  return [`  ${styled(colors, 'yellow', 'left out')}`, ...aligned(rows, 100).map(harmless)];
}

function problems({ problems: found }: ApplicationPlan, colors: Colors): string[] {
  if (found.length === 0) return [];
  const rows = found.map(({ message, file, line }) => [
    '       ',
    file === undefined ? '' : `${file}:${line ?? 1}`,
    message,
  ]);
  return [`  ${styled(colors, 'red', 'problems')}`, ...aligned(rows, 100).map(harmless)];
}
