/** One frame of a screen, in milliseconds. */
const FRAME = 16;
/** Milliseconds after which something is handed on, however long that takes. */
const LONGEST = 1000;

/**
 * Collects what comes quickly and hands it on together: once a frame at most, and less often where taking it in is slow,
 * so that a storm of news costs a quarter of the time at most.
 */
export class Batches<T> {
  readonly #take: (batch: readonly T[]) => void;
  #waiting: T[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Milliseconds that taking in the last batch took. */
  #cost = 0;

  constructor(take: (batch: readonly T[]) => void) {
    this.#take = take;
  }

  push(one: T): void {
    this.#waiting.push(one);
    this.#timer ??= setTimeout(() => this.flush(), Math.min(LONGEST, Math.max(FRAME, this.#cost * 3)));
  }

  /** Hands on what has come, now. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length === 0) return;
    const batch = this.#waiting;
    this.#waiting = [];
    const began = performance.now();
    this.#take(batch);
    this.#cost = performance.now() - began;
  }
}
