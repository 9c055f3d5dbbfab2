import type { HookPhase, OperationPhase, ResourceResult, ResultStatus, TaskPhase } from '#core/sync/model';
import type { OfferedChoices, OperationChoices } from './model.ts';
import type { ObjectTexts } from './object-text.ts';
import type { ClusterIdentity, Notice } from './cluster.ts';

/** What the confirmation shows of one object, in the order in which it will happen. */
export interface PreflightRow {
  /** `group/Kind/namespace/name`; a generated name is shown as `prefix-…`. */
  readonly task: string;
  readonly phase: TaskPhase;
  readonly wave: number;
  readonly hook: boolean;
  /** create: not there yet; change: there and different; unchanged: there and equal; recreate: a hook deleted first; prune: deleted. */
  readonly change: 'create' | 'change' | 'unchanged' | 'recreate' | 'prune' | 'unknown';
  /** What happens to it afterwards, or why nothing can be said ("deleted when the sync succeeds"). */
  readonly note: string;
  /** Lines of difference for `change`, values of Secrets left out; empty otherwise. */
  readonly diff: readonly string[];
  /** For `change`: the live object and what the write would leave, as YAML, values of Secrets masked. */
  readonly texts?: ObjectTexts;
  /** Its deletion wants to be agreed to by itself (`Prune=confirm`, `Delete=confirm`). */
  readonly asksConfirmation?: true;
  /** Nothing is written for it: it is only told. */
  readonly stays?: true;
}

/** Everything that an operation would do, shown before anything is written. */
export interface Preflight {
  readonly cluster: ClusterIdentity;
  readonly application: string;
  readonly namespace: string;
  /** Revision in words: `HEAD 1a2b3c4 (modified)`, or a content hash. */
  readonly revision: string;
  /** It is a deletion of the application's objects, no sync. */
  readonly deletes?: true;
  /** It goes on with a sync that was cut off. */
  readonly resumes?: true;
  readonly rows: readonly PreflightRow[];
  /** What a person must know before they agree: missing permissions, an Application that owns this, what could not be read. */
  readonly warnings: readonly string[];
  /** Others own fields that are applied on the server, and the options do not take them over. */
  readonly conflicts?: true;
  /** Makes the operation impossible: the confirmation is not offered. */
  readonly blockers: readonly string[];
  /** The closed list of what is added to objects. */
  readonly additions: readonly string[];
  /** What is not applied, or not run, and why. */
  readonly notRun: readonly string[];
  /** The options of the operation, in words. */
  readonly options: readonly string[];
  /** The options that can be changed; absent: none. */
  readonly choices?: OfferedChoices;
  /** Counts the preflights of one run, each with other options than the one before. Absent: 1. */
  readonly edition?: number;
  /** The Argo CD Application in this cluster that owns what is synced. */
  readonly owner?: OwningApplication;
  /** The destination namespace, where it does not exist and this sync does not make it. */
  readonly missingNamespace?: string;
}

/** An Argo CD Application in the cluster, and whether the sync can be left to it. */
export interface OwningApplication {
  readonly namespace: string;
  readonly name: string;
  /** An operation of Argo CD that has not ended: in words, with who asked for it and since when. */
  readonly running?: string;
  /** Argo CD is to run the sync: that was asked for beforehand. */
  readonly isChosen: boolean;
  /** Why Argo CD cannot be asked to run it; empty: it can. */
  readonly obstacles: readonly string[];
  /** What is different where Argo CD runs it. */
  readonly notes: readonly string[];
}

/** A task that has failed, and what is known of it. */
export interface Failure {
  readonly task: string;
  readonly phase: TaskPhase;
  readonly wave: number;
  /** Argo CD's or the API server's own words. */
  readonly message: string;
  /** What its pods say: exit codes, images that cannot be pulled. */
  readonly reasons: readonly string[];
  /** The last lines of a hook's log, the newest at the end. */
  readonly log: readonly string[];
  /** What a person can do about it. */
  readonly advice: readonly string[];
}

/** What the sync after a failed one came to, once nothing fails any more that a scenario let fail. */
export interface NextSync {
  /** Running: it would have waited for ever. */
  readonly phase: OperationPhase;
  readonly message: string;
  /** What failed in it, `group/Kind/namespace/name`, and why. */
  readonly failed: readonly { readonly task: string; readonly message: string }[];
}

