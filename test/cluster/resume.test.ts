// The terminal client is killed at random points on a real cluster and resumed, and two are started at once: nothing is
// lost, nothing is written twice, nothing after terminate. The order of writes is that of the API server's audit log.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunEvent } from '../../client/src/sync/events.ts';
import { admin, freshNamespace, writesOf } from './plane.ts';
import { argocdHooks, resultOf, type Ended } from './program.ts';
import { done, expectWaves, WAVES } from './running.ts';

let folder: string;
let ns: string;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'argocd-hooks-resume-'));
  ns = await freshNamespace('resume');
  mkdirSync(path.join(folder, 'waves'));
  writeFileSync(path.join(folder, 'waves/app.yaml'), WAVES);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const isHookRunning = (event: RunEvent): boolean =>
  event.type === 'task' && event.task.endsWith('/migrate') && event.hookPhase === 'Running';

/** One process of the terminal client, with the operations of this test. */
const start = (more: readonly string[] = [], during?: Parameters<typeof argocdHooks>[1]): Promise<Ended> =>
  argocdHooks(
    [
      ...['sync', path.join(folder, 'waves'), '--yes', '--namespace', ns],
      ...['--state-folder', path.join(folder, 'state'), ...more],
    ],
    during,
  );

/** Kills the process with the given event (the first is 0), some milliseconds later. */
function killedAt(event: number, after: number): Parameters<typeof argocdHooks>[1] {
  let seen = 0;
  return {
    during: (_event, kill) => {
      if (seen++ === event) setTimeout(() => kill('SIGKILL'), after);
    },
  };
}

/** Goes on with the sync at once; undefined where the process that died had come to its end. */
async function finish(): Promise<Ended | undefined> {
  const resumed = await start(['--resume']);
  if (!resumed.errors.includes('there is nothing to resume')) return resumed;
  // It died before its operation was stored, so before it wrote anything, its Lease among it; or after it had ended.
  return done(ns).length > 0 ? undefined : start();
}

const leases = async (): Promise<unknown[]> =>
  ((await admin.get(`/apis/coordination.k8s.io/v1/namespaces/${ns}/leases`)) as { items: unknown[] }).items;

// The events of this sync are about 25; the seed is told where it fails.
const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 1e6));
const roll = (i: number): number => ((seed + i * 7919) * 1103515245 + 12345) % 2147483648;
const deaths = Array.from({ length: 6 }, (_, i) => ({ event: 1 + (roll(i) % 18), after: roll(i + 100) % 120 }));

const PATIENCE = { timeout: 60_000 };

test.for(deaths)(`killed at event $event and $after ms, and resumed (SEED=${seed})`, PATIENCE, async (death) => {
  const { event, after } = death;
  const first = await start([], killedAt(event, after));
  if (first.code === -1) {
    const ended = await finish();
    if (ended) expect(resultOf(ended).operation).toMatchObject({ phase: 'Succeeded' });
  }
  expectWaves(ns);
  expect(await leases()).toEqual([]);
});

test('killed while it resumes, and resumed again', PATIENCE, async () => {
  await start([], killedAt(4, 0));
  await start(['--resume'], killedAt(5, 0));
  const ended = await finish();
  expect(ended && resultOf(ended).operation).toMatchObject({ phase: 'Succeeded' });
  expectWaves(ns);
});

test('killed after it was asked to terminate: what resumes it terminates, and writes nothing more', async () => {
  let asked = false;
  const first = await start([], {
    during: (event, kill) => {
      if (!asked && isHookRunning(event)) {
        asked = true;
        kill('SIGINT');
      }
      // That it terminates is stored before it is told.
      if (event.type === 'operation' && event.phase === 'Terminating') kill('SIGKILL');
    },
  });
  if (!first.events.some(({ type }) => type === 'result')) {
    const ended = await start(['--resume']);
    if (!ended.errors.includes('there is nothing to resume'))
      expect(['Failed', 'Error']).toContain(resultOf(ended).operation.phase);
  }
  expect(done(ns).filter((write) => write.startsWith('create '))).toEqual(['create migrate']);
});

test('of two at once the second says who runs, and writes nothing', async () => {
  writeFileSync(path.join(folder, 'waves/app.yaml'), WAVES.replace('after: 2s', 'after: 25s'));
  let second: Promise<Ended> | undefined;
  const first = await start([], {
    during: (event) => {
      if (isHookRunning(event))
        second ??= argocdHooks(
          [
            'sync',
            path.join(folder, 'waves'),
            '--yes',
            '--namespace',
            ns,
            '--state-folder',
            path.join(folder, 'other'),
          ],
          { user: 'admin' },
        );
    },
  });
  const refused = await second;
  expect(resultOf(first).operation).toMatchObject({ phase: 'Succeeded' });
  expectWaves(ns);
  const told = refused?.events.find((event) => event.type === 'unfinished');
  expect(told?.message).toContain(`Another sync or deletion of waves in namespace ${ns} runs: on `);
  const writes = writesOf(ns, { user: 'admin' }).filter(({ uri }) => !uri.searchParams.has('dryRun'));
  // The namespace itself is the test's.
  expect(writes.map(({ verb, object }) => `${verb} ${object}`)).toEqual([`create namespaces/${ns}`]);
  expect(refused?.code).toBe(3);
  expect(await leases()).toEqual([]);
});
