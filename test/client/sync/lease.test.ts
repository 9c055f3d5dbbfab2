import { describe, expect, test } from 'vitest';
import { keyOf, kindOf, metadataOf, nameOf, objectIdOf, type KubeObject } from '#core/object';
import type { Cluster } from '../../../client/src/sync/cluster.ts';
import type { RunEvent } from '../../../client/src/sync/events.ts';
import { leaseName } from '../../../client/src/sync/lease.ts';
import type { Wish } from '../../../client/src/sync/recorder.ts';
import type { SyncEnd } from '../../../client/src/sync/run.ts';
import { runSync } from '../../../client/src/sync/runner.ts';
import { Stop } from '../../../client/src/sync/signal.ts';
import { withTracking } from '../../../client/src/sync/tracking.ts';
import { live, MemoryStore, type Life, type Lived } from '../killed.ts';
import { objects, REVISION, world, type World } from '../simulated.ts';

const APP = objects(`
apiVersion: batch/v1
kind: Job
metadata: {name: migrate, annotations: {argocd.argoproj.io/hook: PreSync}}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: main, image: busybox}]}}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
`);

const LEASES = { group: 'coordination.k8s.io', version: 'v1', kind: 'Lease', plural: 'leases', namespaced: true };

/** A cluster that knows Leases, in which a migration takes some minutes. */
const place = (): World => world({ run: 180_000, kinds: [LEASES] });

interface Ran {
  readonly end: SyncEnd;
  readonly events: readonly RunEvent[];
  readonly writes: readonly string[];
}

interface More {
  readonly denies?: boolean;
  /** Called at each request of a Lease. */
  readonly onLease?: (verb: string) => void;
  readonly prune?: boolean;
  /** Requests of Leases fail from then on. */
  readonly cut?: () => boolean;
}

async function run(
  { cluster, clock }: World,
  holder: string,
  { denies, onLease, prune = false, cut }: More = {},
): Promise<Ran> {
  const events: RunEvent[] = [];
  // What is pruned is looked for among Leases too, as where an application has some of its own.
  const furtherKinds = prune ? [LEASES] : [];
  const real = new Proxy<Cluster>(cluster, {
    get(target, name) {
      if (name === 'connect')
        return async (signal: Stop) => ({ ...(await target.connect(signal)), kind: 'kubernetes', context: 'kind-dev' });
      if (name === 'close') return () => undefined;
      if (name === 'denied' && denies === true)
        return async (asked: readonly { resource: string }[]) => asked.filter(({ resource }) => resource === 'leases');
      if (name === 'perform')
        return async (...[action, signal]: Parameters<Cluster['perform']>) => {
          if (kindOf(action.object) !== 'Lease') return target.perform(action, signal);
          onLease?.(action.verb);
          return cut?.() === true ? { error: 'no connection' } : target.perform(action, signal);
        };
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(target) : value;
    },
  });
  const end = await runSync(
    {
      ...{ application: 'shop', namespace: 'shop', objects: APP, operation: { prune }, retry: 0 },
      ...{ revision: { id: REVISION, text: 'HEAD 1a2b3c4' }, furtherKinds, blockers: [], warnings: [] },
      waveDelay: 0,
    },
    {
      cluster: real,
      clock: { now: () => clock.now(), sleep: (ms, signal) => clock.sleep(ms, signal) },
      emit: (event) => events.push(event),
      confirm: async () => true,
      terminate: new Stop(),
      holder,
    },
  );
  const writes = events.flatMap((event) => (event.type === 'write' ? [`${event.verb} ${event.object}`] : []));
  return { end, events, writes };
}

const leasesIn = ({ cluster }: World): KubeObject[] => cluster.objects().filter((object) => kindOf(object) === 'Lease');

