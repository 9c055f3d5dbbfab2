import type { PlanNode } from './node.ts';

/** Rows that hold problems, whatever else they say. */
export const PROBLEM_WORD = '@problem';

/** What a row has to hold: every word, in any order. */
export function matcherOf(filter: string): (words: string, problem: boolean) => boolean {
  const wanted = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const problems = wanted.includes(PROBLEM_WORD);
  const words = wanted.filter((word) => word !== PROBLEM_WORD);
  return (text, problem) => (!problems || problem) && words.every((word) => text.includes(word));
}

export interface Filtered {
  readonly nodes: readonly PlanNode[];
  /** Rows at the ends of the tree: those that matched, and all. */
  readonly matched: number;
  readonly total: number;
}

/**
 * The part of a tree whose rows match. A row at an end of the tree matches by its own words and those of the rows above
 * it (`presync job` finds the Jobs of PreSync); the rows above a match stay.
 */
export function filterNodes(nodes: readonly PlanNode[], filter: string): Filtered {
  const matches = matcherOf(filter);
  let [matched, total] = [0, 0];
  const prune = (node: PlanNode, above: string): PlanNode | undefined => {
    const children = node.children ?? [];
    // What is below an application says enough; its own counts would match numbers of waves.
    const words = node.kind === 'application' ? `${above} ${node.label.toLowerCase()}` : `${above} ${node.words}`;
    if (children.length === 0) {
      total++;
      if (node.kind === 'application' || !matches(words, node.problems.length > 0)) return undefined;
      matched++;
      return node;
    }
    const heading = node.kind === 'phase' || node.kind === 'wave' ? `${above} ${node.label.toLowerCase()}` : above;
    const kept = children.flatMap((child) => prune(child, node.kind === 'application' ? words : heading) ?? []);
    return kept.length === 0 ? undefined : node.with(kept);
  };
  const kept = nodes.flatMap((node) => prune(node, '') ?? []);
  return { nodes: kept, matched, total };
}
