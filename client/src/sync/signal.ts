/** Tells that something is to stop. An `AbortSignal` is one; the pure rooms, which have none, make theirs with `Stop`. */
export interface Signal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** A signal and the hand that gives it. With a parent it stops when the parent does. */
export class Stop implements Signal {
  aborted = false;
  readonly #listeners = new Set<() => void>();

  constructor(parent?: Signal) {
    if (parent?.aborted) this.stop();
    else parent?.addEventListener('abort', () => this.stop());
  }

  stop(): void {
    if (this.aborted) return;
    this.aborted = true;
    for (const listener of [...this.#listeners]) listener();
    this.#listeners.clear();
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.delete(listener);
  }
}
