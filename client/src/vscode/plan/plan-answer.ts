import { patched } from '#core/patch';
import type { PlanAnswer, PlanResult } from '#protocol';

/** The plan of an answer, which may only tell what became of the one that is known. */
export function planIn(answer: PlanAnswer | null, known: PlanResult | undefined): PlanResult | null {
  if (!answer || 'plan' in answer) return answer;
  const { application, version, patch } = answer;
  return known ? { application, version, plan: patched(known.plan, patch ?? undefined) } : null;
}
