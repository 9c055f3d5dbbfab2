import { groupOf, isObject, kindOf, namespaceOf, nameOf, type Json, type KubeObject } from '../object.ts';
import { hasHealthCheck } from '../health/kinds.ts';
import type { Gate } from './model.ts';
import { isPlannedHook, plannedKey, plannedLabel, type PlannedTask } from './planned.ts';
import { podReferences } from './references.ts';

const field = (object: KubeObject, ...path: readonly string[]): Json | undefined =>
  path.reduce<Json | undefined>((value, key) => (isObject(value) ? value[key] : undefined), object);

/** Jobs, Pods that end, and Workflows complete; everything else becomes healthy. */
function awaitedUntil(object: KubeObject): 'completes' | 'healthy' {
  switch (`${groupOf(object)}/${kindOf(object)}`) {
    case 'batch/Job':
    case 'argoproj.io/Workflow':
      return 'completes';
    case '/Pod': {
      const policy = field(object, 'spec', 'restartPolicy');
      return policy === 'Never' || policy === 'OnFailure' ? 'completes' : 'healthy';
    }
    default:
      return 'healthy';
  }
}

/** Why an object may never become healthy or complete by itself; undefined where nothing in it says so. */
function hangsByItself(object: KubeObject): string | undefined {
  const group = groupOf(object);
  const kind = kindOf(object);
  const spec = (...path: readonly string[]): Json | undefined => field(object, 'spec', ...path);
  if (group === 'batch' && kind === 'Job' && spec('suspend') === true)
    return 'the Job is suspended, and Argo CD waits until somebody resumes it';
  if (group === 'apps' && kind === 'Deployment' && spec('paused') === true)
    return 'the Deployment is paused, and Argo CD waits until somebody resumes it';
  if (group === 'argoproj.io' && kind === 'Workflow' && spec('suspend') === true)
    return 'the Workflow is suspended, and Argo CD waits until somebody resumes it';
  if (group === '' && kind === 'Service' && spec('type') === 'LoadBalancer')
    return 'it waits for an address from a load balancer; without one it waits for ever';
  if (kind === 'Ingress' && (group === 'networking.k8s.io' || group === 'extensions'))
    return 'it waits for an address from an Ingress controller; without one it waits for ever';
  return undefined;
}

/** Why a task may wait for something that only a later group brings; undefined where nothing says so. */
function hangsByOrder(task: PlannedTask, later: readonly PlannedTask[]): string | undefined {
  const namespace = namespaceOf(task.object);
  for (const reference of podReferences(task.object)) {
    const maker = later.find(
      ({ object }) =>
        groupOf(object) === '' &&
        kindOf(object) === reference.kind &&
        nameOf(object) === reference.name &&
        namespaceOf(object) === namespace,
    );
    if (maker)
      return `its pod ${reference.use} ${plannedLabel(maker.object)}, which is applied only in ${maker.phase} wave ${maker.wave}`;
  }
  if (groupOf(task.object) === '' && kindOf(task.object) === 'PersistentVolumeClaim') {
    const user = later.find(
      ({ object }) =>
        namespaceOf(object) === namespace &&
        podReferences(object).some((r) => r.kind === 'PersistentVolumeClaim' && r.name === nameOf(task.object)),
    );
    if (user)
      return `with a storage class that waits for the first consumer the claim is bound only when ${plannedLabel(user.object)} of ${user.phase} wave ${user.wave} starts`;
  }
  return undefined;
}

/** Where a group of one phase and wave stands in its operation. */
export interface GroupPlace {
  /** Groups that follow in this operation (the SyncFail phase, which runs only on failure, is none of them). */
  readonly later: readonly PlannedTask[];
  /** First and last task of the operation, SyncFail included, differ in phase or wave. */
  readonly multiStep: boolean;
}

/**
 * What has to become healthy or complete before the operation goes on after this group: the next wave, or, after the
 * last one, its end.
 * Source: gitops-engine/pkg/sync/sync_context.go `Sync` (running tasks; the end after a last group without hooks),
 * sync_tasks.go `multiStep`.
 */
export function gateOf(group: readonly PlannedTask[], { later, multiStep }: GroupPlace): Gate {
  const last = later.length === 0;
  const endsAtOnce = last && !group.some(isPlannedHook);
  const gate = {
    for: [] as { task: string; until: 'completes' | 'healthy' }[],
    notWaitedFor: [] as { task: string; reason: string }[],
    mayHang: [] as { task: string; reason: string }[],
  };
  for (const task of group) {
    const { object } = task;
    const key = plannedKey(object);
    if (!hasHealthCheck({ group: groupOf(object), kind: kindOf(object) })) {
      gate.notWaitedFor.push({
        task: key,
        reason: `Argo CD has no health check for ${kindOf(object)}: it counts as done as soon as it exists`,
      });
    } else if (endsAtOnce) {
      gate.notWaitedFor.push({
        task: key,
        reason: 'it is in the last wave, and the sync succeeds as soon as everything of it is applied',
      });
    } else if (!multiStep && !isPlannedHook(task)) {
      gate.notWaitedFor.push({
        task: key,
        reason: 'the application has one wave only, and there Argo CD waits for hooks alone',
      });
    } else {
      gate.for.push({ task: key, until: awaitedUntil(object) });
      const reason = hangsByItself(object) ?? hangsByOrder(task, later);
      if (reason !== undefined) gate.mayHang.push({ task: key, reason });
    }
  }
  return { waits: gate.for.length > 0, ...gate };
}
