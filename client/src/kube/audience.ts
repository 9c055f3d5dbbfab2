import type { Notice } from '../sync/cluster.ts';
import { Stop, type Signal } from '../sync/signal.ts';

/** Who follows a run: is told what a person should know of the connection, and may terminate the operation. */
export class Audience {
  #listener: (notice: Notice) => void = () => undefined;
  #terminate: Signal = new Stop();

  attend(listener: (notice: Notice) => void, terminate: Signal): void {
    this.#listener = listener;
    this.#terminate = terminate;
  }

  tell(notice: Notice): void {
    this.#listener(notice);
  }

  /** Given when the operation is to be terminated. */
  get terminate(): Signal {
    return this.#terminate;
  }
}
