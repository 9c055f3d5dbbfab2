import type { OperationState, PropagationPolicy, ResourceResult, SelectedResource } from '#core/sync/model';

/** How an application's objects are deleted. */
export interface DeletionOptions {
  /** Delete the resources too; without it the hooks run alone. */
  readonly cascade: boolean;
  /** Argo CD deletes in the foreground. */
  readonly propagation: PropagationPolicy;
}

/** Waiting before a further attempt: `duration * factor ** attempt`, at most `maxDuration`. Milliseconds. */
export interface Backoff {
  readonly duration: number;
  readonly factor: number;
  /** 0: without an upper limit. */
  readonly maxDuration: number;
}

export interface Revision {
  /** It names generated hooks: a commit, or a hash of the content. */
  readonly id: string;
  /** The same for a person: `HEAD 1a2b3c4 (modified)`. */
  readonly text: string;
}

/** Where an application stands. */
export interface ApplicationSource {
  readonly folder: string;
  readonly path: string;
}

/** What an operation has come to. Still Running: it would wait for ever, and was left. */
export interface OperationEnd {
  readonly operation: OperationState;
  readonly results: readonly ResourceResult[];
  readonly finishedAt: number;
}

/** The options of a sync that a person may still change when they see what it would do. */
export interface OperationChoices extends Readonly<Record<SwitchName, boolean>> {
  /** So many further attempts after a failed one; negative: without end. */
  readonly retry: number;
  /** Seconds between waves; absent: as long as it takes to be sure. */
  readonly waveDelay?: number | undefined;
  /** These alone, and no hooks; absent: everything. */
  readonly resources?: readonly SelectedResource[] | undefined;
}

/** What is on or off, by the names of the terminal's flags. */
export const SWITCHES = [
  ...(['prune', 'pruneLast', 'dryRun', 'force', 'replace', 'serverSide'] as const),
  ...(['forceConflicts', 'applyOutOfSyncOnly', 'createNamespace'] as const),
] as const;

export type SwitchName = (typeof SWITCHES)[number];

/** The options of a preflight, and the resources that may be chosen of. */
export interface OfferedChoices {
  readonly chosen: OperationChoices;
  readonly selectable: readonly SelectedResource[];
  /** Sync options of the application that stay as they are. */
  readonly further: readonly string[];
}
