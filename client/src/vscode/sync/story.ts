import { hasFailed } from '#core/sync/results';
import type { ApplicationRef } from '#protocol';
import { waveText } from '#core/plan/words';
import type { RunEvent } from '../../sync/events.ts';
import { objectLabel } from '#core/plan/words';
import { clockText, type RunState, type TaskRun } from './run-state.ts';

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
      const message = event.message === '' ? '' : `: ${event.message}`;
      return {
        level: hasFailed(event) ? 'error' : 'info',
        text: `${event.phase} ${waveText(event.wave)} · ${objectLabel(event.task)} · ${state || 'waiting'}${message}`,
      };
    }
    case 'write':
      return { level: 'debug', text: `${event.verb} ${objectLabel(event.object)}${event.dryRun ? ' (dry run)' : ''}` };
    case 'log':
      return { level: 'info', text: `[${objectLabel(event.task)} · ${event.container}] ${event.line}` };
    case 'notice':
      return { level: event.code === 'back' ? 'info' : 'warn', text: event.message };
    case 'waiting':
      return event.reasons.length === 0
        ? undefined
        : { level: 'warn', text: waitText(`Waiting for ${objectLabel(event.task)}`, event) };
    case 'stuck': {
      const waits = event.waitsFor.map((one) => waitText(objectLabel(one.task), one));
      return { level: 'warn', text: [`Nothing more will happen by itself: ${event.message}`, ...waits].join('\n') };
    }
    case 'result':
      return { level: event.operation.phase === 'Succeeded' ? 'info' : 'error', text: resultText(event) };
    case 'unfinished':
    case 'error':
      return { level: 'error', text: event.message };
  }
}

/** Why something does not go on, and what to do, line by line. */
const waitText = (
  what: string,
  { reasons, advice }: { reasons: readonly string[]; advice: readonly string[] },
): string => [`${what}: ${reasons.join('; ')}`, ...advice.map((text) => `  → ${text}`)].join('\n');

function resultText({ operation, left, waited }: Extract<RunEvent, { type: 'result' }>): string {
  const message = operation.message === '' ? '' : `: ${operation.message}`;
  const stands =
    left.length === 0 ? 'nothing is left in the cluster' : `left in the cluster: ${left.map(objectLabel).join(', ')}`;
  return `${operation.phase}${message}; ${stands}; waited ${waited.seconds.toFixed(1)} s`;
}

/** What a person is told at the end of a run. */
export interface Ending {
  readonly kind: 'succeeded' | 'terminated' | 'failed';
  readonly application: ApplicationRef;
  /** `kind-dev`, or `simulation`. */
  readonly place: string;
  readonly text: string;
  /** The task that failed first, or that ran when it was terminated. */
  readonly task?: TaskRun;
}

const placeText = (place: string): string => (place === 'simulation' ? 'in the simulation' : `in ${place}`);

function leftText(left: readonly string[]): string {
  if (left.length === 0) return 'No object of the application is left in the cluster.';
  return left.length === 1
    ? '1 object of the application is left in the cluster.'
    : `${left.length} objects of the application are left in the cluster.`;
}

/** How a run ended: what, which object, why, what stands now. */
export function endingOf(state: RunState): Ending {
  const { application, startedAt, finishedAt, terminated } = state;
  const { place } = state;
  const where = placeText(place);
  const of = { application, place };
  const stands = leftText(state.left);
  if (state.error !== undefined) {
    return { ...of, kind: 'failed', text: `${application.name} was not synced ${where}: ${state.error}` };
  }
  if (state.phase === 'Succeeded') {
    const time = startedAt === undefined || finishedAt === undefined ? '' : ` in ${clockText(finishedAt - startedAt)}`;
    return { ...of, kind: 'succeeded', text: `${application.name} is synced ${where}${time}. ${stands}` };
  }
  const task = [...state.tasks.values()].find(hasFailed);
  const which = task && `${objectLabel(task.task)} (${task.phase} ${waveText(task.wave)})`;
  const found = task ? { task } : {};
  if (terminated) {
    const during = which === undefined ? '' : ` while ${which} ran`;
    const text = `The sync of ${application.name} ${where} was terminated${during}. ${stands}`;
    return { ...of, kind: 'terminated', text, ...found };
  }
  const why = (task?.message || state.message).replace(/\.$/, '');
  const what = which === undefined ? 'the sync failed' : `${which} failed`;
  const text = `${application.name} was not synced ${where}: ${what}${why === '' ? '' : `: ${why}`}. ${stands}`;
  return { ...of, kind: 'failed', text, ...found };
}
