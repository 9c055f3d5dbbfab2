import type { DiffPair, DiffSkipped, DiffTask } from './diff-model.ts';
import type { ApplicationPlan } from './model.ts';
import { taskKey } from './query.ts';

/** The tasks of a plan in the order in which they run: the sync, then SyncFail, then deletion. */
export function diffTasks(plan: ApplicationPlan | undefined): DiffTask[] {
  if (!plan) return [];
  const { sync, syncFail, delete: deletion } = plan.plans;
  return [sync, syncFail, deletion].flatMap(({ phases }) =>
    phases.flatMap(({ phase, waves }) =>
      waves.flatMap(({ wave, gate, batches }) => {
        const awaited = new Set(gate.for.map(({ task }) => task));
        const point = { phase, wave };
        return batches.flatMap(({ tasks }) =>
          tasks.map((task) => {
            const key = taskKey(task);
            return { key, point, waits: awaited.has(key), gate, task };
          }),
        );
      }),
    ),
  );
}

export interface Matched {
  readonly pairs: readonly DiffPair[];
  /** Of the older plan alone, and of the newer one alone. */
  readonly gone: readonly DiffTask[];
  readonly come: readonly DiffTask[];
}

/**
 * Which task of one plan is which of the other. Of one object those in the same phase and wave belong together, then
 * those in the same phase, then what is left, each in plan order.
 */
export function matchTasks(from: readonly DiffTask[], to: readonly DiffTask[]): Matched {
  const pairs: DiffPair[] = [];
  let gone = from;
  let come = to;
  const identities: readonly ((task: DiffTask) => string)[] = [
    ({ point, key }) => `${point.phase} ${point.wave} ${key}`,
    ({ point, key }) => `${point.phase} ${key}`,
    ({ key }) => key,
  ];
  for (const identity of identities) {
    const waiting = new Map<string, DiffTask[]>();
    // Taken from the end, so that each list stands in reverse.
    for (const task of gone.toReversed()) pushTo(waiting, identity(task), task);
    const taken = new Set<DiffTask>();
    come = come.filter((after) => {
      const before = waiting.get(identity(after))?.pop();
      if (before) {
        taken.add(before);
        pairs.push({ before, after });
      }
      return !before;
    });
    gone = gone.filter((task) => !taken.has(task));
  }
  return { pairs, gone, come };
}

function pushTo<T>(map: Map<string, T[]>, key: string, value: T): void {
  const there = map.get(key);
  if (there) there.push(value);
  else map.set(key, [value]);
}

/** The manifests that a plan leaves out, by the object. One that another replaces is no loss, and does not count. */
export class LeftOut {
  readonly #all: readonly DiffSkipped[];
  readonly #byKey: ReadonlyMap<string, DiffSkipped>;
  readonly #told = new Set<string>();

  constructor(plan: ApplicationPlan | undefined) {
    this.#all = (plan?.skipped ?? [])
      .filter(({ reason }) => reason.code !== 'duplicate')
      .map((manifest) => {
        const { group, kind, namespace = '', name } = manifest;
        return { key: `${group}/${kind}/${namespace}/${name}`, manifest };
      });
    this.#byKey = new Map(this.#all.map((one) => [one.key, one]));
  }

  /** What is left out of an object; it then counts as told. */
  tell(key: string): DiffSkipped | undefined {
    const found = this.#byKey.get(key);
    if (found) this.#told.add(key);
    return found;
  }

  /** What nothing was told about and the other plan does not leave out as often. */
  without(other: LeftOut): DiffSkipped[] {
    const there = new Map<string, number>();
    for (const { key } of other.#untold()) there.set(key, (there.get(key) ?? 0) + 1);
    return this.#untold().filter(({ key }) => {
      const count = there.get(key) ?? 0;
      there.set(key, count - 1);
      return count <= 0;
    });
  }

  #untold(): readonly DiffSkipped[] {
    return this.#all.filter(({ key }) => !this.#told.has(key));
  }
}
