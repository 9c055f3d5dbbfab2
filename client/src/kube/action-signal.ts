import { Stop, type Signal } from '../sync/signal.ts';

/** The operation was terminated before the request was sent, or sent again. */
export class Halted extends Error {
  override name = 'Halted';
  constructor(lost: boolean) {
    super(
      lost
        ? 'the connection was lost, and the operation was terminated before it was there again: look whether the server has done it'
        : 'not sent: the operation was terminated before the API server could be reached',
    );
  }
}

/**
 * The signal of one action. It aborts with the run. Once the operation is terminated, nothing of an action that began
 * before is sent any more, unless a part of it was written already (a deletion whose new object is still to come).
 */
export class ActionSignal extends Stop {
  readonly #terminate: Signal | undefined;
  #written = false;

  constructor(run: Signal, terminate: Signal) {
    super(run);
    // What is done to terminate the operation is not stopped by it.
    this.#terminate = terminate.aborted ? undefined : terminate;
  }

  /** Nothing more is to be sent. */
  get halted(): boolean {
    return this.#terminate?.aborted === true && !this.#written;
  }

  /** A part of the action is done: the rest follows. */
  wrote(): void {
    this.#written = true;
  }

  /** A signal for pauses: they end when nothing more is to be sent, too. */
  pause(): Stop {
    const pause = new Stop(this);
    if (!this.#written) this.#terminate?.addEventListener('abort', () => pause.stop());
    if (this.halted) pause.stop();
    return pause;
  }
}