/** One JSON object a line of `sync --format json` and `simulate --format json`; `time` is RFC 3339 in UTC. */
export type RunEvent =
  | { readonly type: 'preflight'; readonly time: string; readonly preflight: Preflight }
  | {
      readonly type: 'operation';
      readonly time: string;
      readonly phase: OperationPhase;
      readonly message: string;
      /** It runs again after it had failed, for the so-manieth time: every task begins anew. Absent: it has not failed. */
      readonly retry?: number;
    }
  | {
      readonly type: 'task';
      readonly time: string;
      readonly task: string;
      readonly phase: TaskPhase;
      readonly wave: number;
      readonly status: ResultStatus;
      readonly hookPhase: HookPhase;
      readonly message: string;
    }
  /** A task is waited for, and how far it is has changed, or why it does not go on. */
  | {
      readonly type: 'waiting';
      readonly time: string;
      readonly task: string;
      readonly phase: TaskPhase;
      readonly wave: number;
      /** RFC 3339. */
      readonly since: string;
      /** `0 of 1 pods finished`; may be empty. */
      readonly progress: string;
      /** Only where it takes long and something is known. */
      readonly reasons: readonly string[];
      readonly advice: readonly string[];
    }
  | {
      readonly type: 'write';
      readonly time: string;
      readonly verb: 'apply' | 'create' | 'replace' | 'update' | 'delete' | 'patch';
      readonly object: string;
      readonly dryRun: boolean;
    }
  | {
      readonly type: 'log';
      readonly time: string;
      readonly task: string;
      readonly container: string;
      readonly line: string;
    }
  | {
      readonly type: 'result';
      readonly time: string;
      readonly operation: {
        readonly phase: OperationPhase;
        readonly message: string;
        readonly startedAt: string;
        readonly finishedAt: string;
      };
      readonly results: readonly ResourceResult[];
      readonly left: readonly string[];
      readonly criticalPath: { readonly seconds: number; readonly tasks: readonly string[] };
      readonly waited: { readonly seconds: number };
      /** Where something has failed. */
      readonly failures?: readonly Failure[];
      /** Keys of what was not applied because something before it has failed; absent: nothing. */
      readonly notApplied?: readonly string[];
      /** Where a simulation was asked for it and the sync failed. */
      readonly next?: NextSync;
    }
  /** What a person should know of the connection: a log-in that waits for them, an API server that does not answer. */
  | ({ readonly type: 'notice'; readonly time: string } & Notice)
  /** Nothing will happen any more by itself: the operation would wait for ever for these. */
  | {
      readonly type: 'stuck';
      readonly time: string;
      readonly message: string;
      readonly waitsFor: readonly {
        readonly task: string;
        readonly reasons: readonly string[];
        /** What a person can do about it. */
        readonly advice: readonly string[];
      }[];
    }
  /** An operation of this application was cut off, or runs: nothing was started. It can be resumed or discarded. */
  | { readonly type: 'unfinished'; readonly time: string; readonly startedAt: string; readonly message: string }
  /** The operation could not start or go on; the process exits with `exitCode`. */
  | { readonly type: 'error'; readonly time: string; readonly message: string; readonly exitCode: number };

/**
 * What the editor writes to the standard input of `sync --control` and `simulate --control`, one JSON object a line.
 * The process sends `preflight` first and waits for `confirm` or `refuse`; after `revise` it sends another one and waits
 * again. The end of input refuses, and terminates what runs.
 */
export type ControlMessage =
  /** Yes to this edition of the preflight (absent: the first). `by: argocd`: Argo CD is to run it, as its Application in the cluster says. */
  | { readonly type: 'confirm'; readonly by?: 'argocd'; readonly edition?: number }
  /** Neither: what would happen with these options? */
  | { readonly type: 'revise'; readonly edition?: number; readonly choices: OperationChoices }
  | { readonly type: 'refuse' }
  /** What Argo CD asks about (the notice `approval`) may be deleted. */
  | { readonly type: 'approve' }
  | { readonly type: 'terminate' };
