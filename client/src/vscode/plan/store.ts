import type { ApplicationPlan } from '#core/plan/model';
import type { ApplicationRef, ApplicationSummary, PlanResult, UnreadPlace } from '#protocol';
import type { RunState } from '../sync/run-state.ts';
import { applicationId, mayHold, type ApplicationView } from './node.ts';

/** Where plans come from: the language server. */
export interface PlanSource {
  applications(): Promise<readonly ApplicationSummary[]>;
  /** What could not be read and lies in no application. */
  unread(): Promise<readonly UnreadPlace[]>;
  /** Null where the application is not there any more. */
  plan(application: ApplicationRef): Promise<PlanResult | null>;
  /** The application that a document belongs to; null where it belongs to none. */
  applicationOf(uri: string): Promise<ApplicationRef | null>;
}

/** So many plans are asked for at a time. */
const AT_A_TIME = 8;

/** Why the view shows what it shows. */
export type PlanState = 'starting' | 'ready' | 'empty' | 'failed';

/**
 * The plans that the view shows, and the runs laid over them. Asks for a plan when it is first looked at, and again
 * when the server says that it changed; an answer that was overtaken by a newer one is dropped.
 */
export class PlanStore {
  #state: PlanState = 'starting';
  #source: PlanSource | undefined;
  #summaries: readonly ApplicationSummary[] = [];
  #unread: readonly UnreadPlace[] = [];
  #asked = 0;
  readonly #results = new Map<string, PlanResult>();
  readonly #runs = new Map<string, RunState>();
  readonly #changed: () => void;

  /** @param changed called after every change of what `views` and `state` give */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get state(): PlanState {
    return this.#state;
  }

  /** What could not be read and lies in no application. */
  get unread(): readonly UnreadPlace[] {
    return this.#unread;
  }

  /** The applications in the order in which the server lists them. */
  get views(): ApplicationView[] {
    return this.#summaries.map((summary) => {
      const id = applicationId(summary);
      const result = this.#results.get(id);
      const run = this.#runs.get(id);
      return { summary, ...(result ? { result } : {}), ...(run ? { run } : {}) };
    });
  }

  /** Takes plans from here from now on; undefined: the server is gone, and with `failed` it will not come back by itself. */
  async connect(source: PlanSource | undefined, failed = false): Promise<void> {
    this.#source = source;
    if (source) return this.refresh();
    this.#asked++;
    this.#state = failed ? 'failed' : 'starting';
    this.#summaries = [];
    this.#unread = [];
    this.#results.clear();
    this.#changed();
  }

  /** Asks for everything that is shown anew. Rejects where the server does not answer. */
  async refresh(): Promise<void> {
    await this.#load();
    this.#changed();
  }

  /** @param changed the applications whose plans may be other ones; undefined: all */
  async #load(changed?: ReadonlySet<string>): Promise<void> {
    const source = this.#source;
    if (!source) return;
    const asked = ++this.#asked;
    const [summaries, unread] = await Promise.all([source.applications(), source.unread()]);
    const ids = new Set(summaries.map(applicationId));
    const shown = summaries.filter((summary) => {
      const id = applicationId(summary);
      const known = this.#results.has(id);
      return known ? (changed?.has(id) ?? true) : summaries.length === 1;
    });
    const results = await Promise.all(shown.map((summary) => source.plan(summary)));
    if (asked !== this.#asked) {
      // Whoever asked later did not ask for what changed before.
      for (const result of results)
        if (result && this.#results.has(applicationId(result.application))) this.#keep(result);
      return;
    }
    for (const id of [...this.#results.keys()]) if (!ids.has(id)) this.#results.delete(id);
    for (const result of results) this.#keep(result);
    this.#summaries = summaries;
    this.#unread = unread;
    this.#state = summaries.length === 0 ? 'empty' : 'ready';
  }

  /** Asks for the plans of all applications that were not read yet, a few at a time. */
  async loadAll(): Promise<void> {
    const unread = (): ApplicationSummary[] =>
      this.#summaries.filter((summary) => !this.#results.has(applicationId(summary))).slice(0, AT_A_TIME);
    for (let next = unread(); next.length > 0 && this.#source; next = unread()) {
      const source = this.#source;
      const results = await Promise.all(next.map((summary) => source.plan(summary)));
      for (const result of results) this.#keep(result);
      this.#changed();
      // Those that are gone meanwhile are not asked for again and again.
      if (results.every((result) => result === null)) return;
    }
  }

  /** The application that a document belongs to; undefined where it belongs to none. */
  async applicationOf(uri: string): Promise<ApplicationRef | undefined> {
    return (await this.#source?.applicationOf(uri)) ?? undefined;
  }

  /** The newest plan of an application that was read. */
  planOf(application: ApplicationRef): ApplicationPlan | undefined {
    return this.#results.get(applicationId(application))?.plan;
  }

  hasPlan(application: ApplicationRef): boolean {
    return this.#results.has(applicationId(application));
  }

  /** Asks for one application's plan, which its opened row needs. */
  async load(application: ApplicationRef): Promise<void> {
    const result = (await this.#source?.plan(application)) ?? null;
    this.#keep(result);
    if (result) this.#changed();
  }

  #keep(result: PlanResult | null): void {
    if (!result) return;
    const id = applicationId(result.application);
    const before = this.#results.get(id);
    if (!before || before.version <= result.version) this.#results.set(id, result);
  }

  /**
   * The server says that these are not what they were. What a finished run left on them does not hold any more where
   * their plan became another one (a saved file alone changes nothing).
   */
  async planChanged(applications: readonly ApplicationRef[]): Promise<void> {
    const ids = applications.map(applicationId);
    const planOf = (id: string): string => JSON.stringify(this.#results.get(id)?.plan);
    const finished = ids.filter((id) => this.#runs.get(id)?.stage === 'finished');
    const before = new Map(finished.map((id) => [id, planOf(id)]));
    await this.#load(new Set(ids));
    for (const id of finished) if (planOf(id) !== before.get(id)) this.#dropFinished(id);
    this.#changed();
  }

  /** Somebody typed into a file: what a finished run left on its application does not hold any more. */
  edited(folder: string, file: string): void {
    const ids = this.#summaries.filter((application) => mayHold(application, folder, file)).map(applicationId);
    const dropped = ids.filter((id) => this.#dropFinished(id));
    if (dropped.length > 0) this.#changed();
  }

  #dropFinished(id: string): boolean {
    return this.#runs.get(id)?.stage === 'finished' && this.#runs.delete(id);
  }

  /** Lays a run over its application's plan. */
  setRun(run: RunState): void {
    this.#runs.set(applicationId(run.application), run);
    this.#changed();
  }

  /** Takes away what finished runs left. */
  clearRuns(): void {
    for (const [id, run] of this.#runs) if (run.stage === 'finished') this.#runs.delete(id);
    this.#changed();
  }

  /** Takes away one run, as when it was refused before it began. */
  dropRun(application: ApplicationRef): void {
    this.#runs.delete(applicationId(application));
    this.#changed();
  }

  /** Is there anything that `clearRuns` would take away? */
  get hasFinishedRun(): boolean {
    return [...this.#runs.values()].some((run) => run.stage === 'finished');
  }
}
