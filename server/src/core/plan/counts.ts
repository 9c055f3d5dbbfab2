import { declaredWave, deletePhases, isHook, isSkip } from '../annotations/classify.ts';
import { draftPlan, type PlanInput } from './drafts.ts';
import type { ApplicationPlan, PlanTask } from './model.ts';
import { planApplication } from './plan.ts';
import { taskKey, tasksOf } from './query.ts';

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
  const { sync, syncFail, delete: deletion } = plan.plans;
  const phases = [...sync.phases, ...syncFail.phases, ...deletion.phases];
  // A hook of several phases is one manifest; what no file holds is told apart by its name.
  const several = new Set<string>();
  let [resources, hooks, hanging, ordered] = [0, 0, 0, false];
  for (const { phase, waves } of phases) {
    for (const wave of waves) {
      const mayHang = new Set(wave.gate.mayHang.map(({ task }) => task));
      for (const task of tasksOf(wave)) {
        ordered ||= task.hook.length > 0 || task.declaredWave !== 0 || phase !== 'Sync';
        if (mayHang.size > 0 && mayHang.has(taskKey(task))) hanging++;
        if (task.hook.length > 1) several.add(manifestKey(task));
        else {
          resources++;
          hooks += task.hook.length;
        }
      }
    }
  }
  const unwanted = plan.skipped.filter(({ reason }) => reason.code !== 'skip').length;
  return {
    resources: resources + several.size,
    hooks: hooks + several.size,
    leftOut: plan.skipped.length,
    problems: plan.problems.length + unwanted + hanging,
    ordered,
  };
}

const manifestKey = (task: PlanTask): string =>
  `${task.file ?? ''}:${task.line ?? ''}:${task.kind}/${task.name || (task.generateName ?? '')}`;
