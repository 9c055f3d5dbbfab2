import type { ApplicationPlan, PhaseList, PlanPhaseName, PlanTask, PlanWave } from './model.ts';

/** Where one task stands in a serialised plan. */
export interface PlanPlace {
  readonly phase: PlanPhaseName;
  readonly wave: PlanWave;
  readonly task: PlanTask;
  /** 0-based place among the tasks of its list (sync, SyncFail or deletion), and their number. */
  readonly index: number;
  readonly total: number;
}

/** All tasks of a wave, batch after batch. */
export const tasksOf = ({ batches }: PlanWave): PlanTask[] => batches.flatMap(({ tasks }) => tasks);

/** All waves of a plan: of the sync first, then of SyncFail, then of deletion. */
export const allWaves = ({ plans }: ApplicationPlan): PlanWave[] =>
  [plans.sync, plans.syncFail, plans.delete].flatMap(({ phases }) => phases.flatMap(({ waves }) => waves));

/** All tasks of a list of phases, in the order in which they run. */
export function placesIn(list: PhaseList): PlanPlace[] {
  const places = list.phases.flatMap(({ phase, waves }) =>
    waves.flatMap((wave) => tasksOf(wave).map((task) => ({ phase, wave, task }))),
  );
  return places.map((place, index) => ({ ...place, index, total: places.length }));
}

/** Every place in which a plan runs something, the sync first, then SyncFail, then deletion. */
export const allPlaces = ({ plans }: ApplicationPlan): PlanPlace[] => [
  ...placesIn(plans.sync),
  ...placesIn(plans.syncFail),
  ...placesIn(plans.delete),
];

/** Key of a task: `group/Kind/namespace/name`, with the prefix of a generated name in place of the name. */
export const taskKey = (task: Pick<PlanTask, 'group' | 'kind' | 'namespace' | 'name' | 'generateName'>): string =>
  `${task.group}/${task.kind}/${task.namespace}/${task.name || (task.generateName ?? '')}`;

/** `db-migration`, or `app-slack-notification-…` where the name is generated at the start of a sync. */
export const taskName = (task: Pick<PlanTask, 'name' | 'generateName'>): string =>
  task.name || `${task.generateName ?? ''}…`;

/** Does the application use the order at all: a hook, a wave other than 0, or more than one phase? */
export function usesOrdering(plan: ApplicationPlan): boolean {
  const places = allPlaces(plan);
  return places.some(({ task, phase }) => task.hook.length > 0 || task.declaredWave !== 0 || phase !== 'Sync');
}
