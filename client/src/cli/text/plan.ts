import type { PlanChange } from '#core/plan/diff-model';
import type { ApplicationPlan, PhaseList, PlanPhase, PlanTask, PlanWave } from '#core/plan/model';
import { placesIn, taskKey, tasksOf, usesOrdering } from '#core/plan/query';
import {
  changeSign,
  changeSigns,
  movedText,
  revisionText,
  signKey,
  type Comparison,
  type GoneApplication,
} from '../../text/comparison.ts';
import { harmless, styled, type Output } from '../output.ts';
import { CAN_HANG, changeLabel, counted, gateNote, phaseTitle, signed } from '#core/plan/words';
import { aligned } from './columns.ts';
import { keyLabel, taskLabel, taskNotes } from '../../text/words.ts';

type Colors = Pick<Output, 'color'>;

/** Plans as a person reads them on a terminal. */
export function planText(plans: readonly ApplicationPlan[], colors: Colors, comparison?: Comparison): string {
  const gone = (comparison?.gone ?? []).map((one) => goneText(one, colors, comparison));
  if (plans.length === 0 && gone.length === 0) return 'No application here: no manifest was found.\n';
  return [...plans.map((plan) => applicationText(plan, colors, comparison)), ...gone].join('\n');
}

function applicationText(plan: ApplicationPlan, colors: Colors, comparison: Comparison | undefined): string {
  const changes = comparison?.changes.get(plan) ?? [];
  const signs = changeSigns(changes);
  const { name, source } = plan;
  const tasks = placesIn(plan.plans.sync).length + placesIn(plan.plans.syncFail).length;
  const place = `${harmless(source.chart ?? source.path)} (${source.kind})`;
  const title = `${styled(colors, 'bold', harmless(name))}  ${place}, ${counted(tasks, 'resource')}`;
  const order = tasks === 0 ? [whyNothing(plan)] : usesOrdering(plan) ? [] : [AT_ONCE];
  const { sync, syncFail, delete: deletion } = plan.plans;
  const phases = [sync, syncFail, deletion].flatMap((list) => phaseRows(list, signs));
  const cells = phases.flatMap(({ rows }) => rows);
  const lines = aligned(cells);
  let from = 0;
  const body = phases.flatMap(({ title: phase, rows }) => {
    const own = lines.slice(from, from + rows.length);
    from += rows.length;
    return [`  ${styled(colors, 'cyan', phase)}`, ...own.map((line) => harmless(line))];
  });
  const changed = comparison ? changeLines(changes, comparison, colors) : [];
  return [title, ...changed, ...order, ...body, ...leftOut(plan, colors), ...problems(plan, colors)].join('\n') + '\n';
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

/** Signs of changed tasks, by `signKey`. */
type Signs = ReadonlyMap<string, string>;

const phaseRows = ({ phases }: PhaseList, signs: Signs): PhaseRows[] =>
  phases.map((phase) => ({ title: phaseTitle(phase.phase), rows: waveRows(phase, signs) }));

function waveRows({ phase, waves }: PlanPhase, signs: Signs): string[][] {
  return waves.flatMap((wave) => {
    const tasks = tasksOf(wave);
    return tasks.map((task, index) => [
      `  ${signs.get(signKey({ phase, wave: wave.wave }, taskKey(task))) ?? ' '} ${index === 0 ? signed(wave.wave).padStart(3) : '   '}`,
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

const SIGN_STYLES = { '+': 'green', '−': 'red', '~': 'yellow' } as const;

/** What is different from the revision, one line a change. */
function changeLines(changes: readonly PlanChange[], { revision }: Comparison, colors: Colors): string[] {
  const since = harmless(revisionText(revision));
  if (changes.length === 0) return [`  nothing changes since ${since}`];
  const rows = changes.map((change) => [
    `    ${changeSign(change)} ${changeLabel(change)}`,
    keyLabel(change.task),
    movedText(change),
    change.text,
  ]);
  const lines = aligned(rows).map((line, i) => {
    const change = changes[i];
    return change ? styled(colors, SIGN_STYLES[changeSign(change)], harmless(line)) : '';
  });
  return [`  ${styled(colors, 'bold', `${counted(changes.length, 'change')} since ${since}`)}`, ...lines];
}

function goneText({ plan, changes }: GoneApplication, colors: Colors, comparison: Comparison | undefined): string {
  const title = `${styled(colors, 'bold', harmless(plan.name))}  ${harmless(plan.source.path)}, not there any more`;
  return `${[title, ...(comparison ? changeLines(changes, comparison, colors) : [])].join('\n')}\n`;
}
