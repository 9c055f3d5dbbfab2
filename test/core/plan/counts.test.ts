import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { KubeObject } from '#core/object';
import { countPlan, countsOf } from '#core/plan/counts';
import type { PlanInput } from '#core/plan/drafts';
import { planApplication } from '#core/plan/plan';
import { allPlaces } from '#core/plan/query';

const some = (...values: readonly string[]) => fc.option(fc.constantFrom(...values), { nil: undefined });

const object = fc
  .record({
    kind: fc.constantFrom('ConfigMap', 'Job', 'Namespace', 'Pod', 'CustomResourceDefinition'),
    name: some('a', 'b', 'shop'),
    generateName: some('g-'),
    namespace: some('shop', 'other'),
    hook: some('PreSync', 'Sync', 'SyncFail', 'PostDelete', 'PreDelete,PreSync', 'Skip', 'Nonsense', '', 'Skip,Sync'),
    helm: some('pre-install', 'test', 'crd-install'),
    wave: some('0', '3', '-1', 'x'),
  })
  .map(({ kind, name, generateName, namespace, hook, helm, wave }): KubeObject => {
    const annotations = Object.fromEntries(
      Object.entries({
        'argocd.argoproj.io/hook': hook,
        'helm.sh/hook': helm,
        'argocd.argoproj.io/sync-wave': wave,
      }).filter(([, value]) => value !== undefined),
    ) as Record<string, string>;
    const metadata = Object.fromEntries(
      Object.entries({ name, generateName, namespace, annotations }).filter(([, value]) => value !== undefined),
    ) as KubeObject;
    return { apiVersion: kind === 'Job' ? 'batch/v1' : 'v1', kind, metadata };
  });

test('the counts of an application are those of its plan', () => {
  fc.assert(
    fc.property(fc.array(object, { maxLength: 8 }), fc.boolean(), (objects, create) => {
      const input: PlanInput = {
        name: 'shop',
        source: { kind: 'directory', path: '.', reason: 'test' },
        namespace: 'shop',
        objects: objects.map((one, i) => ({ object: one, file: 'a.yaml', line: i + 1 })),
        syncOptions: create ? ['CreateNamespace=true'] : [],
        problems: [{ message: 'one' }],
      };
      expect(countPlan(input)).toEqual(countsOf(planApplication(input)));
    }),
    { numRuns: 2_000 },
  );
});

test('the created namespace carries the metadata that the Application manages', () => {
  const plan = planApplication({
    name: 'shop',
    source: { kind: 'directory', path: '.', reason: 'test' },
    namespace: 'shop',
    objects: [],
    syncOptions: ['CreateNamespace=true'],
    managedNamespaceMetadata: { annotations: { 'argocd.argoproj.io/sync-wave': '-5' } },
  });
  expect(allPlaces(plan).map(({ phase, task }) => [phase, task.kind, task.name, task.wave])).toEqual([
    ['PreSync', 'Namespace', 'shop', -5],
  ]);
});
