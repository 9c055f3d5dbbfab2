import type { DeletePhase, SyncPhase } from '../annotations/keys.ts';
import type { HealthResult } from '../health/model.ts';
import type { KubeObject } from '../object.ts';

/** Phase of an operation. Source: gitops-engine/pkg/sync/common/types.go `OperationPhase`. */
export type OperationPhase = 'Running' | 'Terminating' | 'Succeeded' | 'Failed' | 'Error';
/** State of one task. Empty: pending. */
export type HookPhase = '' | 'Running' | 'Succeeded' | 'Failed' | 'Error';
/** What came of one task. Empty: nothing yet. Source: common/types.go `ResultCode`. */
export type ResultStatus = '' | 'Synced' | 'SyncFailed' | 'Pruned' | 'PruneSkipped';

/**
 * Phase of a task: of a sync, or of the deletion of an application, whose resources go (`Delete`) between the hooks that
 * run before and after.
 */
export type TaskPhase = SyncPhase | DeletePhase | 'Delete';

export interface OperationState {
  readonly phase: OperationPhase;
  readonly message: string;
}

/** One row of `status.operationState.syncResult.resources`. */
export interface ResourceResult {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly status: ResultStatus;
  readonly message: string;
  /** Phase of a hook; empty for an ordinary resource. */
  readonly hookType: string;
  readonly hookPhase: HookPhase;
  readonly syncPhase: TaskPhase;
  readonly images?: readonly string[];
  /** Of a deleted object: its wave, which nothing else tells once it is gone. */
  readonly wave?: number;
}

export type PropagationPolicy = 'Foreground' | 'Background' | 'Orphan';

