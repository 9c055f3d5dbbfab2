import type { PlanInput } from '../core/plan/drafts.ts';
import type { KubeObject } from '../core/object.ts';
import type { ApplicationPlan, PlacedObject, PlanProblem } from '../core/plan/model.ts';
import { planApplication } from '../core/plan/plan.ts';
import type { Application } from './model.ts';
import { chartsOf } from './registry-charts.ts';

/** The objects of an application, and why they may not be all. */
export interface ApplicationObjects {
  readonly objects: readonly PlacedObject[];
  readonly problems: readonly PlanProblem[];
}

/** What an application's plan is made of. */
export function planInputOf(application: Application, { objects, problems }: ApplicationObjects): PlanInput {
  const { name, kind, path, reason, namespace, syncOptions, policy } = application;
  const charts = chartsOf(application);
  const managed = policy?.managedNamespaceMetadata;
  return {
    name,
    source: { kind, path, reason, ...(charts === '' ? {} : { chart: charts }) },
    namespace,
    objects,
    syncOptions,
    problems,
    ...(managed ? { managedNamespaceMetadata: managed } : {}),
  };
}

/** The plan of an application if some of its objects were others. Nothing of it is kept. */
export function planIf(
  index: { objects(application: Application): ApplicationObjects },
  application: Application,
  change: (placed: PlacedObject) => KubeObject,
): ApplicationPlan {
  const { objects, problems } = index.objects(application);
  const changed = objects.map((placed) => ({ ...placed, object: change(placed) }));
  return planApplication(planInputOf(application, { objects: changed, problems }));
}
