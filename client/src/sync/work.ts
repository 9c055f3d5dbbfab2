import type { Engine } from './engine.ts';
import type { Rehearsed, RehearsalParts } from './rehearse.ts';
import type { Session } from './session.ts';

/** How a run looks at the cluster, before anything is written. */
export interface Looking extends Omit<RehearsalParts, 'options'> {
  /** It goes on with an operation that was cut off. */
  readonly resumes: boolean;
}

/** What an operation begins with, beside the live objects. */
export interface Beginning {
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** What differed at the start, for ApplyOutOfSyncOnly. */
  readonly modified: ReadonlyMap<string, boolean>;
}

/** What a request asks for: a sync, or a deletion. Everything else of a run is the same for both. */
export interface Work {
  /** Nothing is written. */
  readonly dryRun: boolean;
  /** Finds out what would happen; writes nothing. */
  look(looking: Looking): Promise<Rehearsed>;
  engine(session: Session, beginning: Beginning): Engine;
  /** Keys of what is in the cluster at the end. @param hadNamespace the destination namespace was there before */
  left(session: Session, hadNamespace: boolean): string[];
}
