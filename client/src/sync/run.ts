import type { OperationPhase } from '#core/sync/model';
import { handOver, terminateRunning, type ArgoParts } from './argocd/hand-over.ts';
import type { ApplicationPlace } from './argocd/live-application.ts';
import { wavesIn } from './argocd/results.ts';
import type { ClusterIdentity } from './cluster.ts';
import type { Preflight } from './events.ts';
import { OperationLease, type LeaseNote } from './lease.ts';
import type { OperationChoices, OperationEnd } from './model.ts';
import { handedRecord, newRecord } from './new-record.ts';
import { rfc3339 } from './progress.ts';
import { holdersOf, operationWord, type OperationRecord } from './record.ts';
import { Recorder } from './recorder.ts';
import type { Answer, SyncPorts, SyncRequest } from './request.ts';
import { resumedPreflight } from './resume.ts';
import { runAttempts } from './retry.ts';
import { runParts, type RunParts } from './run-parts.ts';
import { namespaceKey } from './session.ts';
import type { Stop } from './signal.ts';
import { workOf } from './work-of.ts';
import type { Work } from './work.ts';

/** How a run has ended. Phase Running: it would have waited for ever. */
export type SyncEnd =
  | { readonly kind: 'blocked'; readonly blockers: readonly string[]; readonly denied: boolean }
  | { readonly kind: 'refused' }
  /** Another operation of the application was cut off, or runs. */
  | { readonly kind: 'unfinished'; readonly message: string }
  | { readonly kind: 'not-resumed'; readonly message: string }
  | { readonly kind: 'discarded'; readonly message: string }
  | { readonly kind: 'finished'; readonly phase: OperationPhase; readonly terminated: boolean };

/** What the store had of the application before. */
export interface Before {
  readonly resumed?: OperationRecord | undefined;
  readonly gone: readonly OperationRecord[];
}

/** Other options were chosen, before anything was written. */
export interface Revised {
  readonly kind: 'revised';
  readonly choices: OperationChoices;
}

/** One look at the cluster, the question, and, after a yes, the operation. */
export class Run {
  readonly #request: SyncRequest;
  readonly #ports: SyncPorts;
  readonly #stop: Stop;
  readonly #parts: RunParts;
  readonly #work: Work;
  /** The operation that goes on. */
  readonly #resumed: OperationRecord | undefined;
  /** Those that make way for it. */
  readonly #gone: readonly OperationRecord[];
  readonly #edition: number;

  constructor(
    request: SyncRequest,
    ports: SyncPorts,
    stop: Stop,
    { edition, resumed, gone }: Before & { readonly edition: number },
  ) {
    this.#edition = edition;
    this.#resumed = resumed;
    this.#gone = gone;
    this.#request = request;
    this.#ports = ports;
    this.#stop = stop;
    this.#parts = runParts(request, ports, stop);
    this.#work = workOf(request);
  }

