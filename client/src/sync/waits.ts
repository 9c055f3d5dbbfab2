import type { TaskView } from '#core/sync/model';
import type { KubeObject } from '#core/object';
import { waveText } from '#core/plan/words';
import type { Clock, Cluster } from './cluster.ts';
import type { RunEvent } from './events.ts';
import { rfc3339 } from './progress.ts';
import { progressWords } from './progress-words.ts';
import type { Redactor } from './redact.ts';
import { Stop, type Signal } from './signal.ts';
import { whyNot } from './why.ts';
import type { Why } from './reasons.ts';

/** Milliseconds after which something that is waited for is asked why, and between two such questions. */
const PATIENCE = 8000;
const AGAIN = 5000;

interface Around {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly signal: Signal;
  readonly emit: (event: RunEvent) => void;
  /** Key of a task's object as it stands in the cluster. */
  readonly keyOf: (view: TaskView) => string;
  /** The live object of a key, as far as it is known. */
  readonly live: (key: string) => KubeObject | undefined;
}

interface Waiting {
  readonly view: TaskView;
  readonly task: string;
  readonly since: number;
  progress: string;
  why: Why;
}

const NOTHING: Why = { reasons: [], advice: [] };

/**
 * Tells what is waited for: since when, how far it is, and, when it takes long, why. On a real clock the cluster is asked
 * again every few seconds; a simulation says by itself when nothing more will happen.
 */
export class Waits {
  readonly #around: Around;
  readonly #waiting = new Map<string, Waiting>();
  readonly #end: Stop;
  #tasks: readonly TaskView[] = [];
  #asking: Promise<void> | undefined;

  constructor(around: Around) {
    this.#around = around;
    this.#end = new Stop(around.signal);
  }

  /** After a pass: all of its tasks, and those of them that are waited for. */
  passed(tasks: readonly TaskView[], awaited: readonly TaskView[]): void {
    const { clock, live, cluster } = this.#around;
    this.#tasks = tasks;
    const keys = new Set<string>();
    for (const view of awaited) {
      const task = this.#around.keyOf(view);
      const key = `${view.phase} ${task}`;
      keys.add(key);
      const object = live(task);
      const progress = object ? this.#around.redactor.hide(progressWords(object, cluster.health(object))) : 'is gone';
      const known = this.#waiting.get(key);
      if (known?.progress === progress) continue;
      const waiting = known ?? { view, task, since: clock.now(), progress, why: NOTHING };
      waiting.progress = progress;
      this.#waiting.set(key, waiting);
      this.#tell(waiting);
    }
    for (const key of this.#waiting.keys()) if (!keys.has(key)) this.#waiting.delete(key);
    if (clock.quiet === undefined && this.#waiting.size > 0) this.#asking ??= this.#askAgain();
  }

  /** Why a task does not come to its end. */
  async why(view: TaskView): Promise<Why> {
    const { cluster, keyOf, live, redactor } = this.#around;
    const object = live(keyOf(view));
    if (!object || !cluster.circumstances) return NOTHING;
    const found = whyNot(await cluster.circumstances(object, this.#end), object, (kind, name) =>
      this.#placeOf(kind, name),
    );
    return {
      reasons: found.reasons.map((text) => redactor.hide(text)),
      advice: found.advice.map((text) => redactor.hide(text)),
    };
  }

  /** Nothing is told any more. */
  async close(): Promise<void> {
    this.#end.stop();
    await this.#asking;
  }

  /** Where something comes that was not applied yet: `Sync, wave 0`. */
  #placeOf(kind: string, name: string): string | undefined {
    const task = this.#tasks.find(
      (view) => view.target && view.kind === kind && view.name === name && view.status === '' && view.state === '',
    );
    return task && `${task.phase}, ${waveText(task.wave)}`;
  }

  async #askAgain(): Promise<void> {
    const { clock } = this.#around;
    for (;;) {
      await clock.sleep(AGAIN, this.#end);
      if (this.#end.aborted) return;
      // Nothing is waited for: what is waited for next begins anew.
      if (this.#waiting.size === 0) {
        this.#asking = undefined;
        return;
      }
      for (const waiting of [...this.#waiting.values()]) {
        if (clock.now() - waiting.since < PATIENCE) continue;
        const why = await this.why(waiting.view).catch(() => waiting.why);
        if (this.#end.aborted) return;
        const known = this.#waiting.get(`${waiting.view.phase} ${waiting.task}`) === waiting;
        if (!known || JSON.stringify(why) === JSON.stringify(waiting.why)) continue;
        waiting.why = why;
        this.#tell(waiting);
      }
    }
  }

  #tell({ view, task, since, progress, why }: Waiting): void {
    const { clock, emit } = this.#around;
    emit({
      type: 'waiting',
      time: rfc3339(clock.now()),
      task,
      phase: view.phase,
      wave: view.wave,
      since: rfc3339(since),
      progress,
      ...why,
    });
  }
}
