import { expect, test } from 'vitest';
import { afterEvents, startOf, type RunState } from '../../../client/src/vscode/sync/run-state.ts';
import { runLine } from '../../../client/src/vscode/plan/run-marks.ts';
import { timelineOf } from '../../../client/src/vscode/timeline/facts.ts';
import { aboutTask } from '../../../client/src/vscode/timeline/about.ts';
import type { RunEvent } from '../../../client/src/sync/events.ts';
import { objects, START, sync, world } from '../simulated.ts';
import { drawn, picture, planOf, SHOP, statesOf } from './shop.ts';

const plan = planOf(SHOP);
/** The Job fails in both attempts, after all its pods. */
const FAILING = { retry: 1, rules: [{ name: 'Job/db-migration', outcome: 'fail' as const, after: 1000 }] };

const states = await statesOf(SHOP, FAILING);
const second = states.findIndex(({ retry }) => retry === 1);
const bars = (state: RunState): string[] =>
  picture(drawn(plan, state), { width: 4000, now: state.clock?.cluster ?? 0 }).bars.flatMap(
    ({ name, time, state: how, times }) =>
      ['db-backup', 'db-migration', 'settings'].includes(name) ? [`${name} ${how}, ${times.length} ms: ${time}`] : [],
  );

test('between two attempts the first one stands as it ended', () => {
  expect(bars(states[second - 1] as RunState)).toEqual([
    'db-backup done, 2000 ms: 2 s',
    'db-migration failed, 637000 ms: 10 min 37 s',
    'settings waiting, 0 ms: ',
  ]);
});

test('when an operation runs again, its bars begin anew and keep no time of the attempt before', () => {
  expect(bars(states[second] as RunState)).toEqual([
    'db-backup waiting, 0 ms: ≈ 2 s',
    'db-migration waiting, 0 ms: ≈ 2 s',
    'settings waiting, 0 ms: ',
  ]);
  const end = states.at(-1) as RunState;
  expect(bars(end)).toEqual([
    'db-backup done, 2000 ms: ↻ 1 · 2 s',
    'db-migration failed, 637000 ms: ↻ 1 · 10 min 37 s',
    'settings not reached, 0 ms: ',
  ]);
  const begun = [...end.tasks.values()].flatMap(({ startedAt }) => startedAt ?? []);
  // Two seconds of the backup, those of the migration, and ten before the retry.
  expect(Math.min(...begun)).toBeGreaterThanOrEqual(START + 2000 + 637_000 + 10_000);
});

test('what the attempts before came to is told with the task, and the line of the run counts them', () => {
  const end = states.at(-1) as RunState;
  const { facts } = timelineOf({ plan, where: '', run: end, known: {}, here: 0 });
  const about = [...facts].find(([id]) => id.includes('Job/shop/db-migration'))?.[1];
  expect(about && aboutTask(about)).toMatch(
    /First attempt: failed after 10:37\. Job has reached the specified backoff limit/,
  );
  expect(runLine(states[second + 3] as RunState, 0)).toMatch(/^simulation · running \d+:\d\d · retry 1 · /);
});

test('events that are taken in together come to the same as one by one', async () => {
  const events: RunEvent[] = [];
  await sync(world({}, FAILING.rules), objects(SHOP), { retry: 1, onEvent: (event) => events.push(event) });
  const application = { folder: 'file:///w', path: 'apps/shop', name: 'shop' };
  const begin = startOf(application, 'simulation');
  for (const size of [1, 7, events.length]) {
    let state = begin;
    const before: string[] = [];
    for (let at = 0; at < events.length; at += size) {
      const kept = state;
      const text = JSON.stringify([...kept.tasks]);
      state = afterEvents(state, events.slice(at, at + size), 0);
      if (JSON.stringify([...kept.tasks]) !== text) before.push('a state of before was changed');
    }
    expect(before).toEqual([]);
    expect({ ...state, clock: undefined }).toEqual({ ...(states.at(-1) as RunState), clock: undefined });
  }
});
