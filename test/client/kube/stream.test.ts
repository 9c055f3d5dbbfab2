import { PassThrough } from 'node:stream';
import type { IncomingMessage } from 'node:http';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linesOf } from '../../../client/src/kube/stream.ts';
import { Aborted, BackOff, sleep } from '../../../client/src/kube/time.ts';
import { Stop } from '../../../client/src/sync/signal.ts';

async function linesFrom(chunks: readonly Buffer[]): Promise<string[]> {
  const stream = new PassThrough();
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  const lines: string[] = [];
  for await (const line of linesOf(stream as unknown as IncomingMessage)) lines.push(line);
  return lines;
}

test('lines come out whole, however the bytes are cut, inside a character too', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\n')),
        { minLength: 1 },
      ),
      fc.array(fc.nat({ max: 40 })),
      async (lines, cuts) => {
        const bytes = Buffer.from(`${lines.join('\n')}\n`);
        const chunks: Buffer[] = [];
        let from = 0;
        for (const size of cuts) {
          chunks.push(bytes.subarray(from, from + size));
          from += size;
        }
        chunks.push(bytes.subarray(from));
        expect(await linesFrom(chunks)).toEqual(lines);
      },
    ),
    { numRuns: 60 },
  );
});

test('a last line without an end is a line', async () => {
  expect(await linesFrom([Buffer.from('a\nb')])).toEqual(['a', 'b']);
  expect(await linesFrom([])).toEqual([]);
});

test('delays double up to the most, and start again after a reset', () => {
  const backOff = new BackOff(100, 400);
  const delays = [1, 2, 3, 4].map(() => backOff.next());
  const bounds = [100, 200, 400, 400];
  delays.forEach((delay, i) => {
    expect(delay).toBeLessThanOrEqual(bounds[i] ?? 0);
    expect(delay).toBeGreaterThanOrEqual((bounds[i] ?? 0) * 0.8);
  });
  backOff.reset();
  expect(backOff.next()).toBeLessThanOrEqual(100);
});

test('a wait ends with its signal', async () => {
  const stop = new Stop();
  const waiting = sleep(60_000, stop);
  stop.stop();
  await expect(waiting).rejects.toThrow(Aborted);
  await expect(sleep(60_000, stop)).rejects.toThrow(Aborted);
});
