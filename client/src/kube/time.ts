import type { Signal } from '../sync/signal.ts';

/** The work was stopped by its signal. */
export class Aborted extends Error {
  override name = 'AbortError';
  constructor() {
    super('Stopped before it was done.');
  }
}

/** @throws Aborted */
export function stopIfAborted(signal: Signal): void {
  if (signal.aborted) throw new Aborted();
}

/** Calls `stop` when the signal aborts (at once where it did); the result takes the listener off again. */
export function onAbort(signal: Signal, stop: () => void): () => void {
  if (signal.aborted) {
    stop();
    return () => undefined;
  }
  signal.addEventListener('abort', stop);
  return () => signal.removeEventListener('abort', stop);
}

/**
 * Waits so many milliseconds.
 * @throws Aborted as soon as the signal aborts
 */
export function sleep(ms: number, signal: Signal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new Aborted());
    const timer = setTimeout(() => {
      off();
      resolve();
    }, ms);
    const off = onAbort(signal, () => {
      clearTimeout(timer);
      off();
      reject(new Aborted());
    });
  });
}

/**
 * What is awaited, or the end of waiting for it; it goes on for others.
 * @throws Aborted as soon as the signal aborts
 */
export function unlessAborted<T>(awaited: Promise<T> | undefined, signal: Signal): Promise<T> {
  return new Promise((resolve, reject) => {
    const off = onAbort(signal, () => reject(new Aborted()));
    awaited?.then(resolve, reject).finally(() => off());
  });
}

/** Delays that double from `first` to `most` milliseconds, each shortened by up to a fifth so that clients spread. */
export class BackOff {
  readonly #first: number;
  readonly #most: number;
  #next: number;

  constructor(first: number, most: number) {
    this.#first = first;
    this.#most = most;
    this.#next = first;
  }

  next(): number {
    const delay = this.#next;
    this.#next = Math.min(this.#most, delay * 2);
    return delay * (1 - Math.random() / 5);
  }

  reset(): void {
    this.#next = this.#first;
  }
}
