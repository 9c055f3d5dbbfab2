import type { ApplicationPlan, PlanWave } from '../core/plan/model.ts';
import { placesIn, taskKey, taskName, usesOrdering, type PlanPlace } from '../core/plan/query.ts';
import { gateNote } from '../core/plan/words.ts';
import { ordinal } from './naming.ts';

/** The plan that a document is part of, prepared for questions about single manifests. */
export interface PlanView {
  readonly plan: ApplicationPlan;
  /** The application uses hooks or waves, so that the place of an ordinary resource says something. */
  readonly ordered: boolean;
  /** Places of the manifest that a file holds at a line (1-based): the sync, then SyncFail, then deletion. */
  readonly placesAt: (file: string, line: number) => readonly PlanPlace[];
  /** Why the manifest that a file holds at a line (1-based) is left out of the plan; undefined where it is not. */
  readonly leftOutAt: (file: string, line: number) => string | undefined;
  /** The tasks of the sync, in the order in which they run. */
  readonly sync: readonly PlanPlace[];
  /** The same, wave by wave. */
  readonly waves: readonly (readonly PlanPlace[])[];
  /** Index of a wave in `waves`; undefined for a wave of another list. */
  readonly waveIndex: (wave: PlanWave) => number | undefined;
}

/** Prepares a plan; costs one walk over it. */
export function viewOf(plan: ApplicationPlan): PlanView {
  const sync = placesIn(plan.plans.sync);
  const byPlace = new Map<string, PlanPlace[]>();
  for (const place of [...sync, ...placesIn(plan.plans.syncFail), ...placesIn(plan.plans.delete)]) {
    if (place.task.file === undefined || place.task.line === undefined) continue;
    const key = `${place.task.line}:${place.task.file}`;
    const there = byPlace.get(key);
    if (there) there.push(place);
    else byPlace.set(key, [place]);
  }
  const leftOut = new Map(plan.skipped.map(({ file = '', line = 0, reason }) => [`${line}:${file}`, reason.text]));
  const waves: PlanPlace[][] = [];
  const indices = new Map<PlanWave, number>();
  for (const place of sync) {
    const last = indices.get(place.wave);
    if (last === undefined) indices.set(place.wave, waves.push([place]) - 1);
    else waves[last]?.push(place);
  }
  return {
    plan,
    ordered: usesOrdering(plan),
    placesAt: (file, line) => byPlace.get(`${line}:${file}`) ?? [],
    leftOutAt: (file, line) => leftOut.get(`${line}:${file}`),
    sync,
    waves,
    waveIndex: (wave) => indices.get(wave),
  };
}

/** `1st of 9`; of the tasks that run together in its list. */
export const positionText = ({ index, total }: PlanPlace): string => `${ordinal(index + 1)} of ${total}`;

/** What the gate of the task's wave means for what comes after it: `next waits until it completes`; else empty or `last`. */
export function gateText({ wave, task, index, total }: PlanPlace): string {
  const last = index + 1 >= total;
  const note = gateNote(wave.gate, taskKey(task));
  if (last && !note.startsWith('waits')) return 'last';
  return note === '' ? '' : `${last ? 'the sync' : 'next'} ${note}`;
}

/** `Job db-migration` of a task. */
export const taskLabel = ({ task }: PlanPlace): string => `${task.kind} ${taskName(task)}`;
