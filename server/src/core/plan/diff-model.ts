import type { Gate, PlanPhaseName, PlanTask, SkippedManifest } from './model.ts';

/** A place in a plan: a phase and a wave of it. */
export interface PlanPoint {
  readonly phase: PlanPhaseName;
  readonly wave: number;
}

/**
 * What became of a task from one plan to another. `dropped`: the manifest is there, but Argo CD leaves it out. `gated`,
 * `ungated`: what follows waits for it now, or does not any more. `moved`: another phase or wave, or the same ones where
 * `detail` says that the object became a hook or ceased to be one.
 */
export type PlanChangeKind = 'added' | 'removed' | 'moved' | 'gated' | 'ungated' | 'dropped';

/** More about a change. `restored`: an added task whose manifest was left out before. */
export type PlanChangeDetail = 'becomes-hook' | 'becomes-resource' | 'restored';

export interface PlanChange {
  readonly change: PlanChangeKind;
  readonly detail?: PlanChangeDetail;
  /** `group/Kind/namespace/name`; the prefix of a generated name in place of the name. */
  readonly task: string;
  /** Null where it was in no place: it was not there, or it was left out. */
  readonly from: PlanPoint | null;
  readonly to: PlanPoint | null;
  /** The consequence, in a sentence or two. */
  readonly text: string;
  /** Where the manifest stands in the newer plan; 1-based line. Absent where it is gone. */
  readonly file?: string;
  readonly line?: number;
}

/** A task of a plan with what a comparison needs. */
export interface DiffTask {
  readonly key: string;
  readonly point: PlanPoint;
  /** Whether what follows waits for it. */
  readonly waits: boolean;
  readonly gate: Gate;
  readonly task: PlanTask;
}

/** One task in both plans. */
export interface DiffPair {
  readonly before: DiffTask;
  readonly after: DiffTask;
}

/** A manifest that a plan leaves out. */
export interface DiffSkipped {
  readonly key: string;
  readonly manifest: SkippedManifest;
}
