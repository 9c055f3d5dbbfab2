import { syncOptions } from '#core/sync/options';
import { deletionWork } from './deletion.ts';
import { syncEngine, type Engine } from './engine.ts';
import { rehearse, type Rehearsed, type RehearsalParts } from './rehearse.ts';
import type { SyncRequest } from './request.ts';
import { namespaceKey, type Session } from './session.ts';

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

/** What is to be done. */
export const workOf = (request: SyncRequest): Work =>
  request.deletion ? deletionWork(request, request.deletion) : syncWork(request);

function syncWork({ operation, namespace }: SyncRequest): Work {
  const options = syncOptions(operation);
  return {
    dryRun: options.dryRun,
    look: (looking) => rehearse({ ...looking, options }),
    engine: (session, { startedAt, modified }) => syncEngine(session, options, startedAt, modified),
    left(session, hadNamespace) {
      const key = namespaceKey(namespace);
      const made = !hadNamespace && session.cache.get(key) !== undefined;
      return [...new Set([...session.live().keys(), ...(made ? [key] : [])])].sort();
    },
  };
}
