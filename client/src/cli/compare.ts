import { diffPlans } from '#core/plan/diff';
import type { PlanChange } from '#core/plan/diff-model';
import { pairApplications, type Application, type ApplicationPlan, type Revision } from '#service';
import type { Comparison, GoneApplication } from '../text/comparison.ts';
import { UsageError } from './args.ts';
import type { Config } from './config.ts';
import { openRevision } from './earlier.ts';
import { renderAll } from './rendering.ts';
import { isMeant, STDIN, type Opened } from './workspace.ts';

export interface CompareRequest {
  readonly opened: Opened;
  readonly revision: string;
  /** `--application`. */
  readonly wanted: string | undefined;
  readonly config: Config;
}

/** What a call's applications were at a revision, beside their plans of now. */
export interface Compared extends Comparison {
  readonly revision: Revision;
}

/**
 * Compares the plans of a call with those of a Git revision.
 * @param plans of the opened applications, in their order
 * @throws UsageError where there is no such revision
 */
export async function comparePlans(
  { opened, revision: name, wanted, config }: CompareRequest,
  plans: readonly ApplicationPlan[],
): Promise<Compared> {
  const { asked, read, service, applications } = opened;
  if (asked.includes(STDIN)) throw new UsageError('--diff compares files: the standard input has no earlier revision');
  const { service: before, revision } = await openRevision('--diff', name, read, config);
  const { pairs, gone } = pairApplications(before.applications(), service.applications());
  const earlier = new Map(pairs.map((pair) => [pair.now, pair.before]));
  const lost = gone.filter(
    (one) => asked.some((place) => isMeant(one, place)) && (wanted === undefined || one.name === wanted),
  );
  await renderAll(before, [...applications.flatMap((one) => earlier.get(one) ?? []), ...lost]);
  const planOf = (application: Application | undefined): ApplicationPlan | undefined =>
    application && before.plan(application);
  const changes = new Map<ApplicationPlan, readonly PlanChange[]>();
  applications.forEach((application, i) => {
    const plan = plans[i];
    if (plan) changes.set(plan, diffPlans(planOf(earlier.get(application)), plan));
  });
  return {
    revision,
    changes,
    gone: lost.map((application): GoneApplication => {
      const plan = before.plan(application);
      return { plan, changes: diffPlans(plan, undefined) };
    }),
  };
}
