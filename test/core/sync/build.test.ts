import { describe, expect, it } from 'vitest';
import { keyOf, objectIdOf } from '#core/object';
import { defines, generated, helmHook, hook, inNamespace, manifest, NAMESPACE, option, wave } from './manifests.ts';
import { scenarios } from './scenario.ts';
import { World, type WorldOptions } from './world.ts';

/** Tasks of the first pass as `Phase wave Kind/name`. */
function tasksOf(world: WorldOptions): string[] {
  const run = new World(world);
  run.pass();
  return (run.outcome?.tasks ?? []).map(({ phase, wave: at, kind, name }) => `${phase} ${at} ${kind}/${name}`);
}

const HOOK = (label: string): string => `Running: waiting for completion of hook ${label}`;
const ALL_RUN = 'Succeeded: successfully synced (all tasks run)';
const NO_MORE = 'Succeeded: successfully synced (no more tasks)';

describe('tasks', () => {
  it('26: a target without namespace gets the destination, and its manifest stays as it is', () => {
    const target = manifest('Pod p', inNamespace(''));
    const world = new World({ targets: [target] });
    world.pass();
    expect(world.outcome?.tasks[0]?.namespace).toBe(NAMESPACE);
    expect(target).toEqual(manifest('Pod p', inNamespace('')));
  });

  it('a cluster-scoped target gets it too, and so does its result', () => {
    const world = new World({ targets: [manifest('ClusterRole reader')] });
    world.pass();
    expect(world.results.map(({ namespace, name }) => `${namespace}/${name}`)).toEqual([`${NAMESPACE}/reader`]);
  });

  it('28, 29: hooks without name are named by revision, phase and start', () => {
    const target = manifest('Pod x', generated(''), hook('PreSync,PostSync'));
    expect(tasksOf({ targets: [target], revision: 'FooBarBaz' })).toEqual([
      'PreSync 0 Pod/foobarb-presync-1700000000',
      'PostSync 0 Pod/foobarb-postsync-1700000000',
    ]);
    expect(tasksOf({ targets: [target], revision: 'foobar' })[0]).toBe('PreSync 0 Pod/foobar-presync-1700000000');
    expect(tasksOf({ targets: [target], revision: '' })[0]).toBe('PreSync 0 Pod/-presync-1700000000');
  });

  it('30: other resources stay without a name', () => {
    expect(tasksOf({ targets: [manifest('Pod x', generated('plain-'))] })).toEqual(['Sync 0 Pod/']);
  });

  it('9, 13, 14: Helm hooks are phases, unless an Argo CD hook is', () => {
    expect(tasksOf({ targets: [manifest('Job j', helmHook('pre-install,pre-upgrade'))] })).toEqual(['PreSync 0 Job/j']);
    expect(tasksOf({ targets: [manifest('Job j', hook('Sync'), helmHook('pre-install'))] })).toEqual(['Sync 0 Job/j']);
    expect(tasksOf({ targets: [manifest('Job j', hook('Foo'), helmHook('pre-install'))] })).toEqual([
      'PreSync 0 Job/j',
    ]);
    expect(tasksOf({ targets: [manifest('Job j', hook('Garbage'))] })).toEqual([]);
  });

  it('46: phases outweigh waves', () => {
    const targets = [
      manifest('Job five', hook('PreSync'), wave(5)),
      manifest('Job minus', hook('PreSync'), wave(-1)),
      manifest('Deployment d', wave(-10)),
      manifest('Job s', hook('Sync'), wave(1)),
      manifest('Job p', hook('PostSync'), wave(-20)),
    ];
    expect(tasksOf({ targets })).toEqual([
      'PreSync -1 Job/minus',
      'PreSync 5 Job/five',
      'Sync -10 Deployment/d',
      'Sync 1 Job/s',
      'PostSync -20 Job/p',
    ]);
  });

  scenarios([
    {
      title: '31: two hooks whose generated names are equal share one result',
      targets: [
        manifest('Pod a', generated('x-'), hook('PreSync')),
        manifest('Pod b', generated('x-'), hook('PreSync')),
      ],
      passes: [{ expect: HOOK('/Pod/x-a1b2c3d-presync-1700000000 and 1 more hooks') }],
      results: ['Pod/x-a1b2c3d-presync-1700000000@PreSync: Synced Running Pod/x-a1b2c3d-presync-1700000000 configured'],
    },
    {
      title: '32: without hooks none is created, and no live one is pruned',
      targets: [manifest('Job h', hook('PreSync'))],
      live: [manifest('Job old', hook('PreSync'))],
      request: { prune: true, strategy: 'apply' },
      passes: [{ expect: NO_MORE, writes: [] }],
      stands: ['Job old'],
    },
    {
      title: '33, 34: a selective sync applies what is selected, and runs no hook',
      targets: [manifest('Pod pod-1'), manifest('Pod pod-2'), manifest('Job h', hook('Sync'))],
      request: { resources: [{ kind: 'Pod', name: 'pod-1' }] },
      passes: [{ expect: ALL_RUN, writes: ['apply Pod/pod-1'] }],
    },
    {
      title: '35: a kind that nobody knows makes the sync invalid',
      targets: [manifest('Foo f')],
      unknown: ['Foo'],
      passes: [{ expect: 'Failed: one or more synchronization tasks are not valid: Foo "" not found', writes: [] }],
      results: ['Foo/f@Sync: SyncFailed  Foo "" not found'],
    },
    ...[
      {
        title: '36: unless its definition is in the sync',
        targets: [manifest('Foo f'), manifest('CustomResourceDefinition foos', defines('example.com', 'Foo'))],
        writes: ['apply CustomResourceDefinition/foos', 'apply Foo/f'],
      },
      {
        title: '36: or the resource skips its dry run',
        targets: [manifest('Foo f', option('SkipDryRunOnMissingResource=true'))],
        writes: ['apply Foo/f'],
      },
      {
        title: '36: or the application does',
        targets: [manifest('Foo f')],
        request: { syncOptions: ['SkipDryRunOnMissingResource=true'] },
        writes: ['apply Foo/f'],
      },
    ].map(({ writes, ...rest }) => ({ ...rest, unknown: ['Foo'], passes: [{ expect: ALL_RUN, writes }] })),
    {
      title: '41: what the project denies makes the sync invalid',
      targets: [manifest('Pod p')],
      options: { project: { name: 'team', deniedNamespaces: [NAMESPACE] } },
      passes: [
        {
          expect:
            "Failed: one or more synchronization tasks are not valid: namespace dest is not permitted in project 'team'",
          writes: [],
        },
      ],
    },
    {
      title: '47: a destination namespace among the targets is not created twice',
      targets: [manifest(`Namespace ${NAMESPACE}`)],
      request: { syncOptions: ['CreateNamespace=true'] },
      passes: [{ expect: NO_MORE, writes: [`apply Namespace/${NAMESPACE}`] }],
    },
    {
      title: '51: a missing destination namespace is created before the dry run',
      targets: [manifest('Pod p')],
      request: { syncOptions: ['CreateNamespace=true'] },
      passes: [
        {
          expect: `Running: waiting for healthy state of /Namespace/${NAMESPACE}`,
          writes: [`apply Namespace/${NAMESPACE}`],
        },
        { expect: ALL_RUN, writes: ['apply Pod/p'] },
      ],
    },
    {
      title: '52: and stands where the dry run fails',
      targets: [manifest('Pod p')],
      request: { syncOptions: ['CreateNamespace=true'] },
      prepare: (world) => world.failures.set('apply Pod/p (dry run)', { error: 'bad pod' }),
      passes: [
        { expect: 'Failed: one or more objects failed to apply (dry run)', writes: [`apply Namespace/${NAMESPACE}`] },
      ],
      results: [
        `Namespace/${NAMESPACE}@PreSync: Synced Running Namespace/${NAMESPACE} created`,
        'Pod/p@Sync: SyncFailed Failed bad pod',
      ],
    },
    {
      title: '50: one that exists is left alone',
      foreign: [manifest(`Namespace ${NAMESPACE}`)],
      request: { syncOptions: ['CreateNamespace=true'] },
      passes: [{ expect: NO_MORE, writes: [] }],
    },
    {
      title: '50: unless its metadata are managed',
      foreign: [manifest(`Namespace ${NAMESPACE}`)],
      request: { syncOptions: ['CreateNamespace=true'], managedNamespaceMetadata: { labels: { team: 'red' } } },
      passes: [{ expect: ALL_RUN, writes: [`apply Namespace/${NAMESPACE}`] }],
    },
    {
      title: '49: not knowing whether it exists fails the operation, after SyncFail hooks',
      targets: [manifest('Pod p'), manifest('Job sf', hook('SyncFail'))],
      request: { syncOptions: ['CreateNamespace=true'] },
      prepare: (world) =>
        world.failures.set(`get-namespace Namespace/${NAMESPACE}`, { error: 'forbidden', reason: 'Forbidden' }),
      passes: [{ expect: HOOK('batch/Job/sf'), writes: ['apply Job/sf'] }],
    },
  ]);

  it.each([
    { title: '38: four refusals of discovery are made up for', refusals: 4, expected: ALL_RUN },
    {
      title: '38: five are not',
      refusals: 5,
      expected: 'Failed: one or more synchronization tasks are not valid: 401',
    },
  ])('$title', ({ refusals, expected }) => {
    const world = new World({ targets: [manifest('Pod p')] });
    let asked = 0;
    world.discovery = () => (++asked <= refusals ? { error: '401', reason: 'Unauthorized' } : undefined);
    expect(world.pass()).toBe(expected);
    expect(asked).toBe(5);
  });

  it('39: other refusals are final', () => {
    const world = new World({ targets: [manifest('Pod p')] });
    let asked = 0;
    world.discovery = () => (++asked === 1 ? { error: 'conflict', reason: 'Conflict' } : undefined);
    expect(world.pass()).toBe('Failed: one or more synchronization tasks are not valid: conflict');
  });

  it('pairs of one sort are asked for discovery once', () => {
    const world = new World({ targets: [manifest('Pod a'), manifest('Pod b'), manifest('Pod c')] });
    let asked = 0;
    world.discovery = () => {
      asked++;
      return undefined;
    };
    world.pass();
    expect(asked).toBe(1);
  });

  it('a live object is found by the key of its target', () => {
    const target = manifest('ConfigMap c');
    const world = new World({ targets: [target], live: [target] });
    world.pass();
    expect([...world.live.keys()]).toEqual([keyOf(objectIdOf(target))]);
    expect(world.outcome?.tasks[0]?.live).toBe(true);
  });
});
