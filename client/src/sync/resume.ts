import type { OperationPhase } from '#core/sync/model';
import type { ClusterIdentity } from './cluster.ts';
import type { Preflight } from './events.ts';
import { differences, fingerprintsOf, type OperationRecord } from './record.ts';
import type { OperationStore } from './recorder.ts';
import type { SyncRequest } from './request.ts';

/** What is to be done with an operation that was cut off. */
export type Wish = 'start' | 'resume' | 'discard';

/** Where operations are kept, and what is to be done with one that was cut off. */
export interface StoredOperations {
  readonly store: OperationStore;
  readonly wish: Wish;
  /** How it is asked for, as it is typed. */
  readonly commands: { readonly resume: string; readonly discard: string };
}

/** What the store says to a sync that is about to start. */
export type Decision =
  | { readonly kind: 'start' }
  | { readonly kind: 'resume'; readonly record: OperationRecord }
  | { readonly kind: 'discarded'; readonly message: string }
  | { readonly kind: 'unfinished'; readonly startedAt: number; readonly message: string }
  | { readonly kind: 'not-resumed'; readonly message: string };

const LISTED = 10;
const day = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** Looks for an operation of this application and context that has not ended, and says what follows from it. */
export async function decide(
  { store, wish, commands }: StoredOperations,
  request: SyncRequest,
  { context, server }: ClusterIdentity,
  now: number,
): Promise<Decision> {
  const { application, namespace } = request;
  const where = `${application} in namespace ${namespace} on ${context}`;
  const record = (await store.list()).find(
    (known) =>
      known.ended === undefined &&
      known.application === application &&
      known.context === context &&
      known.namespace === namespace,
  );
  if (!record)
    return wish === 'start'
      ? { kind: 'start' }
      : { kind: 'not-resumed', message: `No sync of ${where} was cut off: there is nothing to ${wish}.` };
  const what = `The sync of ${where} that began at ${day(record.startedAt)}`;
  if (await store.isAlive(record)) {
    const message = `${what} is running, in process ${record.process}. Wait for its end, or terminate it there.`;
    return { kind: 'unfinished', startedAt: record.startedAt, message };
  }
  if (wish === 'discard') {
    return { kind: 'discarded', message: await discard(store, record, now) };
  }
  const ways = [`To continue it: ${commands.resume}`, `To leave it as it stands: ${commands.discard}`];
  if (wish === 'start')
    return {
      kind: 'unfinished',
      startedAt: record.startedAt,
      message: [`${what} was cut off before its end (${stateText(record)}).`, ...ways].join('\n'),
    };
  if (record.server !== server) {
    const message = `${what} was sent to ${record.server}, but ${context} leads to ${server} now. Nothing was written.`;
    return { kind: 'not-resumed', message: `${message}\n${ways[1]}` };
  }
  const changed = differences(record.fingerprints, fingerprintsOf(request.objects));
  if (changed.length === 0) return { kind: 'resume', record };
  const more = changed.length > LISTED ? [`  and ${changed.length - LISTED} more`] : [];
  const list = changed.slice(0, LISTED).map((text) => `  ${text}`);
  const first = `${what} cannot go on, for the manifests are not those of ${record.revision.text} any more:`;
  const last = `Bring them back to what they were, or leave it as it stands and sync anew: ${commands.discard}`;
  return { kind: 'not-resumed', message: [first, ...list, ...more, last].join('\n') };
}

/** Marks an operation that was cut off as ended; nothing of it is written any more. The answer tells it to a person. */
export async function discard(store: OperationStore, record: OperationRecord, now: number): Promise<string> {
  await store.save({ ...record, journal: [], updatedAt: now, ended: { at: now, how: 'discarded' } });
  const { application, namespace, context, startedAt } = record;
  const what = `The sync of ${application} in namespace ${namespace} on ${context} that began at ${day(startedAt)}`;
  return `${what} is marked as ended. Nothing was written: what it has started in the cluster stays as it is${runningText(record)}.`;
}

const stateText = ({ state, terminating }: OperationRecord): string =>
  terminating ? 'it was being terminated' : state.message || 'nothing had a result yet';

function runningText({ results }: OperationRecord): string {
  const hooks = results.filter(({ hookType, hookPhase }) => hookType !== '' && hookPhase === 'Running');
  return hooks.length === 0
    ? ''
    : ` (hooks that were running: ${hooks.map(({ kind, name }) => `${kind}/${name}`).join(', ')})`;
}

/** The request of an operation that goes on: what it was started with, so that names and order stay the same. */
export function resumedRequest(request: SyncRequest, record: OperationRecord): SyncRequest {
  const { application, namespace, objects, waitsForever, horizon, furtherKinds, blockers, warnings, leftOut } = request;
  const { operation, revision, retry, backoff, waveDelay } = record;
  const timeout = request.timeout ?? record.timeout;
  return {
    ...{ application, namespace, objects, waitsForever, horizon, furtherKinds, blockers, warnings, leftOut },
    ...{ operation, revision, retry },
    ...(backoff === undefined ? {} : { backoff }),
    ...(waveDelay === undefined ? {} : { waveDelay }),
    ...(timeout === undefined ? {} : { timeout }),
  };
}

const ENDED: ReadonlySet<string> = new Set<OperationPhase>(['Succeeded', 'Failed', 'Error']);

/** What is shown before an operation goes on: what has its result is not done again. */
export function resumedPreflight(
  preflight: Preflight,
  record: OperationRecord,
  keyOf: (result: OperationRecord['results'][number]) => string,
): Preflight {
  const done = new Map(record.results.map((result) => [`${result.syncPhase} ${keyOf(result)}`, result]));
  const rows = preflight.rows.map((row) => {
    const result = done.get(`${row.phase} ${row.task}`);
    if (!result || result.hookPhase === '') return row;
    const note = ENDED.has(result.hookPhase) ? `has its result: ${result.message}` : 'was written; it is waited for';
    return { ...row, change: 'unchanged' as const, note, diff: [] };
  });
  const began = `Continues the sync that began at ${day(record.startedAt)} (${stateText(record)})`;
  const count = record.results.filter(({ hookPhase }) => ENDED.has(hookPhase)).length;
  const results = count === 0 ? '' : `; what has its result already (${count}) is not written again`;
  return { ...preflight, resumes: true, rows, warnings: [`${began}${results}.`, ...preflight.warnings] };
}
