import { SYNC_PHASES, type SyncPhase } from '../annotations/keys.ts';
import { compareBytes, groupOf, isObject, kindOf, nameOf, namespaceOf, type KubeObject } from '../object.ts';

/** What the order of a task depends on. `target` is the object as it will be sent, with its namespace filled in. */
export interface Orderable {
  readonly phase: SyncPhase;
  readonly wave: number;
  /** Undefined for a prune. */
  readonly target: KubeObject | undefined;
  readonly live: KubeObject | undefined;
}

/** A task in its place. Phase and wave differ from the task's own where it was pulled forward. */
export interface Placed<T> {
  readonly task: T;
  readonly phase: SyncPhase;
  readonly wave: number;
  /** The first user of this Namespace or CustomResourceDefinition, before which it was pulled; undefined for all others. */
  readonly pulledBefore: T | undefined;
}

/** Kinds in the order in which they are applied within a wave; the API group does not count. Source: sync_tasks.go `kindOrder`. */
const KIND_ORDER: ReadonlyMap<string, number> = new Map(
  [
    'Namespace',
    'NetworkPolicy',
    'ResourceQuota',
    'LimitRange',
    'PodSecurityPolicy',
    'PodDisruptionBudget',
    'ServiceAccount',
    'Secret',
    'SecretList',
    'ConfigMap',
    'StorageClass',
    'PersistentVolume',
    'PersistentVolumeClaim',
    'CustomResourceDefinition',
    'ClusterRole',
    'ClusterRoleList',
    'ClusterRoleBinding',
    'ClusterRoleBindingList',
    'Role',
    'RoleList',
    'RoleBinding',
    'RoleBindingList',
    'Service',
    'DaemonSet',
    'Pod',
    'ReplicationController',
    'ReplicaSet',
    'Deployment',
    'HorizontalPodAutoscaler',
    'StatefulSet',
    'Job',
    'CronJob',
    'IngressClass',
    'Ingress',
    'APIService',
  ].map((kind, rank) => [kind, rank]),
);

/** Rank of a kind within a wave; every kind without one comes last, and those are ordered by name alone. */
export const kindRank = (kind: string): number => KIND_ORDER.get(kind) ?? KIND_ORDER.size;

/** Rank of a phase. Source: sync_tasks.go `syncPhaseOrder`. */
export const phaseRank = (phase: SyncPhase): number => SYNC_PHASES.indexOf(phase);

const objectOf = (task: Orderable): KubeObject => task.target ?? task.live ?? {};

/** The order of two tasks: phase, wave, kind, name; 0 for a tie. Source: sync_tasks.go `Less`. */
export function compareTasks(a: Orderable, b: Orderable): number {
  const byPhase = phaseRank(a.phase) - phaseRank(b.phase);
  if (byPhase !== 0) return byPhase;
  if (a.wave !== b.wave) return a.wave < b.wave ? -1 : 1;
  const x = objectOf(a);
  const y = objectOf(b);
  return kindRank(kindOf(x)) - kindRank(kindOf(y)) || compareBytes(nameOf(x), nameOf(y));
}

/**
 * Puts tasks into the order in which a sync runs them: by `compareTasks`, ties as they stand, then every Namespace and
 * after that every CustomResourceDefinition before its first user, whose phase and wave it takes.
 * Source: gitops-engine/pkg/sync/sync_tasks.go `Sort`, `adjustDeps`.
 */
export function orderTasks<T extends Orderable>(tasks: readonly T[]): Placed<T>[] {
  const placed = [...tasks]
    .sort(compareTasks)
    .map((task): Placed<T> => ({ task, phase: task.phase, wave: task.wave, pulledBefore: undefined }));
  return pullForward(pullForward(placed, namespaceDependency), definitionDependency);
}

/** What an object has to do with one sort of dependency: it is one, it uses one, or neither. */
interface Dependency {
  readonly provides?: string;
  readonly uses?: string;
}

function namespaceDependency(object: KubeObject): Dependency {
  if (kindOf(object) === 'Namespace' && groupOf(object) === '') return { provides: nameOf(object) };
  const namespace = namespaceOf(object);
  return namespace === '' ? {} : { uses: namespace };
}

function definitionDependency(object: KubeObject): Dependency {
  const defined = definedKind(object);
  if (defined) return { provides: `${defined.group}/${defined.kind}` };
  return { uses: `${groupOf(object)}/${kindOf(object)}` };
}

/** Is this a CustomResourceDefinition? Source: utils/kube/kube.go `IsCRD`. */
export const isDefinition = (object: KubeObject): boolean =>
  kindOf(object) === 'CustomResourceDefinition' && groupOf(object) === 'apiextensions.k8s.io';

/** Group and kind that a CustomResourceDefinition defines; undefined for any other object, and where they cannot be read. */
export function definedKind(object: KubeObject): { group: string; kind: string } | undefined {
  if (!isDefinition(object)) return undefined;
  const spec = object['spec'] ?? {};
  if (!isObject(spec)) return undefined;
  const names = spec['names'] ?? {};
  if (!isObject(names)) return undefined;
  const group = spec['group'] ?? '';
  const kind = names['kind'] ?? '';
  return typeof group === 'string' && typeof kind === 'string' ? { group, kind } : undefined;
}

function pullForward<T extends Orderable>(
  ordered: readonly Placed<T>[],
  dependency: (object: KubeObject) => Dependency,
): Placed<T>[] {
  const result: Placed<T>[] = [];
  const firstUser = new Map<string, number>();
  for (const placed of ordered) {
    const { provides, uses } = placed.task.target ? dependency(placed.task.target) : {};
    const index = provides === undefined ? undefined : firstUser.get(provides);
    const user = index === undefined ? undefined : result[index];
    if (index === undefined || user === undefined) {
      if (uses !== undefined && !firstUser.has(uses)) firstUser.set(uses, result.length);
      result.push(placed);
      continue;
    }
    result.splice(index, 0, { task: placed.task, phase: user.phase, wave: user.wave, pulledBefore: user.task });
    for (const [key, at] of firstUser) if (at >= index) firstUser.set(key, at + 1);
  }
  return result;
}

/**
 * Runs of consecutive tasks of one kind: each is one batch, applied in parallel, batch after batch (the API group does
 * not count). Source: sync_context.go `runTasks`, the loop over `createTasks`.
 */
export function batchesOf<T extends Pick<Orderable, 'target' | 'live'>>(tasks: readonly T[]): T[][] {
  const batches: T[][] = [];
  let kind: string | undefined;
  for (const task of tasks) {
    const own = kindOf(task.target ?? task.live ?? {});
    const last = batches.at(-1);
    if (last && own === kind) last.push(task);
    else batches.push([task]);
    kind = own;
  }
  return batches;
}
