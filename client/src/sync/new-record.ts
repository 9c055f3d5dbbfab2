import type { ClusterIdentity } from './cluster.ts';
import { sha1 } from './content-id.ts';
import type { Preflight } from './events.ts';
import { rfc3339 } from './progress.ts';
import { fingerprintsOf, objectsThatCount, RECORD_SCHEMA, type OperationRecord } from './record.ts';
import type { SyncRequest } from './request.ts';

/** What an operation begins with. */
interface Beginning {
  readonly identity: ClusterIdentity;
  readonly preflight: Preflight;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** The destination namespace was there before. */
  readonly hadNamespace: boolean;
  /** It is kept, so that it can go on where it is cut off. */
  readonly isStored: boolean;
}

/** An operation before anything of it was sent. */
export function newRecord(
  request: SyncRequest,
  { identity, preflight, startedAt, hadNamespace, isStored }: Beginning,
): OperationRecord {
  const { application, namespace, revision, operation, retry, backoff, waveDelay, timeout, objects } = request;
  const { deletion, source } = request;
  const { context, server } = identity;
  return {
    schema: RECORD_SCHEMA,
    id: `${rfc3339(startedAt).replaceAll(':', '')}-${sha1([application, context, namespace].join('\n')).slice(0, 8)}`,
    ...{ application, context, server, namespace, revision, startedAt, operation, retry, hadNamespace },
    updatedAt: startedAt,
    untouched: true,
    process: 0,
    ...(backoff === undefined ? {} : { backoff }),
    ...(source === undefined ? {} : { source }),
    ...(waveDelay === undefined ? {} : { waveDelay }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(deletion ? { deletion } : {}),
    fingerprints: isStored ? fingerprintsOf(objectsThatCount(objects, request)) : [],
    modified: deletion ? [] : modifiedIn(preflight),
    state: { phase: 'Running', message: '' },
    results: [],
    journal: [],
    retries: 0,
  };
}

/** What the preflight has found to differ, for ApplyOutOfSyncOnly. */
const modifiedIn = ({ rows }: Preflight): (readonly [key: string, differs: boolean])[] =>
  rows.filter(({ hook }) => !hook).map(({ task, change }) => [task, change !== 'unchanged']);

/** The same operation, which Argo CD has run. @param revision what that has synced; empty: it is not known */
export function handedRecord(
  record: OperationRecord,
  { process, to, revision }: { readonly process: number; readonly to: string; readonly revision: string },
): OperationRecord {
  const short = revision.replaceAll(/\b([0-9a-f]{7})[0-9a-f]{33}\b/g, '$1');
  const text = `${short === '' ? 'what is in Git' : short}, by Argo CD`;
  return { ...record, process, handedTo: to, revision: { id: revision, text } };
}
