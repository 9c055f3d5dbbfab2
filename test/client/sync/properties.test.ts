import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kindOf, nameOf, type KubeObject } from '#core/object';
import { OUTCOMES, type ObjectRule } from '../../../client/src/simulation/scenario.ts';
import { sync, world } from '../simulated.ts';

const PHASES = ['PreSync', 'Sync', 'PostSync', 'SyncFail', 'Skip', 'Typo'] as const;
const POLICIES = ['BeforeHookCreation', 'HookSucceeded', 'HookFailed', 'Typo'] as const;

const annotations = fc.record({
  hook: fc.option(fc.uniqueArray(fc.constantFrom(...PHASES), { minLength: 1, maxLength: 2 }), { nil: undefined }),
  policy: fc.option(fc.uniqueArray(fc.constantFrom(...POLICIES), { minLength: 1, maxLength: 3 }), { nil: undefined }),
  wave: fc.option(fc.integer({ min: -2, max: 2 }), { nil: undefined }),
});

const podSpec = (restartPolicy: string, mounts: string | undefined): KubeObject => ({
  restartPolicy,
  containers: [{ name: 'main', image: 'busybox' }],
  ...(mounts === undefined ? {} : { volumes: [{ name: 'v', configMap: { name: mounts } }] }),
});

const SHAPES = {
  ConfigMap: () => ({ apiVersion: 'v1', data: { a: 'b' } }),
  Service: () => ({ apiVersion: 'v1', spec: { type: 'LoadBalancer' } }),
  Job: (mounts: string | undefined) => ({
    apiVersion: 'batch/v1',
    spec: { backoffLimit: 1, template: { spec: podSpec('Never', mounts) } },
  }),
  Pod: (mounts: string | undefined) => ({ apiVersion: 'v1', spec: podSpec('OnFailure', mounts) }),
  Deployment: (mounts: string | undefined) => ({
    apiVersion: 'apps/v1',
    spec: {
      selector: { matchLabels: { a: 'b' } },
      template: { metadata: { labels: { a: 'b' } }, spec: podSpec('Always', mounts) },
    },
  }),
  PersistentVolumeClaim: () => ({ apiVersion: 'v1', spec: { accessModes: ['ReadWriteOnce'] } }),
} as const;

const manifest = fc
  .record({
    kind: fc.constantFrom(...(Object.keys(SHAPES) as (keyof typeof SHAPES)[])),
    name: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    generated: fc.boolean(),
    mounts: fc.option(fc.constantFrom('a', 'b', 'missing'), { nil: undefined }),
    annotations,
  })
  .map(({ kind, name, generated, mounts, annotations: { hook, policy, wave } }): KubeObject => {
    const given = {
      ...(hook === undefined ? {} : { 'argocd.argoproj.io/hook': hook.join(',') }),
      ...(policy === undefined ? {} : { 'argocd.argoproj.io/hook-delete-policy': policy.join(',') }),
      ...(wave === undefined ? {} : { 'argocd.argoproj.io/sync-wave': String(wave) }),
    };
    const named = generated && hook !== undefined ? { generateName: `${name}-` } : { name };
    return { kind, metadata: { ...named, annotations: given }, ...SHAPES[kind](mounts) };
  });

const rule = fc.record({
  name: fc.constantFrom('a', 'b', 'c', 'd', 'e', '*'),
  outcome: fc.constantFrom(...OUTCOMES),
  after: fc.integer({ min: 0, max: 60_000 }),
  failTimes: fc.integer({ min: 0, max: 2 }),
}) satisfies fc.Arbitrary<ObjectRule>;

test('any application ends, or says what it waits for; and a second sync does too', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(manifest, { maxLength: 8 }),
      fc.array(rule, { maxLength: 3 }),
      fc.record({ prune: fc.boolean(), retry: fc.nat(1), addresses: fc.boolean() }),
      async (manifests, rules, { prune, retry, addresses }) => {
        const place = world({ loadBalancer: addresses ? 3000 : null }, rules);
        for (const targets of [manifests, manifests.slice(1)]) {
          const { result, events, end } = await sync(place, targets, { operation: { prune }, retry });
          expect(end.kind).toBe('finished');
          const { phase, message } = result.operation;
          if (phase === 'Running') {
            expect(message).toMatch(/^waiting for /);
            expect(events.findLast((event) => event.type === 'stuck')?.message).toBe(message);
          } else expect(['Succeeded', 'Failed', 'Error']).toContain(phase);
          // The times are true: the parts that were waited for are no more than the whole.
          expect(result.criticalPath.seconds).toBeLessThanOrEqual(result.waited.seconds + 0.001);
          // Everything that is told as left is there, and nothing of the simulation's own.
          const standing = new Set(place.cluster.objects().map((o) => `${kindOf(o)}/${nameOf(o)}`));
          for (const key of result.left)
            expect(standing).toContain(
              key
                .split('/')
                .filter((_, i) => i === 1 || i === 3)
                .join('/'),
            );
          await place.clock.sleep(2000);
        }
      },
    ),
    { numRuns: 150 },
  );
});

test('the same application in the same world runs in the same way', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(manifest, { maxLength: 6 }),
      fc.array(rule, { maxLength: 2 }),
      async (manifests, rules) => {
        const [one, other] = [await sync(world({}, rules), manifests), await sync(world({}, rules), manifests)];
        expect(other.events).toEqual(one.events);
      },
    ),
    { numRuns: 40 },
  );
});
