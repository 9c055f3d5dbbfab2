import type { Clock } from '../sync/cluster.ts';
import type { Signal } from '../sync/signal.ts';
import { TimerQueue } from './timers.ts';

/** What the controllers of the simulation need of a clock. */
export interface Scheduler {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs something after so many milliseconds; the answer takes it back. */
  schedule(ms: number, run: () => void): () => void;
}

/** Real time, for a simulation that a person watches. */
export interface Pace {
  /** So many seconds of the simulation pass in one real second. */
  readonly speed: number;
  /** Milliseconds of a real clock. */
  now(): number;
  /** Waits so many real milliseconds. */
  sleep(ms: number): Promise<void>;
}

export interface VirtualClockOptions {
  /** First moment, milliseconds since 1970. */
  readonly start: number;
  /** Resolves when everything that can run now has run (`setImmediate` and its like). */
  readonly turn: () => Promise<void>;
  /** Without it no real time passes at all. */
  readonly pace?: Pace;
}

/** No wait is longer than this many real milliseconds, so that a timer set meanwhile is not missed. */
const LONGEST_WAIT = 50;

/**
 * A clock whose time jumps to the next timer as soon as nothing else can run: an hour takes milliseconds. With a pace it
 * goes on like a real clock, faster or slower.
 */
export class VirtualClock implements Clock, Scheduler {
  readonly #turn: () => Promise<void>;
  #pace: Pace | undefined;
  readonly #timers = new TimerQueue();
  #anchor: { readonly real: number; readonly virtual: number };
  #now: number;
  #pumping = false;
  #stopped = false;
  #quiet: { readonly until: number; readonly resolve: () => void }[] = [];

  constructor({ start, turn, pace }: VirtualClockOptions) {
    this.#now = start;
    this.#turn = turn;
    this.#pace = pace;
    this.#anchor = { real: pace?.now() ?? 0, virtual: start };
  }

  now(): number {
    if (!this.#pace) return this.#now;
    const elapsed = (this.#pace.now() - this.#anchor.real) * this.#pace.speed;
    return Math.max(this.#now, this.#anchor.virtual + elapsed);
  }

  /** While some work goes on, time jumps to whatever happens next; afterwards it goes on from there at its own pace. */
  async hurry<T>(work: () => Promise<T>): Promise<T> {
    const pace = this.#pace;
    this.#now = this.now();
    this.#pace = undefined;
    try {
      return await work();
    } finally {
      this.#pace = pace;
      this.#anchor = { real: pace?.now() ?? 0, virtual: this.#now };
    }
  }

  schedule(ms: number, run: () => void): () => void {
    const cancel = this.#timers.add(this.now() + Math.max(0, ms), run);
    this.#pump();
    return cancel;
  }

  sleep(ms: number, signal?: Signal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = (): void => {
        cancel();
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const cancel = this.schedule(ms, done);
      signal?.addEventListener('abort', done);
    });
  }

  quiet(signal: Signal, until = Infinity): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      signal.addEventListener('abort', resolve);
      this.#quiet.push({ until, resolve });
      this.#pump();
    });
  }

  /** Nothing happens any more: what is still scheduled is dropped, so that it keeps no process. */
  stop(): void {
    this.#stopped = true;
  }

  #pump(): void {
    if (this.#pumping || this.#stopped) return;
    this.#pumping = true;
    void this.#run();
  }

  async #run(): Promise<void> {
    for (;;) {
      await this.#turn();
      const next = this.#timers.next;
      if (next === undefined || this.#stopped) break;
      this.#tellQuiet(next);
      if (this.#pace && next > this.now()) {
        await this.#pace.sleep(Math.min(LONGEST_WAIT, (next - this.now()) / this.#pace.speed));
        continue;
      }
      this.#now = Math.max(this.#now, next);
      this.#timers.runDue(this.#now);
    }
    this.#pumping = false;
    this.#tellQuiet(Infinity);
  }

  /** Tells those who ask that nothing happens before the next moment, where that is all they want to know. */
  #tellQuiet(next: number): void {
    const told = this.#quiet.filter(({ until }) => next === Infinity || until < next);
    if (told.length === 0) return;
    this.#quiet = this.#quiet.filter((entry) => !told.includes(entry));
    for (const { resolve } of told) resolve();
  }
}
