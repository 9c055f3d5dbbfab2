import type { HealthResult } from '#core/health/model';
import type { KubeObject } from '#core/object';
import type { OperationState, Pass, ResourceResult, SyncOptions } from '#core/sync/model';
import { syncPass, terminatePass } from '#core/sync/pass';
import type { Session } from './session.ts';

/** What a pass goes by, beside what its engine knows by itself. */
export interface Given {
  readonly operation: OperationState;
  readonly results: readonly ResourceResult[];
  /** The live objects as the pass is to see them. */
  readonly view: (live: ReadonlyMap<string, KubeObject>) => ReadonlyMap<string, KubeObject>;
  readonly health: (object: KubeObject) => HealthResult;
  /** A person has agreed that what asks for it may be deleted. */
  readonly approved: boolean;
}

/** What an operation carries out, pass after pass: a sync, or a deletion. */
export interface Engine {
  /** Nothing is written. */
  readonly dryRun: boolean;
  pass(given: Given): Pass;
  /** The pass that ends the operation on request. */
  terminate(given: Given): Pass;
  /** What another attempt keeps of the results of one that has failed. */
  kept(results: readonly ResourceResult[]): readonly ResourceResult[];
}

/**
 * The engine of a sync.
 * @param startedAt milliseconds since 1970
 * @param modified for ApplyOutOfSyncOnly: what differed at the start
 */
export function syncEngine(
  session: Session,
  options: SyncOptions,
  startedAt: number,
  modified: ReadonlyMap<string, boolean>,
): Engine {
  const input = ({ view, approved, ...given }: Given): Parameters<typeof syncPass>[0] => ({
    ...session.passInput(approved ? { ...options, pruneConfirmed: true } : options, view),
    ...given,
    startedAt: Math.floor(startedAt / 1000),
    modified,
  });
  return {
    dryRun: options.dryRun,
    pass: (given) => syncPass(input(given)),
    terminate: (given) => terminatePass(input(given)),
    kept: () => [],
  };
}
