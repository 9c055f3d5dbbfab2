import type { Memento } from 'vscode';
import { shownFrom, type Shown } from './shown.ts';

const SHOWN = 'plan.shown';
const FOLDS = 'plan.folds';
const SELECTED = 'plan.selected';

/** So many rows are remembered as folded or opened by hand; then the ones of longest ago are forgotten. */
const MOST = 500;

type Fold = 'open' | 'closed';

/** What a person set up in the view, kept for this workspace across windows. */
export class PlanMemory {
  readonly #state: Memento;
  readonly #folds: Map<string, Fold>;
  #shown: Shown;
  #selected: string | undefined;

  constructor(state: Memento) {
    this.#state = state;
    this.#shown = shownFrom(state.get(SHOWN));
    this.#folds = new Map(foldsFrom(state.get(FOLDS)));
    const selected: unknown = state.get(SELECTED);
    this.#selected = typeof selected === 'string' ? selected : undefined;
  }

  get shown(): Shown {
    return this.#shown;
  }

  set shown(shown: Shown) {
    this.#shown = shown;
    void this.#state.update(SHOWN, shown);
  }

  /** How a person left a row; undefined where nobody touched it. */
  foldOf(id: string): Fold | undefined {
    return this.#folds.get(id);
  }

  setFold(id: string, fold: Fold): void {
    this.#folds.delete(id);
    this.#folds.set(id, fold);
    for (const old of this.#folds.keys()) {
      if (this.#folds.size <= MOST) break;
      this.#folds.delete(old);
    }
    void this.#state.update(FOLDS, [...this.#folds]);
  }

  get selected(): string | undefined {
    return this.#selected;
  }

  set selected(id: string | undefined) {
    if (id === this.#selected) return;
    this.#selected = id;
    void this.#state.update(SELECTED, id);
  }
}

function foldsFrom(kept: unknown): [string, Fold][] {
  if (!Array.isArray(kept)) return [];
  return (kept as readonly unknown[]).flatMap((entry): [string, Fold][] => {
    const [id, fold] = Array.isArray(entry) ? (entry as readonly unknown[]) : [];
    return typeof id === 'string' && (fold === 'open' || fold === 'closed') ? [[id, fold]] : [];
  });
}
