import type { PlanInput } from '../core/plan/drafts.ts';
import type { PlacedObject, PlanProblem } from '../core/plan/model.ts';
import type { Application } from './model.ts';

/** The objects of an application, and why they may not be all. */
export interface ApplicationObjects {
  readonly objects: readonly PlacedObject[];
  readonly problems: readonly PlanProblem[];
}

/** What an application's plan is made of. */
export function planInputOf(application: Application, { objects, problems }: ApplicationObjects): PlanInput {
  const { name, kind, path, reason, namespace, syncOptions, policy } = application;
  const managed = policy?.managedNamespaceMetadata;
  return {
    name,
    source: { kind, path, reason },
    namespace,
    objects,
    syncOptions,
    problems,
    ...(managed ? { managedNamespaceMetadata: managed } : {}),
  };
}
