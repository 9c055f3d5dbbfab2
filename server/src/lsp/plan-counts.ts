import type { ApplicationPlan } from '../core/plan/model.ts';
import { allPlaces, taskKey, usesOrdering } from '../core/plan/query.ts';
import type { ApplicationSummary } from './protocol.ts';

export type PlanCounts = Pick<ApplicationSummary, 'resources' | 'hooks' | 'leftOut' | 'problems' | 'ordered'>;

/** What a list of applications says of one: how many manifests and hooks it has, and whether the order matters. */
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
