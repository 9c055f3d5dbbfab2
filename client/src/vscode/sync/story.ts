import type { RunEvent } from '../../sync/events.ts';
import { objectLabel, waveLabel } from '../plan/texts.ts';
import { clockText, isFailed, type RunState, type TaskRun } from './run-state.ts';

export interface StoryLine {
  readonly level: 'info' | 'warn' | 'error' | 'debug';
  readonly text: string;
}

/** One line of the output channel for one event; undefined for what the story does not tell. */
export function storyLine(event: RunEvent): StoryLine | undefined {
  switch (event.type) {
    case 'preflight': {
      const { preflight } = event;
      return {
        level: 'info',
        text: `${preflight.rows.length} tasks at ${preflight.revision}; waiting for the confirmation`,
      };
    }
    case 'operation':
      return { level: 'info', text: `${event.phase}${event.message === '' ? '' : `: ${event.message}`}` };
    case 'task': {
      const state = [event.status, event.hookPhase].filter((part) => part !== '').join(', ');
      const failed = event.status === 'SyncFailed' || event.hookPhase === 'Failed' || event.hookPhase === 'Error';
      const message = event.message === '' ? '' : `: ${event.message}`;
      return {
        level: failed ? 'error' : 'info',
        text: `${event.phase} ${waveLabel(event.wave)} · ${objectLabel(event.task)} · ${state || 'waiting'}${message}`,
      };
    }
    case 'write':
      return { level: 'debug', text: `${event.verb} ${objectLabel(event.object)}${event.dryRun ? ' (dry run)' : ''}` };
    case 'log':
      return { level: 'info', text: `[${objectLabel(event.task)} · ${event.container}] ${event.line}` };
    case 'stuck':
      return { level: 'warn', text: event.message };
    case 'result':
      return { level: event.operation.phase === 'Succeeded' ? 'info' : 'error', text: resultText(event) };
    case 'error':
      return { level: 'error', text: event.message };
  }
}

function resultText({ operation, left, waited }: Extract<RunEvent, { type: 'result' }>): string {
  const message = operation.message === '' ? '' : `: ${operation.message}`;
  const stands =
    left.length === 0 ? 'nothing is left in the cluster' : `left in the cluster: ${left.map(objectLabel).join(', ')}`;
  return `${operation.phase}${message}; ${stands}; waited ${waited.seconds.toFixed(1)} s`;
}

/** What a person is told at the end of a run. */
export interface Ending {
  readonly succeeded: boolean;
  readonly text: string;
  /** The task that failed first, if one did. */
  readonly failed?: TaskRun;
}

/** How a run ended: what, which object, why, what stands now. */
export function endingOf(state: RunState): Ending {
  const { application, place, startedAt, finishedAt, left } = state;
  const where = place === 'simulation' ? 'in the simulation' : `in ${place}`;
  const stands =
    left.length === 0
      ? 'Nothing is left in the cluster.'
      : `${left.length} ${left.length === 1 ? 'object is' : 'objects are'} left in the cluster.`;
  if (state.error !== undefined) {
    return { succeeded: false, text: `${application.name} was not synced ${where}: ${state.error}` };
  }
  if (state.phase === 'Succeeded') {
    const time = startedAt === undefined || finishedAt === undefined ? '' : ` in ${clockText(finishedAt - startedAt)}`;
    return { succeeded: true, text: `${application.name} is synced ${where}${time}. ${stands}` };
  }
  const failed = [...state.tasks.values()].find(isFailed);
  const which = failed
    ? `${objectLabel(failed.task)} (${failed.phase} ${waveLabel(failed.wave)}) failed`
    : 'the sync failed';
  const why = failed?.message || state.message;
  return {
    succeeded: false,
    text: `${application.name} was not synced ${where}: ${which}${why === '' ? '' : `: ${why}`}. ${stands}`,
    ...(failed ? { failed } : {}),
  };
}
