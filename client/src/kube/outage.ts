import type { Audience } from './audience.ts';

/** Whether the API server answers: told once when it does not for a while, and once when it does again. */
export class Outage {
  readonly #audience: Audience;
  readonly #tellMs: number;
  #since: number | undefined;
  #isTold = false;

  /** @param tellMs a failure is told when it lasts so long: of shorter ones nobody has to know */
  constructor(audience: Audience, tellMs: number) {
    this.#audience = audience;
    this.#tellMs = tellMs;
  }

  /** A request failed and is sent again. @param why a sentence for a person */
  failed(why: string): void {
    this.#since ??= Date.now();
    const ms = Date.now() - this.#since;
    if (this.#isTold || ms < this.#tellMs) return;
    this.#isTold = true;
    const since = `So it has been for ${Math.round(ms / 1000)} s; still trying. Terminate to give up.`;
    this.#audience.tell({ code: 'away', message: `${why} ${since}` });
  }

  /** A request was answered. */
  answered(): void {
    if (this.#since === undefined) return;
    const seconds = Math.round((Date.now() - this.#since) / 1000);
    if (this.#isTold)
      this.#audience.tell({ code: 'back', message: `The API server answers again, after ${seconds} s.` });
    this.#since = undefined;
    this.#isTold = false;
  }
}
