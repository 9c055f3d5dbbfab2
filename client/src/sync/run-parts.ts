import type { OperationState, TaskView } from '#core/sync/model';
import { Bell } from './bell.ts';
import { Failures } from './failures.ts';
import { HookLogs } from './hook-logs.ts';
import { seconds } from './measure.ts';
import type { OperationEnd } from './model.ts';
import { Progress, rfc3339, withoutSecrets } from './progress.ts';
import { Redactor } from './redact.ts';
import type { SyncPorts, SyncRequest } from './request.ts';
import { Session } from './session.ts';
import { settle } from './settle.ts';
import { Stop, type Signal } from './signal.ts';
import { Waits } from './waits.ts';

/** How an operation waits for the next thing to happen. */
export interface Patience {
  /** Ends the waiting. */
  readonly terminate: Signal;
  /** Milliseconds since 1970 up to which a clock that knows what comes looks ahead; absent: as far as it can. */
  readonly horizon?: number | undefined;
  /** Tells that nothing more will happen by itself. */
  readonly stuck: () => Promise<void>;
}

/** What a sync and a deletion alike are carried out with, and tell what happens by. */
export interface RunParts {
  /** Rung whenever something has happened. */
  readonly bell: Bell;
  readonly redactor: Redactor;
  readonly session: Session;
  readonly progress: Progress;
  readonly logs: HookLogs;
  readonly waits: Waits;
  readonly failures: Failures;
  /** Waits until something has happened; false where nothing will, which is told. */
  readonly news: (patience: Patience) => Promise<boolean>;
  /** Tells that nothing more will happen by itself, and why for each task that is waited for. */
  readonly tellStuck: (state: OperationState, awaited: readonly TaskView[]) => Promise<void>;
  /** At the end: resolves when the last lines of logs are in, and what is being deleted has gone. */
  readonly settled: () => Promise<void>;
  /** Tells what it came to. @param left keys of what stands in the cluster now */
  readonly tellResult: (end: OperationEnd, startedAt: number, left: readonly string[]) => void;
}

/** @param signal aborted when nothing is looked at any more */
export function runParts(request: SyncRequest, ports: SyncPorts, signal: Signal): RunParts {
  const { cluster, clock } = ports;
  const bell = new Bell();
  const redactor = new Redactor();
  const now = (): number => clock.now();
  const emit: SyncPorts['emit'] = (event) => ports.emit(event);
  const session = new Session(cluster, request, redactor, signal, { now, changed: () => bell.ring() });
  const keyOf = (view: TaskView): string => session.keyOf(view);
  const changedAt = (key: string): number | undefined => session.cache.changedAt(key);
  const progress = new Progress({ now, emit, redactor, keyOf, changedAt });
  const time = (): string => progress.time();
  const sleep = (ms: number, until: Signal): Promise<void> => clock.sleep(ms, until);
  const logs = new HookLogs({ cluster, redactor, emit, time, sleep, signal });
  const around = { cluster, clock, redactor, signal, keyOf, live: (key: string) => session.cache.get(key) };
  const waits = new Waits({ ...around, emit });
  const failures = new Failures({
    ...around,
    targets: () => [...session.targets, ...session.deleteHooks],
    lastLines: (task) => logs.lastLines(task),
  });
  return {
    ...{ bell, redactor, session, progress, logs, waits, failures },
    async news({ terminate, horizon, stuck }) {
      if (bell.rung) return true;
      const woken = new Stop(terminate);
      let quiet = false;
      const silence = clock.quiet?.(woken, horizon).then(() => {
        if (woken.aborted) return;
        quiet = true;
        bell.ring();
      });
      await bell.wait();
      woken.stop();
      await silence;
      if (!quiet) return true;
      await stuck();
      if (request.waitsForever !== true) return false;
      bell.reset();
      // Whoever was told may have terminated it at once, and rung before.
      if (!terminate.aborted) await bell.wait();
      return true;
    },
    async tellStuck(state, awaited) {
      const waitsFor = [];
      for (const view of awaited) waitsFor.push({ task: keyOf(view), ...(await waits.why(view)) });
      emit({ type: 'stuck', time: time(), message: redactor.hide(state.message), waitsFor });
    },
    async settled() {
      await logs.close();
      await waits.close();
      await settle(session, { bell, clock, signal });
    },
    tellResult({ operation, results, finishedAt }, startedAt, left) {
      const failed = failures.told(results);
      const notApplied = failed.length > 0 && operation.phase !== 'Succeeded' ? failures.notApplied(results) : [];
      emit({
        type: 'result',
        time: time(),
        operation: {
          phase: operation.phase,
          message: redactor.hide(operation.message),
          startedAt: rfc3339(startedAt),
          finishedAt: rfc3339(finishedAt),
        },
        results: withoutSecrets(results, redactor),
        left,
        ...progress.stopwatch.measures(),
        waited: { seconds: seconds(finishedAt - startedAt) },
        ...(failed.length > 0 ? { failures: failed } : {}),
        ...(notApplied.length > 0 ? { notApplied } : {}),
      });
    },
  };
}
