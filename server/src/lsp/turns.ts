/**
 * How long something runs before the event loop gets a turn, in ms: less than the 5 ms that nobody may wait longer than,
 * since what has begun is done to its end.
 */
export const SLICE_MS = 3;

/** A timer waits for a millisecond at least; only Node has this. */
const { setImmediate: immediately } = globalThis as { setImmediate?: (run: () => void) => unknown };

/** Messages are handled one a turn, and a keystroke comes with several. */
const TURNS = 4;

/** Gives the event loop a turn: everything that waits for it comes first. */
export async function nextTurn(): Promise<void> {
  if (!immediately) return new Promise((resolve) => setTimeout(resolve, 0));
  for (let i = 0; i < TURNS; i++) await new Promise<void>((resolve) => immediately(resolve));
}

/** Work in slices: `rest` gives the event loop a turn once the time of a slice is over. */
export class Slices {
  #end = performance.now() + SLICE_MS;

  /** Undefined, so that there is nothing to wait for, while the slice lasts. */
  rest(): Promise<void> | undefined {
    if (performance.now() < this.#end) return undefined;
    return nextTurn().then(() => {
      this.#end = performance.now() + SLICE_MS;
    });
  }
}
