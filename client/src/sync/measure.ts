/** What the waiting of an operation came to. */
export interface Measures {
  /** Sum over the waves of what took longest in each, as it was seen. */
  readonly criticalPath: { readonly seconds: number; readonly tasks: readonly string[] };
}

interface Span {
  readonly group: string;
  readonly task: string;
  readonly start: number;
  end: number | undefined;
}

/** Takes the times of tasks: from the write until the cluster said that it is complete or healthy. */
export class Stopwatch {
  readonly #spans = new Map<string, Span>();
  #attempt = 0;

  /** A task was written at that moment; `group` is its phase and wave. */
  start(task: string, group: string, at: number): void {
    const key = `${this.#attempt} ${group} ${task}`;
    if (!this.#spans.has(key))
      this.#spans.set(key, { group: `${this.#attempt} ${group}`, task, start: at, end: undefined });
  }

  /** The cluster said at that moment that the task has come to its end. */
  stop(task: string, group: string, at: number): void {
    const span = this.#spans.get(`${this.#attempt} ${group} ${task}`);
    if (span && span.end === undefined) span.end = Math.max(at, span.start);
  }

  /** What follows belongs to another attempt. */
  nextAttempt(): void {
    this.#attempt++;
  }

  /**
   * The slowest task of each wave; time in which two of them ran beside each other counts once. Tasks that nobody waited
   * for, or that never ended, do not count.
   */
  measures(): Measures {
    const slowest = new Map<string, { task: string; start: number; end: number }>();
    for (const { group, task, start, end } of this.#spans.values()) {
      const known = slowest.get(group);
      if (end !== undefined && (!known || end - start > known.end - known.start))
        slowest.set(group, { task, start, end });
    }
    const tasks: string[] = [];
    let total = 0;
    let covered = -Infinity;
    for (const { task, start, end } of [...slowest.values()].sort((x, y) => x.start - y.start)) {
      const ms = end - Math.max(start, covered);
      if (ms <= 0) continue;
      covered = end;
      total += ms;
      tasks.push(task);
    }
    return { criticalPath: { seconds: seconds(total), tasks } };
  }
}

/** Seconds with milliseconds. */
export const seconds = (ms: number): number => Math.round(ms) / 1000;
