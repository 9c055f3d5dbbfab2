import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyOf, kindOf, nameOf, type Json, type KubeObject } from '#core/object';
import type { HealthStatus } from '#core/health/model';
import type { PassInput } from '#core/sync/model';
import { syncOptions } from '#core/sync/options';
import { syncPass, terminatePass } from '#core/sync/pass';
import { defines, hook, manifest, option, policy, wave } from './manifests.ts';
import { World } from './world.ts';

const kinds = fc.constantFrom('ConfigMap', 'Job', 'Pod', 'Deployment', 'Namespace', 'ClusterRole', 'Foo');
const names = fc.constantFrom('a', 'b', 'c', 'dest');
const hooks = fc.constantFrom(
  '',
  'PreSync',
  'Sync',
  'PostSync',
  'SyncFail',
  'Skip',
  'Typo',
  'PreSync,PostSync',
  'PreDelete',
);
const policies = fc.constantFrom('', 'HookSucceeded', 'HookFailed', 'BeforeHookCreation', 'HookSucceeded,HookFailed');
const options = fc.constantFrom(
  '',
  'Prune=false',
  'Prune=confirm',
  'PruneLast=true',
  'Replace=true',
  'Force=true',
  'ServerSideApply=true',
);
const objects = fc
  .tuple(kinds, names, hooks, policies, fc.constantFrom('', '-1', '0', '5', 'x'), options)
  .map(([kind, name, h, p, w, o]): KubeObject =>
    manifest(
      `${kind} ${name}`,
      ...(h ? [hook(h)] : []),
      ...(p ? [policy(p)] : []),
      ...(w ? [wave(w)] : []),
      ...(o ? [option(o)] : []),
    ),
  );
const definitions = fc.constant(manifest('CustomResourceDefinition foos', defines('example.com', 'Foo')));
const lists = fc.array(fc.oneof({ arbitrary: objects, weight: 9 }, definitions), { maxLength: 12 });
const requests = fc.record({
  prune: fc.boolean(),
  dryRun: fc.boolean(),
  force: fc.boolean(),
  pruneApproved: fc.boolean(),
  syncOptions: fc.subarray([
    'PruneLast=true',
    'CreateNamespace=true',
    'ApplyOutOfSyncOnly=true',
    'Replace=true',
    'ServerSideApply=true',
  ]),
});
const healths = fc.array(
  fc.constantFrom<HealthStatus[]>('Healthy', 'Healthy', 'Healthy', 'Degraded', 'Progressing', 'Unknown', ''),
  {
    minLength: 1,
    maxLength: 8,
  },
);

const PHASES = ['Running', 'Succeeded', 'Failed', 'Error'];

describe('any operation', () => {
  it('goes on or ends in every pass, with each result once', () => {
    fc.assert(
      fc.property(lists, lists, requests, healths, fc.nat(9), (targets, live, request, health, terminateAt) => {
        const world = new World({ targets, live, request });
        for (let n = 0; n < 10 && world.operation.phase === 'Running'; n++) {
          for (const [i, object] of [...world.live.values()].entries())
            world.set(`${kindOf(object)} ${nameOf(object)}`, health[(i + n) % health.length] ?? '');
          world.pass(n === terminateAt ? 'terminate' : 'sync');
          expect(PHASES).toContain(world.operation.phase);
          // Argo CD releases and deletes left-over hooks at the end of a dry run too.
          const writes = world.writes.filter((write) => !/^(update-finalizers|delete) /.test(write));
          if (request.dryRun) expect(writes).toEqual([]);
          const keys = world.results.map((result) => `${keyOf(result)}:${result.syncPhase}`);
          expect(new Set(keys).size).toBe(keys.length);
          if (n === terminateAt) expect(world.operation.message).toMatch(/^Operation terminat/);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('never writes more in a pass than its group, and nothing in a pass that only waits', () => {
    fc.assert(
      fc.property(lists, requests, (targets, request) => {
        const world = new World({ targets, request: { ...request, dryRun: false } });
        world.pass();
        const groups = new Set((world.outcome?.tasks ?? []).map(({ phase, wave: at }) => `${phase} ${at}`));
        expect(world.waveHooks.length).toBeLessThanOrEqual(1);
        if (groups.size === 0) expect(world.writes.filter((write) => !write.includes('Namespace'))).toEqual([]);
      }),
    );
  });

  it('gives the same steps for the same input', () => {
    const steps = (targets: readonly KubeObject[]): string => {
      const world = new World({ targets, request: { prune: true } });
      return JSON.stringify([world.pass(), world.writes, world.rows(), world.outcome]);
    };
    fc.assert(
      fc.property(lists, (targets) => {
        expect(steps(targets)).toBe(steps(structuredClone(targets)));
      }),
    );
  });
});

describe('a pass over whatever a file may hold', () => {
  const json = fc.jsonValue({ maxDepth: 3 }).map((value) => value as Json);
  const keys = fc.constantFrom(
    'argocd.argoproj.io/hook',
    'argocd.argoproj.io/hook-delete-policy',
    'argocd.argoproj.io/sync-wave',
    'argocd.argoproj.io/sync-options',
    'helm.sh/hook',
  );
  const oddMetadata = fc.record(
    {
      name: json,
      namespace: json,
      annotations: fc.oneof(json, fc.dictionary(keys, fc.oneof(json, hooks, policies))),
      finalizers: json,
      generateName: json,
      uid: json,
      managedFields: json,
    },
    { requiredKeys: [] },
  );
  const odd = fc.record(
    { apiVersion: json, kind: json, metadata: fc.oneof(json, oddMetadata), spec: json, status: json },
    { requiredKeys: [] },
  ) as fc.Arbitrary<KubeObject>;
  const responses = fc.array(
    fc.record(
      { message: fc.string(), error: fc.string(), reason: fc.constantFrom('NotFound', 'Conflict', ''), object: odd },
      { requiredKeys: [] },
    ),
    { minLength: 1, maxLength: 6 },
  );

  it.each([
    { title: 'ends and does not throw', run: syncPass },
    { title: 'ends and does not throw when it terminates', run: terminatePass },
  ])('$title', ({ run }) => {
    fc.assert(
      fc.property(
        fc.array(odd, { maxLength: 5 }),
        fc.array(odd, { maxLength: 4 }),
        responses,
        requests,
        (targets, live, answers, request) => {
          const input: PassInput = {
            targets,
            live: new Map(live.map((object, i) => [`key ${i}`, object])),
            namespace: 'dest',
            revision: '',
            startedAt: 0,
            options: syncOptions(request),
            operation: { phase: 'Running', message: '' },
            results: [],
            health: () => null,
            discover: () => ({ plural: 'x', namespaced: true }),
          };
          const pass = run(input);
          let step = pass.next();
          let steps = 0;
          while (!step.done && steps++ < 500) {
            const count = 'actions' in step.value ? step.value.actions.length : 0;
            step = pass.next(Array.from({ length: count }, (_, i) => answers[(steps + i) % answers.length] ?? {}));
          }
          expect(step.done).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});
