import { counted, signed, waveText } from '#core/plan/words';
import { durationText } from '../sync/duration.ts';
import type { BarTimes } from './bars.ts';
import type { Estimate, TaskState, Timeline, TimelineTask } from './model.ts';
import type { ColumnTimes } from './times.ts';

/** A duration for a person; one that still grows in whole seconds, so that the picture rests. */
export const timeOf = (ms: number, grows = false): string => durationText(grows ? Math.floor(ms / 1000) * 1000 : ms);

/** Durations shorter than these milliseconds are not told. */
export const AT_ONCE = 50;

/** `wave −1`, `waves 3 to 40`. */
export function columnTitle({ waves }: Pick<ColumnTimes, 'waves'>): string {
  const [first, last] = [waves[0], waves.at(-1)];
  if (!first || !last) return '';
  return first === last ? waveText(first.wave) : `waves ${signed(first.wave)} to ${signed(last.wave)}`;
}

/** What of several states a person has to know first. */
const BY_WEIGHT: readonly TaskState[] = [
  'failed',
  'running',
  'stopped',
  'not reached',
  'waiting',
  'planned',
  'done',
  'deleted',
];

/** How a bar stands: of what is folded, what weighs most. */
export function barState({ tasks }: Pick<BarTimes, 'tasks'>): TaskState {
  const states = new Set(tasks.map(({ progress }) => progress.state));
  if (states.has('waiting') && (states.has('done') || states.has('deleted')) && !states.has('failed')) return 'running';
  return BY_WEIGHT.find((state) => states.has(state)) ?? 'planned';
}

/** What stands beside a bar. */
export function barTexts(bar: BarTimes): { name: string; kind: string; time: string } {
  const [first] = bar.tasks;
  if (!first) return { name: '', kind: '', time: '' };
  const time = barTime(bar);
  if (!bar.folded)
    return { name: first.name, kind: `${first.hook ? '⚓ ' : ''}${first.kind}`, time: retried(first, time) };
  const kinds = new Set(bar.tasks.map(({ kind }) => kind));
  const hooks = bar.tasks.filter(({ hook }) => hook).length;
  const word = hooks === bar.tasks.length ? 'hook' : hooks === 0 ? 'resource' : 'task';
  const kind = kinds.size === 1 ? first.kind : `${kinds.size} kinds`;
  return { name: counted(bar.tasks.length, word), kind, time: foldedTime(bar) || time };
}

/** A task that ran before, in an attempt that failed, is marked: its time is that of the last attempt. */
const retried = ({ progress: { retry } }: TimelineTask, time: string): string =>
  retry === undefined ? time : [`↻ ${retry}`, time].filter((text) => text !== '').join(' · ');

function barTime(bar: BarTimes): string {
  const state = barState(bar);
  if (state === 'not reached') return '';
  if (state === 'planned' || state === 'waiting') return bar.rest === 0 ? '' : `≈ ${timeOf(bar.rest)}`;
  return bar.length < AT_ONCE ? '' : timeOf(bar.length, state === 'running');
}

/** While what is folded runs: how much of it is done. */
function foldedTime(bar: BarTimes): string {
  const done = bar.tasks.filter(({ progress }) => progress.state === 'done' || progress.state === 'deleted').length;
  return barState(bar) === 'running' ? `${done} of ${bar.tasks.length}` : '';
}

/** How long a task is expected to take, and how that is known. */
export function estimateWords({ ms, from }: Estimate): string {
  switch (from) {
    case 'sync':
      return `It took ${durationText(ms)} in the last sync.`;
    case 'simulation':
      return `It took ${durationText(ms)} in the last simulation; no sync of it was seen here yet.`;
    case 'assumed':
      return ms === 0
        ? 'Estimated: it is healthy as soon as it is there.'
        : `Estimated: ${durationText(ms)}, as long as a simulation takes; no sync of it was seen here yet.`;
    case 'instant':
      return 'It is applied and not waited for.';
    case 'gone':
      return 'Mostly it is gone at once; finalizers, and pods that stop, take longer.';
  }
}

/** Where the durations of a timeline before a run come from, in one line. */
export function sourceWords(tasks: readonly TimelineTask[]): string {
  const froms = new Set(
    tasks.flatMap(({ estimate }) => (estimate.ms > 0 || estimate.from === 'sync' ? estimate.from : [])),
  );
  if (froms.has('sync'))
    return froms.size === 1 ? 'durations of the last sync' : 'durations of the last sync, the others estimated';
  if (froms.has('simulation'))
    return froms.size === 1
      ? 'durations of the last simulation'
      : 'durations of the last simulation, the others estimated';
  if (froms.has('assumed')) return 'estimated durations: no sync was seen here yet';
  return tasks.some(({ estimate }) => estimate.from === 'gone')
    ? 'what is deleted is mostly gone at once'
    : 'nothing here is waited for';
}

const STATES: Readonly<Record<TaskState, string>> = {
  planned: 'planned',
  waiting: 'waiting for its turn',
  running: 'running',
  done: 'done',
  deleted: 'done and deleted',
  failed: 'failed',
  'not reached': 'not reached',
  stopped: 'stopped while it ran',
};
/** How a task stands, in words. */
export const stateWords = (state: TaskState): string => STATES[state];

const UNTIL = { completes: 'completes', healthy: 'is healthy', gone: 'is gone' } as const;

/** A bar as a screen reader says it. */
export function spokenBar(bar: BarTimes, column: string, phase: string, critical: boolean): string {
  const [first] = bar.tasks;
  const { name, kind } = barTexts(bar);
  const time = bar.folded ? foldedTime(bar) || barTime(bar) : barTime(bar);
  const state = stateWords(barState(bar));
  const what = bar.folded || !first ? `${name}, ${kind}, folded` : `${first.hook ? 'hook ' : ''}${first.kind} ${name}`;
  const until = bar.folded || !first?.until ? '' : `the next wave waits until it ${UNTIL[first.until]}`;
  const message = bar.folded ? '' : (first?.progress.message ?? '');
  const parts = [
    what,
    state,
    bar.folded || first?.progress.retry === undefined ? '' : `retry ${first.progress.retry}`,
    time.replace('≈', 'about'),
    critical ? 'on the critical path' : '',
    `${column.replace('−', 'minus ')} of ${phase}`,
    until,
    message,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** What a timeline shows, in one line: how a run stands, or what is expected. */
export const headWords = (timeline: Timeline, tasks: readonly TimelineTask[]): string =>
  timeline.run ? timeline.run.line : sourceWords(tasks);
