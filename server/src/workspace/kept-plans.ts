import { countPlan, countsOf, type PlanCounts } from '../core/plan/counts.ts';
import type { PlanInput } from '../core/plan/drafts.ts';
import type { ApplicationPlan } from '../core/plan/model.ts';
import { planApplication } from '../core/plan/plan.ts';
import type { Application } from './model.ts';

/** A plan with a version that grows whenever a file of its application, or the application itself, is another one. */
export interface VersionedPlan {
  readonly plan: ApplicationPlan;
  readonly version: number;
}

/** Plans and counts of the current applications none of whose files changed since. */
export class KeptPlans {
  readonly #plans = new Map<Application, VersionedPlan>();
  readonly #counts = new Map<Application, PlanCounts>();
  #members: ReadonlySet<Application> = new Set();
  #version = 0;

  /** These are the applications from now on. */
  keepOnly(applications: readonly Application[]): void {
    this.#members = new Set(applications);
    for (const kept of [this.#plans, this.#counts]) {
      for (const application of kept.keys()) if (!this.#members.has(application)) kept.delete(application);
    }
  }

  outdate(application: Application): void {
    this.#plans.delete(application);
    this.#counts.delete(application);
  }

  clear(): void {
    this.#plans.clear();
    this.#counts.clear();
  }

  plan(application: Application): VersionedPlan | undefined {
    return this.#plans.get(application);
  }

  makePlan(application: Application, input: PlanInput): VersionedPlan {
    const fresh: VersionedPlan = { plan: planApplication(input), version: ++this.#version };
    // Somebody may still hold an application that is none any more.
    if (this.#members.has(application)) this.#plans.set(application, fresh);
    return fresh;
  }

  counts(application: Application): PlanCounts | undefined {
    return this.#counts.get(application);
  }

  makeCounts(application: Application, input: PlanInput): PlanCounts {
    const kept = this.#plans.get(application);
    const counts = kept ? countsOf(kept.plan) : countPlan(input);
    if (this.#members.has(application)) this.#counts.set(application, counts);
    return counts;
  }
}
