import { hasFailed } from '#core/sync/results';
import type { ApplicationPlan, PlanPhaseName, PlanTask } from '#core/plan/model';
import { placesIn, taskName } from '#core/plan/query';
import { counted, objectLabel, upperFirst, waveText } from '#core/plan/words';
import { withoutDot } from '../../text/words.ts';
import { findRun, markOf } from '../plan/run-marks.ts';
import type { RunState, TaskRun } from './run-state.ts';

/** Which task of a plan a person lets fail. */
export interface Subject {
  readonly phase: PlanPhaseName;
  readonly task: PlanTask;
}

/** The phases that every sync runs. SyncFail runs only where something else has failed. */
const PHASES: ReadonlySet<PlanPhaseName> = new Set(['PreSync', 'Sync', 'PostSync']);

/** Can a simulation let this task fail? Not what no manifest holds, nor what a sync only deletes. */
export const canFail = ({ phase, task }: Subject): boolean =>
  PHASES.has(phase) && !task.prune && task.phaseReason.code !== 'namespace-creation';

/** `Job/db-migration`, as a scenario names a task; of a generated name the prefix. */
export const ruleNameOf = ({ kind, name, generateName }: PlanTask): string => `${kind}/${name || (generateName ?? '')}`;

const labelOf = (task: PlanTask): string => `${task.kind} ${taskName(task)}`;

/** `Job a, Job b and 3 more`. */
function listed(labels: readonly string[], most: number): string {
  if (labels.length === 0) return 'nothing';
  if (labels.length <= most + 1) return labels.join(', ');
  return `${labels.slice(0, most).join(', ')} and ${labels.length - most} more`;
}

/**
 * What Argo CD does when a task fails, in sentences, as a simulated run has shown it.
 * @param most how many objects are named in one list
 */
export function whatIfSentences(subject: Subject, plan: ApplicationPlan, run: RunState, most = Infinity): string[] {
  if (run.error !== undefined)
    return [`What happens if ${labelOf(subject.task)} fails cannot be told: ${withoutDot(run.error)}.`];
  const notReached = placesIn(plan.plans.sync)
    .filter(({ phase, task }) => stateOf(plan, run, phase, task) === 'not reached')
    .map(({ task }) => labelOf(task));
  const deleted = [...run.tasks.values()].filter((task) => task.deleted).map(({ task }) => objectLabel(task));
  return [
    headline(subject, plan, run),
    ...(run.phase === 'Succeeded' ? [] : [syncFailSentence(plan, run)]),
    ...(notReached.length === 0 ? [] : [`Not reached: ${listed(notReached, most)}.`]),
    `Deleted: ${listed(deleted, most)}.`,
    `Left in the cluster: ${listed(run.left.map(objectLabel), most)}.`,
    ...nextSentence(plan, run, most),
  ];
}

const stateOf = (plan: ApplicationPlan, run: RunState, phase: PlanPhaseName, task: PlanTask) =>
  markOf(run, phase, findRun(run, phase, task, plan.namespace), 0).state;

function headline({ phase, task }: Subject, plan: ApplicationPlan, run: RunState): string {
  const own = findRun(run, phase, task, plan.namespace);
  const label = labelOf(task);
  const sync = `the sync of ${run.application.name}`;
  const first = [...run.tasks.values()].find(hasFailed);
  if (run.phase !== 'Succeeded' && first && !(own && hasFailed(own)) && !isBegun(own))
    return `${upperFirst(sync)} does not come to ${label}: ${placed(first)} fails first: ${withoutDot(first.message)}.`;
  const what = own?.status === 'SyncFailed' ? 'is refused' : 'fails';
  const condition = `If ${label} ${what}, ${sync}`;
  switch (run.phase) {
    case 'Succeeded':
      return `${condition} succeeds all the same: nothing waits for it.`;
    case 'Running':
      return `${condition} never ends (${withoutDot(run.message)}): terminating it is the way out.`;
    default: {
      const why = withoutDot((own && hasFailed(own) ? own.message : '') || run.message);
      return `${condition} fails in ${phase}${why === '' ? '' : `: ${why}`}.`;
    }
  }
}

const isBegun = (run: TaskRun | undefined): boolean => run !== undefined && (run.status !== '' || run.hookPhase !== '');

const placed = ({ task, phase, wave }: TaskRun): string => `${objectLabel(task)} (${phase} ${waveText(wave)})`;

function syncFailSentence(plan: ApplicationPlan, run: RunState): string {
  const there = placesIn(plan.plans.syncFail).length;
  const ran = [...run.tasks.values()].filter((task) => task.phase === 'SyncFail' && isBegun(task));
  if (ran.length > 0) {
    const labels = ran.map((task) => `${objectLabel(task.task)}${hasFailed(task) ? ' (fails, too)' : ''}`);
    return `Hooks of SyncFail that run: ${labels.join(', ')}.`;
  }
  return there === 0
    ? 'There is no SyncFail hook that would run.'
    : `${counted(there, 'hook')} of SyncFail: none runs.`;
}

function nextSentence(plan: ApplicationPlan, run: RunState, most: number): string[] {
  const { next } = run;
  if (!next) return [];
  if (next.phase === 'Succeeded') return ['Once its cause is gone, the next sync succeeds.'];
  const again = 'Once its cause is gone, the next sync still does not succeed';
  if (next.phase === 'Running') return [`${again}, it waits for ever: ${withoutDot(next.message)}.`];
  const [first, ...more] = next.failed;
  if (!first) return [`${again}: ${withoutDot(next.message)}.`];
  const others =
    more.length === 0
      ? ''
      : ` (and ${listed(
          more.map(({ task }) => objectLabel(task)),
          most,
        )})`;
  const finds = `${again}: it finds ${objectLabel(first.task)}${others} as it was left (${withoutDot(first.message)}).`;
  const isHook = placesIn(plan.plans.sync).some(
    ({ phase, task }) => task.hook.length > 0 && findRun(run, phase, task, plan.namespace)?.task === first.task,
  );
  return isHook && run.left.includes(first.task)
    ? [finds, 'Delete it before, or give it the delete policy BeforeHookCreation.']
    : [finds];
}
