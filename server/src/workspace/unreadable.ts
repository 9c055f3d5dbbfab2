import type { PlanProblem } from '../core/plan/model.ts';

/** Files and folders of a root that could not be read, and why. */
export class Unreadable {
  readonly #why = new Map<string, string>();
  /** Those of them that are folders. */
  readonly #folders = new Set<string>();

  has(path: string): boolean {
    return this.#why.has(path);
  }

  set(path: string, why: string): void {
    this.#why.set(path, why);
  }

  /** The file was read, or is none any more. */
  delete(path: string): void {
    this.#why.delete(path);
  }

  /** The folders that could not be read when they were last listed. Gives those that came or went. */
  takeFolders(now: ReadonlyMap<string, string>): readonly string[] {
    const gone = [...this.#folders].filter((path) => !now.has(path));
    const come = [...now].filter(([path, why]) => this.#why.get(path) !== why);
    for (const path of gone) {
      this.#folders.delete(path);
      this.#why.delete(path);
    }
    for (const [path, why] of come) {
      this.#folders.add(path);
      this.#why.set(path, why);
    }
    return [...gone, ...come.map(([path]) => path)];
  }

  all(): readonly PlanProblem[] {
    return [...this.#why].map(([file, message]) => ({ file, message }));
  }
}
