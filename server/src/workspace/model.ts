import type { ApplicationPlan, PlanProblem } from '../core/plan/model.ts';
import type { KubeObject } from '../core/object.ts';

/** An application found in a root. */
export interface Application {
  readonly name: string;
  /** Path of its source within the root; `.` for the root itself. */
  readonly path: string;
  /** Destination namespace; empty where nothing says. */
  readonly namespace: string;
  /** Argo CD Application manifest that declares it; absent where a folder is taken for one. */
  readonly declaredIn?: { readonly file: string; readonly line: number };
  readonly kind: ApplicationPlan['source']['kind'];
  /** Why these files form an application, in words. */
  readonly reason: string;
  /** Files whose manifests belong to it, sorted. */
  readonly files: readonly string[];
  /** `spec.syncPolicy.syncOptions` of the Application. */
  readonly syncOptions: readonly string[];
  readonly automated: boolean;
  /** Why the files may not be all that Argo CD would apply, or not what it would apply. Such an application is not synced. */
  readonly problems: readonly PlanProblem[];
}

/** What would be sent for one manifest: read twice, and equal in both readings. */
export interface SyncObject {
  readonly object: KubeObject;
  readonly file: string;
  readonly line: number;
}

/** The objects of an application as a sync needs them. `refused`: why it may not be synced, each with its place. */
export interface SyncSource {
  readonly objects: readonly SyncObject[];
  readonly refused: readonly { readonly file: string; readonly line: number; readonly message: string }[];
}

export interface LintFinding {
  readonly file: string;
  /** 1-based; columns in UTF-16 units. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly severity: 'error' | 'warning' | 'info' | 'hint';
  readonly rule: string;
  readonly message: string;
  readonly related: readonly {
    readonly file: string;
    readonly line: number;
    readonly column: number;
    readonly message: string;
  }[];
  /** Titles of the quick fixes. */
  readonly fixes: readonly string[];
}
