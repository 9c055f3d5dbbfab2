import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kindOf, nameOf } from '#core/object';
import { manifest, rule } from '../arbitrary.ts';
import { sync, world } from '../simulated.ts';

test('any application ends, or says what it waits for; and a second sync does too', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(manifest, { maxLength: 8 }),
      fc.array(rule, { maxLength: 3 }),
      fc.record({ prune: fc.boolean(), retry: fc.nat(1), addresses: fc.boolean() }),
      async (manifests, rules, { prune, retry, addresses }) => {
        const place = world({ loadBalancer: addresses ? 3000 : null }, rules);
        for (const targets of [manifests, manifests.slice(1)]) {
          const { result, events, end } = await sync(place, targets, { operation: { prune }, retry });
          expect(end.kind).toBe('finished');
          const { phase, message } = result.operation;
          if (phase === 'Running') {
            expect(message).toMatch(/^waiting for /);
            expect(events.findLast((event) => event.type === 'stuck')?.message).toBe(message);
          } else expect(['Succeeded', 'Failed', 'Error']).toContain(phase);
          // The times are true: the parts that were waited for are no more than the whole.
          expect(result.criticalPath.seconds).toBeLessThanOrEqual(result.waited.seconds + 0.001);
          // Everything that is told as left is there, and nothing of the simulation's own.
          const standing = new Set(place.cluster.objects().map((o) => `${kindOf(o)}/${nameOf(o)}`));
          for (const key of result.left)
            expect(standing).toContain(
              key
                .split('/')
                .filter((_, i) => i === 1 || i === 3)
                .join('/'),
            );
          await place.clock.sleep(2000);
        }
      },
    ),
    { numRuns: 150 },
  );
});

test('the same application in the same world runs in the same way', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(manifest, { maxLength: 6 }),
      fc.array(rule, { maxLength: 2 }),
      async (manifests, rules) => {
        const [one, other] = [await sync(world({}, rules), manifests), await sync(world({}, rules), manifests)];
        expect(other.events).toEqual(one.events);
      },
    ),
    { numRuns: 40 },
  );
});

const PHASES = ['PreSync', 'Sync', 'PostSync', 'SyncFail'];

test('every order goes on in phases, and in waves within a phase; nothing is applied once it is terminated', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(manifest, { maxLength: 8 }),
      fc.array(rule, { maxLength: 2 }),
      fc.boolean(),
      fc.option(fc.nat(8000), { nil: undefined }),
      async (manifests, rules, prune, terminateAt) => {
        const place = world({ loadBalancer: 1000 }, rules);
        await sync(place, manifests.slice(0, 3));
        await place.clock.sleep(2000);
        const begun = place.clock.now();
        const options = terminateAt === undefined ? {} : { terminateAt };
        const { events } = await sync(place, manifests.slice(2), { operation: { prune }, ...options });
        const told = events.flatMap((event) => (event.type === 'task' ? [event] : []));
        const first = new Map(told.toReversed().map((event) => [`${event.phase} ${event.task}`, event]));
        const places = [...first.values()].reverse().filter(({ phase }) => phase !== 'SyncFail');
        const ordered = places.toSorted((a, b) => PHASES.indexOf(a.phase) - PHASES.indexOf(b.phase) || a.wave - b.wave);
        expect(places.map(({ phase, wave }) => `${phase} ${wave}`)).toEqual(
          ordered.map(({ phase, wave }) => `${phase} ${wave}`),
        );
        // Terminating deletes the hooks that run, and takes their finalizers off.
        const applied = events.filter(
          (event) => event.type === 'write' && ['apply', 'create', 'replace'].includes(event.verb),
        );
        const end = begun + (terminateAt ?? Infinity);
        expect(applied.filter((event) => Date.parse(event.time) > end)).toEqual([]);
      },
    ),
    { numRuns: 80 },
  );
});
