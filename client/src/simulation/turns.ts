/**
 * One request after the other, in the order in which they come: what reads an object and then writes it sees no other in
 * between. Who waits for something gives its turn away.
 */
export class Turns {
  #last: Promise<void> = Promise.resolve();
  #leave: () => void = () => undefined;

  async take<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#last;
    let leave: () => void = () => undefined;
    this.#last = new Promise((resolve) => {
      leave = resolve;
    });
    await before;
    this.#leave = leave;
    try {
      return await work();
    } finally {
      leave();
    }
  }

  /** Whose turn it is waits now: the next may begin. */
  give(): void {
    this.#leave();
  }
}
