import { declaredWave, deletePhases, isHook, isSkip } from '../annotations/classify.ts';
import { draftPlan, type PlanInput } from './drafts.ts';
import type { ApplicationPlan } from './model.ts';
import { planApplication } from './plan.ts';
import { allPlaces, taskKey, usesOrdering } from './query.ts';

/** What a list of applications says of one. */
export interface PlanCounts {
  /** Manifests that take part in a sync or a deletion, hooks included. */
  readonly resources: number;
  readonly hooks: number;
  /** Manifests that no sync applies. */
  readonly leftOut: number;
  /** What could not be read or is left out unwanted, and what may wait for ever. */
  readonly problems: number;
  /** Uses hooks or waves at all. */
  readonly ordered: boolean;
}

/** The counts of an application's plan. It is planned only where the order matters: elsewhere nothing waits. */
export function countPlan(input: PlanInput): PlanCounts {
  const { kept, replaced, deleteHooks, drafts } = draftPlan(input);
  const inSync = new Set(drafts.map(({ source }) => source));
  const planned = [...kept, ...deleteHooks].filter(
    ({ object }) => inSync.has(object) || deletePhases(object).length > 0,
  );
  const ordered =
    inSync.has(undefined) || planned.some(({ object }) => isHook(object) || declaredWave(object).wave !== 0);
  if (ordered) return countsOf(planApplication(input));
  const out = kept.filter(({ object }) => !inSync.has(object));
  const unwanted = out.filter(({ object }) => !isSkip(object)).length + replaced.length;
  return {
    resources: planned.length,
    hooks: 0,
    leftOut: out.length + replaced.length,
    problems: (input.problems ?? []).length + unwanted,
    ordered: false,
  };
}

/** The same of a plan that is made. */
export function countsOf(plan: ApplicationPlan): PlanCounts {
  const resources = new Set<string>();
  const hooks = new Set<string>();
  let hanging = 0;
  for (const { task, wave } of allPlaces(plan)) {
    // A hook of two phases is one manifest; what no file holds is told apart by its name.
    const manifest = `${task.file ?? ''}:${task.line ?? ''}:${task.kind}/${task.name || (task.generateName ?? '')}`;
    resources.add(manifest);
    if (task.hook.length > 0) hooks.add(manifest);
    if (wave.gate.mayHang.length > 0 && wave.gate.mayHang.some((hang) => hang.task === taskKey(task))) hanging++;
  }
  const unwanted = plan.skipped.filter(({ reason }) => reason.code !== 'skip').length;
  return {
    resources: resources.size,
    hooks: hooks.size,
    leftOut: plan.skipped.length,
    problems: plan.problems.length + unwanted + hanging,
    ordered: usesOrdering(plan),
  };
}
