import { hasHealthCheck } from '#core/health/kinds';
import { hasFailed } from '#core/sync/results';
import { keyOf } from '#core/object';
import type { HookPhase, OperationPhase, ResourceResult, ResultStatus, TaskPhase } from '#core/sync/model';
import type { DeletionRow } from '#core/plan/deletion';
import type { ApplicationRef } from '#protocol';
import { briefly } from '../../text/brief.ts';
import type { Failure, NextSync, Preflight, RunEvent } from '../../sync/events.ts';

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

/**
 * Where a run stands: `preparing` until the preflight is there, `confirming` until the person has answered;
 * `interrupted`: nothing runs it any more, and it can be resumed or discarded.
 */
export type RunStage = 'preparing' | 'confirming' | 'running' | 'terminating' | 'finished' | 'interrupted';

/** One run as the tree shows it. Plain data. */
export interface RunState {
  readonly application: ApplicationRef;
  /** `kind-dev`, or `simulation`. */
  readonly place: string;
  readonly stage: RunStage;
  readonly phase: OperationPhase | undefined;
  readonly message: string;
  readonly startedAt?: number;
  readonly finishedAt?: number;
  /** The cluster's clock at the last event, and ours when it came in: a simulation has a clock of its own. */
  readonly clock?: { readonly cluster: number; readonly here: number; readonly speed: number };
  /** Key: phase, a space, `group/Kind/namespace/name`. */
  readonly tasks: ReadonlyMap<string, TaskRun>;
  /** Keys of the objects that stand in the cluster at the end. */
  readonly left: readonly string[];
  /** How many objects were not applied because something has failed. */
  readonly notApplied: number;
  /** What the run was as long as, once it is over: seconds, and keys of the tasks in their order. */
  readonly criticalPath?: { readonly seconds: number; readonly tasks: readonly string[] };
  /** It is a deletion of the application's objects. */
  readonly deletes?: boolean;
  /** Of a deletion: what the cluster has of the application, once that is known. */
  readonly live?: readonly DeletionRow[];
  /** What the sync after this one came to, where a simulation was asked for it. */
  readonly next?: NextSync;
  /** It writes nothing. */
  readonly dryRun?: boolean;
  /** Somebody asked it to stop. */
  readonly terminated: boolean;
  /** What keeps it at the moment: a log-in, a server that does not answer. */
  readonly notice: string;
  /** Why the run could not start or go on. */
  readonly error?: string;
}

/** Nothing was confirmed yet: what was known of the cluster before still holds. */
export const isUnbegun = ({ stage }: Pick<RunState, 'stage'>): boolean =>
  stage === 'preparing' || stage === 'confirming';

/** What the result of an operation says of a task. */
export function taskOf(result: ResourceResult): [key: string, run: TaskRun] {
  const task = keyOf(result);
  const { syncPhase: phase, status, hookPhase, wave = 0 } = result;
  const message = briefly(result.message);
  return [taskKeyOf(phase, task), { task, phase, wave, status, hookPhase, message, deleted: false }];
}

/** The tasks of an operation as its results tell them. */
export const tasksOfResults = (results: readonly ResourceResult[]): RunState['tasks'] => new Map(results.map(taskOf));

function withResults(tasks: RunState['tasks'], results: readonly ResourceResult[]): RunState['tasks'] {
  const untold = [...tasksOfResults(results)].filter(([key]) => !tasks.has(key));
  return untold.length === 0 ? tasks : new Map([...tasks, ...untold]);
}

export const taskKeyOf = (phase: string, task: string): string => `${phase} ${task}`;

export function startOf(application: ApplicationRef, place: string, deletes = false): RunState {
  return {
    deletes,
    application,
    place,
    stage: 'preparing',
    phase: undefined,
    message: '',
    notice: '',
    tasks: new Map(),
    left: [],
    notApplied: 0,
    terminated: false,
  };
}

const ended = (task: TaskRun): boolean => task.hookPhase === 'Succeeded' || hasFailed(task);

/**
 * Something is still waited for. What has no health check counts as done for Argo CD as soon as it is there, although
 * its state says Running to the end.
 */
export function isRunning(task: TaskRun): boolean {
  // What was deleted is waited for until it is gone, of whatever kind it is.
  if (task.phase === 'Delete') return task.hookPhase === 'Running';
  const [group = '', kind = ''] = task.task.split('/');
  const begun =
    task.hookPhase === 'Running' || (task.hookPhase === '' && task.status !== '' && task.status !== 'Pruned');
  return begun && !hasFailed(task) && hasHealthCheck({ group, kind });
}

/** The cluster's clock now, in milliseconds since 1970; undefined before the first event. */
export function clusterTime(state: RunState, here: number): number | undefined {
  if (!state.clock) return undefined;
  const { cluster, here: then, speed } = state.clock;
  return cluster + Math.max(0, here - then) * speed;
}

/**
 * The state after one more event.
 * @param here our clock when the event came in, in milliseconds since 1970
 * @param speed how fast the cluster's clock runs (a simulation's may run faster than ours)
 */
