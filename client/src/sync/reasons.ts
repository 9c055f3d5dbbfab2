import type { JsonObject, KubeObject } from '#core/object';

/** What a cluster knows around an object that does not come to its end. */
export interface Circumstances {
  /** The object itself, as it is now; undefined: it is gone. */
  readonly object: KubeObject | undefined;
  /** Its pods, and the claims that they use. */
  readonly pods: readonly KubeObject[];
  readonly claims: readonly KubeObject[];
  /** What makes pods in its name: the replica sets of a Deployment. */
  readonly makers: readonly KubeObject[];
  /** Events about any of these, as Kubernetes has them, the latest first. */
  readonly events: readonly JsonObject[];
}

/** Why something does not come to its end, and what a person can do about it. */
export interface Why {
  readonly reasons: readonly string[];
  readonly advice: readonly string[];
}

export type Cause =
  | 'deleted'
  | 'finalizer'
  | 'gone'
  | 'unschedulable'
  | 'claim'
  | 'image'
  | 'missing'
  | 'quota'
  | 'refused'
  | 'crash'
  | 'suspended'
  | 'address'
  | 'other';

/** One thing that is in the way. */
export interface Reason {
  readonly cause: Cause;
  readonly text: string;
  /** What is not there, where that is the cause: `ConfigMap`, `settings`. */
  readonly missing?: { readonly kind: string; readonly name: string };
}
