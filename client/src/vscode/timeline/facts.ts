import { DELETE_PHASES, SYNC_PHASES } from '#core/annotations/keys';
import { hasHealthCheck } from '#core/health/kinds';
import { deletionOf, isOfDeletion } from '#core/plan/deletion';
import type { ApplicationPlan, Gate, PlanPhase, PlanTask, PlanWave, Until } from '#core/plan/model';
import { taskKey, taskName, tasksOf } from '#core/plan/query';
import type { TaskPhase } from '#core/sync/model';
import { CAN_HANG, gateBadge, phaseTitle } from '#core/plan/words';
import { type Durations, estimateOf } from '../../timeline/estimates.ts';
import type {
  Progress,
  Timeline,
  TimelineColumn,
  TimelineGate,
  TimelineLane,
  TimelineRun,
  TimelineTask,
} from '../../timeline/model.ts';
import { joined, gateMarkdown, phaseMeaning } from '../plan/texts.ts';
import { findRun, markOf, markOfTask, runLine } from '../plan/run-marks.ts';
import { clusterTime, type RunState, type TaskRun } from '../sync/run-state.ts';

/** What stands behind a task of a timeline. */
export interface Fact {
  readonly phase: TaskPhase;
  readonly gate: Gate;
  /** Absent for what only the run knows: what it prunes, the namespace that it makes. */
  readonly task?: PlanTask;
  readonly run?: TaskRun;
  /** As it stands in the run, in one word. */
  readonly state?: string;
}

/** A timeline, and what stands behind its tasks, by their ids. */
export interface TimelineFacts {
  readonly timeline: Timeline;
  readonly facts: ReadonlyMap<string, Fact>;
}

interface Given {
  readonly plan: ApplicationPlan;
  /** Where the application lies, for a person. */
  readonly where: string;
  readonly run: RunState | undefined;
  /** Show the deletion of the application; absent: what runs, else the sync. */
  readonly deletion?: boolean | undefined;
  readonly known: Durations;
  /** Our clock, in milliseconds since 1970. */
  readonly here: number;
}

/** What of a run is drawn. */
type Drawn = Given & { readonly deletes: boolean };

/** The timeline of a sync or a deletion of an application: its plan, what is known of durations, and a run laid over it. */
export function timelineOf(asked: Given): TimelineFacts {
  const { plan, where } = asked;
  const runDeletes = asked.run?.deletes === true;
  const deletes = asked.deletion ?? runDeletes;
  // A run of the other kind is not drawn.
  const run = runDeletes === deletes ? asked.run : undefined;
  const given: Drawn = { ...asked, run, deletes };
  const facts = new Map<string, Fact>();
  const met = new Set<TaskRun>();
  const phases = phasesOf(plan, deletes, run).filter(({ waves }) => waves.length > 0);
  const lanes = phases.map(({ phase, waves }): TimelineLane => {
    const columns = waves.map((wave): TimelineColumn => {
      const tasks = tasksOf(wave).map((task) => planned(given, { phase, wave, task }, facts, met));
      return { id: `${phase} ${wave.wave}`, wave: wave.wave, tasks, gate: gateOf(wave.gate) };
    });
    return laneOf(phase, columns);
  });
  const all = run ? withFurther(lanes, run, met, facts, given) : lanes;
  return {
    timeline: { application: plan.name, where, deletes, lanes: all, run: run ? runOf(run, facts, given.here) : null },
    facts,
  };
}

const phasesOf = (plan: ApplicationPlan, deletes: boolean, run: RunState | undefined): readonly PlanPhase[] =>
  deletes ? deletionOf(plan, run?.live) : [...plan.plans.sync.phases, ...plan.plans.syncFail.phases];

const laneOf = (phase: TaskPhase, columns: readonly TimelineColumn[]): TimelineLane => ({
  // The deletion says it already.
  ...{
    phase,
    title: isOfDeletion(phase) ? phase : phaseTitle(phase),
    meaning: phaseMeaning(phase),
    conditional: phase === 'SyncFail',
    columns,
  },
});

const gateOf = (gate: Gate): TimelineGate => ({
  waits: gate.waits,
  text: joined(gateBadge(gate), gate.mayHang.length > 0 && CAN_HANG),
  mayHang: gate.mayHang.length > 0,
  about: gateMarkdown(gate),
});

/** For each task of a gate what it is waited for; made once, for a wave may hold thousands of tasks. */
const waits = new WeakMap<Gate, ReadonlyMap<string, Until>>();

function untilOf(gate: Gate, key: string): Until | null {
  let known = waits.get(gate);
  if (!known) {
    known = new Map(gate.for.map(({ task, until }) => [task, until]));
    waits.set(gate, known);
  }
  return known.get(key) ?? null;
}

function idOf(phase: TaskPhase, key: string, facts: ReadonlyMap<string, Fact>): string {
  let id = `${phase} ${key}`;
  // Names that are generated may begin alike.
  while (facts.has(id)) id += '+';
  return id;
}

function planned(
  { plan, run: state, known, here }: Given,
  { phase, wave, task }: { phase: TaskPhase; wave: PlanWave; task: PlanTask },
  facts: Map<string, Fact>,
  met: Set<TaskRun>,
): TimelineTask {
  const key = taskKey(task);
  const id = idOf(phase, key, facts);
  const { gate } = wave;
  const run = state && findRun(state, phase, task, plan.namespace);
  if (run) met.add(run);
  const progress = progressOf(state, phase, run, here, task);
  const isRun = state?.phase !== undefined;
  facts.set(id, { phase, gate, task, ...(run ? { run } : {}), ...(isRun ? { state: progress.state } : {}) });
  const until = untilOf(gate, key);
  const { group, kind } = task;
  return {
    ...{ id, name: taskName(task), kind, hook: task.hook.length > 0, until, opens: task.file !== undefined },
    estimate: until === 'gone' ? GOES : estimateOf({ id, group, kind, waited: until !== null }, known),
    progress,
  };
}

