import { hasFailed } from '#core/sync/results';
import type { ApplicationRef } from '#protocol';
import { waveText, objectLabel } from '#core/plan/words';
import type { Failure, RunEvent } from '../../sync/events.ts';
import { briefly } from '../../text/brief.ts';
import { withoutDot } from '../../text/words.ts';
import { clockText, type RunState, type TaskRun } from './run-state.ts';

type ResultEvent = Extract<RunEvent, { type: 'result' }>;

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
      return { level: 'info', text: `${event.phase}${event.message === '' ? '' : `: ${briefly(event.message)}`}` };
    case 'task': {
      const state = [event.status, event.hookPhase].filter((part) => part !== '').join(', ');
      const message = event.message === '' ? '' : `: ${briefly(event.message)}`;
      return {
        level: hasFailed(event) ? 'error' : 'info',
        text: `${event.phase} ${waveText(event.wave)} · ${objectLabel(event.task)} · ${state || 'waiting'}${message}`,
      };
    }
    case 'write':
      return { level: 'debug', text: `${event.verb} ${objectLabel(event.object)}${event.dryRun ? ' (dry run)' : ''}` };
    case 'log':
      // Each hook has a log of its own.
      return { level: 'debug', text: `[${objectLabel(event.task)} · ${event.container}] ${event.line}` };
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

function resultText({ operation, left, waited, failures = [], notApplied = [] }: ResultEvent): string {
  const message = operation.message === '' ? '' : `: ${briefly(operation.message)}`;
  const stands =
    left.length === 0 ? 'nothing is left in the cluster' : `left in the cluster: ${left.map(objectLabel).join(', ')}`;
  const first = `${operation.phase}${message}; ${stands}; waited ${waited.seconds.toFixed(1)} s`;
  const missing = notApplied.length === 0 ? [] : [`Not applied: ${notApplied.map(objectLabel).join(', ')}`];
  return [first, ...failures.flatMap(failureLines), ...missing].join('\n');
}

const failureLines = ({ task, message, reasons, log, advice }: Failure): string[] => [
  `${objectLabel(task)}: ${[briefly(message), ...reasons].filter((text) => text !== '').join('; ')}`,
  ...log.map((line) => `  | ${line}`),
  ...advice.map((text) => `  → ${text}`),
];

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

/** What was not applied, and what is in the cluster now. */
function standsText({ notApplied, left }: RunState): string {
  const missing = notApplied === 0 ? '' : `${notApplied} ${notApplied === 1 ? 'was' : 'were'} not applied. `;
  if (left.length === 0) return `${missing}No object of the application is left in the cluster.`;
  return left.length === 1
    ? `${missing}1 object of the application is left in the cluster.`
    : `${missing}${left.length} objects of the application are left in the cluster.`;
}

/** What the pods of a failed task say, and how its log ends. */
function whyOf({ wait }: Partial<TaskRun> = {}): string[] {
  const [reason] = wait?.reasons ?? [];
  const line = wait?.log?.findLast((text) => text.trim() !== '');
  return [
    ...(reason === undefined ? [] : [withoutDot(reason)]),
    ...(line === undefined ? [] : [`Its log ends with “${line.trim()}”`]),
  ];
}

/** A run in the words of what it does. */
const WORDS = {
  sync: { noun: 'sync', of: (name: string) => name, done: 'is synced', not: 'was not synced' },
  deletion: {
    noun: 'deletion',
    of: (name: string) => `What ${name} has`,
    done: 'is deleted',
    not: 'was not deleted',
  },
} as const;

/** How a run ended: what, which object, why, what stands now. */
export function endingOf(state: RunState): Ending {
  const { application, startedAt, finishedAt, terminated } = state;
  const { place } = state;
  const where = placeText(place);
  const of = { application, place };
  const stands = standsText(state);
  const { noun, of: subject, done, not } = WORDS[state.deletes === true ? 'deletion' : 'sync'];
  const name = subject(application.name);
  if (state.error !== undefined) return { ...of, kind: 'failed', text: `${name} ${not} ${where}: ${state.error}` };
  if (state.dryRun === true) {
    const what = `The dry run of ${application.name} ${where}`;
    return state.phase === 'Succeeded'
      ? { ...of, kind: 'succeeded', text: `${what} succeeded: nothing was written.` }
      : { ...of, kind: 'failed', text: `${what} failed: ${withoutDot(state.message)}. Nothing was written.` };
  }
  if (state.phase === 'Succeeded') {
    const time = startedAt === undefined || finishedAt === undefined ? '' : ` in ${clockText(finishedAt - startedAt)}`;
    return { ...of, kind: 'succeeded', text: `${name} ${done} ${where}${time}. ${stands}` };
  }
  const task = [...state.tasks.values()].find(hasFailed);
  const which = task && `${objectLabel(task.task)} (${task.phase} ${waveText(task.wave)})`;
  const found = task ? { task } : {};
  if (terminated) {
    const during = which === undefined ? '' : ` while ${which} ran`;
    const text = `The ${noun} of ${application.name} ${where} was terminated${during}. ${stands}`;
    return { ...of, kind: 'terminated', text, ...found };
  }
  const why = [withoutDot(task?.message || state.message), ...whyOf(task)].join('. ');
  const what = which === undefined ? `the ${noun} failed` : `${which} failed`;
  const text = `${name} ${not} ${where}: ${what}${why === '' ? '' : `: ${why}`}. ${stands}`;
  return { ...of, kind: 'failed', text, ...found };
}
