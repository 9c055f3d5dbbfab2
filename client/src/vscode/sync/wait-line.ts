import { objectLabel } from '#core/plan/words';
import { durationText } from '../../sync/duration.ts';
import { clusterTime, isRunning, type RunState, type TaskRun } from './run-state.ts';

/**
 * What a run waits for: `waiting for Job db-migration since 12 s: 0 of 1 pods finished`; undefined where it waits for
 * nothing. What is known to be in the way comes first.
 * @param here our clock, in milliseconds since 1970
 */
export function waitLine(state: RunState, here: number): string | undefined {
  const running = [...state.tasks.values()].filter(isRunning);
  const task = running.find(({ wait }) => (wait?.reasons.length ?? 0) > 0) ?? running[0];
  if (!task) return undefined;
  const more = running.length > 1 ? ` (and ${running.length - 1} more)` : '';
  return `waiting for ${objectLabel(task.task)}${sinceText(task, clusterTime(state, here))}${waitText(task)}${more}`;
}

function sinceText({ startedAt }: TaskRun, now: number | undefined): string {
  if (startedAt === undefined || now === undefined) return '';
  const seconds = Math.floor(Math.max(0, now - startedAt) / 1000);
  return seconds < 1 ? '' : ` since ${durationText(seconds * 1000)}`;
}

function waitText({ wait }: TaskRun): string {
  const text = [wait?.progress ?? '', wait?.reasons[0] ?? ''].filter((part) => part !== '').join('; ');
  return text === '' ? '' : `: ${text}`;
}
