import { groupOf, kindOf, uidOf, type KubeObject } from '#core/object';
import type { Cluster } from './cluster.ts';
import type { RunEvent } from './events.ts';
import type { Redactor } from './redact.ts';
import { Stop, type Signal } from './signal.ts';

/** Kinds of hooks whose pods have something to say. */
const WITH_PODS = new Set([
  'batch/Job',
  '/Pod',
  'apps/Deployment',
  'apps/StatefulSet',
  'apps/DaemonSet',
  'apps/ReplicaSet',
  'argoproj.io/Workflow',
]);

/** Milliseconds that a hook which has ended has for its last lines. */
const LAST_WORDS = 2000;
/** So many of its last lines are kept. */
const KEPT_LINES = 10;

interface Around {
  readonly cluster: Cluster;
  readonly redactor: Redactor;
  readonly emit: (event: RunEvent) => void;
  readonly time: () => string;
  sleep(ms: number, signal: Signal): Promise<void>;
  readonly signal: Signal;
}

/** Follows the logs of hooks from the moment they run, each once. */
export class HookLogs {
  readonly #around: Around;
  readonly #followed = new Set<string>();
  readonly #open = new Set<Promise<void>>();
  readonly #last = new Map<string, string[]>();
  readonly #end: Stop;

  constructor(around: Around) {
    this.#around = around;
    this.#end = new Stop(around.signal);
  }

  /** The hook was created by this operation, and runs. */
  follow(task: string, hook: KubeObject): void {
    if (this.#followed.has(uidOf(hook)) || !WITH_PODS.has(`${groupOf(hook)}/${kindOf(hook)}`)) return;
    this.#followed.add(uidOf(hook));
    const { cluster, redactor, emit, time } = this.#around;
    const lines: string[] = [];
    this.#last.set(task, lines);
    const following = cluster
      .logs(
        hook,
        ({ container, line: said }) => {
          const line = redactor.hide(said);
          emit({ type: 'log', time: time(), task, container, line });
          lines.push(line);
          if (lines.length > KEPT_LINES) lines.shift();
        },
        this.#end,
      )
      .catch((error: unknown) => {
        const why = error instanceof Error ? error.message : 'the connection ended';
        emit({
          type: 'log',
          time: time(),
          task,
          container: '',
          line: `The logs cannot be followed: ${redactor.hide(why)}`,
        });
      })
      .finally(() => this.#open.delete(following));
    this.#open.add(following);
  }

  /** The last lines of a hook that was followed, the newest at the end. */
  lastLines(task: string): readonly string[] {
    return this.#last.get(task) ?? [];
  }

  /** Resolves when all lines are in, or shortly after, for a log that does not end is not waited for. */
  async close(): Promise<void> {
    if (this.#open.size > 0) {
      const enough = new Stop();
      await Promise.race([Promise.all(this.#open), this.#around.sleep(LAST_WORDS, enough)]);
      enough.stop();
    }
    this.#end.stop();
    await Promise.all(this.#open);
  }
}
