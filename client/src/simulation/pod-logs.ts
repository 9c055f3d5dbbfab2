/** The logs of the simulated pods: kept after the pod is gone as long as somebody follows them. */
export interface LogLine {
  readonly container: string;
  readonly line: string;
}

interface PodLog {
  readonly lines: LogLine[];
  ended: boolean;
  readonly followers: Set<() => void>;
}

/** Logs by the uid of their pod. */
export class PodLogs {
  readonly #logs = new Map<string, PodLog>();

  write(uid: string, container: string, line: string): void {
    const log = this.#log(uid);
    log.lines.push({ container, line });
    this.#wake(log);
  }

  /** No line comes any more. */
  end(uid: string): void {
    const log = this.#log(uid);
    log.ended = true;
    this.#wake(log);
  }

  ended(uid: string): boolean {
    return this.#log(uid).ended;
  }

  /** Reports the lines that were written and every one that follows, until the answer is called. */
  follow(uid: string, onLine: (line: LogLine) => void, onEnd: () => void): () => void {
    const log = this.#log(uid);
    let read = 0;
    let told = false;
    const wake = (): void => {
      for (; read < log.lines.length; read++) {
        const line = log.lines[read];
        if (line) onLine(line);
      }
      if (log.ended && !told) {
        told = true;
        onEnd();
      }
    };
    log.followers.add(wake);
    wake();
    return () => log.followers.delete(wake);
  }

  #log(uid: string): PodLog {
    let log = this.#logs.get(uid);
    if (!log) {
      log = { lines: [], ended: false, followers: new Set() };
      this.#logs.set(uid, log);
    }
    return log;
  }

  #wake(log: PodLog): void {
    for (const wake of [...log.followers]) wake();
  }
}
