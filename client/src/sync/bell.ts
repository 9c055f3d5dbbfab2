/** Something to wait for: rings once for everything that happened since the last wait. */
export class Bell {
  #rung = false;
  #waiting: (() => void) | undefined;

  /** Something has happened. */
  ring(): void {
    this.#rung = true;
    this.#waiting?.();
  }

  /** What has happened so far counts as seen. */
  reset(): void {
    this.#rung = false;
  }

  get rung(): boolean {
    return this.#rung;
  }

  /** Resolves when something has happened since the last reset. */
  wait(): Promise<void> {
    if (this.#rung) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting = () => {
        this.#waiting = undefined;
        resolve();
      };
    });
  }
}
