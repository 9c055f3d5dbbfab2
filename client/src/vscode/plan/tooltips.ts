import { policyValue } from '#core/annotations/catalogue';
import type { Gate, PlanPhaseName, PlanTask, PlanWave, SkippedManifest } from '#core/plan/model';
import { taskKey, taskName } from '#core/plan/query';
import { gateSentences, waveText } from '#core/plan/words';
import { escapeMarkdown } from '../../text/markdown.ts';
import type { ResourceStatus } from '../../sync/status-model.ts';
import { clockText, type TaskRun } from '../sync/run-state.ts';
import { gateMarkdown } from './texts.ts';

const paragraphs = (...lines: readonly (string | undefined)[]): string =>
  lines.filter((line) => line !== undefined && line !== '').join('\n\n');

const fileLine = (at: { readonly file?: string; readonly line?: number }): string | undefined =>
  at.file === undefined ? undefined : `$(file) \`${at.file}\`${at.line === undefined ? '' : `, line ${at.line}`}`;

export const phaseTooltip = (meaning: string, gate: Gate | undefined): string =>
  paragraphs(meaning, ...(gate ? gateMarkdown(gate) : []));

export const waveTooltip = (wave: PlanWave, gate: readonly string[]): string =>
  paragraphs(`Everything of ${waveText(wave.wave)} is applied together.`, ...gate);

interface TaskFacts {
  readonly task: PlanTask;
  readonly phase: PlanPhaseName;
  readonly gate: Gate;
  readonly run: TaskRun | undefined;
  /** How it stands in the run, in one word. */
  readonly state: string | undefined;
  /** Its live object, where somebody asked for it. */
  readonly live?: ResourceStatus | undefined;
}

/** Everything about one task: its place and the reasons, what is waited for, its policies, its run, its file. */
export function taskTooltip({ task, phase, gate, run, state, live }: TaskFacts): string {
  const sentences = gateSentences(gate, taskKey(task), false);
  const namespace = task.namespace === '' ? '' : ` in namespace \`${task.namespace}\``;
  return paragraphs(
    `**${task.kind} ${escapeMarkdown(taskName(task))}**${namespace}`,
    state === undefined ? undefined : `This run: ${state}${run?.message ? `. ${escapeMarkdown(run.message)}` : ''}`,
    ...(state === 'running' || state === 'stopped' || state === 'failed' ? waitParagraphs(run) : []),
    earlierText(run),
    ...(live ? liveParagraphs(live) : []),
    `**${phase}**: ${escapeMarkdown(task.phaseReason.text)}`,
    `**${waveText(task.wave)}**: ${escapeMarkdown(task.waveReason.text)}`,
    sentences.waits,
    sentences.free && escapeMarkdown(sentences.free),
    sentences.hang && `$(warning) ${escapeMarkdown(sentences.hang)}`,
    ...task.deletePolicies.map((policy) => {
      const summary = policyValue(policy)?.summary;
      return summary === undefined ? undefined : `**${policy}** ${summary}`;
    }),
    fileLine(task),
  );
}

/** So many lines of difference are told. */
const LINES = 12;

function liveParagraphs({ sync, health, healthMessage, note, diff }: ResourceStatus): string[] {
  const states = [sync, health].filter((part) => part !== '').join(', ');
  const why = [note, healthMessage].filter((part) => part !== '').map(escapeMarkdown);
  const more = diff.length > LINES ? [`… ${diff.length - LINES} more`] : [];
  return [
    `Live: ${[states, ...why].filter((part) => part !== '').join('. ')}`,
    ...(diff.length > 0 ? [['```diff', ...diff.slice(0, LINES), ...more, '```'].join('\n')] : []),
  ];
}

/** What the attempts came to that failed before this one, a line each. */
export const earlierText = (run: TaskRun | undefined): string =>
  (run?.earlier ?? [])
    .map(({ failed, message, startedAt, finishedAt }, i) => {
      const time = finishedAt === undefined ? '' : ` after ${clockText(finishedAt - startedAt)}`;
      const how = failed ? 'failed' : finishedAt === undefined ? 'had not ended' : 'done';
      const attempt = i === 0 ? 'First attempt' : `Retry ${i}`;
      return `${attempt}: ${how}${time}${message === '' ? '' : `. ${escapeMarkdown(message)}`}`;
    })
    .join('\n\n');

/** Why a task does not come to its end, or failed, and what to do. */
const waitParagraphs = (run: TaskRun | undefined): string[] => [
  ...(run?.wait?.reasons ?? []).map((text) => `$(warning) ${escapeMarkdown(text)}`),
  ...(run?.wait?.log?.length ? [indented(run.wait.log)] : []),
  ...(run?.wait?.advice ?? []).map((text) => `$(lightbulb) ${escapeMarkdown(text)}`),
];

/** Lines that are taken as they are, whatever they hold. */
const indented = (lines: readonly string[]): string =>
  lines.map((line) => `    ${line.replace(/\p{Cc}+/gu, ' ')}`).join('\n');

export const skippedTooltip = (manifest: SkippedManifest): string =>
  paragraphs(
    `**${manifest.kind} ${escapeMarkdown(manifest.name)}** is left out`,
    escapeMarkdown(manifest.reason.text),
    fileLine(manifest),
  );
