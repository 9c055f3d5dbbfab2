import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kindOf, metadataOf, nameOf } from '#core/object';
import type { ResourceResult } from '#core/sync/model';
import { hookOfFailures, manifest, rule } from '../arbitrary.ts';
import { live, MemoryStore, type Lived } from '../killed.ts';
import { world, type World } from '../simulated.ts';

/** Of requests whose end nobody knows the message may be another one: `unchanged` in place of `created`. */
const row = ({ message, ...result }: ResourceResult): string =>
  JSON.stringify({ ...result, message: message.replace(/ (?:created|configured|unchanged|replaced)$/gm, ' written') });

/** What a sync comes to. Times in messages are those of this life. */
function outcome({ cluster }: World, { result }: Lived): unknown {
  if (!result) return undefined;
  return {
    phase: result.operation.phase,
    results: result.results.map(row).sort(),
    left: result.left,
    standing: cluster
      .objects()
      .filter((object) => !('ownerReferences' in metadataOf(object)))
      .map((object) => `${kindOf(object)}/${nameOf(object)}`)
      .sort(),
  };
}

/** How often each request was made, `verb key` by its count; uids of another world are other ones. */
function counted(sent: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of sent) {
    const request = text.slice(0, text.lastIndexOf(' '));
    counts.set(request, (counts.get(request) ?? 0) + 1);
  }
  return counts;
}

test('killed at any step and resumed, any application ends as one that was not', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof({ arbitrary: manifest, weight: 3 }, { arbitrary: hookOfFailures, weight: 1 }), {
        minLength: 1,
        maxLength: 6,
      }),
      fc.array(manifest, { maxLength: 3 }),
      fc.array(rule, { maxLength: 2 }),
      fc.record({ prune: fc.boolean(), replace: fc.boolean(), retry: fc.nat(1) }),
      fc.array(fc.integer({ min: 0, max: 999 }), { minLength: 1, maxLength: 2 }),
      async (manifests, earlier, rules, { prune, replace, retry }, deaths) => {
        const operation = { prune, syncOptions: replace ? ['Replace=true'] : [] };
        const life = { objects: manifests, operation, retry };
        /** A world in which something stood before. */
        const prepared = async (): Promise<World> => {
          const place = world({}, rules);
          await live(place, new MemoryStore(), { objects: earlier });
          await place.clock.sleep(300_000);
          return place;
        };
        const whole = await prepared();
        const uninterrupted = await live(whole, new MemoryStore(), life);
        const [place, store] = [await prepared(), new MemoryStore()];
        let lived: Lived | undefined;
        const sent: string[] = [];
        const unsure: string[] = [];
        for (const death of [...deaths, undefined]) {
          const record = (await store.list())[0];
          if (record?.ended) break;
          for (const { verb, key, answer } of record?.journal ?? []) if (!answer) unsure.push(`${verb} ${key} `);
          const wish = record ? 'resume' : 'start';
          const diesAt = death === undefined ? {} : { diesAt: Math.floor((death / 1000) * uninterrupted.steps) };
          lived = await live(place, store, { ...life, wish, ...diesAt });
          sent.push(...lived.sent);
          if (lived.end) break;
        }
        // Nothing is written more often than without a death, but for what nobody knows the end of.
        const [once, allowed] = [counted(uninterrupted.sent), counted(unsure)];
        for (const [request, count] of counted(sent))
          expect(count, request).toBeLessThanOrEqual((once.get(request) ?? 0) + (allowed.get(request) ?? 0));
        if (lived?.result) expect(outcome(place, lived)).toEqual(outcome(whole, uninterrupted));
      },
    ),
    { numRuns: 150 },
  );
});

test(
  'killed after it was terminated, a sync goes on terminating, and nothing else is written',
  { timeout: 60_000 },
  async () => {
    let killed = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(manifest, { minLength: 1, maxLength: 6 }),
        fc.array(rule, { maxLength: 2 }),
        fc.nat(20_000),
        // From the moment on at which it is stored that it was asked to.
        fc.integer({ min: 4, max: 16 }),
        async (manifests, rules, after, diesAfterTerminate) => {
          const [place, store] = [world({}, rules), new MemoryStore()];
          const onTerminate = (terminate: () => void): unknown => place.clock.schedule(after, terminate);
          const first = await live(place, store, { objects: manifests, onTerminate, diesAfterTerminate });
          const record = (await store.list())[0];
          if (!record || record.ended || first.end) return;
          killed++;
          expect(record.terminating).toBe('asked');
          const second = await live(place, store, { objects: manifests, wish: 'resume' });
          expect(second.sent.filter((text) => /^(?:apply|create|replace|update|prune) /.test(text))).toEqual([]);
          expect(['Failed', 'Error', 'Succeeded']).toContain(second.result?.operation.phase);
        },
      ),
      { numRuns: 200 },
    );
    expect(killed).toBeGreaterThan(5);
  },
);
