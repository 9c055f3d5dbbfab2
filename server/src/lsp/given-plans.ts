import { patchOf } from '../core/patch.ts';
import type { VersionedPlan } from '../workspace/kept-plans.ts';
import { refKey, type Folder } from './folder.ts';
import type { ApplicationRef, PlanAnswer } from './protocol.ts';

interface Given extends VersionedPlan {
  readonly folder: Folder;
}

/**
 * The plans that the client was given last. Where it holds one of them it is told what changed since: of a plan of
 * 5,000 tasks, which is 2.5 MB of JSON, one edit changes a few hundred bytes.
 */
export class GivenPlans {
  readonly #given = new Map<string, Given>();

  /** @param since version of the plan that the client holds; undefined: it holds none */
  answer(folder: Folder, application: ApplicationRef, { plan, version }: VersionedPlan, since?: number): PlanAnswer {
    const key = refKey(application);
    const before = this.#given.get(key);
    this.#given.set(key, { folder, plan, version });
    if (since === undefined || before?.version !== since || before.folder !== folder)
      return { application, version, plan };
    return { application, version, since, patch: patchOf(before.plan, plan) ?? null };
  }

  /** These applications are the only ones of a folder, or none is left: what was given of others is forgotten. */
  keepOnly(folder: Folder, applications: readonly ApplicationRef[]): void {
    const keys = new Set(applications.map(refKey));
    for (const [key, given] of this.#given) if (given.folder === folder && !keys.has(key)) this.#given.delete(key);
  }
}
