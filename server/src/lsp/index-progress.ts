import type { Connection, WorkDoneProgressServerReporter } from 'vscode-languageserver';

/** Nothing is shown for what is over before anybody wonders. */
const QUIET_MS = 400;
const STEP_MS = 100;

/**
 * Shows how far the reading of a workspace folder is, where the client can show it: begun only when it takes a while,
 * and cancelled there.
 */
export class IndexProgress {
  readonly #connection: Pick<Connection, 'window'>;
  readonly #cancelled: () => void;
  readonly #begun = performance.now();
  #last = -Infinity;
  #reporter: WorkDoneProgressServerReporter | undefined;
  #asked = false;
  #over = false;

  readonly #quiet: number;

  /**
   * @param cancelled called when the user wants no more of it
   * @param quiet how long nothing is shown, in ms
   */
  constructor(connection: Pick<Connection, 'window'>, cancelled: () => void, quiet = QUIET_MS) {
    this.#connection = connection;
    this.#cancelled = cancelled;
    this.#quiet = quiet;
  }

  /** So many files of all were read. */
  report(read: number, all: number): void {
    const now = performance.now();
    if (now - this.#begun < this.#quiet || now - this.#last < STEP_MS) return;
    this.#last = now;
    if (!this.#asked) void this.#begin(read, all);
    this.#reporter?.report(Math.floor((read / all) * 100), message(read, all));
  }

  async #begin(read: number, all: number): Promise<void> {
    this.#asked = true;
    const reporter = await this.#connection.window.createWorkDoneProgress().catch(() => undefined);
    if (!reporter) return;
    reporter.begin('Argo CD Hooks', Math.floor((read / all) * 100), message(read, all), true);
    reporter.token.onCancellationRequested(() => this.#cancelled());
    if (this.#over) reporter.done();
    else this.#reporter = reporter;
  }

  done(): void {
    this.#over = true;
    this.#reporter?.done();
    this.#reporter = undefined;
  }
}

const message = (read: number, all: number): string =>
  `reading manifests ${read.toLocaleString('en-US')}/${all.toLocaleString('en-US')}`;
