import { counted } from '#core/plan/words';
import type { ApplicationRef, ApplicationSummary, ComparePlanResult, Revision } from '#protocol';
import { revisionText, type Comparison } from '../../text/comparison.ts';
import { comparedNode } from './changes.ts';
import { applicationId, type PlanNode } from './node.ts';
import type { PlanStore } from './store.ts';

/** Asks the server what is different in one application. */
export type Compare = (application: ApplicationRef, revision: string) => Promise<ComparePlanResult>;

/** The plans of one workspace folder beside those of a Git revision, for as long as the view shows that. */
export class Comparing {
  readonly folder: string;
  readonly #asked: string;
  readonly #compare: Compare;
  readonly #changed: () => void;
  readonly #results = new Map<string, ComparePlanResult>();
  /** Applications whose plan changed since they were compared. */
  readonly #stale = new Set<string>();
  #revision: Revision | undefined;
  #busy = false;
  #over = false;

  /** @param revision a branch, a tag, a commit, `HEAD~2` @param changed called when there is more to show */
  constructor(folder: string, revision: string, compare: Compare, changed: () => void) {
    this.folder = folder;
    this.#asked = revision;
    this.#compare = compare;
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
    try {
      for (;;) {
        const next = this.#of(applications).find((summary) => this.#isUnknown(applicationId(summary)));
        if (!next || this.#over) return;
        const id = applicationId(next);
        this.#stale.delete(id);
        const result = await this.#compare(next, this.#asked);
        if ('revision' in result) this.#revision = result.revision;
        this.#results.set(id, result);
        this.#changed();
      }
    } finally {
      this.#busy = false;
    }
  }

  #isUnknown(id: string): boolean {
    return this.#stale.has(id) || !this.#results.has(id);
  }

  #of(applications: readonly ApplicationSummary[]): readonly ApplicationSummary[] {
    return applications.filter(({ folder }) => folder === this.folder);
  }

  /** The rows: applications with changes or problems, and those that are not compared yet. */
  nodes(applications: readonly ApplicationSummary[]): PlanNode[] {
    return this.#of(applications)
      .map((summary) => ({ summary, result: this.#results.get(applicationId(summary)) }))
      .filter(({ result }) => result === undefined || 'problem' in result || result.diff.length > 0)
      .map(({ summary, result }) => comparedNode(summary, result));
  }

  /** What the view says above its rows. */
  message(applications: readonly ApplicationSummary[]): string {
    const all = this.#of(applications);
    const known = all.flatMap((summary) => this.#results.get(applicationId(summary)) ?? []);
    if (known.length < all.length) return `Comparing with ${this.label}: ${known.length} of ${all.length} applications`;
    const different = known.filter((result) => 'problem' in result || result.diff.length > 0).length;
    return different === 0
      ? `No plan is different from ${this.label}.`
      : `Different from ${this.label}: ${counted(different, 'application')} of ${all.length}`;
  }

  /** The same for the renderers of texts. */
  comparison(store: PlanStore): Comparison | undefined {
    if (!this.#revision) return undefined;
    const changes = store.views.flatMap(({ summary, result }) => {
      const compared = this.#results.get(applicationId(summary));
      return result && compared && 'diff' in compared ? [[result.plan, compared.diff] as const] : [];
    });
    return { revision: this.#revision, changes: new Map(changes), gone: [] };
  }
}
