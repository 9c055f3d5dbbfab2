import type { Until } from '#core/plan/model';

/** Where a task stands. `planned`: nothing runs; `waiting`: a run has not come to it yet. */
export type TaskState = 'planned' | 'waiting' | 'running' | 'done' | 'deleted' | 'failed' | 'not reached' | 'stopped';

/** How long a task is expected to take, and how that is known. */
export interface Estimate {
  readonly ms: number;
  /** `sync`, `simulation`: it took that long the last time; `assumed`: as a simulation plays it; `instant`: not waited for; `gone`: it is deleted. */
  readonly from: 'sync' | 'simulation' | 'assumed' | 'instant' | 'gone';
}

/** What a run has come to for one task. Times are those of the cluster's clock, in milliseconds since 1970. */
export interface Progress {
  readonly state: TaskState;
  readonly startedAt?: number;
  readonly finishedAt?: number;
  /** What Argo CD says of it; empty where it says nothing. */
  readonly message: string;
  /** So many attempts of the operation ran it before and failed; its times are those of the last one. Absent: none. */
  readonly retry?: number;
}

export interface TimelineTask {
  /** The same in every timeline of the application. */
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly hook: boolean;
  /** What the next wave waits for; null where it does not wait. */
  readonly until: Until | null;
  readonly estimate: Estimate;
  /** There is a manifest to open. */
  readonly opens: boolean;
  readonly progress: Progress;
}

export interface TimelineGate {
  readonly waits: boolean;
  /** `waits for Job db-migration to complete`. */
  readonly text: string;
  /** Something may keep it from ever opening. */
  readonly mayHang: boolean;
  /** Everything that is known about it, as Markdown. */
  readonly about: readonly string[];
}

/** One wave of one phase. */
export interface TimelineColumn {
  readonly id: string;
  readonly wave: number;
  readonly tasks: readonly TimelineTask[];
  readonly gate: TimelineGate;
}

/** One phase. */
export interface TimelineLane {
  readonly phase: string;
  readonly title: string;
  /** When it runs, in a sentence. */
  readonly meaning: string;
  /** It runs only where something else has failed. */
  readonly conditional: boolean;
  readonly columns: readonly TimelineColumn[];
}

export interface TimelineRun {
  /** Where it runs and how it stands, in words; while it goes on without the time that has passed. */
  readonly line: string;
  /** interrupted: nothing runs it any more, and it can be resumed. */
  readonly stage: 'preparing' | 'confirming' | 'running' | 'terminating' | 'finished' | 'interrupted';
  readonly outcome: 'none' | 'succeeded' | 'failed';
  readonly startedAt?: number;
  readonly finishedAt?: number;
  /** The cluster's clock when this was made, and how fast it goes (a simulation's may run faster than ours). */
  readonly clock?: { readonly now: number; readonly speed: number };
  /** What the runner measured, once it is over; ids of tasks. */
  readonly critical?: { readonly seconds: number; readonly tasks: readonly string[] };
}

/** Everything that a timeline shows of one application. Plain data. */
export interface Timeline {
  readonly application: string;
  /** Where it lies, for a person. */
  readonly where: string;
  /** It is the deletion of the application, no sync. */
  readonly deletes: boolean;
  readonly lanes: readonly TimelineLane[];
  readonly run: TimelineRun | null;
}

export const tasksOf = ({ lanes }: Timeline): TimelineTask[] =>
  lanes.flatMap(({ columns }) => columns.flatMap(({ tasks }) => tasks));

/** Does a run go on, so that bars grow? */
export const isMoving = (run: TimelineRun | null): boolean => run?.stage === 'running' || run?.stage === 'terminating';

/** Nothing more is expected of a run as it stands. */
export const isOver = (run: TimelineRun | null): boolean => run?.stage === 'finished' || run?.stage === 'interrupted';
