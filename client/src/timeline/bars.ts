import type { TimelineColumn, TimelineTask } from './model.ts';
import type { ColumnTimes, Timed } from './times.ts';

/** One bar of a column before it has its place: a task, or all that is folded. */
export interface BarTimes {
  readonly id: string;
  readonly tasks: readonly TimelineTask[];
  readonly wave: TimelineColumn;
  readonly folded: boolean;
  readonly from: number;
  readonly length: number;
  readonly rest: number;
}

/** A wave with more tasks than these is folded. */
export const FOLDS_OVER = 24;
/** With more tasks than these, each wave with several is folded. */
const MOST_BARS = 400;
/** Of what failed in a folded wave so many are drawn one by one. */
const FAILED_SHOWN = 3;
/** So many tasks of a wave that a person unfolded are drawn one by one. */
const UNFOLDED_SHOWN = 200;

const single = ({ task, ...times }: Timed): BarTimes => ({ ...times, id: task.id, tasks: [task], folded: false });

/** Id of the bar for what is folded of a column. */
export const restId = (column: string): string => `${column} rest`;

/**
 * The bars of a column, in the order of the plan; of a folded one those that matter (what failed, what is on the critical
 * path), and one for the rest.
 * @param total number of tasks of the whole timeline
 */
export function barsOf(
  { id, timed, waves }: ColumnTimes,
  total: number,
  unfolded: ReadonlySet<string>,
  critical: ReadonlySet<string>,
): BarTimes[] {
  const most = total > MOST_BARS ? 1 : FOLDS_OVER;
  if (timed.length <= most) return timed.map(single);
  const picked = unfolded.has(id) ? timed.slice(0, UNFOLDED_SHOWN) : matters(timed, critical);
  const isPicked = new Set(picked);
  const rest = timed.filter((one) => !isPicked.has(one));
  const [first] = waves;
  if (rest.length <= 1 || !first) return timed.map(single);
  return [...picked.map(single), foldedBar(restId(id), first, rest)];
}

function matters(timed: readonly Timed[], critical: ReadonlySet<string>): Timed[] {
  const failed = timed.filter(({ task }) => task.progress.state === 'failed').slice(0, FAILED_SHOWN);
  return timed.filter((one) => failed.includes(one) || (critical.has(one.task.id) && one.length + one.rest > 0));
}

function foldedBar(id: string, wave: TimelineColumn, rest: readonly Timed[]): BarTimes {
  const begun = rest.filter(({ task }) => task.progress.startedAt !== undefined);
  const from = least(begun.length > 0 ? begun : rest);
  const length = begun.length === 0 ? 0 : most(begun, (one) => one.from + one.length) - from;
  const end = most(rest, (one) => one.from + one.length + one.rest);
  const tasks = rest.map(({ task }) => task);
  return { id, tasks, wave, folded: true, from, length, rest: Math.max(0, end - from - length) };
}

const least = (list: readonly Timed[]): number => list.reduce((sum, { from }) => Math.min(sum, from), Infinity);
const most = (list: readonly Timed[], of: (one: Timed) => number): number =>
  list.reduce((sum, one) => Math.max(sum, of(one)), 0);
