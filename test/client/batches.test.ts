import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Batches } from '../../client/src/vscode/sync/batches.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('what comes within a frame is handed on together, in its order', () => {
  const seen: number[][] = [];
  const batches = new Batches<number>((batch) => seen.push([...batch]));
  for (let i = 0; i < 1000; i++) batches.push(i);
  expect(seen).toEqual([]);
  vi.advanceTimersByTime(16);
  batches.push(1000);
  vi.advanceTimersByTime(16);
  expect(seen.map(({ length }) => length)).toEqual([1000, 1]);
  expect(seen.flat()).toEqual(Array.from({ length: 1001 }, (_, i) => i));
});

test('where taking it in is slow it is handed on less often, but every second at least', () => {
  const seen: number[] = [];
  let cost = 100;
  const batches = new Batches<number>((batch) => {
    seen.push(batch.length);
    // The clock is a fake one: only this moves it on.
    vi.setSystemTime(Date.now() + cost);
    vi.advanceTimersByTime(cost);
  });
  batches.push(1);
  vi.advanceTimersByTime(16);
  batches.push(2);
  vi.advanceTimersByTime(299);
  expect(seen).toEqual([1]);
  batches.push(3);
  vi.advanceTimersByTime(1);
  expect(seen).toEqual([1, 2]);
  cost = 10_000;
  batches.push(4);
  vi.advanceTimersByTime(300);
  batches.push(5);
  vi.advanceTimersByTime(1000);
  expect(seen).toEqual([1, 2, 1, 1]);
});

test('at the end nothing is left', () => {
  const seen: number[] = [];
  const batches = new Batches<number>((batch) => seen.push(...batch));
  batches.push(1);
  batches.flush();
  batches.flush();
  vi.advanceTimersByTime(1000);
  expect(seen).toEqual([1]);
});
