import { DELETE_PHASES, SYNC_PHASES } from '../annotations/keys.ts';
import { diffTasks, LeftOut, matchTasks } from './diff-match.ts';
import type { DiffPair, DiffSkipped, DiffTask, PlanChange, PlanChangeDetail, PlanChangeKind } from './diff-model.ts';
import { ChangeWords, type LeftOutCase } from './diff-words.ts';
import type { ApplicationPlan } from './model.ts';

/**
 * What is different between two plans of one application, in the order of the newer plan; what left a wave stands before
 * what is in it. A task is known by group, kind, namespace, name (or generated name) and the phase in which it runs, so
 * that what was renamed is removed and added. Undefined stands for an application that is not there. Costs one walk over
 * both plans.
 */
export function diffPlans(from: ApplicationPlan | undefined, to: ApplicationPlan | undefined): PlanChange[] {
  const before = diffTasks(from);
  const after = diffTasks(to);
  const { pairs, gone, come } = matchTasks(before, after);
  const words = new ChangeWords({ before, after, pairs });
  const leftBefore = new LeftOut(from);
  const leftAfter = new LeftOut(to);
  const changes = [
    ...pairs.flatMap((pair) => pairChanges(pair, words)),
    ...gone.map((task) => {
      const skipped = leftAfter.tell(task.key);
      return skipped ? leftOutChange('dropped', skipped, task) : goneChange(task, words);
    }),
    ...come.map((task) => comeChange(task, leftBefore.tell(task.key) !== undefined, words)),
    ...leftBefore.without(leftAfter).map((skipped) => leftOutChange('gone', skipped)),
    ...leftAfter.without(leftBefore).map((skipped) => leftOutChange('new', skipped)),
  ];
  return inPlanOrder(changes, [...after, ...before]);
}

function pairChanges(pair: DiffPair, words: ChangeWords): PlanChange[] {
  const { before, after } = pair;
  const detail = becomes(pair);
  const common = { task: after.key, from: before.point, to: after.point, ...fileOf(after.task) };
  const isMoved = before.point.phase !== after.point.phase || before.point.wave !== after.point.wave;
  const changes: PlanChange[] = [];
  if (isMoved || detail)
    changes.push({ change: 'moved', ...detailOf(detail), ...common, text: words.moved(pair, detail) });
  if (before.waits !== after.waits)
    changes.push({ change: after.waits ? 'gated' : 'ungated', ...common, text: words.gate(pair) });
  return changes;
}

function becomes({ before, after }: DiffPair): PlanChangeDetail | undefined {
  const was = before.task.hook.length > 0;
  const is = after.task.hook.length > 0;
  return was === is ? undefined : is ? 'becomes-hook' : 'becomes-resource';
}

const goneChange = (task: DiffTask, words: ChangeWords): PlanChange => ({
  ...{ change: 'removed', task: task.key, from: task.point, to: null, text: words.removed(task) },
});

const comeChange = (task: DiffTask, restored: boolean, words: ChangeWords): PlanChange => ({
  change: 'added',
  ...detailOf(restored ? 'restored' : undefined),
  ...{ task: task.key, from: null, to: task.point, text: words.added(task, restored), ...fileOf(task.task) },
});

const leftOutChange = (what: LeftOutCase, { key, manifest }: DiffSkipped, before?: DiffTask): PlanChange => ({
  change: what === 'gone' ? 'removed' : 'dropped',
  ...{ task: key, from: before?.point ?? null, to: null, text: ChangeWords.leftOut(what, manifest) },
  ...(what === 'gone' ? {} : fileOf(manifest)),
});

const detailOf = (detail: PlanChangeDetail | undefined): Pick<PlanChange, 'detail'> =>
  detail === undefined ? {} : { detail };

const fileOf = ({
  file,
  line,
}: {
  readonly file?: string;
  readonly line?: number;
}): Pick<PlanChange, 'file' | 'line'> => ({
  ...(file === undefined ? {} : { file }),
  ...(line === undefined ? {} : { line }),
});

const PHASES: readonly string[] = [...SYNC_PHASES, ...DELETE_PHASES];
const KINDS: readonly PlanChangeKind[] = ['removed', 'dropped', 'added', 'moved', 'gated', 'ungated'];

/** @param tasks of the newer plan, then of the older one: the order within a wave */
function inPlanOrder(changes: readonly PlanChange[], tasks: readonly DiffTask[]): PlanChange[] {
  const places = new Map<string, number>();
  tasks.forEach(({ key, point: { phase, wave } }, index) => {
    const id = `${phase} ${wave} ${key}`;
    if (!places.has(id)) places.set(id, index);
  });
  const ranked = changes.map((change) => {
    const at = change.to ?? change.from;
    const rank = at
      ? [PHASES.indexOf(at.phase), at.wave, change.to ? 1 : 0, places.get(`${at.phase} ${at.wave} ${change.task}`) ?? 0]
      : [PHASES.length, 0, 0, 0];
    return { change, rank: [...rank, KINDS.indexOf(change.change)] };
  });
  return ranked.sort((a, b) => compareRanks(a.rank, b.rank)).map(({ change }) => change);
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (const [i, rank] of a.entries()) {
    const difference = rank - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
