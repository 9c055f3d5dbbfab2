import type { OperationChoices } from './model.ts';
import type { ControlMessage } from './events.ts';
import type { Answer } from './request.ts';

type Decision = { readonly answer: Answer } | { readonly choices: OperationChoices };

const FIRST = 1;

/**
 * What a program in control decides about the preflights of a run, each by its edition: a yes to one that was shown
 * before is none to the one that followed it. What comes first counts.
 */
export class Decisions {
  readonly #made = new Map<number, Decision>();
  readonly #waiting = new Map<number, (decision: Decision) => void>();
  #refused = false;

  /** Takes a message in; what decides nothing is left. */
  take(message: ControlMessage): void {
    if (message.type === 'approve') return;
    if (message.type === 'refuse' || message.type === 'terminate') this.refuse();
    else if (message.type === 'confirm') this.#decide(message.edition, { answer: message.by ?? true });
    else this.#decide(message.edition, { choices: message.choices });
  }

  /** A no, to everything. */
  refuse(): void {
    this.#refused = true;
    for (const resolve of this.#waiting.values()) resolve({ answer: false });
    this.#waiting.clear();
  }

  /** Resolves with the answer to a preflight; never where other options are chosen instead. */
  async answer(edition: number | undefined): Promise<Answer> {
    const decision = await this.#of(edition);
    return 'answer' in decision ? decision.answer : never();
  }

  /** Resolves when other options are chosen instead of an answer. */
  async revised(edition: number | undefined): Promise<OperationChoices> {
    const decision = await this.#of(edition);
    return 'choices' in decision ? decision.choices : never();
  }

  #decide(edition: number | undefined, decision: Decision): void {
    const about = edition ?? FIRST;
    if (this.#made.has(about)) return;
    this.#made.set(about, decision);
    this.#waiting.get(about)?.(decision);
    this.#waiting.delete(about);
  }

  #of(edition: number | undefined): Promise<Decision> {
    const about = edition ?? FIRST;
    const made = this.#refused ? { answer: false } : this.#made.get(about);
    if (made) return Promise.resolve(made);
    return new Promise((resolve) => {
      const before = this.#waiting.get(about);
      this.#waiting.set(about, (decision) => {
        before?.(decision);
        resolve(decision);
      });
    });
  }
}

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);