/** How long it takes until something is gone nobody knows: mostly no time at all. */
const GOES = { ms: 0, from: 'gone' } as const;

function progressOf(
  state: RunState | undefined,
  phase: TaskPhase,
  run: TaskRun | undefined,
  here: number,
  task?: PlanTask,
): Progress {
  // Before it begins nothing is to be told.
  if (!state || state.phase === undefined) return { state: 'planned', message: '' };
  const { startedAt, finishedAt, message = '' } = run ?? {};
  return {
    state: (task ? markOfTask(state, phase, task, run, here) : markOf(state, phase, run, here)).state,
    message,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
    ...(run?.earlier && startedAt !== undefined ? { retry: run.earlier.length } : {}),
  };
}

/** The lanes with what only the run knows: what it prunes, and the namespace that it makes. */
function withFurther(
  lanes: readonly TimelineLane[],
  state: RunState,
  met: ReadonlySet<TaskRun>,
  facts: Map<string, Fact>,
  { here, known, deletes }: Drawn,
): readonly TimelineLane[] {
  let all = lanes;
  for (const run of state.tasks.values()) {
    const { phase } = run;
    if (met.has(run) || isOfDeletion(phase) !== deletes) continue;
    const [group = '', kind = '', , ...name] = run.task.split('/');
    const id = idOf(phase, run.task, facts);
    const progress = progressOf(state, phase, run, here);
    facts.set(id, { phase, gate: NO_GATE, run, state: progress.state });
    const waited = run.status !== 'Pruned' && hasHealthCheck({ group, kind });
    all = withTask(
      all,
      { phase, wave: run.wave },
      {
        ...{ id, name: name.join('/'), kind, hook: false, until: waited ? 'healthy' : null, opens: false, progress },
        estimate: estimateOf({ id, group, kind, waited }, known),
      },
    );
  }
  return all;
}

const [PRE_DELETE, POST_DELETE] = DELETE_PHASES;
const PHASES: readonly string[] = [...SYNC_PHASES, PRE_DELETE, 'Delete', POST_DELETE];
const NO_GATE: Gate = { waits: false, for: [], notWaitedFor: [], mayHang: [] };

function withTask(
  lanes: readonly TimelineLane[],
  { phase, wave }: { readonly phase: TaskPhase; readonly wave: number },
  task: TimelineTask,
): readonly TimelineLane[] {
  const lane = lanes.find((one) => one.phase === phase) ?? laneOf(phase, []);
  const column = lane.columns.find((one) => one.wave === wave) ?? {
    ...{ id: `${phase} ${wave}`, wave, tasks: [], gate: gateOf(NO_GATE) },
  };
  const columns = [...lane.columns.filter((one) => one !== column), { ...column, tasks: [...column.tasks, task] }];
  const others = lanes.filter((one) => one !== lane);
  // Deletions go from the highest wave to the lowest.
  const sign = phase === 'Delete' ? -1 : 1;
  const now = { ...lane, columns: columns.sort((a, b) => sign * (a.wave - b.wave)) };
  return [...others, now].sort((a, b) => PHASES.indexOf(a.phase) - PHASES.indexOf(b.phase));
}

function runOf(state: RunState, facts: ReadonlyMap<string, Fact>, here: number): TimelineRun {
  const { stage, startedAt, finishedAt, phase, criticalPath } = state;
  const now = clusterTime(state, here);
  const goesOn = stage === 'running' || stage === 'terminating';
  return {
    line: goesOn ? joined(state.place, stage, state.message) : runLine(state, here),
    stage,
    outcome: stage !== 'finished' ? 'none' : phase === 'Succeeded' ? 'succeeded' : 'failed',
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
    ...(now === undefined || !goesOn ? {} : { clock: { now, speed: state.clock?.speed ?? 1 } }),
    ...(criticalPath ? { critical: { seconds: criticalPath.seconds, tasks: idsOf(criticalPath.tasks, facts) } } : {}),
  };
}

/** Ids of tasks that the runner names by their objects, in its order: the same object may run in two phases. */
function idsOf(keys: readonly string[], facts: ReadonlyMap<string, Fact>): string[] {
  const ids = new Map<string, string[]>();
  for (const [id, { run }] of facts) if (run) ids.set(run.task, [...(ids.get(run.task) ?? []), id]);
  return keys.flatMap((key) => ids.get(key)?.shift() ?? []);
}

/** How long the tasks of a run took that succeeded, by the ids of the timeline. */
export function durationsOf(plan: ApplicationPlan, run: RunState): { durations: Durations; ids: ReadonlySet<string> } {
  const { facts } = timelineOf({ plan, run, where: '', known: {}, here: run.finishedAt ?? 0 });
  const from = run.place === 'simulation' ? 'simulation' : 'sync';
  const durations: Record<string, Durations[string]> = {};
  for (const [id, { run: task, gate, task: inPlan }] of facts) {
    if (task?.hookPhase !== 'Succeeded' || task.startedAt === undefined || task.finishedAt === undefined) continue;
    if (inPlan && untilOf(gate, taskKey(inPlan)) !== null)
      durations[id] = { ms: task.finishedAt - task.startedAt, from };
  }
  return { durations, ids: new Set(facts.keys()) };
}
