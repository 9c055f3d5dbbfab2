import { isMoving, type Timeline, type TimelineColumn, type TimelineLane, type TimelineTask } from './model.ts';

/** When a task runs within its column; milliseconds from the column's begin. */
export interface Timed {
  readonly task: TimelineTask;
  readonly wave: TimelineColumn;
  readonly from: number;
  /** How long it has run. */
  readonly length: number;
  /** How long it is expected to run beyond that; where it was not reached, would have run. */
  readonly rest: number;
}

/** One column of the picture: a wave, or where there are more than anybody reads, several of one phase. */
export interface ColumnTimes {
  readonly lane: TimelineLane;
  readonly id: string;
  readonly waves: readonly TimelineColumn[];
  readonly timed: readonly Timed[];
  /** Milliseconds from the begin of the first task to the end of the last one, expected ones too. */
  readonly span: number;
  /** How long it ran, or has run; undefined where it was not reached. */
  readonly ran: number | undefined;
}

/** More columns than these are drawn together. */
const MOST_COLUMNS = 120;

/** @param now the cluster's clock; undefined where nothing runs */
export function columnTimes(timeline: Timeline, now: number | undefined): ColumnTimes[] {
  const total = timeline.lanes.reduce((sum, { columns }) => sum + columns.length, 0);
  const together = Math.ceil(total / MOST_COLUMNS);
  return timeline.lanes.flatMap((lane) =>
    chunks(lane.columns, together).map((waves) => timesOf(lane, waves, timeline, now)),
  );
}

function chunks<T>(list: readonly T[], size: number): T[][] {
  const made: T[][] = [];
  for (let at = 0; at < list.length; at += size) made.push(list.slice(at, at + size));
  return made;
}

function timesOf(
  lane: TimelineLane,
  waves: readonly TimelineColumn[],
  { run }: Timeline,
  now: number | undefined,
): ColumnTimes {
  const begins = waves.flatMap(({ tasks }) => tasks.flatMap(({ progress }) => progress.startedAt ?? []));
  const begin = begins.length === 0 ? undefined : smallest(begins);
  const clock = isMoving(run) ? now : (run?.finishedAt ?? now);
  const timed: Timed[] = [];
  let expected = begin === undefined || clock === undefined || !isMoving(run) ? 0 : Math.max(0, clock - begin);
  for (const wave of waves) {
    let longest = 0;
    for (const task of wave.tasks) {
      const one = { task, wave, ...timesOfTask(task, begin, clock, expected) };
      timed.push(one);
      if (task.progress.startedAt === undefined) longest = Math.max(longest, one.rest);
    }
    expected += longest;
  }
  const span = timed.reduce((most, { from, length, rest }) => Math.max(most, from + length + rest), 0);
  const ran = timed.reduce((most, { from, length }) => Math.max(most, from + length), 0);
  return { lane, id: waves[0]?.id ?? '', waves, timed, span, ran: begin === undefined ? undefined : ran };
}

const smallest = (numbers: readonly number[]): number => numbers.reduce((least, n) => Math.min(least, n), Infinity);

function timesOfTask(
  { progress, estimate }: TimelineTask,
  begin: number | undefined,
  clock: number | undefined,
  expected: number,
): { from: number; length: number; rest: number } {
  const { state, startedAt, finishedAt } = progress;
  if (startedAt === undefined || begin === undefined) return { from: expected, length: 0, rest: estimate.ms };
  const from = startedAt - begin;
  const goesOn = state === 'running' || state === 'stopped';
  const end = finishedAt ?? (goesOn ? (clock ?? startedAt) : startedAt);
  const length = Math.max(0, end - startedAt);
  return { from, length, rest: state === 'running' ? Math.max(0, estimate.ms - length) : 0 };
}