/** `spec.syncPolicy.managedNamespaceMetadata` of an Application. */
export interface ManagedNamespaceMetadata {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What the engine is called with; the names of the corpus (`options` of a case). */
export interface SyncOptions {
  readonly dryRun: boolean;
  readonly prune: boolean;
  readonly force: boolean;
  readonly skipHooks: boolean;
  readonly validate: boolean;
  readonly pruneLast: boolean;
  readonly pruneConfirmed: boolean;
  readonly defaultPruneOption: string | null;
  readonly prunePropagationPolicy: PropagationPolicy;
  readonly replace: boolean;
  readonly serverSideApply: boolean;
  readonly serverSideApplyManager: string;
  readonly clientSideApplyMigration: boolean;
  readonly clientSideApplyMigrationManager: string;
  readonly applyOutOfSyncOnly: boolean;
  readonly skipDryRunOnMissingResource: boolean;
  readonly createNamespace: boolean;
  readonly managedNamespaceMetadata?: ManagedNamespaceMetadata;
  /** Selective sync: only these. Absent: everything. */
  readonly selected?: readonly SelectedResource[];
  /** Keys of live objects that the resource filter rejects whatever else holds. */
  readonly notSelfReferenced?: readonly string[];
  /** Kinds and namespaces that the project denies. */
  readonly project?: ProjectRules;
  readonly waveHookError?: { phase: SyncPhase; wave: number; message: string };
}

export interface SelectedResource {
  /** Absent: the core group. */
  readonly group?: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

export interface ProjectRules {
  readonly name: string;
  /** As `group/Kind`. */
  readonly deniedKinds?: readonly string[];
  readonly deniedNamespaces?: readonly string[];
}

/** What discovery says of a kind. A NotFound error means that the server does not know it. */
export type Discovered =
  | { readonly plural: string; readonly namespaced: boolean }
  | {
      readonly error: string;
      readonly reason?: string;
      /** A version of its group in which the server does serve the kind, where that is known. */
      readonly installed?: string;
    };

/** Everything that one pass reads. Nothing else is read: no clock, no cluster. */
export interface PassInput {
  /** Manifests after normalisation, in order; hooks among them. */
  readonly targets: readonly KubeObject[];
  /** Live objects by key (`group/Kind/namespace/name`), as the watch cache shows them. */
  readonly live: ReadonlyMap<string, KubeObject>;
  readonly namespace: string;
  readonly revision: string;
  /** Start of the operation, Unix seconds (it names generated hooks). */
  readonly startedAt: number;
  readonly options: SyncOptions;
  readonly operation: OperationState;
  readonly results: readonly ResourceResult[];
  /** Health of a live object. */
  readonly health: (object: KubeObject) => HealthResult;
  /** What the cluster knows of a kind; asked again up to five times after `Unauthorized`. */
  readonly discover: (group: string, version: string, kind: string) => Discovered;
  /** ApplyOutOfSyncOnly: does the pair with this live key differ? No answer: unmodified. */
  readonly modified?: ReadonlyMap<string, boolean>;
}

export type Verb =
  | 'apply'
  | 'create'
  | 'replace'
  | 'update'
  | 'prune'
  | 'delete'
  | 'get'
  | 'get-namespace'
  | 'update-finalizers'
  | 'patch-managed-fields'
  | 'wait-crd';

/** One request of the engine to the cluster. Arguments that do not matter to a verb are absent. */
export interface Action {
  readonly verb: Verb;
  /** `group/Kind/namespace/name` of the object; section 2 of the corpus says which namespace it carries. */
  readonly key: string;
  /** The object that is sent, or (get, delete, prune) the last one seen, for its version and uid. */
  readonly object: KubeObject;
  /** The manifest behind an object that is written: the very one of the input's targets. */
  readonly source?: KubeObject;
  /** Index of the task in the pass's tasks; absent where there is none. */
  readonly task?: number;
  readonly dryRun?: 'client';
  readonly force?: boolean;
  readonly validate?: boolean;
  readonly serverSide?: boolean;
  /** A server-side apply takes over fields that others own. The engine leaves it open: Argo CD always does. */
  readonly forceConflicts?: boolean;
  readonly manager?: string;
  readonly propagation?: PropagationPolicy;
  /** A JSON patch (`patch-managed-fields`). */
  readonly patch?: unknown;
}

/** Answer to one action. No `error`: it worked. */
export interface Response {
  /** kubectl's text; becomes the result's message. */
  readonly message?: string;
  /** The object that was read. */
  readonly object?: KubeObject;
  readonly error?: string;
  readonly reason?: string;
  /** A server-side apply meets fields that others own: it is refused for it, or takes them over. */
  readonly owners?: readonly FieldOwner[];
}

/** A field manager, and which fields of a manifest it owns. */
export interface FieldOwner {
  readonly manager: string;
  /** `.data.color` */
  readonly fields: readonly string[];
}

/** Where a batch stands within its group; the names of the corpus. */
export type BatchStage = 'finalizers' | 'prune' | 'delete' | 'create' | 'serial';

/**
 * What a pass yields. A batch is answered with one response for each of its actions, in their order; its actions may
 * run in parallel unless its stage is `serial`. Batches of one number belong together (a member's follow-up requests).
 * `run` and `waveHook` tell where the pass stands; `run` is answered with an empty list, `waveHook` with an empty list
 * once the wave's delay is over.
 */
export type Step =
  | { readonly stage: 'run'; readonly dryRun: boolean; readonly tasks: readonly number[] }
  | { readonly stage: 'waveHook'; readonly phase: SyncPhase; readonly wave: number; readonly final: boolean }
  | {
      readonly stage: BatchStage;
      readonly dryRun: boolean;
      readonly batch: number;
      readonly actions: readonly Action[];
    };

/** A task of the pass as it stands at the pass's start, in execution order. */
export interface TaskView {
  readonly phase: TaskPhase;
  readonly wave: number;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly target: boolean;
  readonly live: boolean;
  readonly hook: boolean;
  readonly skipDryRun: boolean;
  readonly status: ResultStatus;
  readonly state: HookPhase;
}

/** What a pass comes to. */
export interface PassOutcome {
  readonly valid: boolean;
  readonly tasks: readonly TaskView[];
  readonly operation: OperationState;
  readonly results: readonly ResourceResult[];
}

/** One pass of the engine. */
export type Pass = Generator<Step, PassOutcome, readonly Response[]>;
