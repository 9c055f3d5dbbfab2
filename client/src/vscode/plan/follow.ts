import { allWaves, tasksOf } from '#core/plan/query';
import type { ApplicationPlan } from '#core/plan/model';
import type { PlanNode } from './node.ts';

/** All rows below these, from top to bottom. */
export function* everyNode(nodes: readonly PlanNode[]): Generator<PlanNode> {
  for (const node of nodes) {
    yield node;
    yield* everyNode(node.children ?? []);
  }
}

/**
 * The row of the manifest that holds a line of a file: the last one that starts at or above it. The first of several
 * tasks of that manifest. @param line 1-based
 */
export function nodeAt(nodes: readonly PlanNode[], folder: string, file: string, line: number): PlanNode | undefined {
  let best: PlanNode | undefined;
  for (const node of everyNode(nodes)) {
    const { place } = node;
    if (place?.folder !== folder || place.file !== file || place.line > line) continue;
    if (!best?.place || place.line > best.place.line) best = node;
  }
  return best;
}

const filesIn = new WeakMap<ApplicationPlan, ReadonlySet<string>>();

/** Does a plan name the file? Tells without making rows whether it is worth looking for one. */
export function namesFile(plan: ApplicationPlan, file: string): boolean {
  let files = filesIn.get(plan);
  if (!files) {
    const tasks = allWaves(plan).flatMap(tasksOf);
    files = new Set([...tasks, ...plan.skipped, ...plan.problems].flatMap(({ file: own }) => own ?? []));
    filesIn.set(plan, files);
  }
  return files.has(file);
}
