import { setImmediate as turn, setTimeout as after } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { VirtualClock } from '../../../client/src/simulation/clock.ts';

test('a clock that was stopped runs nothing any more, and waits for nothing', async () => {
  let waits = 0;
  const clock = new VirtualClock({
    start: 0,
    turn: async () => void (await turn()),
    pace: {
      speed: 1,
      now: () => performance.now(),
      sleep: (ms) => {
        waits++;
        return after(ms);
      },
    },
  });
  const ran: string[] = [];
  clock.schedule(1, () => ran.push('soon'));
  clock.schedule(600_000, () => ran.push('a deadline that nobody waits for'));
  await after(150);
  expect(waits).toBeGreaterThan(1);
  clock.stop();
  await after(100);
  const before = waits;
  clock.schedule(1, () => ran.push('too late'));
  await after(150);
  expect([ran, waits - before]).toEqual([['soon'], 0]);
});
