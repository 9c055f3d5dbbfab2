import type { OperationState, ResourceResult } from '#core/sync/model';
import type { JournalEntry, OperationRecord, OperationWord } from './record.ts';
import type { Redactor } from './redact.ts';

/** Where operations are kept. It never rejects: where something cannot be kept it says so itself. */
export interface OperationStore {
  /** This process, as records name it. */
  readonly process: number;
  /** Everything that can be read, newest first. */
  list(): Promise<readonly OperationRecord[]>;
  save(record: OperationRecord): Promise<void>;
  remove(record: OperationRecord): Promise<void>;
  /** Drops what began before that moment, milliseconds since 1970. */
  prune(before: number): Promise<void>;
  /** Begins to show that this process lives, as long as it does; the answer is kept in the record, and tells where. */
  hold(record: OperationRecord): Promise<string | undefined>;
  /** The operation is over. */
  release(): Promise<void>;
  /** Does the process that runs this still live? */
  isAlive(record: Pick<OperationRecord, 'process' | 'lock'>): Promise<boolean>;
}

/** Milliseconds that an operation is kept. */
export const KEPT = 30 * 24 * 3_600_000;

/** In a long batch answers are stored no more often than so many milliseconds, and at its end. */
const INTERVAL = 200;
const SHORT_BATCH = 32;

type Changes = Partial<Pick<OperationRecord, 'state' | 'results' | 'journal' | 'terminating' | 'retries' | 'ended'>>;

/** A record that goes on: what waits for the next attempt, and what shows that a process lives, is taken away again. */
type Current = Omit<OperationRecord, 'nextAttemptAt' | 'lock' | 'untouched'> & {
  nextAttemptAt?: number;
  lock?: string;
  untouched?: true;
};

/** Keeps the state of one operation stored. Without a store it does nothing. */
export class Recorder {
  readonly #store: OperationStore | undefined;
  readonly #redactor: Redactor;
  readonly #now: () => number;
  #record: Current;
  #next: Promise<void> | undefined;
  #running: Promise<void> = Promise.resolve();
  #savedAt = -Infinity;

  constructor(store: OperationStore | undefined, record: OperationRecord, redactor: Redactor, now: () => number) {
    this.#store = store;
    this.#record = record;
    this.#redactor = redactor;
    this.#now = now;
  }

  /** The operation begins or goes on. What is too old is dropped. */
  async begin(): Promise<void> {
    const store = this.#store;
    if (!store) return;
    await store.prune(this.#now() - KEPT);
    const lock = await store.hold(this.#record);
    const record = { ...this.#record, process: store.process };
    delete record.lock;
    this.#record = { ...record, ...(lock === undefined ? {} : { lock }) };
    await this.#save({});
  }

  /** The operation does not begin after all, or does not go on. @param former as it was cut off; absent: it is new */
  async takeBack(former: OperationRecord | undefined): Promise<void> {
    await this.#running;
    if (former) await this.#store?.save(former);
    else await this.#store?.remove(this.#record);
    await this.#store?.release();
  }

  /** A batch is about to be sent, or has been answered. */
  batch(journal: readonly JournalEntry[]): Promise<void> {
    return this.#save({ journal });
  }

  /** One request of a batch was answered. */
  answered(journal: readonly JournalEntry[]): void {
    if (journal.length > SHORT_BATCH && this.#now() - this.#savedAt < INTERVAL) return;
    void this.#save({ journal });
  }

  /** A pass has ended, or the pass that terminates begins. */
  passed(state: OperationState, results: readonly ResourceResult[]): Promise<void> {
    return this.#save({ state, results, journal: [] });
  }

  /** The operation is to be terminated as soon as the pass is over. */
  terminating(terminating: 'asked' | 'timeout'): void {
    void this.#save({ terminating });
  }

  /** An attempt has failed; the next one begins at that moment. */
  waits(retries: number, nextAttemptAt: number): Promise<void> {
    this.#record = { ...this.#record, nextAttemptAt };
    return this.#save({ retries });
  }

  /** Another attempt begins, with these results of the one before. */
  attempt(results: readonly ResourceResult[]): Promise<void> {
    const record = { ...this.#record };
    delete record.nextAttemptAt;
    this.#record = record;
    return this.#save({ state: { phase: 'Running', message: '' }, results, journal: [] });
  }

  /** The operation has ended like this. */
  async ended(state: OperationState, results: readonly ResourceResult[]): Promise<void> {
    await this.#save({ state, results, journal: [], ended: { at: this.#now(), how: 'finished' } });
    await this.#store?.release();
  }

  /** Stores the record with changes. Of calls that come while one is being stored the last state is stored, once. */
  #save(changes: Changes): Promise<void> {
    const store = this.#store;
    if (!store) return Promise.resolve();
    const record = { ...this.#record, ...changes, updatedAt: this.#now() };
    if (Object.keys(changes).length > 0) delete record.untouched;
    this.#record = record;
    this.#savedAt = this.#now();
    this.#next ??= this.#running.then(() => {
      this.#next = undefined;
      this.#running = store.save(withoutSecrets(this.#record, this.#redactor));
      return this.#running;
    });
    return this.#next;
  }
}

function withoutSecrets(record: OperationRecord, redactor: Redactor): OperationRecord {
  const hide = (text: string): string => redactor.hide(text);
  const hideIn = <T extends { readonly message?: string; readonly error?: string }>(part: T): T => ({
    ...part,
    ...(part.message === undefined ? {} : { message: hide(part.message) }),
    ...(part.error === undefined ? {} : { error: hide(part.error) }),
  });
  return {
    ...record,
    state: hideIn(record.state),
    results: record.results.map(hideIn),
    journal: record.journal.map((entry) => ({
      ...entry,
      ...(entry.answer ? { answer: hideIn(entry.answer) } : {}),
      ...(entry.stub?.health ? { stub: { ...entry.stub, health: hideIn(entry.stub.health) } } : {}),
    })),
  };
}

/** What is to be done with an operation that was cut off. */
export type Wish = 'start' | 'resume' | 'discard';

/** Where operations are kept, and what is to be done with one that was cut off. */
export interface StoredOperations {
  readonly store: OperationStore;
  readonly wish: Wish;
  /** How it is asked for, as it is typed. */
  readonly commands: Readonly<Record<OperationWord, { readonly resume: string; readonly discard: string }>>;
}