describe('the Lease of a running sync', () => {
  test('is held while it runs, renewed, and given back', async () => {
    const here = place();
    const verbs: string[] = [];
    const running = run(here, 'laptop/1/a', { onLease: (verb) => verbs.push(verb) });
    await here.clock.sleep(60_000);
    expect(leasesIn(here).map(nameOf)).toEqual(['argocd-hooks-shop']);
    expect(leasesIn(here)[0]).toMatchObject({ spec: { holderIdentity: 'laptop/1/a', leaseDurationSeconds: 60 } });
    expect((await running).end).toMatchObject({ kind: 'finished', phase: 'Succeeded' });
    expect(verbs.filter((verb) => verb === 'update').length).toBeGreaterThan(5);
    expect(verbs.at(-1)).toBe('delete');
    expect(leasesIn(here)).toEqual([]);
  });

  test('is shown before it is made', async () => {
    const { events } = await run(place(), 'laptop/1/a');
    const shown = events.find((event) => event.type === 'preflight')?.preflight.additions ?? [];
    expect(shown.filter((text) => text.includes('Lease'))).toEqual([
      'Lease argocd-hooks-shop in namespace shop while the sync runs (as soon as the namespace is there), by which a second sync of shop is refused; deleted at the end',
    ]);
  });

  test('lets a second sync say who runs, and what to do; it writes nothing', async () => {
    const here = place();
    const first = run(here, 'laptop/1/a');
    await here.clock.sleep(30_000);
    const second = await run(here, 'desk/2/b');
    expect(second.writes).toEqual([]);
    expect(second.end).toMatchObject({ kind: 'unfinished' });
    const message = second.end.kind === 'unfinished' ? second.end.message : '';
    expect(message).toContain('on laptop, process 1, since 2026-11-26 03:00:00 UTC');
    expect(message).toContain('Wait for its end, or terminate it there.');
    expect(second.events.at(-1)).toMatchObject({ type: 'unfinished', startedAt: '2026-11-26T03:00:00.000Z' });
    expect((await first).end).toMatchObject({ phase: 'Succeeded' });
    expect((await run(here, 'desk/2/b')).end).toMatchObject({ phase: 'Succeeded' });
  });

  test('is taken over when its holder has gone, and not before', async () => {
    const here = place();
    const lease = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'argocd-hooks-shop', namespace: 'shop' },
      spec: {
        ...{ holderIdentity: 'gone/9/z', leaseDurationSeconds: 60 },
        ...{ acquireTime: '2026-11-26T02:59:00.000000Z', renewTime: '2026-11-26T02:59:30.000000Z' },
      },
    };
    await here.cluster.discover();
    const key = 'coordination.k8s.io/Lease/shop/argocd-hooks-shop';
    await here.cluster.perform({ verb: 'create', key, object: lease }, new Stop());
    expect((await run(here, 'desk/2/b')).end).toMatchObject({ kind: 'unfinished' });
    await here.clock.sleep(60_000);
    expect((await run(here, 'desk/2/b')).end).toMatchObject({ kind: 'finished', phase: 'Succeeded' });
  });

  test('is no object of the application: a sync that prunes leaves it alone, and takes one over that was left', async () => {
    const here = place();
    await here.cluster.discover();
    const add = (object: KubeObject) =>
      here.cluster.perform({ verb: 'create', key: keyOf(objectIdOf(object)), object }, new Stop());
    const [old] = objects('{apiVersion: v1, kind: ConfigMap, metadata: {name: old, namespace: shop}}');
    const first = run(here, 'laptop/1/a');
    await here.clock.sleep(30_000);
    const [left] = leasesIn(here);
    await first;
    if (!old || !left) throw new Error('there is nothing to begin with');
    await add(withTracking(old, 'shop', 'shop'));
    // As the first one would have left it, had it died.
    await add({ ...left, metadata: { ...metadataOf(left), uid: '', resourceVersion: '' } });
    const verbs: string[] = [];
    const { end, events, writes } = await run(here, 'desk/2/b', { prune: true, onLease: (verb) => verbs.push(verb) });
    expect(end).toMatchObject({ kind: 'finished', phase: 'Succeeded' });
    const shown = events.find((event) => event.type === 'preflight')?.preflight.rows ?? [];
    expect(shown.filter(({ change }) => change === 'prune').map(({ task }) => task)).toEqual(['/ConfigMap/shop/old']);
    expect(writes).toContain('delete /ConfigMap/shop/old');
    expect(writes.filter((write) => write.includes('Lease'))).toEqual([]);
    // Taken over and renewed while it runs, and deleted by its holder alone, at the end.
    expect(verbs.filter((verb) => verb === 'prune')).toEqual([]);
    expect(verbs.indexOf('delete')).toBe(verbs.length - 1);
    expect(verbs.filter((verb) => verb === 'update').length).toBeGreaterThan(5);
  });

  test('where none may be written that is said, and the sync goes on', async () => {
    const { end, events } = await run(place(), 'laptop/1/a', { denies: true });
    expect(end).toMatchObject({ kind: 'finished', phase: 'Succeeded' });
    const { warnings = [], additions = [] } = events.find((event) => event.type === 'preflight')?.preflight ?? {};
    expect(warnings.join('\n')).toContain('nothing keeps somebody else from syncing or deleting shop at the same time');
    expect(additions.join('\n')).not.toContain('Lease');
  });

  test('who slept until another one took over writes nothing more', async () => {
    const here = place();
    let asleep = false;
    const first = run(here, 'laptop/1/a', { cut: () => asleep });
    await here.clock.sleep(20_000);
    asleep = true;
    await here.clock.sleep(145_000);
    const [lease] = leasesIn(here);
    const time = new Date(here.clock.now()).toISOString().replace('Z', '000Z');
    const spec = { holderIdentity: 'desk/2/b', leaseDurationSeconds: 60, acquireTime: time, renewTime: time };
    const key = 'coordination.k8s.io/Lease/shop/argocd-hooks-shop';
    await here.cluster.perform({ verb: 'update', key, object: { ...lease, spec } }, new Stop());
    asleep = false;
    const lost = await first;
    expect(lost.end).toMatchObject({ kind: 'unfinished' });
    const message = lost.end.kind === 'unfinished' ? lost.end.message : '';
    expect(message).toContain('on desk, process 2');
    expect(message).toContain('nothing more is written by it');
    expect(message).not.toContain('Nothing was written');
    expect(lost.writes).toEqual(['apply batch/Job/shop/migrate']);
    expect(leasesIn(here)).toHaveLength(1);
  });
});

