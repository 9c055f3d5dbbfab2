import { counted } from '#core/plan/words';
import type {
  ApplicationRef,
  ApplicationSummary,
  ComparePlanResult,
  GoneApplicationsResult,
  Revision,
} from '#protocol';
import { revisionText, type Comparison } from '../../text/comparison.ts';
import { comparedNode, goneNode, uncomparedNode } from './changes.ts';
import { applicationId, type PlanNode } from './node.ts';
import type { PlanStore } from './store.ts';

/** Who knows what is different: the language server. */
export interface Comparer {
  /** What is different in one application. */
  compare(application: ApplicationRef, revision: string): Promise<ComparePlanResult>;
  /** The applications of a revision that are not there any more. */
  gone(folder: string, revision: string): Promise<GoneApplicationsResult>;
}

/** The plans of one workspace folder beside those of a Git revision, for as long as the view shows that. */
export class Comparing {
  readonly folder: string;
  readonly #asked: string;
  readonly #comparer: Comparer;
  readonly #changed: () => void;
  readonly #results = new Map<string, ComparePlanResult>();
  /** Applications whose plan changed since they were compared. */
  readonly #stale = new Set<string>();
  #gone: GoneApplicationsResult | undefined;
  /** The applications beside which `#gone` was worked out. */
  #goneBeside: string | undefined;
  #revision: Revision | undefined;
  #busy = false;
  #over = false;

  /** @param revision a branch, a tag, a commit, `HEAD~2` @param changed called when there is more to show */
  constructor(folder: string, revision: string, comparer: Comparer, changed: () => void) {
    this.folder = folder;
    this.#asked = revision;
    this.#comparer = comparer;
    this.#changed = changed;
  }

  /** `HEAD (1a2b3c4)`. */
  get label(): string {
    return this.#revision ? revisionText(this.#revision) : this.#asked;
  }

  end(): void {
    this.#over = true;
  }

  /** These are not what they were. */
  outdate(applications: readonly ApplicationRef[]): void {
    for (const application of applications) this.#stale.add(applicationId(application));
  }

  /** Works out, one after the other, what is not known of these applications. Rejects where the server does not answer. */
  async update(applications: readonly ApplicationSummary[]): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    const all = this.#of(applications);
    try {
      for (;;) {
        const next = all.find((summary) => this.#isUnknown(applicationId(summary)));
        if (!next || this.#over) break;
        const id = applicationId(next);
        this.#stale.delete(id);
        const result = await this.#comparer.compare(next, this.#asked);
        if ('revision' in result) this.#revision = result.revision;
        this.#results.set(id, result);
        this.#changed();
      }
      await this.#updateGone(all);
    } finally {
      this.#busy = false;
    }
  }

  /** What is gone becomes something else only where applications come and go. */
  async #updateGone(all: readonly ApplicationSummary[]): Promise<void> {
    const beside = all.map(applicationId).join('\n');
    if (this.#over || this.#goneBeside === beside) return;
    this.#goneBeside = beside;
    this.#gone = await this.#comparer.gone(this.folder, this.#asked);
    if ('revision' in this.#gone) this.#revision = this.#gone.revision;
    this.#changed();
  }

  #isUnknown(id: string): boolean {
    return this.#stale.has(id) || !this.#results.has(id);
  }

  #of(applications: readonly ApplicationSummary[]): readonly ApplicationSummary[] {
    return applications.filter(({ folder }) => folder === this.folder);
  }

  /** The rows: applications with changes or problems, those that are not compared yet, and those that are gone. */
  nodes(applications: readonly ApplicationSummary[]): PlanNode[] {
    const there = this.#of(applications)
      .map((summary) => ({ summary, result: this.#results.get(applicationId(summary)) }))
      .filter(({ result }) => result === undefined || 'problem' in result || result.diff.length > 0)
      .map(({ summary, result }) => comparedNode(summary, result));
    const gone = this.#gone;
    if (!gone) return there;
    // Why one application cannot be compared is why none can.
    if ('problem' in gone) return there.length > 0 ? there : [uncomparedNode(this.folder, this.label, gone.problem)];
    return [...there, ...gone.gone.map((one) => goneNode(one))];
  }

  /** Everything is compared. */
  isDone(applications: readonly ApplicationSummary[]): boolean {
    return this.#gone !== undefined && this.#known(this.#of(applications)).length === this.#of(applications).length;
  }

  #known(all: readonly ApplicationSummary[]): ComparePlanResult[] {
    return all.flatMap((summary) => this.#results.get(applicationId(summary)) ?? []);
  }

  /** What the view says above its rows. */
  message(applications: readonly ApplicationSummary[]): string {
    const all = this.#of(applications);
    const known = this.#known(all);
    if (!this.isDone(applications))
      return `Comparing with ${this.label}: ${known.length} of ${counted(all.length, 'application')}`;
    const different = known.filter((result) => 'problem' in result || result.diff.length > 0).length;
    const gone = this.#gone && 'gone' in this.#gone ? this.#gone.gone.length : 0;
    if (different === 0 && gone === 0) return `No plan is different from ${this.label}.`;
    const lost = gone === 0 ? '' : `; ${counted(gone, 'application')} gone`;
    return `Different from ${this.label}: ${different} of ${counted(all.length, 'application')}${lost}`;
  }

  /** The same for the renderers of texts. */
  comparison(store: PlanStore): Comparison | undefined {
    if (!this.#revision) return undefined;
    const changes = store.views.flatMap(({ summary, result }) => {
      const compared = this.#results.get(applicationId(summary));
      return result && compared && 'diff' in compared ? [[result.plan, compared.diff] as const] : [];
    });
    const gone = this.#gone && 'gone' in this.#gone ? this.#gone.gone : [];
    return {
      revision: this.#revision,
      changes: new Map(changes),
      gone: gone.map(({ plan, diff }) => ({ plan, changes: diff })),
    };
  }
}
