import { uidOf, type KubeObject } from '#core/object';
import type { OperationRequest } from '#core/sync/options';
import type { Clock, Cluster } from '../../client/src/sync/cluster.ts';
import type { RunEvent } from '../../client/src/sync/events.ts';
import { readRecord, type OperationRecord } from '../../client/src/sync/record.ts';
import type { OperationStore, Wish } from '../../client/src/sync/recorder.ts';
import type { DeletionOptions } from '../../client/src/sync/model.ts';
import type { SyncEnd } from '../../client/src/sync/run.ts';
import { runSync } from '../../client/src/sync/runner.ts';
import { Stop } from '../../client/src/sync/signal.ts';
import { REVISION, type World } from './simulated.ts';

/** Records as texts, as a file would hold them. */
export class MemoryStore implements OperationStore {
  readonly texts = new Map<string, string>();
  process = 1;
  alive: readonly number[] = [];

  async list(): Promise<OperationRecord[]> {
    const all = [...this.texts.values()].map(readRecord);
    return all.filter((record) => typeof record !== 'string').sort((a, b) => b.startedAt - a.startedAt);
  }
  async save(record: OperationRecord): Promise<void> {
    this.texts.set(record.id, JSON.stringify(record));
  }
  async remove({ id }: Pick<OperationRecord, 'id'>): Promise<void> {
    this.texts.delete(id);
  }
  async prune(before: number): Promise<void> {
    for (const { id, startedAt } of await this.list()) if (startedAt < before) this.texts.delete(id);
  }
  async hold(): Promise<undefined> {}
  async release(): Promise<void> {}
  async isAlive({ process }: Pick<OperationRecord, 'process'>): Promise<boolean> {
    return process !== this.process && this.alive.includes(process);
  }
}

export interface Life {
  readonly objects: readonly KubeObject[];
  readonly operation?: OperationRequest;
  readonly retry?: number;
  readonly timeout?: number;
  readonly wish?: Wish;
  readonly onTerminate?: (terminate: () => void) => void;
  /** The process dies at that step: before or after a request is carried out, or a record is written. */
  readonly diesAt?: number;
  /** The same, so many steps after it was asked to terminate. */
  readonly diesAfterTerminate?: number;
  readonly application?: string;
  /** It is a deletion. */
  readonly deletion?: DeletionOptions;
  /** It runs as on a real cluster, and holds the Lease of the application as this one. */
  readonly holder?: string;
}

export interface Lived {
  /** Absent: it died. */
  readonly end: SyncEnd | undefined;
  readonly events: readonly RunEvent[];
  readonly result: Extract<RunEvent, { type: 'result' }> | undefined;
  /** Steps at which it could have died. */
  readonly steps: number;
  /** Requests that reached the cluster and write, as `verb key uid`. */
  readonly sent: readonly string[];
}

const WRITES = new Set(['apply', 'create', 'replace', 'update', 'delete', 'prune', 'update-finalizers']);

/** Runs one process of a sync, which may die; what it began in the cluster goes on. */
export async function live(world: World, store: MemoryStore, life: Life): Promise<Lived> {
  const events: RunEvent[] = [];
  const sent: string[] = [];
  const terminate = new Stop();
  let steps = 0;
  let diesAt = life.diesAt;
  life.onTerminate?.(() => {
    if (life.diesAfterTerminate !== undefined) diesAt ??= steps + life.diesAfterTerminate;
    terminate.stop();
  });
  let dead = false;
  let died = (): void => undefined;
  const death = new Promise<undefined>((resolve) => (died = () => resolve(undefined)));
  const never = new Promise<never>(() => undefined);
  /** One moment of a life; after the last one nothing happens any more. */
  const step = async (): Promise<void> => {
    if (!dead && steps === diesAt) {
      dead = true;
      died();
    }
    steps++;
    if (dead) await never;
  };
  const place: Cluster = world.cluster;
  const cluster: Cluster = new Proxy(place, {
    get(target, name) {
      if (name === 'perform')
        return async (...[action, signal]: Parameters<Cluster['perform']>) => {
          await step();
          if (WRITES.has(action.verb) && action.dryRun === undefined) {
            sent.push(`${action.verb} ${action.key} ${uidOf(action.object)}`);
          }
          const response = await target.perform(action, signal);
          await step();
          return response;
        };
      if (name === 'connect' && life.holder !== undefined)
        return async (signal: Stop) => ({ ...(await target.connect(signal)), kind: 'kubernetes' });
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(target) : value;
    },
  });
  const clock: Clock = {
    now: () => world.clock.now(),
    sleep: (ms, signal) => world.clock.sleep(ms, signal).then(() => (dead ? never : undefined)),
    quiet: (signal, until) => world.clock.quiet(signal, until).then(() => (dead ? never : undefined)),
  };
  const run = runSync(
    {
      application: life.application ?? 'shop',
      namespace: 'shop',
      objects: life.objects,
      operation: life.operation ?? {},
      revision: { id: REVISION, text: 'HEAD 1a2b3c4' },
      retry: life.retry ?? 0,
      ...(life.timeout === undefined ? {} : { timeout: life.timeout }),
      deletion: life.deletion,
      horizon: 24 * 3_600_000,
      furtherKinds: [],
      blockers: [],
      warnings: [],
    },
    {
      cluster,
      clock,
      emit: (event) => {
        if (!dead) events.push(event);
      },
      confirm: async () => true,
      terminate,
      holder: life.holder,
      operations: {
        wish: life.wish ?? 'start',
        commands: {
          sync: { resume: 'sync --resume', discard: 'sync --discard' },
          deletion: { resume: 'delete --resume', discard: 'delete --discard' },
        },
        store: {
          process: store.process,
          list: () => store.list(),
          save: async (record) => {
            await step();
            await store.save(record);
            await step();
          },
          remove: async (record) => {
            await step();
            await store.remove(record);
            await step();
          },
          prune: (before) => store.prune(before),
          hold: () => store.hold(),
          release: () => store.release(),
          isAlive: (record) => store.isAlive(record),
        },
      },
    },
  );
  const end = await Promise.race([run, death]);
  return { end, events, sent, steps, result: events.find((event) => event.type === 'result') };
}
