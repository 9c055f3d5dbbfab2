import { patchOf } from '#core/patch';
import type { ApplicationPlan } from '#core/plan/model';
import type { ApplicationRef, ApplicationSummary, PlanChangedParams, PlanResult, UnreadPlace } from '#protocol';
import { isUnbegun, type RunState } from '../sync/run-state.ts';
import type { LiveStatus } from './live-marks.ts';
import { applicationId, mayHold, type ApplicationView } from './node.ts';

/** Where plans come from: the language server. */
export interface PlanSource {
  /** @param only undefined: all */
  applications(only?: readonly ApplicationRef[]): Promise<readonly ApplicationSummary[]>;
  /** What could not be read and lies in no application. */
  unread(): Promise<readonly UnreadPlace[]>;
  /**
   * Null where the application is not there any more.
   * @param known its plan as it was had last: what did not change since stays the same objects
   */
  plan(application: ApplicationRef, known?: PlanResult): Promise<PlanResult | null>;
  /** Has charts and kustomizations rendered anew, although no file changed. */
  renderAgain(): Promise<void>;
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
  /** What the server said is not what it was, and was not had anew yet. */
  readonly #outdated = new Map<string, ApplicationRef>();
  #listOutdated = false;
  readonly #results = new Map<string, PlanResult>();
  /** First answers that were asked for and are not here yet. */
  readonly #first = new Map<string, { readonly source: PlanSource; readonly answer: Promise<PlanResult | null> }>();
  readonly #runs = new Map<string, RunState>();
  /** Finished runs in whose place another one asks for a yes. */
  readonly #former = new Map<string, RunState>();
  readonly #live = new Map<string, LiveStatus>();
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
      const live = this.#live.get(id);
      return { summary, ...(result ? { result } : {}), ...(run ? { run } : {}), ...(live ? { live } : {}) };
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
    this.#outdated.clear();
    this.#results.clear();
    this.#changed();
  }

  /** Asks for everything that is shown anew. Rejects where the server does not answer. */
  async refresh(): Promise<void> {
    this.#listOutdated = true;
    await this.#load(this.#summaries);
    this.#changed();
  }

  /** The same, and what is rendered by tools is rendered once more: what failed may go well now. */
  async refreshAll(): Promise<void> {
    await this.#source?.renderAgain();
    await this.refresh();
  }

  /** @param changed applications whose plans may be other ones; where they were read they are asked for again */
  async #load(changed: Iterable<ApplicationRef>): Promise<void> {
    const source = this.#source;
    if (!source) return;
    const asked = ++this.#asked;
    const outdated = [...this.#outdated];
    const all = this.#listOutdated;
    const known = [...changed].filter((application) => this.hasPlan(application));
    const [summaries, unread, results] = await Promise.all([
      all ? source.applications() : source.applications(outdated.map(([, application]) => application)),
      source.unread(),
      this.#ask(source, known),
    ]);
    const [only] = summaries;
    if (all && only && summaries.length === 1 && !this.hasPlan(only)) results.push(await this.#plan(source, only));
    if (asked !== this.#asked) {
      // Whoever asked later did not ask for plans that changed before; for the rest they did.
      for (const result of results) if (result && this.hasPlan(result.application)) this.#keep(result);
      return;
    }
    if (all) this.#listOutdated = false;
    for (const [id, application] of outdated) if (this.#outdated.get(id) === application) this.#outdated.delete(id);
    this.#summaries = all ? summaries : replaced(this.#summaries, outdated, summaries);
    const ids = new Set(this.#summaries.map(applicationId));
    for (const result of results) this.#keep(result);
    for (const id of this.#results.keys()) if (!ids.has(id)) this.#results.delete(id);
    this.#unread = unread;
    this.#state = this.#summaries.length === 0 ? 'empty' : 'ready';
  }

  #ask(source: PlanSource, applications: readonly ApplicationRef[]): Promise<(PlanResult | null)[]> {
    return Promise.all(applications.map((application) => this.#plan(source, application)));
  }

  /** A plan against the one that is here; the first one, which is whole and may be large, is asked for once. */
  #plan(source: PlanSource, application: ApplicationRef): Promise<PlanResult | null> {
    const id = applicationId(application);
    const known = this.#results.get(id);
    if (known) return source.plan(application, known);
    const asked = this.#first.get(id);
    if (asked?.source === source) return asked.answer;
    const answer = source.plan(application).finally(() => {
      if (this.#first.get(id)?.answer === answer) this.#first.delete(id);
    });
    this.#first.set(id, { source, answer });
    return answer;
  }

  /** Asks for the plans of all applications that were not read yet, a few at a time. */
  async loadAll(): Promise<void> {
    const unread = (): ApplicationSummary[] =>
      this.#summaries.filter((summary) => !this.#results.has(applicationId(summary))).slice(0, AT_A_TIME);
    for (let next = unread(); next.length > 0 && this.#source; next = unread()) {
      const source = this.#source;
      const results = await this.#ask(source, next);
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
    const result = this.#source ? await this.#plan(this.#source, application) : null;
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
  async planChanged({ applications, list = false }: PlanChangedParams): Promise<void> {
    for (const application of applications) this.#outdated.set(applicationId(application), application);
    this.#listOutdated ||= list;
    const ids = applications.map(applicationId);
    const planOf = (id: string): ApplicationPlan | undefined => this.#results.get(id)?.plan;
    const finished = ids.filter(
      (id) => this.#live.has(id) || this.#former.has(id) || this.#runs.get(id)?.stage === 'finished',
    );
    const before = new Map(finished.map((id) => [id, planOf(id)]));
    await this.#load(applications);
    for (const id of finished) if (patchOf(before.get(id), planOf(id))) this.#dropFinished(id);
    this.#changed();
  }

  /** Somebody typed into a file: what a finished run left on its application does not hold any more. */
  edited(folder: string, file: string): void {
    const ids = this.#summaries.filter((application) => mayHold(application, folder, file)).map(applicationId);
    const dropped = ids.filter((id) => this.#dropFinished(id));
    if (dropped.length > 0) this.#changed();
  }

  #dropFinished(id: string): boolean {
    const wasLive = this.#live.delete(id);
    this.#former.delete(id);
    return (this.#runs.get(id)?.stage === 'finished' && this.#runs.delete(id)) || wasLive;
  }

  /** Lays how an application stands in a cluster over its plan, in the place of what a finished run left. */
  setLive(application: ApplicationRef, live: LiveStatus): void {
    const id = applicationId(application);
    if (this.#runs.get(id)?.stage === 'finished') this.#runs.delete(id);
    this.#live.set(id, live);
    this.#changed();
  }

  /** How an application stood in a cluster when somebody asked. */
  liveOf(application: ApplicationRef): LiveStatus | undefined {
    return this.#live.get(applicationId(application));
  }

  /**
   * Lays a run over its application's plan. What stood there before, a finished run or live objects, holds until it is
   * confirmed.
   */
  setRun(run: RunState): void {
    const id = applicationId(run.application);
    const before = this.#runs.get(id);
    if (!isUnbegun(run)) {
      this.#live.delete(id);
      this.#former.delete(id);
    } else if (before?.stage === 'finished') this.#former.set(id, before);
    this.#runs.set(id, run);
    this.#changed();
  }

  /** Takes away what finished runs left, and live statuses. */
  clearRuns(): void {
    for (const [id, run] of this.#runs) if (run.stage === 'finished') this.#runs.delete(id);
    this.#live.clear();
    this.#former.clear();
    this.#changed();
  }

  /** Takes away one run, as when it was refused before it began: what stood there before is there again. */
  dropRun(application: ApplicationRef): void {
    const id = applicationId(application);
    const former = this.#former.get(id);
    this.#former.delete(id);
    if (former) this.#runs.set(id, former);
    else this.#runs.delete(id);
    this.#changed();
  }

  /** Is there anything that `clearRuns` would take away? */
  get hasFinishedRun(): boolean {
    return this.#live.size > 0 || [...this.#runs.values()].some((run) => run.stage === 'finished');
  }
}

/** The list with these applications as they are now; those that are gone are left out. */
function replaced(
  list: readonly ApplicationSummary[],
  changed: readonly (readonly [id: string, application: ApplicationRef])[],
  now: readonly ApplicationSummary[],
): readonly ApplicationSummary[] {
  const newest = new Map(now.map((summary) => [applicationId(summary), summary]));
  const ids = new Set(changed.map(([id]) => id));
  return list.flatMap((summary) => {
    const id = applicationId(summary);
    return ids.has(id) ? (newest.get(id) ?? []) : [summary];
  });
}
