import { isOfDeletion } from '#core/plan/deletion';
import { objectLabel } from '#core/plan/words';
import { escapeMarkdown } from '../../text/markdown.ts';
import { earlierText, taskTooltip } from '../plan/tooltips.ts';
import type { Fact } from './facts.ts';

/** Everything about one task of a timeline: what its row in the plan says. Markdown. */
export function aboutTask({ task, phase, gate, run, state }: Fact): string {
  if (task) return taskTooltip({ task, phase, gate, run, state });
  if (!run) return '';
  const message = run.message === '' ? '' : `. ${escapeMarkdown(run.message)}`;
  return [
    `**${escapeMarkdown(objectLabel(run.task))}**`,
    `This run: ${state ?? ''}${message}`,
    earlierText(run),
    `**${phase}**: no manifest of the application tells of it; ${isOfDeletion(phase) ? 'the cluster' : 'the sync itself'} does.`,
  ]
    .filter((text) => text !== '')
    .join('\n\n');
}
