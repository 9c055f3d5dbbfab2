import type { OperationPhase } from '#core/sync/model';
import type { ClusterIdentity } from './cluster.ts';
import type { Preflight } from './events.ts';
import { differences, fingerprintsOf, objectsThatCount, operationWord, type OperationRecord } from './record.ts';
import type { OperationStore, StoredOperations } from './recorder.ts';
import type { SyncRequest } from './request.ts';

/** What the store says to an operation that is about to start. */
export type Decision =
  /** `gone`: those that died before they sent anything; they make way. */
  | { readonly kind: 'start'; readonly gone: readonly OperationRecord[] }
  | { readonly kind: 'resume'; readonly record: OperationRecord; readonly gone: readonly OperationRecord[] }
  | { readonly kind: 'discarded'; readonly message: string }
  | { readonly kind: 'unfinished'; readonly startedAt: number; readonly message: string }
  | { readonly kind: 'not-resumed'; readonly message: string };

/** The first of them whose process still lives. */
async function aliveOf(
  store: OperationStore,
  records: readonly OperationRecord[],
): Promise<OperationRecord | undefined> {
  for (const record of records) if (await store.isAlive(record)) return record;
  return undefined;
}

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
  const open = (await store.list()).filter(
    (known) =>
      known.ended === undefined &&
      known.application === application &&
      known.context === context &&
      known.namespace === namespace,
  );
  const alive = await aliveOf(store, open);
  const record = alive ?? open.find(({ untouched }) => untouched !== true) ?? open[0];
  if (!record)
    return wish === 'start'
      ? { kind: 'start', gone: [] }
      : {
          kind: 'not-resumed',
          message: `No ${operationWord(request)} of ${application} in namespace ${namespace} on ${context} was cut off: there is nothing to ${wish}.`,
        };
  const word = operationWord(record);
  const what = nameOf(record);
  if (alive) {
    const message = `${what} is running, in process ${record.process}. Wait for its end, or terminate it there.`;
    return { kind: 'unfinished', startedAt: record.startedAt, message };
  }
  if (wish === 'discard') {
    return { kind: 'discarded', message: await discard(store, record, now) };
  }
  const gone = open.filter(({ untouched }) => untouched === true);
  if (wish === 'start' && record.untouched === true) return { kind: 'start', gone };
  const { resume, discard: drop } = commands[word];
  const ways = [`To continue it: ${resume}`, `To leave it as it stands: ${drop}`];
  if (wish === 'resume' && word !== operationWord(request))
    return {
      kind: 'not-resumed',
      message: [`${what} was cut off, which is no ${operationWord(request)}.`, ...ways].join('\n'),
    };
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
  const changed = differences(record.fingerprints, fingerprintsOf(objectsThatCount(request.objects, record)));
  if (changed.length === 0) return { kind: 'resume', record, gone };
  const more = changed.length > LISTED ? [`  and ${changed.length - LISTED} more`] : [];
  const list = changed.slice(0, LISTED).map((text) => `  ${text}`);
  const which = record.deletion ? 'hooks of the deletion' : 'manifests';
  const first = `${what} cannot go on, for the ${which} are not those of ${record.revision.text} any more:`;
  const anew = record.deletion ? 'delete' : 'sync';
  const last = `Bring them back to what they were, or leave it as it stands and ${anew} anew: ${drop}`;
  return { kind: 'not-resumed', message: [first, ...list, ...more, last].join('\n') };
}

/** Marks an operation that was cut off as ended; nothing of it is written any more. The answer tells it to a person. */
export async function discard(store: OperationStore, record: OperationRecord, now: number): Promise<string> {
  await store.save({ ...record, journal: [], updatedAt: now, ended: { at: now, how: 'discarded' } });
  const rest = record.deletion
    ? 'what it has deleted is gone, and nothing more is'
    : 'what it has started in the cluster stays as it is';
  return `${nameOf(record)} is marked as ended. Nothing was written: ${rest}${runningText(record)}.`;
}

/** `The sync of shop in namespace shop on kind-dev that began at …`. */
const nameOf = (record: OperationRecord): string =>
  `The ${operationWord(record)} of ${record.application} in namespace ${record.namespace} on ${record.context} that began at ${day(record.startedAt)}`;

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
  const { operation, revision, retry, backoff, waveDelay, deletion } = record;
  const timeout = request.timeout ?? record.timeout;
  return {
    ...{ application, namespace, objects, waitsForever, horizon, furtherKinds, blockers, warnings, leftOut },
    ...{ operation, revision, retry },
    ...(backoff === undefined ? {} : { backoff }),
    ...(waveDelay === undefined ? {} : { waveDelay }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(deletion ? { deletion } : {}),
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
  const began = `Continues the ${operationWord(record)} that began at ${day(record.startedAt)} (${stateText(record)})`;
  const count = record.results.filter(({ hookPhase }) => ENDED.has(hookPhase)).length;
  const again = record.deletion ? 'is not done again' : 'is not written again';
  const results = count === 0 ? '' : `; what has its result already (${count}) ${again}`;
  return { ...preflight, resumes: true, rows, warnings: [`${began}${results}.`, ...preflight.warnings] };
}
