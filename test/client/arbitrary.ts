import fc from 'fast-check';
import { objectAt } from '#core/fields';
import { generateNameOf, nameOf, type KubeObject } from '#core/object';
import { OUTCOMES, type ObjectRule } from '../../client/src/simulation/scenario.ts';

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

/** A manifest as people write them, hooks and mistakes among them. */
export const manifest = fc
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

const OF_FAILURES = ['SyncFail,PreSync', 'PreSync,SyncFail', 'Sync,SyncFail', 'SyncFail,PostSync'] as const;

/** A hook that runs in a phase and once more when the sync fails: one object, which is deleted and made again in one pass. */
export const hookOfFailures = fc.tuple(manifest, fc.constantFrom(...OF_FAILURES)).map(([object, hook]): KubeObject => {
  const name = nameOf(object) || generateNameOf(object).slice(0, 1);
  const annotations = { ...objectAt(object, 'metadata', 'annotations'), 'argocd.argoproj.io/hook': hook };
  return { ...object, metadata: { name, annotations } };
});

/** What happens to an object of such a manifest. */
export const rule = fc.record({
  name: fc.constantFrom('a', 'b', 'c', 'd', 'e', '*'),
  outcome: fc.constantFrom(...OUTCOMES),
  after: fc.integer({ min: 0, max: 60_000 }),
  failTimes: fc.integer({ min: 0, max: 2 }),
}) satisfies fc.Arbitrary<ObjectRule>;
