import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inParallel } from '../../../client/src/sync/in-parallel.ts';

test('parallel work keeps the order of its results and the bound on how many run', async () => {
  let running = 0;
  let most = 0;
  const results = await inParallel([5, 1, 4, 2, 3], 2, async (ms) => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, ms));
    running--;
    return ms * 10;
  });
  expect(results).toEqual([50, 10, 40, 20, 30]);
  expect(most).toBe(2);
});

test('no item is lost', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat()), fc.integer({ min: 1, max: 8 }), async (items, limit) => {
      expect(await inParallel(items, limit, async (item) => item * 2)).toEqual(items.map((item) => item * 2));
    }),
  );
});
