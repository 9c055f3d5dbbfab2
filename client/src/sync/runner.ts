import { isTerminating } from '#core/object';
import type { OperationPhase, OperationState, SyncOptions, TaskView } from '#core/sync/model';
import { syncOptions } from '#core/sync/options';
import { Bell } from './bell.ts';
import type { ClusterIdentity } from './cluster.ts';
import type { Preflight } from './events.ts';
import { HookLogs } from './hook-logs.ts';
import { seconds } from './measure.ts';
import type { OperationEnd } from './operation.ts';
import { Progress, rfc3339, withoutSecrets } from './progress.ts';
import { Redactor } from './redact.ts';
import { rehearse } from './rehearse.ts';
import type { SyncPorts, SyncRequest } from './request.ts';
import { runAttempts } from './retry.ts';
import { namespaceKey, Session } from './session.ts';
import { Stop } from './signal.ts';

/** Milliseconds that deletions have to come to their end before we say what is left. */
const SETTLING = 10_000;

/** How a run has ended. Phase Running: it would have waited for ever. */
export type SyncEnd =
  | { readonly kind: 'blocked'; readonly blockers: readonly string[]; readonly denied: boolean }
  | { readonly kind: 'refused' }
  | { readonly kind: 'finished'; readonly phase: OperationPhase; readonly terminated: boolean };

/**
 * Syncs an application: looks at the cluster, shows what would happen, and after a yes runs the engine's passes until the
 * operation has ended. Everything that happens is told through `ports.emit`.
 * Rejects only where the cluster cannot be reached at all, with a message for a person.
 */
export async function runSync(request: SyncRequest, ports: SyncPorts): Promise<SyncEnd> {
  const stop = new Stop();
  try {
    const identity = await ports.cluster.connect(new Stop(ports.terminate));
    const namespace = request.namespace || identity.namespace || 'default';
    return await new Run({ ...request, namespace }, ports, stop).run(identity);
  } finally {
    stop.stop();
    ports.cluster.close();
  }
}

class Run {
  readonly #request: SyncRequest;
  readonly #ports: SyncPorts;
  readonly #stop: Stop;
  readonly #bell = new Bell();
  readonly #redactor = new Redactor();
  readonly #session: Session;
  readonly #progress: Progress;

  constructor(request: SyncRequest, ports: SyncPorts, stop: Stop) {
    this.#request = request;
    this.#ports = ports;
    this.#stop = stop;
    const now = (): number => ports.clock.now();
    const changed = (): void => this.#bell.ring();
    this.#session = new Session(ports.cluster, request, this.#redactor, stop, { now, changed });
    this.#progress = new Progress({
      now,
      emit: (event) => ports.emit(event),
      redactor: this.#redactor,
      keyOf: (view) => this.#session.keyOf(view),
      changedAt: (key) => this.#session.cache.changedAt(key),
    });
  }

  async run(identity: ClusterIdentity): Promise<SyncEnd> {
    const { cluster, clock } = this.#ports;
    await this.#session.discover();
    const options = syncOptions(this.#request.operation);
    const { preflight, denied } = await rehearse({
      request: this.#request,
      cluster,
      identity,
      session: this.#session,
      options,
      redactor: this.#redactor,
      now: clock.now(),
      signal: this.#stop,
    });
    this.#ports.emit({ type: 'preflight', time: this.#progress.time(), preflight });
    if (preflight.blockers.length > 0) return { kind: 'blocked', blockers: preflight.blockers, denied };
    if (this.#ports.terminate.aborted || !(await this.#ports.confirm(preflight))) return { kind: 'refused' };
    return this.#operate(options, preflight);
  }

  async #operate(options: SyncOptions, preflight: Preflight): Promise<SyncEnd> {
    const { clock, cluster } = this.#ports;
    const startedAt = clock.now();
    const hadNamespace = this.#session.cache.get(this.#namespaceKey) !== undefined;
    this.#progress.operation({ phase: 'Running', message: '' });
    const logs = new HookLogs({
      cluster,
      redactor: this.#redactor,
      emit: (event) => this.#ports.emit(event),
      time: () => this.#progress.time(),
      sleep: (ms, signal) => clock.sleep(ms, signal),
      signal: this.#stop,
    });
    const { end, terminated } = await runAttempts({
      request: this.#request,
      ports: this.#ports,
      session: this.#session,
      progress: this.#progress,
      logs,
      options,
      modified: modifiedIn(preflight),
      startedAt,
      bell: this.#bell,
      tellStuck: (operation, awaited) => this.#tellStuck(operation, awaited),
    });
    await logs.close();
    await this.#settle();
    this.#tellResult(end, startedAt, this.#left(hadNamespace));
    return { kind: 'finished', phase: end.operation.phase, terminated };
  }

  async #tellStuck(operation: OperationState, awaited: readonly TaskView[]): Promise<void> {
    const waitsFor = [];
    for (const view of awaited) {
      const task = this.#session.keyOf(view);
      const object = this.#session.cache.get(task);
      const reasons = object ? await this.#ports.cluster.why?.(object, this.#stop) : undefined;
      waitsFor.push({ task, reasons: (reasons ?? []).map((reason) => this.#redactor.hide(reason)) });
    }
    const message = this.#redactor.hide(operation.message);
    this.#ports.emit({ type: 'stuck', time: this.#progress.time(), message, waitsFor });
  }

  /** Waits until what is being deleted has gone, so that it is not told as left; not for ever. */
  async #settle(): Promise<void> {
    const { clock } = this.#ports;
    const until = clock.now() + SETTLING;
    while ([...this.#session.live().values()].some(isTerminating) && clock.now() < until) {
      this.#bell.reset();
      const enough = new Stop(this.#stop);
      const quiet = clock.quiet?.(enough).then(() => true) ?? new Promise<boolean>(() => undefined);
      const rung = this.#bell.wait().then(() => false);
      const late = clock.sleep(until - clock.now(), enough).then(() => false);
      const silent = await Promise.race([rung, late, quiet]);
      enough.stop();
      if (silent) return;
    }
  }

  get #namespaceKey(): string {
    return namespaceKey(this.#request.namespace);
  }

  /** Keys of what is in the cluster now: the application's objects, and the namespace if this operation made it. */
  #left(hadNamespace: boolean): string[] {
    const key = this.#namespaceKey;
    const made = !hadNamespace && this.#session.cache.get(key) !== undefined;
    return [...new Set([...this.#session.live().keys(), ...(made ? [key] : [])])].sort();
  }

  #tellResult({ operation, results, finishedAt }: OperationEnd, startedAt: number, left: readonly string[]): void {
    this.#ports.emit({
      type: 'result',
      time: this.#progress.time(),
      operation: {
        phase: operation.phase,
        message: this.#redactor.hide(operation.message),
        startedAt: rfc3339(startedAt),
        finishedAt: rfc3339(finishedAt),
      },
      results: withoutSecrets(results, this.#redactor),
      left,
      ...this.#progress.stopwatch.measures(),
      waited: { seconds: seconds(finishedAt - startedAt) },
    });
  }
}

/** What the preflight has found to differ, for ApplyOutOfSyncOnly. */
const modifiedIn = ({ rows }: Preflight): ReadonlyMap<string, boolean> =>
  new Map(rows.filter(({ hook }) => !hook).map(({ task, change }) => [task, change !== 'unchanged']));
