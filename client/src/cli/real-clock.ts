import { setTimeout as after } from 'node:timers/promises';
import type { Clock } from '../sync/cluster.ts';
import type { Signal } from '../sync/signal.ts';

/** The clock of this machine. */
export const realClock: Clock = {
  now: () => Date.now(),
  async sleep(ms: number, signal?: Signal): Promise<void> {
    if (signal?.aborted) return;
    const stop = new AbortController();
    const abort = (): void => stop.abort();
    signal?.addEventListener('abort', abort);
    try {
      await after(Math.max(0, ms), undefined, { signal: stop.signal });
    } catch {
      // The signal was given: that is what it is for.
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  },
};
