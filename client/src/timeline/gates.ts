import { isMoving, type TimelineRun, type TimelineTask } from './model.ts';
import type { ColumnTimes, Timed } from './times.ts';
import { timeOf } from './words.ts';

/**
 * How a gate stands. planned: not come to yet; closed: it is waited now; open: what it waits for has come; shut: it will
 * not open in this run; none: nothing is waited for.
 */
export interface GateView {
  readonly state: 'planned' | 'closed' | 'open' | 'shut' | 'none';
  readonly text: string;
}

const labelOf = ({ kind, name }: TimelineTask): string => `${kind} ${name}`;

/** `Job db-migration`, `2 tasks`, `3 of 5 tasks`. */
const these = (some: readonly Timed[], all: number): string => {
  const [only] = some;
  if (only && some.length === 1) return labelOf(only.task);
  return some.length === all ? `${all} tasks` : `${some.length} of ${all} tasks`;
};

/** What a gate waits for, and how that stands in a run. @param now the cluster's clock */
export function gateView(
  { waves, timed, ran }: ColumnTimes,
  run: TimelineRun | null,
  now: number | undefined,
): GateView {
  const [wave] = waves;
  if (!wave) return { state: 'none', text: '' };
  if (waves.length > 1) {
    const waiting = waves.filter(({ gate }) => gate.waits).length;
    return { state: waiting > 0 ? 'planned' : 'none', text: `${waiting} of ${waves.length} waves wait` };
  }
  const { gate } = wave;
  const awaited = timed.filter(({ task }) => task.until !== null);
  if (awaited.length === 0) return { state: 'none', text: gate.text };
  if (!run || ran === undefined) return { state: 'planned', text: gate.text };
  const failed = awaited.filter(({ task }) => task.progress.state === 'failed');
  if (failed.length > 0) return { state: 'shut', text: `did not open: ${these(failed, awaited.length)} failed` };
  const left = awaited.filter(({ task }) => task.progress.state !== 'done' && task.progress.state !== 'deleted');
  if (left.length === 0) {
    const longest = awaited.reduce((most, { from, length }) => Math.max(most, from + length), 0);
    const time = longest < 50 ? '' : ` ${timeOf(longest)}`;
    return { state: 'open', text: `waited${time} for ${these(awaited, awaited.length)}` };
  }
  if (!isMoving(run)) return { state: 'shut', text: `did not open: ${these(left, awaited.length)} had not ended` };
  return { state: 'closed', text: `waiting for ${these(left, awaited.length)}${since(left, now)}` };
}

function since(left: readonly Timed[], now: number | undefined): string {
  const begins = left.flatMap(({ task }) => task.progress.startedAt ?? []);
  if (begins.length === 0 || now === undefined) return '';
  return ` since ${timeOf(Math.max(0, now - Math.min(...begins.slice(0, 1000))), true)}`;
}
