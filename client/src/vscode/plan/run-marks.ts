import type { PlanPhaseName, PlanTask } from '#core/plan/model';
import { joined } from './node.ts';
import { clockText, clusterTime, isFailed, isRunning, type RunState, type TaskRun } from '../sync/run-state.ts';

/** A codicon with a theme color. */
export interface Icon {
  readonly id: string;
  readonly color?: string;
}

/** How a task looks while a run goes on, and afterwards. */
export interface RunMark {
  readonly icon: Icon;
  /** In words, for the description. */
  readonly text: string;
  readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'deleted' | 'not reached' | 'stopped';
}

const PASSED: Icon = { id: 'pass', color: 'testing.iconPassed' };
const FAILED: Icon = { id: 'error', color: 'testing.iconFailed' };
const RUNNING: Icon = { id: 'loading~spin', color: 'testing.iconQueued' };
const DELETED: Icon = { id: 'trash', color: 'testing.iconPassed' };
const NOT_REACHED: Icon = { id: 'circle-slash', color: 'testing.iconSkipped' };
const WAITING: Icon = { id: 'circle-outline', color: 'testing.iconUnset' };

/** Does a run's task belong to this task of the plan? Namespaces may be filled in, and names generated, by the run. */
function isTask(run: TaskRun, phase: PlanPhaseName, task: PlanTask, applicationNamespace: string): boolean {
  if (run.phase !== phase) return false;
  const [group = '', kind = '', namespace = '', ...rest] = run.task.split('/');
  if (group !== task.group || kind !== task.kind) return false;
  const wanted = task.namespace === '' ? applicationNamespace : task.namespace;
  if (namespace !== '' && wanted !== '' && namespace !== wanted && namespace !== task.namespace) return false;
  const name = rest.join('/');
  return task.name === '' ? name.startsWith(task.generateName ?? '') : name === task.name;
}

/** What a run did with a task of the plan; undefined where it has not met it. */
export function findRun(
  state: RunState,
  phase: PlanPhaseName,
  task: PlanTask,
  applicationNamespace: string,
): TaskRun | undefined {
  for (const run of state.tasks.values()) if (isTask(run, phase, task, applicationNamespace)) return run;
  return undefined;
}

const timeOf = (run: TaskRun, until: number | undefined): string =>
  run.startedAt === undefined || until === undefined ? '' : clockText(until - run.startedAt);

/** How a task looks in a run. `here`: our clock, in milliseconds since 1970. */
export function markOf(state: RunState, phase: PlanPhaseName, run: TaskRun | undefined, here: number): RunMark {
  const over = state.stage === 'finished';
  const begun = run !== undefined && (run.status !== '' || run.hookPhase !== '');
  if (!begun) {
    if (!over) return { icon: WAITING, text: '', state: 'waiting' };
    const unneeded = phase === 'SyncFail' && state.phase === 'Succeeded';
    return { icon: NOT_REACHED, text: unneeded ? 'not needed' : 'not reached', state: 'not reached' };
  }
  if (isFailed(run)) {
    return {
      icon: FAILED,
      text: joined(`failed after ${timeOf(run, run.finishedAt) || '0:00'}`, run.message),
      state: 'failed',
    };
  }
  if (run.hookPhase === 'Succeeded' || run.status === 'Pruned') {
    const time = timeOf(run, run.finishedAt);
    const text = time === '' || time === '0:00' ? 'done' : `done in ${time}`;
    return run.deleted
      ? { icon: DELETED, text: joined(text, 'deleted'), state: 'deleted' }
      : { icon: PASSED, text, state: 'done' };
  }
  if (!isRunning(run)) return { icon: PASSED, text: 'applied', state: 'done' };
  if (over) {
    return state.phase === 'Succeeded'
      ? { icon: PASSED, text: 'applied', state: 'done' }
      : { icon: NOT_REACHED, text: joined('stopped while it ran', run.message), state: 'stopped' };
  }
  const now = clusterTime(state, here);
  return { icon: RUNNING, text: joined(`running ${timeOf(run, now) || '0:00'}`), state: 'running' };
}

/** How a phase or a wave looks in a run, from its tasks; undefined where none of them was reached yet. */
export function groupIcon(marks: readonly RunMark[]): Icon | undefined {
  const states = new Set(marks.map((mark) => mark.state));
  if (states.has('failed')) return FAILED;
  if (states.has('running')) return RUNNING;
  if (states.has('not reached') || states.has('stopped')) return NOT_REACHED;
  if (states.has('waiting')) return states.size === 1 ? undefined : RUNNING;
  return states.size === 0 ? undefined : PASSED;
}

/** One line for a whole run: `simulation · running 0:42 · waiting for Job db-migration`. */
export function runLine(state: RunState, here: number): string {
  const { place, stage, phase, message } = state;
  switch (stage) {
    case 'preparing':
      return joined(place, 'looking at what is there');
    case 'confirming':
      return joined(place, 'waiting for your confirmation');
    case 'running':
    case 'terminating': {
      const now = clusterTime(state, here);
      const time = state.startedAt === undefined || now === undefined ? '' : clockText(now - state.startedAt);
      return joined(place, `${stage} ${time}`.trim(), message);
    }
    case 'finished': {
      if (state.error !== undefined) {
        return joined(place, state.phase === undefined ? 'was not started' : 'could not go on', state.error);
      }
      const { startedAt, finishedAt } = state;
      const time =
        startedAt === undefined || finishedAt === undefined ? '' : ` in ${clockText(finishedAt - startedAt)}`;
      return joined(
        place,
        `${(phase ?? 'Error').toLowerCase()}${phase === 'Succeeded' ? time : ''}`,
        phase === 'Succeeded' ? '' : message,
      );
    }
  }
}
