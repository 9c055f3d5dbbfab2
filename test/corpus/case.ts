import type { SyncPhase } from '#core/annotations/keys';
import type { HealthStatus } from '#core/health/model';
import type { KubeObject } from '#core/object';
import type { OperationState, ResourceResult, Verb, SyncOptions } from '#core/sync/model';
import type { OperationRequest } from '#core/sync/options';

/** One recorded sync operation: a line of a corpus file. */
export interface Case {
  readonly id: string;
  readonly theme: string;
  readonly namespace: string;
  readonly revision: string;
  readonly startedAt: string;
  readonly operation: OperationRequest;
  readonly options: SyncOptions;
  readonly targets: readonly KubeObject[];
  readonly apiResources: readonly ApiResource[];
  readonly groupVersions: readonly string[];
  readonly passes: readonly RecordedPass[];
}

export interface ApiResource {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

export interface RecordedPass {
  readonly n: number;
  readonly action: 'sync' | 'terminate';
  readonly live?: { readonly changed?: readonly KubeObject[]; readonly gone?: readonly string[] };
  readonly targets?: readonly KubeObject[];
  readonly apiResources?: readonly ApiResource[];
  readonly groupVersions?: readonly string[];
  readonly discoveryErrors?: Readonly<
    Record<string, { readonly reason: string; readonly message: string; readonly times: number }>
  >;
  readonly modified?: Readonly<Record<string, boolean>>;
  readonly health?: Readonly<Record<string, RecordedHealth>>;
  readonly valid: boolean;
  readonly tasks?: readonly RecordedTask[];
  readonly sameTasks?: boolean;
  readonly batches?: readonly RecordedBatch[];
  readonly operation: OperationState;
  readonly results?: readonly RecordedResult[];
  readonly sameResults?: boolean;
}

export interface RecordedHealth {
  readonly status?: HealthStatus;
  readonly message?: string;
  readonly error?: string;
}

export interface RecordedTask {
  readonly phase: SyncPhase;
  readonly wave: number;
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly target?: boolean;
  readonly live?: boolean;
  readonly hook?: boolean;
  readonly skipDryRun?: boolean;
  readonly status?: string;
  readonly state?: string;
}

export interface RecordedBatch {
  readonly stage: string;
  readonly dryRun?: boolean;
  readonly tasks?: readonly number[];
  readonly phase?: SyncPhase;
  readonly wave?: number;
  readonly final?: boolean;
  readonly ops?: readonly RecordedOp[];
}

export interface RecordedOp {
  readonly verb: Verb;
  readonly key: string;
  readonly dryRun?: string;
  readonly force?: boolean;
  readonly validate?: boolean;
  readonly serverSide?: boolean;
  readonly manager?: string;
  readonly propagation?: string;
  readonly patch?: unknown;
  readonly sent?: Sent;
  readonly response: {
    readonly message?: string;
    readonly error?: string;
    readonly reason?: string;
    readonly object?: KubeObject;
  };
}

/** In what an object that is sent differs from its target. */
export interface Sent {
  readonly name?: string;
  readonly namespace?: string;
  readonly finalizers?: readonly string[];
  readonly resourceVersion?: string;
  readonly object?: KubeObject;
}

/** A result as it is recorded: empty fields are left out. */
export type RecordedResult = Partial<ResourceResult> & Pick<ResourceResult, 'kind' | 'syncPhase'>;
