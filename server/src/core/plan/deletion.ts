import { DELETE_PHASES } from '../annotations/keys.ts';
import { compareBytes } from '../object.ts';
import { whyKept } from '../sync/deletion-rules.ts';
import type { ApplicationPlan, Gate, PlanPhase, PlanPhaseName, PlanTask, PlanWave, Reason } from './model.ts';
import { allPlaces, taskKey, tasksOf } from './query.ts';

/** A live object, and what a deletion of its application does with it. */
export interface DeletionRow {
  /** `group/Kind/namespace/name`. */
  readonly task: string;
  readonly wave: number;
  /** Why it stays; absent: it is deleted. */
  readonly kept?: string;
}

/** Is this a phase of a deletion, and of no sync? */
export const isOfDeletion = (phase: PlanPhaseName): boolean => phase === 'Delete' || DELETE.has(phase);
const DELETE: ReadonlySet<string> = new Set(DELETE_PHASES);

const REASON: Reason<'default'> = {
  code: 'default',
  text: 'Deleted with the application, after its PreDelete hooks and before its PostDelete hooks.',
};

/**
 * The deletion of an application: PreDelete hooks, what it has from the highest wave to the lowest, PostDelete hooks.
 * @param live what a cluster has of it; absent: what a sync of its manifests leaves there
 * Source: controller/appcontroller.go `finalizeApplicationDeletion`.
 */
export function deletionOf(plan: ApplicationPlan, live?: readonly DeletionRow[]): PlanPhase[] {
  const tasks = withHooks(live ? live.map((row) => taskOf(row, plan)) : leftBySync(plan), plan);
  const waves = [...new Set(tasks.map(({ wave }) => wave))].sort((a, b) => b - a);
  const hooks = (phase: (typeof DELETE_PHASES)[number]): readonly PlanPhase[] =>
    plan.plans.delete.phases.filter((one) => one.phase === phase);
  const resources: PlanPhase = {
    phase: 'Delete',
    waves: waves.map((wave) =>
      waveOf(
        wave,
        tasks.filter((task) => task.wave === wave),
      ),
    ),
  };
  return [...hooks('PreDelete'), ...(tasks.length === 0 ? [] : [resources]), ...hooks('PostDelete')];
}

/** What a sync leaves: its resources, and hooks that no policy takes away when they have succeeded. */
function leftBySync({ plans }: ApplicationPlan): PlanTask[] {
  const unique = new Map(
    tasksIn(plans.sync.phases)
      .filter(isLeft)
      .map((task) => [taskKey(task), task]),
  );
  return [...unique.values()].map((task) => deleted(task, task.declaredWave, task.kept ?? keptByKind(task)));
}

/** PreDelete hooks go with the resources, once they have run. */
function withHooks(tasks: readonly PlanTask[], { plans, namespace }: ApplicationPlan): readonly PlanTask[] {
  const known = new Set(tasks.map(taskKey));
  const before = tasksIn(plans.delete.phases.filter(({ phase }) => phase === 'PreDelete'));
  const further = before.filter((task) => ![task, { ...task, namespace }].some((one) => known.has(taskKey(one))));
  return [...tasks, ...further.map((task) => deleted(task, task.declaredWave, task.kept))];
}

const tasksIn = (phases: readonly PlanPhase[]): PlanTask[] => phases.flatMap(({ waves }) => waves.flatMap(tasksOf));

const isLeft = ({ hook, deletePolicies }: PlanTask): boolean =>
  hook.length === 0 || !deletePolicies.includes('HookSucceeded');

const keptByKind = ({ group, version, kind }: PlanTask): string | undefined =>
  whyKept({ apiVersion: group === '' ? version : `${group}/${version}`, kind }, null);

/** The task of a live object: that of its manifest, or one made up where it has none. */
function taskOf({ task: key, wave, kept }: DeletionRow, plan: ApplicationPlan): PlanTask {
  const known = manifestOf(key, plan);
  if (known) return deleted(known, wave, kept);
  const [group = '', kind = '', namespace = '', ...name] = key.split('/');
  const waveReason = { code: 'default', text: 'Its live object says so; no manifest has it.' } as const;
  const place = { group, version: '', kind, namespace, name: name.join('/'), generateName: null };
  return deleted(
    {
      ...{ ...place, hook: [], deletePolicies: [], prune: false, wave, declaredWave: wave },
      ...{ phaseReason: REASON, waveReason },
    },
    wave,
    kept,
  );
}

/** @param kept what a cluster says counts, whatever the manifest says */
function deleted(task: PlanTask, wave: number, kept: string | undefined): PlanTask {
  const place: { -readonly [K in keyof PlanTask]: PlanTask[K] } = { ...task, phaseReason: REASON };
  place.wave = wave;
  place.declaredWave = wave;
  if (kept === undefined) delete place.kept;
  else place.kept = kept;
  return place;
}

const indexes = new WeakMap<ApplicationPlan, ReadonlyMap<string, PlanTask>>();

/** The manifest of a live object: by group, kind and name, for a manifest may leave its namespace open. */
function manifestOf(key: string, plan: ApplicationPlan): PlanTask | undefined {
  let index = indexes.get(plan);
  if (!index) {
    const places = allPlaces(plan).toReversed();
    index = new Map(places.map(({ task }) => [`${task.group}/${task.kind}/${task.name}`, task]));
    indexes.set(plan, index);
  }
  const [group = '', kind = '', namespace = '', ...name] = key.split('/');
  const found = index.get(`${group}/${kind}/${name.join('/')}`);
  if (!found || (found.namespace !== '' && found.namespace !== namespace)) return undefined;
  return { ...found, namespace };
}

function waveOf(wave: number, tasks: readonly PlanTask[]): PlanWave {
  const sorted = tasks.toSorted((a, b) => compareBytes(taskKey(a), taskKey(b)));
  const going = sorted.filter(({ kept }) => kept === undefined);
  const gate: Gate = {
    waits: going.length > 0,
    for: going.map((task) => ({ task: taskKey(task), until: 'gone' })),
    notWaitedFor: sorted.flatMap((task) =>
      task.kept === undefined ? [] : [{ task: taskKey(task), reason: task.kept }],
    ),
    mayHang: [],
  };
  const kinds = [...new Set(sorted.map(({ group, kind }) => `${group}/${kind}`))];
  const batches = kinds.map((key) => {
    const own = sorted.filter(({ group, kind }) => `${group}/${kind}` === key);
    return { group: own[0]?.group ?? '', kind: own[0]?.kind ?? '', tasks: own };
  });
  return { wave, gate, batches };
}
