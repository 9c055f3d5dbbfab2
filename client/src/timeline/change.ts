import {
  tasksOf,
  type Progress,
  type Timeline,
  type TimelineColumn,
  type TimelineRun,
  type TimelineTask,
} from './model.ts';

/** What is different in a timeline whose lanes, waves and tasks are the same. */
export interface TimelineChange {
  readonly run: TimelineRun | null;
  /** Place of a task in the order of the timeline, and how it stands now. */
  readonly tasks: readonly (readonly [index: number, progress: Progress])[];
}

const sameProgress = (a: Progress, b: Progress): boolean =>
  a.state === b.state &&
  a.startedAt === b.startedAt &&
  a.finishedAt === b.finishedAt &&
  a.message === b.message &&
  a.retry === b.retry;

const sameList = <T>(a: readonly T[], b: readonly T[], same: (a: T, b: T) => boolean): boolean =>
  a.length === b.length && a.every((one, i) => same(one, b[i] as T));

const sameTask = (a: TimelineTask, b: TimelineTask): boolean =>
  a.id === b.id &&
  a.hook === b.hook &&
  a.until === b.until &&
  a.opens === b.opens &&
  a.estimate.ms === b.estimate.ms &&
  a.estimate.from === b.estimate.from;

const sameColumn = (a: TimelineColumn, b: TimelineColumn): boolean =>
  a.id === b.id &&
  a.gate.text === b.gate.text &&
  sameList(a.gate.about, b.gate.about, (x, y) => x === y) &&
  sameList(a.tasks, b.tasks, sameTask);

/** Is all the same but how the tasks stand? */
const sameShape = (a: Timeline, b: Timeline): boolean =>
  a.application === b.application &&
  a.where === b.where &&
  a.deletes === b.deletes &&
  sameList(a.lanes, b.lanes, (x, y) => x.phase === y.phase && sameList(x.columns, y.columns, sameColumn));

/** What became different; undefined where the shape is another one, so that the whole timeline has to be sent. */
export function changeOf(before: Timeline, now: Timeline): TimelineChange | undefined {
  if (!sameShape(before, now)) return undefined;
  const old = tasksOf(before);
  const tasks = tasksOf(now).flatMap(({ progress }, index): [number, Progress][] => {
    const was = old[index];
    return was && sameProgress(was.progress, progress) ? [] : [[index, progress]];
  });
  return { run: now.run, tasks };
}

/** The timeline after a change. What did not change stays the same objects. */
export function withChange(timeline: Timeline, change: TimelineChange): Timeline {
  if (change.tasks.length === 0) return { ...timeline, run: change.run };
  const changed = new Map(change.tasks);
  let index = 0;
  const lanes = timeline.lanes.map((lane) => ({
    ...lane,
    columns: lane.columns.map((column) => {
      const tasks = column.tasks.map((task) => {
        const progress = changed.get(index++);
        return progress ? { ...task, progress } : task;
      });
      return tasks.some((task, at) => task !== column.tasks[at]) ? { ...column, tasks } : column;
    }),
  }));
  return { ...timeline, lanes, run: change.run };
}
