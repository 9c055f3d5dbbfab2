import type { PlanChange } from '#core/plan/diff-model';
import type { ApplicationPlan, PhaseList, PlanTask, PlanWave } from '#core/plan/model';
import { placesIn, taskKey, tasksOf, usesOrdering } from '#core/plan/query';
import { CAN_HANG, changeLabel, counted, gateNote, objectLabel, phaseTitle, signed } from '#core/plan/words';
import { changeSign, pointText, revisionText, type Comparison } from './comparison.ts';
import { inlineMarkdown, markdownTable } from './markdown.ts';
import { taskLabel, taskNotes } from './words.ts';

/**
 * Plans as Markdown, for a pull request or an issue: a table for each application. With a comparison what changed stands
 * first, the plans are folded away, and applications without a change are named in one line.
 */
export function planMarkdown(plans: readonly ApplicationPlan[], comparison?: Comparison): string {
  if (comparison) return comparedMarkdown(plans, comparison);
  if (plans.length === 0) return 'No application here: no manifest was found.\n';
  return plans.map((plan) => `${[...headingMarkdown(plan), ...bodyMarkdown(plan)].join('\n')}\n`).join('\n');
}

/** The heading of an application: `### shop`, and in the next line where it comes from and how large it is. */
function headingMarkdown({ name, source, plans, skipped, problems }: ApplicationPlan): string[] {
  const resources = placesIn(plans.sync).length + placesIn(plans.syncFail).length;
  const facts = [
    `${inlineMarkdown(source.chart ?? source.path)} (${source.kind})`,
    counted(resources, 'resource'),
    ...(skipped.length > 0 ? [`${skipped.length} left out`] : []),
    ...(problems.length > 0 ? [counted(problems.length, 'problem')] : []),
  ];
  return [`### ${inlineMarkdown(name)}`, '', facts.join(' · ')];
}

/** Everything of a plan below its heading; each part begins with an empty line. */
function bodyMarkdown(plan: ApplicationPlan): string[] {
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

function comparedMarkdown(plans: readonly ApplicationPlan[], { revision, changes, gone }: Comparison): string {
  const since = inlineMarkdown(revisionText(revision));
  const changesOf = (plan: ApplicationPlan): readonly PlanChange[] => changes.get(plan) ?? [];
  const changed = plans.filter((plan) => changesOf(plan).length > 0);
  const same = plans.filter((plan) => changesOf(plan).length === 0);
  const parts = [
    ...changed.map((plan) => [
      ...headingMarkdown(plan),
      ...['', `**${counted(changesOf(plan).length, 'change')} since ${since}**`],
      ...changeTable(changesOf(plan)),
      ...['', '<details><summary>The whole plan</summary>', ...bodyMarkdown(plan), '', '</details>'],
    ]),
    ...gone.map(({ plan, changes: own }) => [
      `### ${inlineMarkdown(plan.name)}`,
      ...['', `**Gone since ${since}**: nothing is applied for it any more.`, ...changeTable(own)],
    ]),
    ...(same.length > 0 ? [[nothingChanged(same, since)]] : []),
    ...(plans.length === 0 && gone.length === 0 ? [['No application here: no manifest was found.']] : []),
  ];
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function nothingChanged(plans: readonly ApplicationPlan[], since: string): string {
  const names = plans.map(({ name }) => inlineMarkdown(name)).join(', ');
  return `Nothing changes in the order of ${names} since ${since}.`;
}

function changeTable(changes: readonly PlanChange[]): string[] {
  const rows = changes.map((change) => [
    `${changeSign(change)} ${changeLabel(change)}`,
    inlineMarkdown(objectLabel(change.task)),
    pointText(change.from),
    pointText(change.to),
    inlineMarkdown(change.text),
  ]);
  return rows.length === 0 ? [] : ['', ...markdownTable(['Change', 'Object', 'From', 'To', 'What that means'], rows)];
}
