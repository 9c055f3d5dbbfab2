import type { Gate, PlanPhaseName } from '#core/plan/model';
import { gateLines, phaseMoment } from '#core/plan/words';
import { escapeMarkdown } from '../../text/markdown.ts';

const PHASE_LABELS: Readonly<Record<PlanPhaseName, string>> = {
  PreSync: 'PreSync',
  Sync: 'Sync',
  PostSync: 'PostSync',
  SyncFail: 'If it fails (SyncFail)',
  PreDelete: 'When the application is deleted (PreDelete)',
  Delete: 'Delete (highest wave first)',
  PostDelete: 'After the application was deleted (PostDelete)',
};
export const phaseLabel = (phase: PlanPhaseName): string => PHASE_LABELS[phase];

/** What a phase is for, in a sentence. */
export const phaseMeaning = (phase: PlanPhaseName): string =>
  phase === 'Sync'
    ? 'The resources of the application, and the hooks that run beside them.'
    : `${phase === 'Delete' ? 'What the application has in the cluster goes' : 'Runs'} ${phaseMoment(phase)}.`;

/** All that is known about a gate, as Markdown lines. */
export const gateMarkdown = (gate: Gate): string[] =>
  gateLines(gate).map(({ kind, task, before, after }) => {
    const label = kind === 'free' ? escapeMarkdown(task) : `**${escapeMarkdown(task)}**`;
    return `${kind === 'hang' ? '$(warning) ' : ''}${before}${label}${escapeMarkdown(after)}`;
  });

export const joined = (...parts: readonly (string | false | undefined)[]): string => parts.filter(Boolean).join(' · ');
