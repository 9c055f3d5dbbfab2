import { at, listAt } from '#core/fields';
import { isObject, type Json, type JsonObject, type KubeObject } from '#core/object';
import type { OperationRequest } from '#core/sync/options';
import { without } from '../json.ts';
import type { Backoff } from '../model.ts';
import { sourcesOf } from './live-application.ts';

/** Name of the entry in an operation's `info` by which we know ours again. */
const MARK = 'Argo CD Hooks';

export interface Asked {
  readonly operation: OperationRequest;
  /** Further attempts; 0: as the Application says. */
  readonly retry: number;
  /** Somebody has said so: also none is not what the Application says. */
  readonly retryIsChosen?: boolean | undefined;
  readonly backoff?: Backoff | undefined;
  /** Who asks. */
  readonly user: string;
  /** Tells this operation from every other one. */
  readonly mark: string;
}

/**
 * The operation that Argo CD's API server would write for a sync with these options. It resolves the revision first;
 * without one the controller takes what the Application says.
 * Source: server/application/application.go `Sync`; controller/sync.go `newSyncOperationResult`.
 */
export function operationFor(
  object: KubeObject,
  { operation, retry, retryIsChosen, backoff, user, mark }: Asked,
): JsonObject {
  const [source, ...more] = sourcesOf(object);
  const several = listAt(object, 'spec', 'sources').length > 0;
  const strategy = operation.force === true ? { force: true } : {};
  const policy = at(object, 'spec', 'syncPolicy', 'retry');
  const limit: Json | undefined =
    retry === 0 && retryIsChosen !== true
      ? policy
      : { ...(isObject(policy) ? policy : {}), limit: retry, ...(backoff ? { backoff: backoffOf(backoff) } : {}) };
  const sync: JsonObject = {
    ...(several && source ? { sources: [source, ...more] } : source ? { source } : {}),
    ...(operation.prune === true ? { prune: true } : {}),
    ...(operation.dryRun === true ? { dryRun: true } : {}),
    syncStrategy: operation.strategy === 'apply' ? { apply: strategy } : { hook: strategy },
    ...(operation.syncOptions && operation.syncOptions.length > 0 ? { syncOptions: [...operation.syncOptions] } : {}),
    ...(operation.resources && operation.resources.length > 0
      ? { resources: operation.resources.map((resource): JsonObject => ({ ...resource })) }
      : {}),
  };
  return {
    sync,
    initiatedBy: { username: user },
    info: [{ name: MARK, value: mark }],
    ...(limit === undefined ? {} : { retry: limit }),
  };
}

/** Source: types.go `Backoff`; durations as Go writes them. */
const backoffOf = ({ duration, factor, maxDuration }: Backoff): JsonObject => ({
  duration: `${duration}ms`,
  factor,
  ...(maxDuration > 0 ? { maxDuration: `${maxDuration}ms` } : {}),
});

/** Is it the operation with this mark? */
export const isMarked = (operation: Json | undefined, mark: string): boolean =>
  listAt(operation, 'info').some(({ name, value }) => name === MARK && value === mark);

/** The Application with an operation to begin. Source: util/argo/argo.go `SetAppOperation`. */
export const withOperation = (object: KubeObject, operation: JsonObject): KubeObject => ({
  ...withStatus(object, (status) => without(status, 'operationState')),
  operation,
});

/** The Application without the operation that has not begun. */
export const withoutOperation = (object: KubeObject): KubeObject => without(object, 'operation');

/** The Application whose operation is to be terminated. Source: server/application/application.go `TerminateOperation`. */
export const withTermination = (object: KubeObject): KubeObject =>
  withStatus(object, (status) => {
    const state = status['operationState'];
    return { ...status, ...(isObject(state) ? { operationState: { ...state, phase: 'Terminating' } } : {}) };
  });

function withStatus(object: KubeObject, change: (status: JsonObject) => JsonObject): KubeObject {
  const status = object['status'];
  return isObject(status) ? { ...object, status: change(status) } : object;
}
