import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../../client/src/simulation/clock.ts';
import { TimerQueue } from '../../../client/src/simulation/timers.ts';
import { Stop } from '../../../client/src/sync/signal.ts';

const clock = () => new VirtualClock({ start: 0, turn: () => turn() });

describe('virtual time', () => {
  test('an hour passes while nobody waits for it', async () => {
    const time = clock();
    await time.sleep(3_600_000);
    expect(time.now()).toBe(3_600_000);
  });

  test('stands still as long as something can run', async () => {
    const time = clock();
    const late = time.sleep(1000);
    for (let i = 0; i < 1000; i++) await Promise.resolve();
    expect(time.now()).toBe(0);
    await late;
  });

  test('a signal ends a sleep at once, and its timer does not hold up the silence', async () => {
    const time = clock();
    const stop = new Stop();
    const slept = time.sleep(1000, stop);
    stop.stop();
    await slept;
    await time.quiet(new Stop());
    expect(time.now()).toBe(0);
  });

  test('is quiet when no timer is left, not before', async () => {
    const time = clock();
    let done = 0;
    time.schedule(5000, () => time.schedule(5000, () => done++));
    await time.quiet(new Stop());
    expect([done, time.now()]).toEqual([1, 10_000]);
  });

  test('is quiet until a moment although something goes on for ever', async () => {
    const time = clock();
    const again = (): void => void time.schedule(300, again);
    again();
    await time.quiet(new Stop(), 1000);
    // The clock may have gone on to the next timer meanwhile.
    expect(time.now()).toBeGreaterThanOrEqual(900);
    expect(time.now()).toBeLessThanOrEqual(1200);
    time.stop();
  });
});

test('in a hurry it waits for nothing, and goes on from there at its pace', async () => {
  let real = 0;
  const slept: number[] = [];
  const time = new VirtualClock({
    start: 0,
    turn: () => turn(),
    pace: {
      speed: 1,
      now: () => real,
      sleep: async (ms) => {
        slept.push(ms);
        real += ms;
      },
    },
  });
  expect(await time.hurry(() => time.sleep(3_600_000).then(() => 'done'))).toBe('done');
  expect([time.now(), real, slept]).toEqual([3_600_000, 0, []]);
  await time.sleep(100);
  expect(time.now()).toBe(3_600_100);
  expect(real).toBe(100);
  time.stop();
});

test('with a pace it goes like a real clock, faster', async () => {
  let real = 0;
  const slept: number[] = [];
  const time = new VirtualClock({
    start: 1000,
    turn: () => turn(),
    pace: {
      speed: 10,
      now: () => real,
      sleep: async (ms) => {
        slept.push(ms);
        real += ms;
      },
    },
  });
  await time.sleep(2000);
  expect(real).toBeCloseTo(200, 6);
  expect(time.now()).toBeCloseTo(3000, 6);
  expect(Math.max(...slept)).toBeLessThanOrEqual(50);
});

test('timers run in the order of their time, equal ones in the order in which they were set', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.boolean())), (timers) => {
      const queue = new TimerQueue();
      const ran: number[] = [];
      const cancels = timers.map(([at], i) => queue.add(at, () => ran.push(i)));
      timers.forEach(([, canceled], i) => canceled && cancels[i]?.());
      for (let next = queue.next; next !== undefined; next = queue.next) queue.runDue(next);
      const wanted = timers
        .flatMap(([at, canceled], i) => (canceled ? [] : [{ at, i }]))
        .sort((a, b) => a.at - b.at || a.i - b.i);
      expect(ran).toEqual(wanted.map(({ i }) => i));
    }),
  );
});
