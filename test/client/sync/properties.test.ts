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
