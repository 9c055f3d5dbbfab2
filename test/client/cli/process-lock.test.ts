import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
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

test(
  'what killed processes have left goes when another one begins, and nothing else',
  { timeout: 20_000 },
  async () => {
    const [dead, alive] = [await holder(), await holder()];
    await dead.kill();
    const [state, stranger] = [
      await mkdtemp(path.join(tmpdir(), 'store-')),
      path.join(tmpdir(), 'argocd-hooks-1-x.lock'),
    ];
    await writeFile(stranger, 'no socket');
    const halves = ['old.json.4711.new', 'young.json.4711.new'].map((name) => path.join(state, name));
    for (const half of halves) await writeFile(half, '{');
    // As if they had lain there for a while; a young one may be about to listen.
    const before = new Date(Date.now() - 3_600_000);
    for (const file of [dead.place, alive.place, stranger, halves[0] ?? '']) await utimes(file, before, before);
    const store = new FileStore(state, () => undefined);
    const young = await holder();
    await young.kill();
    await store.prune(0);
    const lock = new ProcessLock();
    await lock.hold('another');
    const there = [dead.place, alive.place, young.place, stranger, ...halves].map((file) => existsSync(file));
    expect(there).toEqual([false, true, true, true, false, true]);
    expect(await isHeld(alive.place)).toBe(true);
    await Promise.all([lock.release(), alive.kill()]);
    await Promise.all([alive.place, young.place, stranger].map((file) => rm(file)));
  },
);
