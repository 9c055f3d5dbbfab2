import type { DeletePhase, SyncPhase } from '../annotations/keys.ts';
import type { KubeObject } from '../object.ts';

/** The plan as it is serialised for tree, timeline and terminal: `reference` in README, "plan --format json". */
export type PlanPhaseName = SyncPhase | DeletePhase | 'Delete';

export type PhaseReasonCode =
  'annotation' | 'helm-hook' | 'default' | 'pulled-forward' | 'namespace-creation' | 'prune';
export type WaveReasonCode =
  'annotation' | 'helm-weight' | 'default' | 'pulled-forward' | 'prune-reversed' | 'prune-last';

export interface Reason<Code extends string> {
  readonly code: Code;
  /** One sentence for a person. */
  readonly text: string;
}

export interface PlanTask {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly namespace: string;
  /** Empty where the name is generated at the start of a sync. */
  readonly name: string;
  readonly generateName: string | null;
  /** Hook types; empty for an ordinary resource. */
  readonly hook: readonly string[];
  readonly deletePolicies: readonly string[];
  readonly wave: number;
  readonly declaredWave: number;
  readonly prune: boolean;
  /** Why a deletion of the application leaves its object alone; absent: it is deleted. */
  readonly kept?: string;
  readonly phaseReason: Reason<PhaseReasonCode>;
  readonly waveReason: Reason<WaveReasonCode>;
  /** Where the manifest stands, relative to the workspace folder; 1-based line. Absent for what no file holds. */
  readonly file?: string;
  readonly line?: number;
  /** Where it was rendered: how it came from that place, in words. */
  readonly origin?: string;
}

export interface PlanBatch {
  readonly group: string;
  readonly kind: string;
  readonly tasks: readonly PlanTask[];
}

/** What an object is waited for. */
export type Until = 'completes' | 'healthy' | 'gone';

export interface Gate {
  readonly waits: boolean;
  readonly for: readonly { readonly task: string; readonly until: Until }[];
  readonly notWaitedFor: readonly { readonly task: string; readonly reason: string }[];
  readonly mayHang: readonly { readonly task: string; readonly reason: string }[];
}

export interface PlanWave {
  readonly wave: number;
  readonly gate: Gate;
  readonly batches: readonly PlanBatch[];
}

export interface PlanPhase {
  readonly phase: PlanPhaseName;
  readonly waves: readonly PlanWave[];
}

export interface PhaseList {
  readonly phases: readonly PlanPhase[];
}

export interface SkippedManifest {
  readonly file?: string;
  readonly line?: number;
  readonly group: string;
  readonly kind: string;
  /** Absent where it has none. */
  readonly namespace?: string;
  /** The prefix of a generated name in place of the name. */
  readonly name: string;
  readonly reason: Reason<'unknown-hook' | 'empty-hook' | 'skip' | 'helm-hook-ignored' | 'duplicate'>;
}

export interface PlanProblem {
  readonly file?: string;
  readonly line?: number;
  readonly message: string;
  /** Page that tells what to do: how a tool is installed. */
  readonly help?: { readonly title: string; readonly url: string };
}

/** The plans of one application. */
export interface Plans {
  readonly sync: PhaseList;
  readonly syncFail: PhaseList;
  readonly delete: PhaseList;
}

export interface ApplicationPlan {
  readonly name: string;
  readonly source: {
    readonly kind: 'directory' | 'kustomize' | 'helm' | 'application';
    /** Folder of the manifests; where they come from charts of registries alone: that of the declaration. */
    readonly path: string;
    /** The charts of registries that it takes, with versions and addresses, where no manifest of it lies here. */
    readonly chart?: string;
    readonly reason: string;
  };
  readonly namespace: string;
  readonly plans: Plans;
  readonly skipped: readonly SkippedManifest[];
  readonly problems: readonly PlanProblem[];
}

/** A manifest with the place it was read from, as the planner wants it. */
export interface PlacedObject {
  readonly object: KubeObject;
  readonly file?: string;
  readonly line?: number;
  /** Where it was rendered: how it came from that place, in words. */
  readonly origin?: string;
}
