// Whole syncs on a real cluster while it fails: nothing is lost, nothing is written twice, nothing after terminate. The
// order of writes is always that of the API server's audit log.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { resourceVersionOf } from '#core/object';
import type { RunEvent } from '../../client/src/sync/events.ts';
import { restartApiServer } from './control-plane/control-plane.mjs';
import { FaultProxy } from './fault-proxy.ts';
import { admin, freshNamespace, get, open, openThrough, pause, plane, planeFolder, post, until } from './plane.ts';
import { done, expectWaves, syncOn, WAVES } from './running.ts';

let proxy: FaultProxy;
let address: string;
let ns: string;
beforeEach(async () => {
  proxy = new FaultProxy();
  address = await proxy.start();
  ns = await freshNamespace('run');
});
afterEach(() => proxy.stop());

const isHookRunning = (event: RunEvent): boolean =>
  event.type === 'task' && event.task.endsWith('/migrate') && event.hookPhase === 'Running';
const isBegun = (event: RunEvent): boolean => event.type === 'operation' && event.phase === 'Running';

/** Calls back for the first event that is meant. */
function once(isMeant: (event: RunEvent) => boolean, act: () => void): (event: RunEvent) => void {
  let left = 1;
  return (event) => void (isMeant(event) && left-- > 0 && act());
}

/** The same dice in each run. */
function dice(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
}

test('without faults: each wave after the one before, each object once', async () => {
  const { phase } = await syncOn(await openThrough(address), WAVES, { namespace: ns });
  expect(phase).toBe('Succeeded');
  expectWaves(ns);
});

test('connections that are cut at random', async () => {
  const roll = dice(7);
  const cluster = await openThrough(address);
  let cutting = true;
  let cuts = 0;
  const cutter = (async () => {
    while (cutting) {
      await pause(40 + roll() * 160);
      proxy.cut();
      cuts++;
    }
  })();
  proxy.fault = (request) => {
    if (request.url?.includes('watch=1')) return undefined;
    const side = roll();
    return side < 0.1 ? 'drop-request' : side < 0.2 ? 'drop-answer' : undefined;
  };
  const { phase } = await syncOn(cluster, WAVES, { namespace: ns });
  cutting = false;
  await cutter;
  expect(phase).toBe('Succeeded');
  expect(cuts).toBeGreaterThan(10);
  expectWaves(ns);
});

test('an API server that is killed and comes back in the middle of a wave', async () => {
  let restarted: Promise<unknown> = Promise.resolve();
  const kill = once(isHookRunning, () => {
    restarted = restartApiServer({ dir: planeFolder, downMs: 4000 });
  });
  const { phase, events } = await syncOn(await open(), WAVES, { namespace: ns, onEvent: kill });
  await restarted;
  expect(phase).toBe('Succeeded');
  expectWaves(ns);
  expect(events.flatMap((event) => (event.type === 'notice' ? [event.code] : []))).toEqual(['away', 'back']);
});

test('a storm of 429, with and without a pause that the server asks for', async () => {
  const roll = dice(3);
  let refused = 0;
  proxy.fault = (request) => {
    if (roll() > 0.4 || refused > 60) return undefined;
    refused++;
    const body = { kind: 'Status', code: 429, reason: 'TooManyRequests', message: 'Too many requests' };
    return { answer: 429, body, headers: request.method === 'GET' ? {} : { 'retry-after': '1' } };
  };
  const { phase } = await syncOn(await openThrough(address), WAVES, { namespace: ns });
  expect(phase).toBe('Succeeded');
  expect(refused).toBeGreaterThan(10);
  expectWaves(ns);
});

test('watches that have expired while the hook ran: its end is seen all the same', async () => {
  let refusals = 0;
  let oldest = Infinity;
  const expire = once(isHookRunning, () => {
    // Versions from before this moment are forgotten for good: only a new list helps.
    proxy.fault = (request) => {
      const from = /[?&]watch=1/.test(request.url ?? '') && /resourceVersion=(\d+)/.exec(request.url ?? '')?.[1];
      if (!from || Number(from) >= oldest) return undefined;
      refusals++;
      const body = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' };
      return { answer: 410, body };
    };
    void post(`/api/v1/namespaces/${ns}/configmaps`, { metadata: { name: 'marker' } }).then((marker) => {
      oldest = Number(resourceVersionOf(marker));
    });
    proxy.cut();
  });
  const { phase } = await syncOn(await openThrough(address), WAVES, { namespace: ns, onEvent: expire });
  expect(phase).toBe('Succeeded');
  expect(refusals).toBeGreaterThan(2);
  expectWaves(ns);
});

test('connections that stand and carry nothing any more are given up', async () => {
  const cluster = await openThrough(address, 'argocd', { limits: { silenceMs: 1500, answerMs: 1500 } });
  const freeze = once(isHookRunning, () => proxy.freeze());
  const { phase } = await syncOn(cluster, WAVES, { namespace: ns, onEvent: freeze });
  expect(phase).toBe('Succeeded');
  expectWaves(ns);
});

