import { describe, expect, it } from 'vitest';
import { hook, manifest, wave } from './manifests.ts';
import { scenarios } from './scenario.ts';
import { World } from './world.ts';

const d = manifest('Deployment d');
const d0 = manifest('Deployment d0', wave(0));
const d1 = manifest('Deployment d1', wave(1));
const pre = manifest('Job pre', hook('PreSync'));
const h = manifest('Job h', hook('Sync'));
const post = manifest('Job post', hook('PostSync'));
const sf = manifest('Job sf', hook('SyncFail'));

const ALL_RUN = 'Succeeded: successfully synced (all tasks run)';
const NO_MORE = 'Succeeded: successfully synced (no more tasks)';
const FAILED = 'Failed: one or more synchronization tasks completed unsuccessfully';
const HEALTHY = (label: string): string => `Running: waiting for healthy state of ${label}`;
const HOOK = (label: string): string => `Running: waiting for completion of hook ${label}`;

describe('progress through waves and phases', () => {
  scenarios([
    {
      title: '53: the health of the last wave is not awaited',
      targets: [d],
      passes: [{ expect: ALL_RUN, writes: ['apply Deployment/d'] }],
      results: ['Deployment/d@Sync: Synced Running Deployment/d created'],
    },
    {
      title: '55: the next wave starts when the one before is healthy',
      targets: [manifest('Service a', wave(0)), manifest('Service b', wave(5))],
      passes: [
        { expect: HEALTHY('/Service/a'), writes: ['apply Service/a'] },
        { expect: HEALTHY('/Service/a'), writes: [] },
        { given: { 'Service a': 'Healthy' }, expect: ALL_RUN, writes: ['apply Service/b'] },
      ],
    },
    {
      title: '56: a last wave that is degraded does not fail the operation',
      targets: [d0, d1],
      passes: [
        { expect: HEALTHY('apps/Deployment/d0') },
        { given: { 'Deployment d0': 'Healthy', 'Deployment d1': 'Degraded' }, expect: ALL_RUN },
      ],
    },
    {
      title: '57: a degraded wave fails it, and the next is never applied',
      targets: [d0, d1],
      passes: [
        { expect: HEALTHY('apps/Deployment/d0') },
        { given: { 'Deployment d0': ['Degraded', 'stuck'] }, expect: FAILED, writes: [] },
      ],
      results: ['Deployment/d0@Sync: Synced Failed stuck'],
      gone: ['Deployment d1'],
    },
    ...(['Suspended', 'Unknown', 'Missing'] as const).map((status) => ({
      title: `58: a wave that is ${status} is waited for without end`,
      targets: [d0, d1],
      passes: [
        { expect: HEALTHY('apps/Deployment/d0') },
        { given: { 'Deployment d0': status }, expect: HEALTHY('apps/Deployment/d0') },
        { expect: HEALTHY('apps/Deployment/d0') },
      ],
    })),
    {
      title: '59: PreSync completes, then the resources end the operation',
      targets: [pre, d],
      passes: [
        { expect: HOOK('batch/Job/pre'), writes: ['apply Job/pre'] },
        {
          given: { 'Job pre': 'Healthy' },
          expect: ALL_RUN,
          writes: ['update-finalizers Job/pre', 'apply Deployment/d'],
        },
      ],
    },
    {
      title: '60: hook, healthy resources, hook, end',
      targets: [pre, d, post],
      passes: [
        { expect: HOOK('batch/Job/pre') },
        { given: { 'Job pre': 'Healthy' }, expect: HEALTHY('apps/Deployment/d') },
        { given: { 'Deployment d': 'Healthy' }, expect: HOOK('batch/Job/post') },
        { given: { 'Job post': 'Healthy' }, expect: NO_MORE },
      ],
    },
    {
      title: '61: a kind without health check is done on the next pass',
      targets: [manifest('Secret s'), post],
      passes: [
        { expect: HEALTHY('/Secret/s') },
        { expect: HOOK('batch/Job/post') },
        { given: { 'Job post': 'Healthy' }, expect: NO_MORE },
      ],
      results: [
        'Secret/s@Sync: Synced Succeeded Secret/s created',
        'Job/post@PostSync: Synced Succeeded Job/post created',
      ],
    },
    {
      title: '62: beside a Sync hook in a single wave resources are not awaited',
      targets: [d, h],
      passes: [
        { expect: HOOK('batch/Job/h and 1 more resources') },
        { given: { 'Job h': 'Healthy' }, expect: NO_MORE },
      ],
      results: ['Deployment/d@Sync: Synced Running Deployment/d created', 'Job/h@Sync: Synced Succeeded Job/h created'],
    },
    {
      title: '63: but one that is degraded by then fails the operation',
      targets: [d, h],
      passes: [
        { expect: HOOK('batch/Job/h and 1 more resources') },
        { given: { 'Job h': 'Healthy', 'Deployment d': 'Degraded' }, expect: FAILED },
      ],
    },
    {
      title: '64: any SyncFail hook makes the operation wait for them',
      targets: [d, h, sf],
      passes: [
        { expect: HOOK('batch/Job/h and 1 more resources') },
        { given: { 'Job h': 'Healthy' }, expect: HEALTHY('apps/Deployment/d') },
        { given: { 'Deployment d': 'Healthy' }, expect: NO_MORE },
      ],
      gone: ['Job sf'],
    },
    {
      title: '66: a ConfigMap as hook is complete on the next pass',
      targets: [manifest('ConfigMap c', hook('PreSync'))],
      passes: [{ expect: HOOK('/ConfigMap/c') }, { expect: NO_MORE }],
      results: ['ConfigMap/c@PreSync: Synced Succeeded c created'],
    },
    {
      title: '67: a hook of unknown health fails at once',
      targets: [pre],
      passes: [{ expect: HOOK('batch/Job/pre') }, { given: { 'Job pre': ['Unknown', 'what?'] }, expect: FAILED }],
      results: ['Job/pre@PreSync: Synced Failed what?'],
    },
    {
      title: '68: a suspended hook is waited for without end',
      targets: [pre],
      passes: [
        { expect: HOOK('batch/Job/pre') },
        { given: { 'Job pre': 'Suspended' }, expect: HOOK('batch/Job/pre') },
        { expect: HOOK('batch/Job/pre') },
      ],
    },
    {
      title: '69: a hook that vanishes fails the operation on the pass after',
      targets: [manifest('Job a', hook('PreSync'))],
      passes: [
        { expect: HOOK('batch/Job/a') },
        { before: (world) => world.live.clear(), expect: HOOK('batch/Job/a') },
        { expect: `${FAILED}, reason: Resource batch/Job/a is missing, it might have been deleted` },
      ],
      results: ['Job/a@PreSync: SyncFailed Error Resource batch/Job/a is missing, it might have been deleted'],
    },
    {
      title: '71: prunes that are skipped still make the operation one of several steps',
      targets: [d0],
      live: [manifest('ConfigMap old', wave(5))],
      passes: [
        { expect: HEALTHY('apps/Deployment/d0') },
        { given: { 'Deployment d0': 'Healthy' }, expect: ALL_RUN, writes: [] },
      ],
      results: [
        'Deployment/d0@Sync: Synced Succeeded Deployment/d0 created',
        'ConfigMap/old@Sync: PruneSkipped Succeeded ignored (requires pruning)',
      ],
      stands: ['ConfigMap old'],
    },
    { title: '72: nothing to do', passes: [{ expect: NO_MORE, writes: [] }], results: [] },
    {
      title: '74: with ApplyOutOfSyncOnly an unmodified wave is neither applied nor awaited',
      targets: [d0, d1],
      live: [d0, d1],
      request: { syncOptions: ['ApplyOutOfSyncOnly=true'] },
      modified: { 'apps/Deployment/dest/d0': false, 'apps/Deployment/dest/d1': true },
      passes: [{ expect: ALL_RUN, writes: ['apply Deployment/d1'] }],
    },
    {
      title: '78: a dry-run operation writes nothing',
      targets: [d, pre],
      request: { dryRun: true },
      passes: [{ expect: NO_MORE, writes: [] }],
      results: [
        'Job/pre@PreSync: Synced Succeeded Job/pre valid',
        'Deployment/d@Sync: Synced Succeeded Deployment/d valid',
      ],
      gone: ['Job pre', 'Deployment d'],
    },
  ]);
});

describe('the callback after a group', () => {
  it('76: is called with phase, wave and whether it was the last group, and not while a pass only waits', () => {
    const world = new World({ targets: [manifest('Service a', wave(-1)), manifest('Service b'), post] });
    const calls = [world.pass(), world.pass()].map(() => world.waveHooks);
    expect(calls[1]).toEqual([]);
    world.set('Service a', 'Healthy');
    world.pass();
    expect(world.waveHooks).toEqual(['Sync 0']);
    world.set('Service b', 'Healthy');
    world.pass();
    expect(world.waveHooks).toEqual(['PostSync 0 final']);
  });

  it('77: an error of it ends the operation and its running hooks, without SyncFail hooks', () => {
    const waveHookError = { phase: 'Sync' as const, wave: 0, message: 'no' };
    const world = new World({ targets: [h, sf], options: { waveHookError } });
    expect(world.pass()).toBe('Error: SyncWaveHook failed: no');
    expect(world.rows()).toEqual(['Job/h@Sync: Synced Failed Terminated']);
    expect(world.has('Job h')).toBe(false);
    expect(world.has('Job sf')).toBe(false);
  });
});
