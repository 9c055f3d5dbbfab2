import { expect, test } from 'vitest';
import type { KubeObject } from '#core/object';
import type { Clock, Cluster } from '../../../client/src/sync/cluster.ts';
import { CONCURRENCY } from '../../../client/src/sync/drive.ts';
import { runSync } from '../../../client/src/sync/runner.ts';
import { Stop } from '../../../client/src/sync/signal.ts';
import { objects, REVISION, world, type World } from '../simulated.ts';

interface Timer {
  readonly at: number;
  readonly ms: number;
}

interface Ran {
  /** Timers that were set, but for those that were over at once. */
  readonly timers: readonly Timer[];
  /** Milliseconds from the start to the end. */
  readonly took: number;
  /** So many requests were under way at once. */
  readonly most: number;
}

/** Runs a sync as on a cluster: its clock knows nothing of what will come. */
async function run({ cluster, clock }: World, targets: readonly KubeObject[], waveDelay?: number): Promise<Ran> {
  const timers: Timer[] = [];
  let [open, most] = [0, 0];
  const counted: Clock = {
    now: () => clock.now(),
    sleep: (ms, signal) => {
      if (ms > 0) timers.push({ at: clock.now(), ms });
      return clock.sleep(ms, signal);
    },
  };
  const slow = new Proxy<Cluster>(cluster, {
    get(target, name) {
      if (name === 'perform')
        return async (...[action, signal]: Parameters<Cluster['perform']>) => {
          most = Math.max(most, ++open);
          await clock.sleep(1);
          open--;
          return target.perform(action, signal);
        };
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(target) : value;
    },
  });
  const started = clock.now();
  const end = await runSync(
    {
      ...{ application: 'shop', namespace: 'shop', objects: targets, operation: {}, retry: 0 },
      ...{ revision: { id: REVISION, text: 'HEAD 1a2b3c4' }, furtherKinds: [], blockers: [], warnings: [] },
      ...(waveDelay === undefined ? {} : { waveDelay }),
    },
    { cluster: slow, clock: counted, emit: () => undefined, confirm: async () => true, terminate: new Stop() },
  );
  expect(end).toMatchObject({ kind: 'finished', phase: 'Succeeded' });
  return { timers, took: clock.now() - started, most };
}

const MIGRATION = `
apiVersion: batch/v1
kind: Job
metadata: {name: migrate, annotations: {argocd.argoproj.io/hook: PreSync}}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: main, image: busybox}]}}}
`;
const configMap = (name: string, wave = 0): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, annotations: {argocd.argoproj.io/sync-wave: "${wave}"}}\n`;
const MINUTE = 60_000;
/** In which it is asked why something is not there yet. */
const ASKED = 5000;

test('a sync is woken by what happens: while a hook runs no timer looks whether it has ended', async () => {
  const { timers, took } = await run(world({ run: 30 * MINUTE }), objects(MIGRATION));
  expect(took).toBeGreaterThan(30 * MINUTE);
  // Beside it a person is told why it takes so long, and a pass rests as long as it took.
  const others = timers.filter(({ ms }) => ms !== ASKED);
  expect(others.length).toBeLessThan(20);
});

test('nothing is asked where nothing is waited for', async () => {
  const delay = 30 * MINUTE;
  const { timers, took } = await run(
    world({ run: delay + 2 * MINUTE }),
    objects(`${MIGRATION}---\n${configMap('a')}---\n${configMap('b', 1)}`),
    delay,
  );
  expect(took).toBeGreaterThan(2 * delay);
  const asked = timers.filter(({ ms }) => ms === ASKED);
  expect(asked.length).toBeGreaterThan(5);
  expect(asked.length).toBeLessThan((2 * MINUTE) / ASKED + 5);
});

test('the writes of a batch go side by side, so many at a time and no more', async () => {
  const many = Array.from({ length: 100 }, (_, i) => configMap(`c${i}`));
  const { most } = await run(world(), objects(many.join('---\n')));
  expect(most).toBe(CONCURRENCY);
});
