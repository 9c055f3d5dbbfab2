import { Attempt, type OperationParts } from './operation.ts';
import type { OperationEnd, Backoff } from './model.ts';
import { Stop } from './signal.ts';

/** Source: pkg/apis/application/v1alpha1/types.go `DefaultSyncRetryDuration` and its neighbors. */
export const BACKOFF: Backoff = { duration: 5000, factor: 2, maxDuration: 180_000 };

/** Milliseconds before an attempt, of which the first further one is 1. Source: types.go `NextRetryAt`. */
export function waitBefore(attempt: number, { duration, factor, maxDuration }: Backoff): number {
  const wait = duration * factor ** attempt;
  return maxDuration > 0 ? Math.min(maxDuration, wait) : wait;
}

const wholeSeconds = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/**
 * Runs an operation, and runs it again where it fails, as often as it may. Times out and terminates it. As in Argo CD
 * the message of a failed attempt announces a moment earlier than the one when the next begins, and the start of the
 * operation stays, so that a generated name is the same in every attempt.
 * Source: controller/appcontroller.go `processRequestedAppOperation`.
 */
export async function runAttempts(parts: OperationParts): Promise<{ end: OperationEnd; terminated: boolean }> {
  const { request, ports } = parts;
  const terminate = new Stop(ports.terminate);
  const timer = new Stop(terminate);
  let timedOut = parts.resumed?.terminating === 'timeout';
  terminate.addEventListener('abort', () => parts.recorder.terminating(timedOut ? 'timeout' : 'asked'));
  if (parts.resumed?.terminating !== undefined) terminate.stop();
  if (request.timeout !== undefined) {
    const left = parts.startedAt + request.timeout - ports.clock.now();
    void ports.clock.sleep(Math.max(0, left), timer).then(() => {
      if (timer.aborted) return;
      timedOut = true;
      terminate.stop();
    });
  }
  const { end, retries } = await attempts(parts, terminate, () => timedOut);
  timer.stop();
  const { operation } = end;
  const failed = operation.phase === 'Failed' || operation.phase === 'Error';
  const message = failed && retries > 0 ? `${operation.message} (retried ${retries} times).` : operation.message;
  parts.progress.operation({ ...operation, message });
  return { end: { ...end, operation: { ...operation, message } }, terminated: terminate.aborted };
}

async function attempts(
  parts: OperationParts,
  terminate: Stop,
  timedOut: () => boolean,
): Promise<{ end: OperationEnd; retries: number }> {
  const { request, ports, progress, failures, recorder, resumed, engine } = parts;
  const backoff = request.backoff ?? BACKOFF;
  let attempt = new Attempt(parts, terminate, timedOut, resumed);
  let retries = resumed?.retries ?? 0;
  let next = resumed?.nextAttemptAt;
  let results = resumed?.results ?? [];
  for (;;) {
    if (next === undefined) {
      const end = await attempt.run();
      const { phase, message } = end.operation;
      ({ results } = end);
      const failed = phase === 'Failed' || phase === 'Error';
      if (!failed || terminate.aborted || (request.retry >= 0 && retries >= request.retry)) return { end, retries };
      const announced = end.finishedAt + waitBefore(retries, backoff);
      retries++;
      const text = `${message}. Retrying attempt #${retries} at ${wholeSeconds(announced)}.`;
      progress.operation({ phase: 'Running', message: text });
      next = end.finishedAt + waitBefore(retries, backoff);
      await recorder.waits(retries, next);
    }
    await ports.clock.sleep(next - ports.clock.now(), terminate);
    if (terminate.aborted) return { end: await attempt.terminate(), retries };
    next = undefined;
    const from = { state: { phase: 'Running', message: '' } as const, results: engine.kept(results), journal: [] };
    await recorder.attempt(from.results);
    progress.nextAttempt();
    progress.operation({ phase: 'Running', message: `Retrying operation. Attempt #${retries}` });
    failures.nextAttempt();
    attempt = new Attempt(parts, terminate, timedOut, from);
  }
}
