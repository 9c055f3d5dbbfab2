interface Timer {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
  canceled: boolean;
}

const before = (a: Timer, b: Timer): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/** Timers in the order of their time; of equal times the one that was set first. A binary heap. */
export class TimerQueue {
  readonly #heap: Timer[] = [];
  #order = 0;

  /** Time of the next timer; undefined where none is left. */
  get next(): number | undefined {
    while (this.#heap[0]?.canceled) this.#pop();
    return this.#heap[0]?.at;
  }

  /** Adds a timer; the answer takes it back. */
  add(at: number, run: () => void): () => void {
    const timer: Timer = { at, order: this.#order++, run, canceled: false };
    this.#heap.push(timer);
    this.#rise(this.#heap.length - 1);
    return () => {
      timer.canceled = true;
    };
  }

  /** Runs every timer of the first due moment that was set before this call. */
  runDue(now: number): void {
    const limit = this.#order;
    for (let next = this.next; next !== undefined && next <= now; next = this.next) {
      if ((this.#heap[0]?.order ?? limit) >= limit) return;
      this.#pop()?.run();
    }
  }

  #pop(): Timer | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#sink(0);
    }
    return first;
  }

  #rise(index: number): void {
    const heap = this.#heap;
    for (let i = index; i > 0;) {
      const parent = (i - 1) >> 1;
      const [child, above] = [heap[i], heap[parent]];
      if (!child || !above || !before(child, above)) return;
      heap[i] = above;
      heap[parent] = child;
      i = parent;
    }
  }

  #sink(index: number): void {
    const heap = this.#heap;
    for (let i = index; ;) {
      let least = i;
      for (const child of [2 * i + 1, 2 * i + 2]) {
        const [a, b] = [heap[child], heap[least]];
        if (a && b && before(a, b)) least = child;
      }
      const [current, other] = [heap[i], heap[least]];
      if (least === i || !current || !other) return;
      heap[i] = other;
      heap[least] = current;
      i = least;
    }
  }
}
