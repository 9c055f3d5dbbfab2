import { spawn } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { FileStore } from '../../../client/src/cli/operation-store.ts';
import { isHeld, ProcessLock } from '../../../client/src/cli/process-lock.ts';

const module = path.resolve(import.meta.dirname, '../../../client/src/cli/process-lock.ts');

/** A process that holds a lock, and where. */
async function holder(): Promise<{ kill: () => Promise<void>; place: string; pid: number }> {
  const program = `
    const { ProcessLock } = await import(${JSON.stringify(module)});
    process.stdout.write((await new ProcessLock().hold('2026-11-26T030000.000Z-33b57f87')) + '\\n');
    setInterval(() => undefined, 1000);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const place = await new Promise<string>((resolve) =>
    child.stdout.setEncoding('utf8').once('data', (text: string) => resolve(text.trim())),
  );
  return {
    place,
    pid: child.pid ?? 0,
    kill: () => {
      child.kill('SIGKILL');
      return gone;
    },
  };
}

test('a lock is held as long as its process lives, and no longer', { timeout: 20_000 }, async () => {
  const { kill, place } = await holder();
  expect(await isHeld(place)).toBe(true);
  await kill();
  expect(await isHeld(place)).toBe(false);
});

test('a lock that was released can be held again', async () => {
  const lock = new ProcessLock();
  const place = await lock.hold('a');
  expect(await isHeld(place ?? '')).toBe(true);
  await lock.release();
  expect(await isHeld(place ?? '')).toBe(false);
  expect(await lock.hold('a')).toBe(place);
  expect(await isHeld(place ?? '')).toBe(true);
  await lock.release();
});

test(
  'a process that was given the number of one that was killed does not stand for it',
  { timeout: 20_000 },
  async () => {
    const store = new FileStore(await mkdtemp(path.join(tmpdir(), 'store-')), () => undefined);
    const { kill, place } = await holder();
    const record = { process: process.ppid, lock: place };
    expect(await store.isAlive(record)).toBe(true);
    await kill();
    expect(await store.isAlive(record)).toBe(false);
    // Of an older record only the number is known.
    expect(await store.isAlive({ process: process.ppid })).toBe(true);
  },
);
