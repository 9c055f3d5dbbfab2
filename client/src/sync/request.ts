import type { IgnoreRule } from '#core/ignore/rules';
import type { KubeObject } from '#core/object';
import type { OperationRequest } from '#core/sync/options';
import type { OperationChoices, ApplicationSource, Backoff, DeletionOptions, Revision } from './model.ts';
import type { Clock, Cluster, Kind } from './cluster.ts';
import type { Preflight, RunEvent } from './events.ts';
import type { StoredOperations } from './recorder.ts';
import type { Signal } from './signal.ts';

/** What is to be synced, and how. */
export interface SyncRequest {
  /** Name of the application; it is what the tracking annotation names. */
  readonly application: string;
  /** Destination namespace; empty: that of the cluster's context. */
  readonly namespace: string;
  /** Manifests as they were written, in the order of the files. */
  readonly objects: readonly KubeObject[];
  readonly operation: OperationRequest;
  readonly revision: Revision;
  /** Where the application was read; absent: from nowhere that could be named. */
  readonly source?: ApplicationSource;
  /** So many further attempts after a failed one; negative: without end. */
  readonly retry: number;
  /** Somebody has said how often; otherwise the Application may. */
  readonly retryIsChosen?: boolean;
  /** How long each further attempt is waited for; absent: as Argo CD does where nothing is said. */
  readonly backoff?: Backoff;
  /** Milliseconds between waves; absent: as long as it takes to be sure (`waveDelay`). */
  readonly waveDelay?: number | undefined;
  /** Milliseconds after which the operation is terminated. */
  readonly timeout?: number;
  /** Where nothing more will happen: wait on for a person to terminate, instead of ending. */
  readonly waitsForever?: boolean | undefined;
  /** Milliseconds after which a simulation stops waiting; absent: never. */
  readonly horizon?: number | undefined;
  /** What counts for nothing in comparisons; absent: as the Application in the cluster says, where there is one. */
  readonly ignoreDifferences?: readonly IgnoreRule[];
  /** Kinds to look for beside those of the manifests: what an earlier revision had. */
  readonly furtherKinds: readonly Kind[];
  /** Why it must not be synced; shown instead of the confirmation. */
  readonly blockers: readonly string[];
  readonly warnings: readonly string[];
  /** Manifests that Argo CD does not apply, and why. */
  readonly leftOut?: readonly string[] | undefined;
  /** The application's objects are deleted: of the manifests only the hooks of its deletion count. Absent: a sync. */
  readonly deletion?: DeletionOptions | undefined;
  /** No manifest says how it is synced: what its Application in the cluster says holds, where there is one. */
  readonly adopts?: boolean;
  /** About the Argo CD Application in the cluster; absent: it is looked for, and told. */
  readonly argocd?: ArgoRequest;
}

export interface ArgoRequest {
  /** Namespaces in which the Application may stand, first to last; none: Argo CD's usual one. */
  readonly namespaces: readonly string[];
  /** Who runs the sync. Asked: the answer to the preflight says it. */
  readonly by: 'here' | 'argocd' | 'asked';
  /** An operation of Argo CD that runs is terminated first, where the answer is yes. */
  readonly terminates: boolean;
}

/** The answer to a preflight. True: do it; argocd: let Argo CD do it. */
export type Answer = boolean | 'argocd';

/** What a run needs from around it. */
export interface SyncPorts {
  readonly cluster: Cluster;
  readonly clock: Clock;
  /** Told of everything that happens, in its order. */
  emit(event: RunEvent): void;
  /** Shows what would happen, and asks. */
  confirm(preflight: Preflight): Promise<Answer>;
  /**
   * Resolves when other options are chosen instead of an answer, and what they come to is to be shown; absent: nobody
   * can. A sync that is impossible waits for them, too.
   */
  readonly revised?: ((preflight: Preflight) => Promise<OperationChoices>) | undefined;
  /** Aborted when a person has agreed that what asks for it (`Prune=confirm`) may be deleted. */
  readonly approved?: Signal | undefined;
  /** Aborted when a person has agreed to a deletion that Argo CD, to which the sync was handed over, asks about. */
  readonly argocdApproved?: Signal | undefined;
  /** Asks to terminate the operation properly. */
  readonly terminate: Signal;
  /** This machine and process, for the Lease that is held while an operation runs; absent: none is held. */
  readonly holder?: string | undefined;
  /** Where operations are kept; absent: nowhere. */
  readonly operations?: StoredOperations | undefined;
}
