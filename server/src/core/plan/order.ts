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

/** What two tasks are compared by. */
interface SortKey {
  readonly phase: number;
  readonly wave: number;
  readonly kind: number;
  readonly name: string;
}

function sortKey(task: Orderable): SortKey {
  const object = objectOf(task);
  return { phase: phaseRank(task.phase), wave: task.wave, kind: kindRank(kindOf(object)), name: nameOf(object) };
}

function compareKeys(a: SortKey, b: SortKey): number {
  if (a.phase !== b.phase) return a.phase - b.phase;
  if (a.wave !== b.wave) return a.wave < b.wave ? -1 : 1;
  return a.kind - b.kind || compareBytes(a.name, b.name);
}

/** The order of two tasks: phase, wave, kind, name; 0 for a tie. Source: sync_tasks.go `Less`. */
export const compareTasks = (a: Orderable, b: Orderable): number => compareKeys(sortKey(a), sortKey(b));

/**
 * Puts tasks into the order in which a sync runs them: by `compareTasks`, ties as they stand, then every Namespace and
 * after that every CustomResourceDefinition before its first user, whose phase and wave it takes.
 * Source: gitops-engine/pkg/sync/sync_tasks.go `Sort`, `adjustDeps`.
 */
export function orderTasks<T extends Orderable>(tasks: readonly T[]): Placed<T>[] {
  const placed = tasks
    .map((task) => ({ task, key: sortKey(task) }))
    .sort((a, b) => compareKeys(a.key, b.key))
    .map(({ task }): Placed<T> => ({ task, phase: task.phase, wave: task.wave, pulledBefore: undefined }));
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
  const staying: Placed<T>[] = [];
  const firstUser = new Map<string, Placed<T>>();
  const pulled = new Map<Placed<T>, Placed<T>[]>();
  for (const placed of ordered) {
    const { provides, uses } = placed.task.target ? dependency(placed.task.target) : NO_DEPENDENCY;
    const user = provides === undefined ? undefined : firstUser.get(provides);
    if (user) {
      const moved = { task: placed.task, phase: user.phase, wave: user.wave, pulledBefore: user.task };
      const before = pulled.get(user);
      if (before) before.push(moved);
      else pulled.set(user, [moved]);
      continue;
    }
    if (uses !== undefined && !firstUser.has(uses)) firstUser.set(uses, placed);
    staying.push(placed);
  }
  return pulled.size === 0 ? staying : staying.flatMap((placed) => [...(pulled.get(placed) ?? []), placed]);
}
const NO_DEPENDENCY: Dependency = {};

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
