import { at } from '../fields.ts';
import { groupOf, kindOf, namespaceOf, nameOf, type KubeObject } from '../object.ts';
import { hasHealthCheck } from '../health/kinds.ts';
import type { Gate } from './model.ts';
import { isPlannedHook, plannedKey, plannedLabel, type PlannedTask } from './planned.ts';
import { podReferences, type Reference } from './references.ts';
import { suspensionOf } from './suspended.ts';

/** Jobs, Pods that end, and Workflows complete; everything else becomes healthy. */
function awaitedUntil(object: KubeObject): 'completes' | 'healthy' {
  switch (`${groupOf(object)}/${kindOf(object)}`) {
    case 'batch/Job':
    case 'argoproj.io/Workflow':
      return 'completes';
    case '/Pod': {
      const policy = at(object, 'spec', 'restartPolicy');
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
  const suspension = suspensionOf(object);
  if (suspension) return `the ${kind} is ${suspension.state}, and Argo CD waits until somebody resumes it`;
  if (group === '' && kind === 'Service' && at(object, 'spec', 'type') === 'LoadBalancer')
    return 'it waits for an address from a load balancer; without one it waits for ever';
  if (kind === 'Ingress' && (group === 'networking.k8s.io' || group === 'extensions'))
    return 'it waits for an address from an Ingress controller; without one it waits for ever';
  return undefined;
}

/** What the tasks of an operation make, and which claims their pods use, by the order in which they run. */
export interface OrderIndex {
  readonly makers: ReadonlyMap<string, readonly Indexed[]>;
  readonly claimUsers: ReadonlyMap<string, readonly Indexed[]>;
  readonly references: ReadonlyMap<PlannedTask, readonly Reference[]>;
}
interface Indexed {
  readonly at: number;
  readonly task: PlannedTask;
}

/** Indexes the tasks of an operation once, so that each gate is worked out without walking over all that follows. */
export function indexOrder(tasks: readonly PlannedTask[]): OrderIndex {
  const makers = new Map<string, Indexed[]>();
  const claimUsers = new Map<string, Indexed[]>();
  const references = new Map<PlannedTask, readonly Reference[]>();
  const add = (map: Map<string, Indexed[]>, key: string, entry: Indexed): void => {
    const entries = map.get(key);
    if (entries) entries.push(entry);
    else map.set(key, [entry]);
  };
  tasks.forEach((task, at) => {
    const namespace = namespaceOf(task.object);
    if (groupOf(task.object) === '')
      add(makers, `${kindOf(task.object)}/${namespace}/${nameOf(task.object)}`, { at, task });
    const own = podReferences(task.object);
    if (own.length > 0) references.set(task, own);
    for (const reference of own) {
      if (reference.kind === 'PersistentVolumeClaim') add(claimUsers, `${namespace}/${reference.name}`, { at, task });
    }
  });
  return { makers, claimUsers, references };
}

const firstFrom = (entries: readonly Indexed[] | undefined, from: number): PlannedTask | undefined =>
  entries?.find(({ at }) => at >= from)?.task;

/** Why a task may wait for something that only a later group brings; undefined where nothing says so. */
function hangsByOrder(task: PlannedTask, index: OrderIndex, next: number): string | undefined {
  const namespace = namespaceOf(task.object);
  for (const reference of index.references.get(task) ?? []) {
    const makers = index.makers.get(`${reference.kind}/${namespace}/${reference.name}`);
    const maker = firstFrom(makers, next);
    // What an earlier or the same group brings already is there in time.
    if (maker && makers?.[0]?.task === maker)
      return `its pod ${reference.use} ${plannedLabel(maker.object)}, which is applied only in ${maker.phase} wave ${maker.wave}`;
  }
  if (groupOf(task.object) === '' && kindOf(task.object) === 'PersistentVolumeClaim') {
    const users = index.claimUsers.get(`${namespace}/${nameOf(task.object)}`);
    const user = firstFrom(users, next);
    if (user && users?.[0]?.task === user)
      return `with a storage class that waits for the first consumer the claim is bound only when ${plannedLabel(user.object)} of ${user.phase} wave ${user.wave} starts`;
  }
  return undefined;
}

/** Where a group of one phase and wave stands in its operation (SyncFail, which runs only on failure, left out). */
export interface GroupPlace {
  /** Number of tasks up to and with this group; the task with this index is the first that follows. */
  readonly next: number;
  /** A group follows. */
  readonly followed: boolean;
  readonly index: OrderIndex;
  /** First and last task of the operation, SyncFail included, differ in phase or wave. */
  readonly multiStep: boolean;
}

/**
 * What has to become healthy or complete before the operation goes on after this group: the next wave, or, after the
 * last one, its end.
 * Source: gitops-engine/pkg/sync/sync_context.go `Sync` (running tasks; the end after a last group without hooks),
 * sync_tasks.go `multiStep`.
 */
export function gateOf(group: readonly PlannedTask[], { next, followed, index, multiStep }: GroupPlace): Gate {
  const endsAtOnce = !followed && !group.some(isPlannedHook);
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
      const reason = hangsByItself(object) ?? hangsByOrder(task, index, next);
      if (reason !== undefined) gate.mayHang.push({ task: key, reason });
    }
  }
  return { waits: gate.for.length > 0, ...gate };
}
