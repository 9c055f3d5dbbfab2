import { at } from '../fields.ts';
import { groupOf, isObject, kindOf, type KubeObject } from '../object.ts';

/** The field that keeps an object from starting, and what the object is then. */
export interface Suspension {
  readonly state: 'suspended' | 'paused';
  readonly field: 'suspend' | 'paused';
}

/**
 * Why an object stays Suspended until somebody resumes it; undefined where it does not. A Job that a queue of Kueue
 * starts is left out: its `suspend` is how it waits for its turn.
 * Source: gitops-engine/pkg/health/health_job.go, health_deployment.go; Argo Rollouts' health.lua.
 */
export function suspensionOf(object: KubeObject): Suspension | undefined {
  const spec = (field: string) => at(object, 'spec', field) === true;
  switch (`${groupOf(object)}/${kindOf(object)}`) {
    case 'batch/Job':
      return spec('suspend') && !isQueued(object) ? SUSPENDED : undefined;
    case 'argoproj.io/Workflow':
      return spec('suspend') ? SUSPENDED : undefined;
    case 'apps/Deployment':
    case 'argoproj.io/Rollout':
      return spec('paused') ? PAUSED : undefined;
    default:
      return undefined;
  }
}
const SUSPENDED = { state: 'suspended', field: 'suspend' } as const;
const PAUSED = { state: 'paused', field: 'paused' } as const;

const isQueued = (object: KubeObject): boolean =>
  typeof at(object, 'metadata', 'labels', 'kueue.x-k8s.io/queue-name') === 'string';

/**
 * The steps at which a Workflow stops until somebody resumes it: those of its templates that suspend it without a
 * duration. Source: Argo Workflows' `SuspendTemplate.duration`, "must be a string, default unit is seconds".
 */
export function suspendingSteps(object: KubeObject): readonly string[] {
  if (`${groupOf(object)}/${kindOf(object)}` !== 'argoproj.io/Workflow') return [];
  const templates = at(object, 'spec', 'templates');
  if (!Array.isArray(templates)) return [];
  return templates.flatMap((template) => {
    if (!isObject(template) || !isObject(template['suspend'])) return [];
    const { name } = template;
    return template['suspend']['duration'] === undefined && typeof name === 'string' ? [name] : [];
  });
}
