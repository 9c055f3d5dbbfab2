import type { Memento } from 'vscode';
import type { ApplicationRef } from '#protocol';
import { learned, readDurations, type Durations } from '../../timeline/estimates.ts';
import type { PlanStore } from '../plan/store.ts';
import { applicationId } from '../plan/node.ts';
import type { RunState } from '../sync/run-state.ts';
import { durationsOf } from './facts.ts';

const DURATIONS = 'timeline.durations';

/** So many applications are remembered; then the one that ran longest ago is forgotten. */
const MOST = 50;

const kept = (state: Memento): [string, unknown][] => {
  const value: unknown = state.get(DURATIONS);
  return Array.isArray(value) ? value.filter((entry): entry is [string, unknown] => Array.isArray(entry)) : [];
};

/** How long the tasks of an application took the last time, as this workspace remembers it. */
export const lastDurations = (state: Memento, application: ApplicationRef): Durations =>
  readDurations(kept(state).find(([id]) => id === applicationId(application))?.[1]);

/** Remembers how long the tasks of a finished run took: durations and names of objects, nothing of the cluster. */
export function rememberDurations(state: Memento, store: Pick<PlanStore, 'planOf'>, run: RunState): void {
  const plan = store.planOf(run.application);
  // How long deletions take tells nothing of the next sync.
  if (!plan || run.deletes === true) return;
  const { durations, ids } = durationsOf(plan, run);
  if (Object.keys(durations).length === 0) return;
  const id = applicationId(run.application);
  const now = learned(lastDurations(state, run.application), durations, ids);
  const others = kept(state).filter(([other]) => other !== id);
  void state.update(DURATIONS, [[id, now], ...others].slice(0, MOST));
}
