import type { ApplicationPlan, PhaseList, PlanTask, PlanWave } from '#core/plan/model';
import { placesIn, taskKey, usesOrdering } from '#core/plan/query';
import { CAN_HANG, counted, gateNote, phaseTitle, signed } from '#core/plan/words';
import { inlineMarkdown, markdownTable } from './markdown.ts';
import { taskLabel, taskNotes } from './words.ts';

/** Plans as Markdown, for a pull request or an issue: a table for each application. */
export function planMarkdown(plans: readonly ApplicationPlan[]): string {
  if (plans.length === 0) return 'No application here: no manifest was found.\n';
  return plans.map((plan) => `${applicationMarkdown(plan).join('\n')}\n`).join('\n');
}

/** The heading of an application: `### shop`, and in the next line where it comes from and how large it is. */
export function headingMarkdown({ name, source, plans, skipped, problems }: ApplicationPlan): string[] {
  const resources = placesIn(plans.sync).length + placesIn(plans.syncFail).length;
  const facts = [
    `${inlineMarkdown(source.path)} (${source.kind})`,
    counted(resources, 'resource'),
    ...(skipped.length > 0 ? [`${skipped.length} left out`] : []),
    ...(problems.length > 0 ? [counted(problems.length, 'problem')] : []),
  ];
  return [`### ${inlineMarkdown(name)}`, '', facts.join(' · ')];
}

function applicationMarkdown(plan: ApplicationPlan): string[] {
  return [...headingMarkdown(plan), ...bodyMarkdown(plan)];
}

/** Everything of a plan below its heading; each part begins with an empty line. */
export function bodyMarkdown(plan: ApplicationPlan): string[] {
  const { sync, syncFail, delete: deletion } = plan.plans;
  const rows = [sync, syncFail, deletion].flatMap(listRows);
  const head = ['Phase', 'Wave', 'Resource', 'What becomes of it', 'What follows'];
  return [
    ...(rows.length === 0 ? ['', 'A sync applies nothing.'] : []),
    ...(rows.length > 0 && !usesOrdering(plan) ? ['', 'No hooks and no waves: everything is applied at once.'] : []),
    ...(rows.length > 0 ? ['', ...markdownTable(head, rows)] : []),
    ...leftOut(plan),
    ...problems(plan),
  ];
}

function listRows({ phases }: PhaseList): string[][] {
  return phases.flatMap(({ phase, waves }) =>
    waves.flatMap((wave, w) =>
      tasksOf(wave).map((task, t) => [
        w === 0 && t === 0 ? `**${phaseTitle(phase)}**` : '',
        t === 0 ? signed(wave.wave) : '',
        inlineMarkdown(taskLabel(task)),
        inlineMarkdown(taskNotes(task)),
        waitingText(wave, task),
      ]),
    ),
  );
}

const tasksOf = (wave: PlanWave): PlanTask[] => wave.batches.flatMap(({ tasks }) => tasks);

function waitingText({ gate }: PlanWave, task: PlanTask): string {
  const key = taskKey(task);
  const hang = gate.mayHang.find((entry) => entry.task === key);
  const note = gate.for.some((entry) => entry.task === key) ? gateNote(gate, key) : '';
  return hang ? `${note}; ⚠️ ${CAN_HANG}: ${inlineMarkdown(hang.reason)}` : note;
}

const placeText = ({ file, line }: { readonly file?: string; readonly line?: number }): string =>
  file === undefined ? '' : ` (${inlineMarkdown(file)}:${line ?? 1})`;

function leftOut({ skipped }: ApplicationPlan): string[] {
  if (skipped.length === 0) return [];
  const items = skipped.map(
    (one) => `- ${inlineMarkdown(`${one.kind}/${one.name}`)}: ${inlineMarkdown(one.reason.text)}${placeText(one)}`,
  );
  return ['', '**Left out**', '', ...items];
}

function problems({ problems: found }: ApplicationPlan): string[] {
  if (found.length === 0) return [];
  return ['', '**Problems**', '', ...found.map((one) => `- ${inlineMarkdown(one.message)}${placeText(one)}`)];
}