describe('killed at any step, the next process', () => {
  const SOON = objects(`
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
`);
  const living = (here: World, store: MemoryStore, holder: string, more: Partial<Life> = {}): Promise<Lived> =>
    live(here, store, { objects: SOON, holder, ...more });
  /** What a person does: goes on with what was begun, else starts. */
  const wishOf = async (store: MemoryStore): Promise<Wish> => {
    const open = (await store.list()).find(({ ended }) => ended === undefined);
    return open && open.untouched !== true ? 'resume' : 'start';
  };

  test('of this machine does not wait for the Lease, though hardly any time has passed', async () => {
    const whole = await living(place(), new MemoryStore(), 'laptop/0/z');
    expect(whole.end).toMatchObject({ phase: 'Succeeded' });
    const held: unknown[] = [];
    for (let first = 0; first < whole.steps; first++) {
      for (const second of [first, first + 2, undefined]) {
        const [here, store] = [place(), new MemoryStore()];
        await living(here, store, 'laptop/1/a', { diesAt: first });
        // The next one begins an instant later.
        await here.clock.sleep(1);
        held.push(...leasesIn(here));
        if (second !== undefined)
          await living(here, store, 'laptop/2/b', { wish: await wishOf(store), diesAt: second });
        const last = await living(here, store, 'laptop/3/c', { wish: await wishOf(store) });
        expect(last.end, `killed at ${first} and ${second}`).toMatchObject({ kind: 'finished', phase: 'Succeeded' });
        expect(leasesIn(here), `killed at ${first} and ${second}`).toEqual([]);
        const open = (await store.list()).filter(({ ended }) => ended === undefined);
        expect(open, `killed at ${first} and ${second}`).toEqual([]);
      }
    }
    expect(held.length).toBeGreaterThan(3);
  });

  test('that finds the Lease of somebody else leaves no sync behind that would have to be resumed', async () => {
    const [here, store] = [place(), new MemoryStore()];
    const other = run(here, 'desk/9/z');
    await here.clock.sleep(1000);
    expect((await living(here, store, 'laptop/1/a')).end).toMatchObject({ kind: 'unfinished' });
    expect(await store.list()).toEqual([]);
    await other;
  });
});

test('a Lease has a name that Kubernetes takes', () => {
  expect(leaseName('shop')).toBe('argocd-hooks-shop');
  expect(leaseName('My Shop!')).toMatch(/^argocd-hooks-my-shop-[0-9a-f]{8}$/);
  expect(leaseName('my-shop')).not.toBe(leaseName('My-Shop'));
  expect(leaseName('ü'.repeat(300))).toMatch(/^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/);
});
