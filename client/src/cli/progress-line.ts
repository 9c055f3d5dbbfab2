import { harmless } from './output.ts';
import { fit } from './text/columns.ts';

/** What of a stream a line of progress needs. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** The start of the line, and nothing on it. */
const CLEAR = '\r\u001b[2K';

/** What is being done, on one line of a terminal that is written again and again. Anywhere else it says nothing. */
export class ProgressLine {
  readonly #stream: ProgressStream;
  readonly #isTerminal: boolean;
  #shown = '';

  constructor(stream: ProgressStream, term = process.env['TERM']) {
    this.#stream = stream;
    this.#isTerminal = stream.isTTY === true && term !== 'dumb';
  }

  show(text: string): void {
    const line = fit(harmless(text), (this.#stream.columns || 80) - 1);
    if (!this.#isTerminal || line === this.#shown) return;
    this.#stream.write(`${CLEAR}${line}`);
    this.#shown = line;
  }

  /** Takes the line away. */
  clear(): void {
    if (this.#shown === '') return;
    this.#stream.write(CLEAR);
    this.#shown = '';
  }
}