test('a server that is slow', async () => {
  proxy.fault = (request) => (request.url?.includes('watch=1') ? undefined : { delay: 250 });
  const { phase } = await syncOn(await openThrough(address), WAVES, { namespace: ns });
  expect(phase).toBe('Succeeded');
  expectWaves(ns);
});

test('a log-in that expires while it runs is asked for again', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'argocd-hooks-login-'));
  const file = path.join(folder, 'login.mjs');
  const runs = path.join(folder, 'runs');
  writeFileSync(runs, '');
  const config = JSON.parse(readFileSync(plane.kubeconfigs.argocd, 'utf8')) as { users: [{ user: { token: string } }] };
  writeFileSync(
    file,
    `import { appendFileSync } from 'node:fs';
     appendFileSync(process.argv[2], 'x');
     console.log(JSON.stringify({ kind: 'ExecCredential', status: { token: process.env.GIVEN } }));`,
  );
  const cluster = await openThrough(address, 'argocd', {
    exec: {
      apiVersion: 'client.authentication.k8s.io/v1',
      ...{ command: process.execPath, args: [file, runs], installHint: '' },
      env: [{ name: 'GIVEN', value: config.users[0].user.token }],
      ...{ provideClusterInfo: false, interactiveMode: 'Never' },
    },
  });
  const expire = once(isHookRunning, () => {
    // Everything is refused until the plugin was run again.
    proxy.fault = () =>
      readFileSync(runs, 'utf8').length > 1
        ? undefined
        : { answer: 401, body: { kind: 'Status', code: 401, reason: 'Unauthorized', message: 'Unauthorized' } };
    proxy.cut();
  });
  const { phase } = await syncOn(cluster, WAVES, { namespace: ns, onEvent: expire });
  expect(phase).toBe('Succeeded');
  expect(readFileSync(runs, 'utf8')).toBe('xx');
  expectWaves(ns);
  rmSync(folder, { recursive: true });
});

test('terminated while the server cannot take a write: it is not sent when the server is there again', async () => {
  let held = 0;
  let heal: Promise<void> | undefined;
  const cluster = await openThrough(address);
  const ran = await syncOn(cluster, WAVES, {
    namespace: ns,
    onEvent: (event, terminate) => {
      if (!isBegun(event)) return;
      proxy.fault = (request) => {
        const isLater = request.method === 'POST' && request.url?.includes('/configmaps');
        if (isLater !== true || request.url?.includes('dryRun')) return undefined;
        if (++held === 3) {
          terminate();
          heal = pause(300).then(() => void (proxy.fault = () => undefined));
        }
        return { answer: 503, body: { kind: 'Status', code: 503, message: 'the server is overloaded' } };
      };
    },
  });
  await heal;
  await pause(2500);
  expect(ran.end).toMatchObject({ kind: 'finished', terminated: true });
  expect(ran.phase).toBe('Failed');
  expect(done(ns).filter((write) => write.startsWith('create '))).toEqual(['create migrate']);
});

test('a user who may not write is told before anything, and nothing is sent', async () => {
  const { end, preflight } = await syncOn(await open('limited'), WAVES, { namespace: ns });
  expect(end).toMatchObject({ kind: 'blocked', denied: true });
  expect(preflight?.blockers).toEqual([
    `limited may not create, update, delete jobs.batch in namespace ${ns}. Ask for this rule of a Role in namespace ${ns}: {apiGroups: [batch], resources: [jobs], verbs: [create, update, delete]}, or use another context.`,
    `limited may not create configmaps in namespace ${ns}. Ask for this rule of a Role in namespace ${ns}: {apiGroups: [""], resources: [configmaps], verbs: [create]}, or use another context.`,
    `limited may not create deployments.apps in namespace ${ns}. Ask for this rule of a Role in namespace ${ns}: {apiGroups: [apps], resources: [deployments], verbs: [create]}, or use another context.`,
  ]);
  expect(done(ns, 'limited')).toEqual([]);
});

test('a permission that names the object is enough to change it', async () => {
  const map = (value: string): string =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: "${value}"}`;
  await syncOn(await open(), map('1'), { namespace: ns });
  const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${ns}`;
  const rules = [{ apiGroups: [''], resources: ['configmaps'], resourceNames: ['settings'], verbs: ['patch'] }];
  await admin.request('POST', `${rbac}/roles`, { metadata: { name: 'one' }, rules });
  await admin.request('POST', `${rbac}/rolebindings`, {
    metadata: { name: 'one' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'one' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'limited' }],
  });
  const limited = await open('limited');
  const patched = await until('the grant', async () => {
    const ran = await syncOn(await open('limited'), map('2'), { namespace: ns });
    return ran.phase === 'Succeeded' && ran;
  });
  expect(patched.preflight?.blockers).toEqual([]);
  expect((await get(`/api/v1/namespaces/${ns}/configmaps/settings`))['data']).toEqual({ a: '2' });
  limited.close();
});
