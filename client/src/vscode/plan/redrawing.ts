import * as vscode from 'vscode';
import type { Row } from './rows.ts';

/** The tree takes so many milliseconds to draw; a row that is revealed or drawn anew while it does is lost. */
export const DRAWN = 150;

/** Resolves when what the tree was told last is drawn. */
export const drawn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, DRAWN));

/**
 * Tells VS Code which rows have to be drawn anew. A row that is drawn anew while VS Code asks for what is below it may
 * stay empty: single rows wait until it has what it asked for.
 */
export class Redrawing implements vscode.Disposable {
  readonly #emitter = new vscode.EventEmitter<Row[] | undefined>();
  readonly event = this.#emitter.event;
  readonly #waiting = new Set<Row>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When VS Code last asked for rows. */
  #asked = 0;

  /** VS Code asks for rows, or is given them. */
  asked(): void {
    this.#asked = performance.now();
  }

  /** @param rows undefined: all */
  fire(rows: readonly Row[] | undefined): void {
    if (!rows) {
      this.#waiting.clear();
      this.#emitter.fire(undefined);
      return;
    }
    for (const row of rows) this.#waiting.add(row);
    if (this.#waiting.size === 0) return;
    clearTimeout(this.#timer);
    const rest = this.#asked + DRAWN - performance.now();
    if (rest > 0) {
      this.#timer = setTimeout(() => this.fire([]), rest);
      return;
    }
    this.#emitter.fire([...this.#waiting]);
    this.#waiting.clear();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#emitter.dispose();
  }
}
