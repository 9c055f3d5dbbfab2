import { DELETE_PHASES, SYNC_PHASES } from '#core/annotations/keys';
import { hasFailed } from '#core/sync/results';
import type { HookPhase, ResultStatus, TaskPhase } from '#core/sync/model';
import { briefly } from '../../text/brief.ts';
import type { RunEvent } from '../../sync/events.ts';

/** What a run has come to for one task so far. Times are those of the cluster's clock, in milliseconds since 1970. */
export interface TaskRun {
  readonly task: string;
  readonly phase: TaskPhase;
  readonly wave: number;
  readonly status: ResultStatus;
  readonly hookPhase: HookPhase;
  readonly message: string;
  readonly startedAt?: number;
  readonly finishedAt?: number;
  /** A delete policy, or a prune, took it away again. */
  readonly deleted: boolean;
  /** While it is waited for: how far it is, why it does not go on, and what to do. Once it has failed: why. */
  readonly wait?: TaskWait;
  /** What it came to in the attempts before this one, first to last. */
  readonly earlier?: readonly EarlierRun[];
  /** Its pods have said something. */
  readonly logs?: true;
}

/** What is known of a task that is waited for, or that has failed. */
export interface TaskWait {
  /** `0 of 1 pods finished`; may be empty. */
  readonly progress: string;
  readonly reasons: readonly string[];
  readonly advice: readonly string[];
  /** The last lines of a failed hook's log, the newest at the end. */
  readonly log?: readonly string[];
}

/** What a task came to in an attempt of the operation that failed. */
export interface EarlierRun {
  readonly failed: boolean;
  readonly message: string;
  readonly startedAt: number;
  /** Absent: it had not come to its end. */
  readonly finishedAt?: number;
}

export type TaskRuns = ReadonlyMap<string, TaskRun>;

export const taskKeyOf = (phase: string, task: string): string => `${phase} ${task}`;

const PHASES: readonly TaskPhase[] = [...SYNC_PHASES, ...DELETE_PHASES, 'Delete'];

const ended = (task: TaskRun): boolean => task.hookPhase === 'Succeeded' || hasFailed(task);

/** The tasks of a run while events are taken in: those of before stay as they are, and are copied once at most. */
export class TaskDraft {
  #before: TaskRuns;
  #now: Map<string, TaskRun> | undefined;

  constructor(before: TaskRuns) {
    this.#before = before;
  }

  get done(): TaskRuns {
    return this.#now ?? this.#before;
  }

  replace(tasks: TaskRuns): void {
    this.#before = tasks;
    this.#now = undefined;
  }

  /** How a task stands now. */
  take(event: Extract<RunEvent, { type: 'task' }>, time: number): void {
    const key = taskKeyOf(event.phase, event.task);
    const before = this.done.get(key);
    const { task, phase, wave, status, hookPhase } = event;
    const message = briefly(event.message);
    const deleted = before?.deleted ?? false;
    const now: TaskRun = { ...before, task, phase, wave, status, hookPhase, message, deleted };
    const begun = status !== '' || hookPhase !== '';
    this.#set(key, {
      ...now,
      ...(begun && before?.startedAt === undefined ? { startedAt: time } : {}),
      ...(ended(now) && before?.finishedAt === undefined ? { finishedAt: time } : {}),
    });
  }

  /**
   * An object that is deleted after its task has begun was taken by a policy (the word that it has ended may come later);
   * one that is created again is there again.
   */
  write({ object, verb }: Extract<RunEvent, { type: 'write' }>, time: number): void {
    for (const [key, run] of this.#of(object))
      if (verb !== 'delete') this.#set(key, { ...run, deleted: false, startedAt: run.startedAt ?? time });
      else if (run.status !== '') this.#set(key, { ...run, deleted: true });
  }

  /** Pods of an object have said something. */
  says(object: string): void {
    for (const [key, run] of this.#of(object)) if (run.logs !== true) this.#set(key, { ...run, logs: true });
  }

  wait(key: string, { progress, reasons, advice, log }: TaskWait): void {
    const run = this.done.get(key);
    if (run) this.#set(key, { ...run, wait: { progress, reasons, advice, ...(log ? { log } : {}) } });
  }

  /** Everything runs once more; what it came to so far is kept beside. */
  beginAnew(): void {
    for (const [key, run] of [...this.done]) this.#set(key, begunAnew(run));
  }

  #set(key: string, run: TaskRun): void {
    this.#now ??= new Map(this.#before);
    this.#now.set(key, run);
  }

  /** What an object is in, in whichever phase: a hook may run in several. */
  #of(object: string): [key: string, run: TaskRun][] {
    return PHASES.flatMap((phase): [string, TaskRun][] => {
      const key = taskKeyOf(phase, object);
      const run = this.done.get(key);
      return run ? [[key, run]] : [];
    });
  }
}

function begunAnew(run: TaskRun): TaskRun {
  const { task, phase, wave, logs, startedAt, finishedAt, message, earlier = [] } = run;
  const attempt = startedAt === undefined ? [] : [{ failed: hasFailed(run), message, startedAt }];
  const all = [...earlier, ...attempt.map((one) => (finishedAt === undefined ? one : { ...one, finishedAt }))];
  return {
    ...{ task, phase, wave, status: '', hookPhase: '', message: '', deleted: false },
    ...(all.length > 0 ? { earlier: all } : {}),
    ...(logs ? { logs } : {}),
  };
}
