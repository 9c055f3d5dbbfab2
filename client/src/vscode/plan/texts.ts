import type { Gate, PlanPhaseName } from '#core/plan/model';
import { gateLines } from '#core/plan/words';
import { escapeMarkdown } from '../../text/markdown.ts';

const PHASE_LABELS: Readonly<Record<PlanPhaseName, string>> = {
  PreSync: 'PreSync',
  Sync: 'Sync',
  PostSync: 'PostSync',
  SyncFail: 'If it fails (SyncFail)',
  PreDelete: 'When the application is deleted (PreDelete)',
  PostDelete: 'After the application was deleted (PostDelete)',
};
export const phaseLabel = (phase: PlanPhaseName): string => PHASE_LABELS[phase];

const PHASE_MEANINGS: Readonly<Record<PlanPhaseName, string>> = {
  PreSync: 'Runs before anything else of the application is applied.',
  Sync: 'The resources of the application, and the hooks that run beside them.',
  PostSync: 'Runs when everything of Sync is applied and healthy.',
  SyncFail: 'Runs only when the sync fails.',
  PreDelete: 'Runs before Argo CD deletes the resources of the application.',
  PostDelete: 'Runs after Argo CD has deleted the resources of the application.',
};
export const phaseMeaning = (phase: PlanPhaseName): string => PHASE_MEANINGS[phase];

/** All that is known about a gate, as Markdown lines. */
export const gateMarkdown = (gate: Gate): string[] =>
  gateLines(gate).map(({ kind, task, before, after }) => {
    const label = kind === 'free' ? escapeMarkdown(task) : `**${escapeMarkdown(task)}**`;
    return `${kind === 'hang' ? '$(warning) ' : ''}${before}${label}${escapeMarkdown(after)}`;
  });
