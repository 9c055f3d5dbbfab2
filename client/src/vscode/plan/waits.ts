import type { ApplicationPlan, PlanPhaseName, PlanTask, Until } from '#core/plan/model';
import { upperFirst } from '#core/plan/words';
import { placesIn, taskKey, type PlanPlace } from '#core/plan/query';

/** What waits for a task. */
export type Waiting =
  | { readonly kind: 'waits'; readonly until: Until; readonly next: readonly PlanPlace[] }
  /** Nothing waits for it, and why. */
  | { readonly kind: 'free'; readonly reason: string };

/** What comes after a task of a plan and waits for it, in the order in which it runs. */
export function waitingFor({ plans }: ApplicationPlan, phase: PlanPhaseName, task: PlanTask): Waiting {
  const list = [plans.sync, plans.syncFail, plans.delete].find(({ phases }) =>
    phases.some((one) => one.phase === phase),
  );
  const places = list ? placesIn(list) : [];
  const key = taskKey(task);
  const at = places.findIndex((place) => place.phase === phase && taskKey(place.task) === key);
  const own = places[at];
  if (!own) return { kind: 'free', reason: 'It is not in the plan any more.' };
  const { gate } = own.wave;
  const awaited = gate.for.find((entry) => entry.task === key);
  if (!awaited) {
    const reason = gate.notWaitedFor.find((entry) => entry.task === key)?.reason;
    return { kind: 'free', reason: reason === undefined ? 'Nothing comes after it.' : `${upperFirst(reason)}.` };
  }
  return { kind: 'waits', until: awaited.until, next: places.slice(at + 1).filter(({ wave }) => wave !== own.wave) };
}

/** A wave in use: its number, and what stands in it. */
export interface WaveInUse {
  readonly wave: number;
  readonly tasks: readonly PlanPlace[];
}

/** The waves of some phases of a plan, in their order. */
export function wavesInUse({ plans }: ApplicationPlan, phases: ReadonlySet<PlanPhaseName>): WaveInUse[] {
  const waves = new Map<number, PlanPlace[]>();
  for (const place of [...placesIn(plans.sync), ...placesIn(plans.syncFail)]) {
    if (!phases.has(place.phase)) continue;
    const there = waves.get(place.wave.wave);
    if (there) there.push(place);
    else waves.set(place.wave.wave, [place]);
  }
  return [...waves].map(([wave, tasks]) => ({ wave, tasks })).sort((a, b) => a.wave - b.wave);
}
