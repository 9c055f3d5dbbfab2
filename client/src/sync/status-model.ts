import type { TaskPhase } from '#core/sync/model';
import type { HealthStatus } from '#core/health/model';
import type { ClusterIdentity } from './cluster.ts';
import type { ObjectTexts } from './object-text.ts';

/**
 * How a live object stands to its manifest. Missing and Extra are OutOfSync in Argo CD's words: the object is not there,
 * or is in the cluster alone. Unknown: nobody could tell. Empty: a hook, which counts for nothing.
 */
export type ResourceSync = 'Synced' | 'OutOfSync' | 'Missing' | 'Extra' | 'Unknown' | '';

/** One object of an application, as it is in the cluster. */
export interface ResourceStatus {
  /** `group/Kind/namespace/name`; a generated name is shown as `prefix-…`. */
  readonly task: string;
  readonly phase: TaskPhase;
  readonly wave: number;
  readonly hook: boolean;
  readonly sync: ResourceSync;
  /** Empty: its kind has no health check, or it is not there. */
  readonly health: HealthStatus;
  readonly healthMessage: string;
  /** Why nothing can be told, or what a person should know. */
  readonly note: string;
  /** Lines of difference, values of Secrets left out. */
  readonly diff: readonly string[];
  /** The live object, and what a sync would leave, as YAML; only where they differ. */
  readonly texts?: ObjectTexts;
}

/** What Argo CD itself says of the application, where it knows it. */
export interface ArgoStatus {
  readonly sync: string;
  readonly health: string;
  /** Phase of its operation, as Running; empty: there was none. */
  readonly operation: string;
  readonly selfHeal: boolean;
}

/** Sync and health of an application, from the manifests on disk and one cluster. */
export interface ApplicationStatus {
  readonly application: string;
  readonly cluster: ClusterIdentity;
  readonly namespace: string;
  readonly revision: string;
  /** As Argo CD words it. */
  readonly sync: 'Synced' | 'OutOfSync' | 'Unknown';
  readonly health: HealthStatus;
  readonly resources: readonly ResourceStatus[];
  /** What was not looked at, and why. */
  readonly notes: readonly string[];
  readonly argocd?: ArgoStatus;
}
