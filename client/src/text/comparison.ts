import type { PlanChange, PlanPoint } from '#core/plan/diff-model';
import type { ApplicationPlan } from '#core/plan/model';
import { signed } from '#core/plan/words';

/** What is different from an earlier revision. */
export interface Comparison {
  readonly revision: { readonly name: string; readonly short: string };
  /** By the plan as it stands. */
  readonly changes: ReadonlyMap<ApplicationPlan, readonly PlanChange[]>;
  /** Applications of the revision that are not there any more. */
  readonly gone: readonly GoneApplication[];
}

export interface GoneApplication {
  readonly plan: ApplicationPlan;
  readonly changes: readonly PlanChange[];
}

/** `HEAD~1 (1a2b3c4)`; a hash that was asked for stands alone. */
export const revisionText = ({ name, short }: Comparison['revision']): string =>
  name.startsWith(short) ? short : `${name} (${short})`;

/** `+`, `−` or `~`: how a change stands beside its task. */
export function changeSign({ change }: PlanChange): '+' | '−' | '~' {
  if (change === 'added') return '+';
  return change === 'removed' || change === 'dropped' ? '−' : '~';
}

/** `PreSync −1`; a dash for no place. */
export const pointText = (point: PlanPoint | null): string => (point ? `${point.phase} ${signed(point.wave)}` : '–');

/** `PreSync −1 → PostSync 0`, or the one place that there is. */
export function movedText({ from, to }: PlanChange): string {
  const places = [from, to].flatMap((point) => (point ? [pointText(point)] : []));
  return [...new Set(places)].join(' → ');
}

/** The signs of changed tasks, by phase, wave and key of where they stand now. */
export function changeSigns(changes: readonly PlanChange[]): ReadonlyMap<string, string> {
  const signs = new Map<string, string>();
  for (const change of changes) {
    if (!change.to) continue;
    const at = signKey(change.to, change.task);
    if (!signs.has(at)) signs.set(at, changeSign(change));
  }
  return signs;
}

export const signKey = ({ phase, wave }: PlanPoint, task: string): string => `${phase} ${wave} ${task}`;