  async run(identity: ClusterIdentity): Promise<SyncEnd | Revised> {
    const { cluster, clock } = this.#ports;
    const { session, redactor, progress } = this.#parts;
    await session.discover();
    const resumed = this.#resumed;
    const { dryRun } = this.#work;
    const { preflight: found, denied } = await this.#work.look({
      ...{ request: this.#request, cluster, identity, session, redactor, now: clock.now() },
      ...{ resumes: resumed !== undefined, signal: this.#stop },
    });
    const shown = resumed ? resumedPreflight(found, resumed, (result) => session.keyOf(result)) : found;
    const lease = found.blockers.length === 0 && !dryRun ? this.#lease(identity) : undefined;
    const preflight = { ...withNote(shown, await lease?.look()), edition: this.#edition };
    this.#ports.emit({ type: 'preflight', time: progress.time(), preflight });
    const { blockers, owner } = preflight;
    const argocd = this.#request.argocd?.by;
    const blocked = { kind: 'blocked', blockers, denied } as const;
    // What stands in the way of a sync from here need not stand in Argo CD's.
    const impossible = blockers.length > 0 && (argocd !== 'asked' || owner?.obstacles.length !== 0);
    if (impossible && !this.#canRevise(preflight)) return blocked;
    const answer = !this.#ports.terminate.aborted && (await this.#answer(preflight));
    if (typeof answer === 'object') return answer;
    if (impossible) return blocked;
    if (answer === false) return { kind: 'refused' };
    const byArgo = owner && (answer === 'argocd' || argocd === 'argocd');
    if (!byArgo && blockers.length > 0) return blocked;
    if (owner?.running !== undefined && !dryRun) await terminateRunning(this.#argoParts(owner));
    if (byArgo) return this.#handOver(owner, preflight, identity);
    try {
      return await this.#operate(preflight, identity, lease);
    } finally {
      await lease?.release();
    }
  }

  /** One that was cut off goes on with the options that it was started with. */
  #canRevise({ choices }: Preflight): boolean {
    return this.#ports.revised !== undefined && choices !== undefined && !this.#resumed;
  }

  async #answer(preflight: Preflight): Promise<Answer | Revised> {
    const confirmed = this.#ports.confirm(preflight);
    const revised = this.#canRevise(preflight) ? this.#ports.revised?.(preflight) : undefined;
    if (!revised) return confirmed;
    return Promise.race([confirmed, revised.then((choices): Revised => ({ kind: 'revised', choices }))]);
  }

  #lease({ kind }: ClusterIdentity): OperationLease | undefined {
    const { cluster, clock, holder } = this.#ports;
    if (kind !== 'kubernetes' || holder === undefined) return undefined;
    const { application, namespace } = this.#request;
    const before = this.#holdersBefore;
    const word = operationWord(this.#request);
    return new OperationLease({ cluster, clock, application, namespace, word, holder, before, signal: this.#stop });
  }

  /** Processes that are known to be gone, of which any may be named in the Lease. */
  get #holdersBefore(): readonly string[] {
    const past = [...this.#gone, ...(this.#resumed ? [this.#resumed] : [])];
    return [...new Set(past.flatMap(holdersOf))];
  }

  #argoParts(place: ApplicationPlace): ArgoParts {
    const { cluster, clock, terminate } = this.#ports;
    return { place, cluster, clock, terminate, progress: this.#parts.progress, signal: this.#stop };
  }

  /** Argo CD runs the sync; what it does is told as if it ran here, and how it ended is kept. */
  async #handOver(place: ApplicationPlace, preflight: Preflight, identity: ClusterIdentity): Promise<SyncEnd> {
    const { operation, retry, retryIsChosen, backoff } = this.#request;
    const { session, logs, settled, tellResult } = this.#parts;
    const before = this.#record(identity, preflight);
    const waves = wavesIn(preflight, (result) => session.keyOf(result));
    const handed = handOver({
      ...this.#argoParts(place),
      asked: { operation, retry, retryIsChosen, backoff, user: identity.user || 'argocd-hooks' },
      waveOf: waves,
      approved: this.#ports.argocdApproved,
      notice: (notice) => this.#ports.emit({ type: 'notice', time: rfc3339(this.#ports.clock.now()), ...notice }),
      runs: (result) => {
        const key = session.keyOf(result);
        const hook = session.cache.get(key);
        if (hook) logs.follow(key, hook);
      },
    });
    const { end, terminated, revision } = await handed.catch(async (error: unknown) => {
      const message = error instanceof Error ? error.message : 'an unknown error';
      const state = { phase: 'Error', message } as const;
      await this.#keepHanded(before, place, { operation: state, results: [], finishedAt: this.#ports.clock.now() }, '');
      throw error;
    });
    await this.#keepHanded(before, place, end, revision);
    await settled();
    tellResult(end, before.startedAt, this.#work.left(session, true));
    return { kind: 'finished', phase: end.operation.phase, terminated };
  }

  /** Stores an operation of Argo CD's as it has ended. */
  async #keepHanded(
    before: OperationRecord,
    { namespace, name }: ApplicationPlace,
    { operation, results, finishedAt }: OperationEnd,
    revision: string,
  ): Promise<void> {
    const { operations } = this.#ports;
    if (!operations || this.#work.dryRun) return;
    const record = handedRecord(before, { process: operations.store.process, to: `${namespace}/${name}`, revision });
    const { redactor } = this.#parts;
    await new Recorder(operations.store, record, redactor, () => finishedAt).ended(operation, results);
  }

  async #operate(preflight: Preflight, identity: ClusterIdentity, lease?: OperationLease): Promise<SyncEnd> {
    const { clock, holder } = this.#ports;
    const earlierHolders = this.#holdersBefore;
    const { progress, redactor, session, settled, tellResult } = this.#parts;
    const record = {
      ...(this.#resumed ?? this.#record(identity, preflight)),
      ...(lease && holder !== undefined ? { holder } : {}),
      ...(earlierHolders.length > 0 ? { earlierHolders } : {}),
    };
    const { startedAt, hadNamespace } = record;
    const store = this.#work.dryRun ? undefined : this.#ports.operations?.store;
    const recorder = new Recorder(store, record, redactor, () => clock.now());
    // Stored first: whenever this process dies from here on, the next one knows whose Lease it finds.
    await recorder.begin();
    for (const gone of this.#gone) if (gone.id !== record.id) await store?.remove(gone);
    try {
      await lease?.acquire();
    } catch (error) {
      await recorder.takeBack(this.#resumed);
      throw error;
    }
    progress.operation({ phase: 'Running', message: '' });
    const { end, terminated } = await runAttempts({
      ...this.#parts,
      request: this.#request,
      ports: this.#ports,
      engine: this.#work.engine(session, { startedAt, modified: new Map(record.modified) }),
      startedAt,
      recorder,
      lease,
      resumed: this.#resumed,
    });
    // Nothing is written any more. What is stored as ended holds nobody up, whenever this process dies.
    await lease?.release();
    await recorder.ended(end.operation, end.results);
    await settled();
    tellResult(end, startedAt, this.#work.left(session, hadNamespace));
    return { kind: 'finished', phase: end.operation.phase, terminated };
  }

  /** The operation as it begins. */
  #record(identity: ClusterIdentity, preflight: Preflight): OperationRecord {
    const hadNamespace = this.#parts.session.cache.get(namespaceKey(this.#request.namespace)) !== undefined;
    const isStored = this.#ports.operations !== undefined;
    return newRecord(this.#request, {
      identity,
      preflight,
      startedAt: this.#ports.clock.now(),
      hadNamespace,
      isStored,
    });
  }
}

/** The confirmation with what is to be said of the Lease. */
const withNote = (preflight: Preflight, { addition, warning }: LeaseNote = {}): Preflight => ({
  ...preflight,
  additions: [...preflight.additions, ...(addition === undefined ? [] : [addition])],
  warnings: [...preflight.warnings, ...(warning === undefined ? [] : [warning])],
});
