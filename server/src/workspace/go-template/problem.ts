/** Why a template has no text here: Argo CD would fail too, or it needs something that is not known. A clause, without a period. */
export class TemplateProblem extends Error {}

/** @throws TemplateProblem */
export function fail(why: string): never {
  throw new TemplateProblem(why);
}
