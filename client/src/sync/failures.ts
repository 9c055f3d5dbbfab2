import { keyOf, objectIdOf, type KubeObject } from '#core/object';
import { HOOK_TERMINATED } from '#core/sync/messages';
import { hasFailed } from '#core/sync/results';
import type { ResourceResult, TaskView } from '#core/sync/model';
import { adviceOn, adviceOnFailedHook } from './advice.ts';
import type { Clock, Cluster } from './cluster.ts';
import type { Failure } from './events.ts';
import type { Redactor } from './redact.ts';
import { adviceOnRefusal } from './refusal-advice.ts';
import { Stop, type Signal } from './signal.ts';
import { reasonsOf } from './why.ts';
import type { Reason } from './reasons.ts';

/** Milliseconds that a cluster has to tell what stands around something that has failed. */
const PATIENCE = 2000;

interface Around {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly signal: Signal;
  /** Key of a task's object as it stands in the cluster. */
  readonly keyOf: (view: TaskView) => string;
  /** The live object of a key, as far as it is known. */
  readonly live: (key: string) => KubeObject | undefined;
  readonly targets: () => readonly KubeObject[];
  readonly lastLines: (task: string) => readonly string[];
}

/** Finds out of what has failed why, and what was not applied because of it. */
export class Failures {
  readonly #around: Around;
  /** By phase and key: what stood around a task when it failed. */
  readonly #reasons = new Map<string, readonly Reason[]>();
  #tasks: readonly TaskView[] = [];

  constructor(around: Around) {
    this.#around = around;
  }

  /**
   * Before a pass: looks at what it will find failed, for it may delete that. A cluster that does not answer is not waited
   * for.
   * @param awaited the tasks that are waited for
   */
  async look(awaited: readonly TaskView[]): Promise<void> {
    const { cluster, keyOf, live } = this.#around;
    const failed = awaited.flatMap((view) => {
      const object = live(keyOf(view));
      const known = this.#reasons.has(`${view.phase} ${keyOf(view)}`);
      const health = object && !known ? cluster.health(object) : undefined;
      return object && health && 'status' in health && health.status === 'Degraded' ? [{ view, object }] : [];
    });
    if (failed.length === 0 || !cluster.circumstances) return;
    const enough = new Stop(this.#around.signal);
    const asked = failed.map(async ({ view, object }) => {
      const found = await cluster.circumstances?.(object, enough);
      if (found) this.#reasons.set(`${view.phase} ${keyOf(view)}`, reasonsOf(found, object));
    });
    await Promise.race([Promise.allSettled(asked), this.#around.clock.sleep(PATIENCE, enough)]);
    enough.stop();
  }

  /** After a pass: all of its tasks. */
  passed(tasks: readonly TaskView[]): void {
    this.#tasks = tasks;
  }

  /** The results are dropped and everything runs again. */
  nextAttempt(): void {
    this.#reasons.clear();
  }

  /** What has failed, in the order of the tasks. */
  told(results: readonly ResourceResult[]): Failure[] {
    const failed = new Map(
      results
        .filter((result) => hasFailed(result) && result.message !== HOOK_TERMINATED)
        .map((result) => [resultKey(result), result]),
    );
    return this.#tasks.flatMap((view) => {
      const result = failed.get(`${view.phase} ${keyOf(view)}`);
      return result ? [this.#failure(view, result)] : [];
    });
  }

  /** Keys of what would have been applied, had nothing failed. */
  notApplied(results: readonly ResourceResult[]): string[] {
    const begun = new Set(results.map(resultKey));
    return this.#tasks
      .filter((view) => view.target && view.phase !== 'SyncFail' && !begun.has(`${view.phase} ${keyOf(view)}`))
      .map((view) => this.#around.keyOf(view));
  }

  #failure(view: TaskView, { message }: ResourceResult): Failure {
    const { redactor, live, targets, lastLines } = this.#around;
    const task = this.#around.keyOf(view);
    const found = (this.#reasons.get(`${view.phase} ${task}`) ?? []).filter(({ text }) => !text.endsWith(message));
    const object = live(task) ?? targets().find((target) => keyOf(objectIdOf(target)) === task);
    const log = lastLines(task);
    const helpful = log.length === 0 ? found : found.filter(({ cause }) => cause !== 'crash');
    const hidden = (texts: readonly string[]): string[] => texts.map((text) => redactor.hide(text));
    const refused = object ? adviceOnRefusal(message, object) : [];
    const advice = object
      ? [
          ...refused,
          ...adviceOn(helpful, object, () => undefined),
          ...(refused.length > 0 ? [] : adviceOnFailedHook(object)),
        ]
      : [];
    return {
      ...{ task, phase: view.phase, wave: view.wave, message: redactor.hide(message), log },
      reasons: hidden(found.map(({ text }) => text)),
      advice: hidden(advice),
    };
  }
}

const resultKey = (result: ResourceResult): string => `${result.syncPhase} ${keyOf(result)}`;