export function afterEvent(state: RunState, event: RunEvent, here: number, speed = 1): RunState {
  const time = Date.parse(event.time);
  const cluster = Number.isFinite(time) ? time : here;
  const next = { ...state, notice: '', clock: { cluster, here, speed } };
  switch (event.type) {
    case 'preflight':
      return { ...next, ...ofDeletion(event.preflight), stage: 'confirming' };
    case 'operation':
      return {
        ...next,
        stage: state.stage === 'finished' ? 'finished' : event.phase === 'Terminating' ? 'terminating' : 'running',
        phase: event.phase,
        message: briefly(event.message),
        terminated: state.terminated || event.phase === 'Terminating',
        startedAt: state.startedAt ?? cluster,
      };
    case 'task':
      return { ...next, tasks: withTask(state.tasks, event, cluster) };
    case 'write':
      return event.dryRun ? next : { ...next, tasks: afterWrite(state.tasks, event, cluster) };
    case 'log':
      return next;
    case 'notice':
      return event.code === 'back' ? next : { ...next, notice: event.message };
    case 'waiting':
      return { ...next, tasks: withWait(state.tasks, taskKeyOf(event.phase, event.task), event) };
    case 'stuck': {
      const waits = new Map(event.waitsFor.map((one) => [one.task, one]));
      const stuck = [...state.tasks].map(([key, run]): [string, TaskRun] => {
        const wait = isRunning(run) ? waits.get(run.task) : undefined;
        const progress = run.wait?.progress ?? '';
        return [key, wait ? { ...run, wait: { progress, reasons: wait.reasons, advice: wait.advice } } : run];
      });
      return { ...next, message: briefly(event.message), tasks: new Map(stuck) };
    }
    case 'result':
      return {
        ...next,
        stage: 'finished',
        phase: event.operation.phase,
        message: briefly(event.operation.message),
        startedAt: timeOr(event.operation.startedAt, state.startedAt ?? cluster),
        finishedAt: timeOr(event.operation.finishedAt, cluster),
        left: event.left,
        notApplied: event.notApplied?.length ?? 0,
        // A sync that was resumed tells nothing of what it came to before.
        tasks: withFailures(withResults(state.tasks, event.results), event.failures ?? []),
        criticalPath: event.criticalPath,
        ...(event.next ? { next: event.next } : {}),
      };
    case 'unfinished':
    case 'error':
      return { ...next, stage: 'finished', error: event.message, finishedAt: cluster };
  }
}

/** What a preflight says of a deletion. */
const ofDeletion = ({ deletes, rows }: Preflight): Pick<RunState, 'deletes' | 'live'> =>
  deletes !== true
    ? {}
    : {
        deletes,
        live: rows
          .filter(({ phase }) => phase === 'Delete')
          .map(({ task, wave, change, note }) => ({ task, wave, ...(change === 'prune' ? {} : { kept: note }) })),
      };

const timeOr = (text: string, otherwise: number): number => {
  const time = Date.parse(text);
  return Number.isFinite(time) ? time : otherwise;
};

function withWait(tasks: RunState['tasks'], key: string, wait: TaskWait): RunState['tasks'] {
  const run = tasks.get(key);
  const { progress, reasons, advice, log } = wait;
  return run
    ? new Map(tasks).set(key, { ...run, wait: { progress, reasons, advice, ...(log ? { log } : {}) } })
    : tasks;
}

const withFailures = (tasks: RunState['tasks'], failures: readonly Failure[]): RunState['tasks'] =>
  failures.reduce(
    (all, { phase, task, reasons, log, advice }) =>
      withWait(all, taskKeyOf(phase, task), { progress: '', reasons, advice, log }),
    tasks,
  );

type TaskEvent = Extract<RunEvent, { type: 'task' }>;
type WriteEvent = Extract<RunEvent, { type: 'write' }>;

function withTask(tasks: RunState['tasks'], event: TaskEvent, time: number): RunState['tasks'] {
  const key = taskKeyOf(event.phase, event.task);
  const before = tasks.get(key);
  const { task, phase, wave, status, hookPhase } = event;
  const message = briefly(event.message);
  const now: TaskRun = { ...before, task, phase, wave, status, hookPhase, message, deleted: before?.deleted ?? false };
  const begun = status !== '' || hookPhase !== '';
  return new Map(tasks).set(key, {
    ...now,
    ...(begun && before?.startedAt === undefined ? { startedAt: time } : {}),
    ...(ended(now) && before?.finishedAt === undefined ? { finishedAt: time } : {}),
  });
}

/**
 * An object that is deleted after its task has begun was taken by a policy (the word that it has ended may come later);
 * one that is created again is there again.
 */
function afterWrite(tasks: RunState['tasks'], event: WriteEvent, time: number): RunState['tasks'] {
  const affected = [...tasks].filter(([, run]) => run.task === event.object);
  const changed = affected.flatMap(([key, run]): [string, TaskRun][] => {
    if (event.verb !== 'delete') return [[key, { ...run, deleted: false, startedAt: run.startedAt ?? time }]];
    return run.status !== '' ? [[key, { ...run, deleted: true }]] : [];
  });
  return changed.length === 0 ? tasks : new Map([...tasks, ...changed]);
}

/** `0:42`, `1:03:07`: time that has passed, for a display that ticks. */
export function clockText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number): string => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
