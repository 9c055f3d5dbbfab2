import { Stopwatch } from '../sync/measure.ts';
import { isOver, type Timeline } from './model.ts';
import type { ColumnTimes, Timed } from './times.ts';

/** The tasks that a sync is as long as. */
export interface CriticalPath {
  readonly ms: number;
  /** Ids, in the order in which they run. */
  readonly tasks: readonly string[];
  /** It holds durations that are expected. */
  readonly estimated: boolean;
}

/**
 * Does a task take part in what is as long as the sync?
 * @param ending nothing more is expected, or only what runs after a failure
 */
function counts({ task }: Timed, { lane }: ColumnTimes, ending: 'over' | 'failing' | undefined): boolean {
  switch (task.progress.state) {
    case 'planned':
    case 'waiting':
      return task.until !== null && ending === (lane.conditional ? 'failing' : undefined);
    case 'running':
    case 'done':
    case 'deleted':
    case 'failed':
      return task.until !== null;
    case 'not reached':
    case 'stopped':
      return false;
  }
}

/**
 * The slowest task of each wave that is waited for. Once a run is over that is what its runner has measured; until then,
 * and before, it is found in the same way from the times that are known and expected.
 */
export function criticalPath({ run }: Timeline, columns: readonly ColumnTimes[]): CriticalPath {
  if (run?.critical) return { ms: run.critical.seconds * 1000, tasks: run.critical.tasks, estimated: false };
  const isFailing = columns.some(({ timed }) => timed.some(({ task }) => task.progress.state === 'failed'));
  const ending = isOver(run) ? 'over' : isFailing ? 'failing' : undefined;
  const watch = new Stopwatch();
  let begin = 0;
  let estimated = false;
  for (const column of columns) {
    for (const timed of column.timed) {
      if (!counts(timed, column, ending)) continue;
      const start = begin + timed.from;
      estimated ||= timed.rest > 0;
      watch.start(timed.task.id, timed.wave.id, start);
      watch.stop(timed.task.id, timed.wave.id, start + timed.length + timed.rest);
    }
    begin += column.span;
  }
  const { seconds, tasks } = watch.measures().criticalPath;
  return { ms: seconds * 1000, tasks, estimated };
}
