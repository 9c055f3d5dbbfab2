import type { PlanChangedParams } from '#protocol';
import type { Server, ServerEvents } from './language-client.ts';

/** After so many ends that nobody asked for within so many milliseconds it is not started again by itself. */
const MANY = 5;
const WITHIN = 3 * 60 * 1000;

/** What the life of a language server needs, and whom it tells. */
export interface ServerHost {
  /** Starts one; what is answered connects to it, and rejects where it does not answer. */
  launch(): (events: ServerEvents) => Promise<Server>;
  planChanged(params: PlanChangedParams): void;
  /** This one answers from now on; undefined: none does until another one has started. */
  connected(server: Server | undefined): void;
  /** It ended, or did not start, too often: it is not started again until somebody asks. */
  failed(): void;
  warn(message: string): void;
  /** Milliseconds. */
  now(): number;
}

/** Keeps a language server running: another one is started whenever one ends that was not asked to, and at once. */
export class ServerLife {
  readonly #host: ServerHost;
  /** Ends that nobody asked for, in milliseconds of the host's clock. */
  #ends: number[] = [];
  /** Grows with each start, so that what an earlier one comes to is nobody's any more. */
  #start = 0;
  #server: Server | undefined;

  constructor(host: ServerHost) {
    this.#host = host;
  }

  /** Starts it, or starts it anew; what went wrong before is forgotten. Resolves when it answers, or does not. */
  async start(): Promise<void> {
    this.#ends = [];
    await this.#next();
  }

  /** Ends it for good. */
  async end(): Promise<void> {
    this.#start++;
    await this.#server?.stop();
  }

  async #next(): Promise<void> {
    const own = ++this.#start;
    const isCurrent = (): boolean => own === this.#start;
    const lost = (how: string): void => {
      if (isCurrent()) this.#lost(how);
    };
    const old = this.#server;
    this.#server = undefined;
    if (old) {
      this.#host.connected(undefined);
      await old.stop();
      if (!isCurrent()) return;
    }
    try {
      const server = await this.#host.launch()({
        planChanged: (params) => {
          if (isCurrent()) this.#host.planChanged(params);
        },
        stopped: () => lost('ended'),
      });
      if (!isCurrent()) return await server.stop();
      this.#server = server;
      this.#host.connected(server);
    } catch (error) {
      lost(`did not start: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #lost(how: string): void {
    const now = this.#host.now();
    this.#ends = [...this.#ends.filter((end) => now - end < WITHIN), now];
    // What is left of it in the editor goes, too.
    void this.#server?.stop();
    this.#server = undefined;
    const again = this.#ends.length < MANY;
    this.#host.warn(`The language server ${how}. ${again ? 'It is started again.' : 'It is not started again.'}`);
    if (again) {
      this.#host.connected(undefined);
      void this.#next();
    } else {
      this.#start++;
      this.#host.failed();
    }
  }
}
