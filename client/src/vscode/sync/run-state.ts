import { hasHealthCheck } from '#core/health/kinds';
import { hasFailed } from '#core/sync/results';
import { keyOf } from '#core/object';
import type { OperationPhase, ResourceResult } from '#core/sync/model';
import type { DeletionRow } from '#core/plan/deletion';
import type { ApplicationRef } from '#protocol';
import { briefly } from '../../text/brief.ts';
import type { NextSync, Preflight, RunEvent } from '../../sync/events.ts';
import { TaskDraft, taskKeyOf, type TaskRun, type TaskRuns } from './run-tasks.ts';

export { taskKeyOf, type TaskRun } from './run-tasks.ts';

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
  readonly tasks: TaskRuns;
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
  /** It failed so often, and runs again. */
  readonly retry?: number;
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
export const tasksOfResults = (results: readonly ResourceResult[]): TaskRuns => new Map(results.map(taskOf));

function withResults(tasks: TaskRuns, results: readonly ResourceResult[]): TaskRuns {
  const untold = [...tasksOfResults(results)].filter(([key]) => !tasks.has(key));
  return untold.length === 0 ? tasks : new Map([...tasks, ...untold]);
}

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
 * The state after some more events.
 * @param here our clock when the events came in, in milliseconds since 1970
 * @param speed how fast the cluster's clock runs (a simulation's may run faster than ours)
 */
export function afterEvents(state: RunState, events: readonly RunEvent[], here: number, speed = 1): RunState {
  const tasks = new TaskDraft(state.tasks);
  const all = events.reduce((now, event) => afterOne(now, tasks, event, { here, speed }), state);
  return { ...all, tasks: tasks.done };
}

/** The state after one more event. */
export const afterEvent = (state: RunState, event: RunEvent, here: number, speed = 1): RunState =>
  afterEvents(state, [event], here, speed);

/** All of it but the tasks, which `tasks` takes in. */
function afterOne(
  state: RunState,
  tasks: TaskDraft,
  event: RunEvent,
  { here, speed }: { readonly here: number; readonly speed: number },
): RunState {
  const time = Date.parse(event.time);
  const cluster = Number.isFinite(time) ? time : here;
  const next = { ...state, notice: '', clock: { cluster, here, speed } };
  switch (event.type) {
    case 'preflight':
      return { ...next, ...ofDeletion(event.preflight), stage: 'confirming' };
    case 'operation':
      if ((event.retry ?? 0) > (state.retry ?? 0)) tasks.beginAnew();
      return {
        ...next,
        ...(event.retry === undefined ? {} : { retry: event.retry }),
        stage: state.stage === 'finished' ? 'finished' : event.phase === 'Terminating' ? 'terminating' : 'running',
        phase: event.phase,
        message: briefly(event.message),
        terminated: state.terminated || event.phase === 'Terminating',
        startedAt: state.startedAt ?? cluster,
      };
    case 'task':
      tasks.take(event, cluster);
      return next;
    case 'write':
      if (!event.dryRun) tasks.write(event, cluster);
      return next;
    case 'log':
      tasks.says(event.task);
      return next;
    case 'notice':
      return event.code === 'back' ? next : { ...next, notice: event.message };
    case 'waiting':
      tasks.wait(taskKeyOf(event.phase, event.task), event);
      return next;
    case 'stuck': {
      const waits = new Map(event.waitsFor.map((one) => [one.task, one]));
      for (const [key, run] of [...tasks.done]) {
        const wait = isRunning(run) ? waits.get(run.task) : undefined;
        const progress = run.wait?.progress ?? '';
        if (wait) tasks.wait(key, { progress, reasons: wait.reasons, advice: wait.advice });
      }
      return { ...next, message: briefly(event.message) };
    }
    case 'result':
      // A sync that was resumed tells nothing of what it came to before.
      tasks.replace(withResults(tasks.done, event.results));
      for (const failure of event.failures ?? [])
        tasks.wait(taskKeyOf(failure.phase, failure.task), { progress: '', ...failure });
      return {
        ...next,
        stage: 'finished',
        phase: event.operation.phase,
        message: briefly(event.operation.message),
        startedAt: timeOr(event.operation.startedAt, state.startedAt ?? cluster),
        finishedAt: timeOr(event.operation.finishedAt, cluster),
        left: event.left,
        notApplied: event.notApplied?.length ?? 0,
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

/** `0:42`, `1:03:07`: time that has passed, for a display that ticks. */
export function clockText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number): string => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
