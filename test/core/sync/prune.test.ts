import { describe, expect, it } from 'vitest';
import { finalizers, hook, manifest, option, wave } from './manifests.ts';
import { scenarios } from './scenario.ts';
import { World } from './world.ts';

const ALL_RUN = 'Succeeded: successfully synced (all tasks run)';
const pod = manifest('Pod my-pod');

describe('pruning', () => {
  scenarios([
    {
      title: '118: what is no target any more is deleted',
      live: [manifest('Pod a'), manifest('Pod b')],
      request: { prune: true },
      passes: [{ expect: ALL_RUN, writes: ['prune Pod/a', 'prune Pod/b'] }],
      results: ['Pod/a@Sync: Pruned Succeeded pruned', 'Pod/b@Sync: Pruned Succeeded pruned'],
    },
    {
      title: '119: unless the application says Prune=false',
      live: [pod],
      request: { prune: true, syncOptions: ['Prune=false'] },
      passes: [{ expect: ALL_RUN, writes: [] }],
      results: ['Pod/my-pod@Sync: PruneSkipped Succeeded ignored (no prune)'],
    },
    ...['', 'Prune=true', 'Prune=false'].map((own) => ({
      title: `120: or the resource does, whatever the application says (${own || 'nothing'})`,
      live: [manifest('Pod my-pod', option('Prune=false'))],
      request: { prune: true, syncOptions: own === '' ? [] : [own] },
      passes: [{ expect: ALL_RUN, writes: [] }],
    })),
    {
      title: '121: Prune=true on the resource overrides confirmation for the application',
      live: [manifest('Pod my-pod', option('Prune=true'))],
      request: { prune: true, syncOptions: ['Prune=confirm'] },
      passes: [{ expect: ALL_RUN, writes: ['prune Pod/my-pod'] }],
    },
    ...[
      { title: '122: Prune=confirm on the resource waits', live: [manifest('Pod my-pod', option('Prune=confirm'))] },
      { title: '123: Prune=confirm of the application waits', live: [pod], syncOptions: ['Prune=confirm'] },
    ].map(({ title, live, syncOptions = [] }) => ({
      title,
      live,
      request: { prune: true, syncOptions },
      passes: [
        { expect: 'Running: waiting for pruning confirmation of /Pod/my-pod', writes: [] },
        { expect: 'Running: waiting for pruning confirmation of /Pod/my-pod', writes: [] },
      ],
      results: [],
    })),
    {
      title: '122: until it is approved',
      live: [manifest('Pod my-pod', option('Prune=confirm'))],
      request: { prune: true, pruneApproved: true },
      passes: [{ expect: ALL_RUN, writes: ['prune Pod/my-pod'] }],
    },
    {
      title: '124: confirmation is asked with pruning off too',
      live: [manifest('Pod my-pod', option('Prune=confirm'))],
      passes: [{ expect: 'Running: waiting for pruning confirmation of /Pod/my-pod', writes: [] }],
    },
    {
      title: '125: earlier waves go on, nothing of the wave itself does, and nothing was validated',
      targets: [manifest('ConfigMap d'), manifest('ConfigMap e', wave(-1))],
      live: [manifest('Pod my-pod', option('Prune=confirm'))],
      request: { prune: true },
      passes: [
        { expect: 'Running: waiting for healthy state of /ConfigMap/e', writes: ['apply ConfigMap/e'] },
        { expect: 'Running: waiting for pruning confirmation of /Pod/my-pod', writes: [] },
      ],
      gone: ['ConfigMap d'],
    },
    {
      title: '131: PruneLast runs after the resources and before PostSync',
      targets: [manifest('ConfigMap c'), manifest('Job post', hook('PostSync'))],
      live: [pod],
      request: { prune: true, syncOptions: ['PruneLast=true'] },
      passes: [
        { expect: 'Running: waiting for healthy state of /ConfigMap/c', writes: ['apply ConfigMap/c'] },
        { expect: 'Running: waiting for healthy state of /Pod/my-pod', writes: ['prune Pod/my-pod'] },
        { expect: 'Running: waiting for completion of hook batch/Job/post', writes: ['apply Job/post'] },
      ],
    },
    {
      title: '132: waves are pruned in reverse, and a wave waits until the one before is gone',
      live: [1, 2, 3].map((n) => manifest(`Pod pod-${n}`, wave(n), finalizers('example.com/slow'))),
      request: { prune: true },
      passes: [
        { expect: 'Running: waiting for healthy state of /Pod/pod-3', writes: ['prune Pod/pod-3'] },
        { expect: 'Running: waiting for deletion of /Pod/pod-3', writes: [] },
        {
          before: (world) => world.live.delete('/Pod/dest/pod-3'),
          expect: 'Running: waiting for healthy state of /Pod/pod-2',
          writes: ['prune Pod/pod-2'],
        },
        {
          before: (world) => world.live.delete('/Pod/dest/pod-2'),
          expect: ALL_RUN,
          writes: ['prune Pod/pod-1'],
        },
      ],
    },
    {
      title: '133: nothing is created in a wave whose prune fails',
      targets: [manifest('ConfigMap c')],
      live: [pod],
      request: { prune: true },
      prepare: (world) => world.failures.set('prune Pod/my-pod', { error: 'forbidden' }),
      passes: [
        { expect: 'Failed: one or more objects failed to apply, reason: forbidden', writes: ['prune Pod/my-pod'] },
      ],
      gone: ['ConfigMap c'],
    },
    {
      title: 'an object that is already being deleted is not deleted again',
      live: [
        manifest('Pod my-pod', finalizers('example.com/slow'), (object) => {
          Object.assign(object['metadata'] as object, { deletionTimestamp: '2026-01-01T00:00:00Z' });
        }),
      ],
      request: { prune: true },
      passes: [{ expect: ALL_RUN, writes: [] }],
      results: ['Pod/my-pod@Sync: Pruned Succeeded pruned'],
    },
  ]);
});

describe('waves of prunes', () => {
  const wavesOf = (live: readonly number[], targets: readonly number[], pruneLast: readonly number[] = []) => {
    const world = new World({
      targets: targets.map((n, i) => manifest(`ConfigMap target-${i}`, wave(n))),
      live: live.map((n, i) =>
        pruneLast.includes(n)
          ? manifest(`Pod p${i}`, wave(n), option('PruneLast=true'))
          : manifest(`Pod p${i}`, wave(n)),
      ),
    });
    world.pass();
    const tasks = world.outcome?.tasks ?? [];
    return live.map((_wave, i) => tasks.find(({ name }) => name === `p${i}`)?.wave);
  };

  it('126: are swapped end for end', () => {
    expect(wavesOf([0, 1, 2, 3, 4], [])).toEqual([4, 3, 2, 1, 0]);
    expect(wavesOf([7, 7], [])).toEqual([7, 7]);
    expect(wavesOf([1, 3, 4], [0, 2])).toEqual([4, 3, 1]);
  });

  it('127: wave by wave, however many objects a wave has', () => {
    expect(wavesOf([1, 3, 3, 4, 5], [-1, 3, 5])).toEqual([5, 4, 4, 3, 1]);
  });

  it('129: PruneLast takes one out of the swapped order', () => {
    expect(wavesOf([1, 2, 3, 4], [0], [2])).toEqual([4, 5, 2, 1]);
  });

  it('130: PruneLast is after every wave of the Sync phase', () => {
    expect(wavesOf([1, 7], [2], [1, 7])).toEqual([8, 8]);
  });
});
