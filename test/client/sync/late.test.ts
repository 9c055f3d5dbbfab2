// A watch tells of a change after the answer to the request that made it. Nothing may be done twice because of that.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Simulation } from '../../../client/src/simulation/simulation.ts';
import { guide } from '../guide.ts';
import { objects, sync, world, type Ran, type World } from '../simulated.ts';

/** A simulation whose watches are behind by so many milliseconds. */
class Late extends Simulation {
  readonly #place: World;
  readonly #behind: number;

  constructor(place: World, behind: number) {
    super({ clock: place.clock, scenario: place.scenario, namespaces: ['shop'] });
    this.#place = place;
    this.#behind = behind;
  }

  override async watch(...[kinds, namespaces, onEvent, signal]: Parameters<Simulation['watch']>): Promise<void> {
    let listing = true;
    await super.watch(
      kinds,
      namespaces,
      (event) => {
        if (listing) onEvent(event);
        else this.#place.clock.schedule(this.#behind, () => signal.aborted || onEvent(event));
      },
      signal,
    );
    listing = false;
  }
}

function late(behind: number): World {
  const place = world();
  return { ...place, cluster: new Late(place, behind) };
}

/** Generated names hold the start, and neighbors of one batch may be seen in another order. */
const done = (ran: Ran): readonly string[] => [
  ran.result.operation.phase,
  ...[...ran.writes.map((write) => write.replace(/-\d{10}$/, ''))].sort(),
  ...ran.result.left.map((key) => key.replace(/-\d{10}$/, '')),
];

test.each([10, 300, 1500, 5000])(
  'the example is synced in the same way when watches are %d ms behind',
  async (behind) => {
    const [place, other] = [world(), late(behind)];
    for (let round = 0; round < 3; round++) {
      expect(done(await sync(other, guide()))).toEqual(done(await sync(place, guide())));
      await Promise.all([place.clock.sleep(20_000), other.clock.sleep(20_000)]);
    }
  },
);

const hook = (name: string, phase: string, policy: string, wave: number): string => `
apiVersion: batch/v1
kind: Job
metadata:
  name: ${name}
  annotations:
    argocd.argoproj.io/hook: "${phase}"
    argocd.argoproj.io/hook-delete-policy: "${policy}"
    argocd.argoproj.io/sync-wave: "${wave}"
spec: {template: {spec: {restartPolicy: Never, containers: [{name: main, image: busybox}]}}}
`;

test('and so is any application of hooks, again and again', async () => {
  const arbitrary = fc.uniqueArray(
    fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd'),
      phase: fc.constantFrom('PreSync', 'Sync', 'PostSync', 'PreSync,PostSync'),
      policy: fc.constantFrom('BeforeHookCreation', 'HookSucceeded', 'HookFailed', 'HookSucceeded,BeforeHookCreation'),
      wave: fc.integer({ min: 0, max: 2 }),
    }),
    { minLength: 1, maxLength: 4, selector: ({ name }) => name },
  );
  await fc.assert(
    fc.asyncProperty(arbitrary, fc.integer({ min: 1, max: 4000 }), async (hooks, behind) => {
      const targets = objects(hooks.map((h) => hook(h.name, h.phase, h.policy, h.wave)).join('---'));
      const [place, other] = [world(), late(behind)];
      for (let round = 0; round < 2; round++) {
        expect(done(await sync(other, targets))).toEqual(done(await sync(place, targets)));
        await Promise.all([place.clock.sleep(20_000), other.clock.sleep(20_000)]);
      }
    }),
    { numRuns: 60 },
  );
});
