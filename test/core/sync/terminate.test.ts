import { describe } from 'vitest';
import { hook, manifest, policy } from './manifests.ts';
import { scenarios } from './scenario.ts';

const TERMINATED = 'Failed: Operation terminated';
const trio = ['BeforeHookCreation', 'HookFailed', 'HookSucceeded'].map((name, i) =>
  manifest(`Pod hook-${i + 1}`, hook('PreSync'), policy(name)),
);
const WAITING = 'Running: waiting for completion of hook /Pod/hook-1 and 2 more hooks';
const each = (verb: string): string[] => [1, 2, 3].map((n) => `${verb} Pod/hook-${n}`);
const healthy = { 'Pod hook-1': 'Healthy', 'Pod hook-2': 'Healthy', 'Pod hook-3': 'Healthy' } as const;

describe('termination', () => {
  scenarios([
    {
      title: '142: resources are left as they are',
      targets: [manifest('Deployment d'), manifest('Job post', hook('PostSync'))],
      passes: [
        { expect: 'Running: waiting for healthy state of apps/Deployment/d' },
        { action: 'terminate', expect: TERMINATED, writes: [] },
      ],
      results: ['Deployment/d@Sync: Synced Running Deployment/d created'],
    },
    {
      title: '143: running hooks are released and deleted whatever their policy',
      targets: trio,
      passes: [
        { expect: WAITING },
        {
          action: 'terminate',
          expect: TERMINATED,
          writes: [1, 2, 3].flatMap((n) => [`update-finalizers Pod/hook-${n}`, `delete Pod/hook-${n}`]),
        },
      ],
      results: [1, 2, 3].map((n) => `Pod/hook-${n}@PreSync: Synced Failed Terminated`),
      gone: ['Pod hook-1', 'Pod hook-2', 'Pod hook-3'],
    },
    {
      title: '144: those that completed meanwhile keep their outcome, and only HookFailed deletes',
      targets: trio,
      passes: [
        { expect: WAITING },
        {
          given: healthy,
          action: 'terminate',
          expect: TERMINATED,
          writes: [
            'update-finalizers Pod/hook-1',
            'update-finalizers Pod/hook-2',
            'delete Pod/hook-2',
            'update-finalizers Pod/hook-3',
          ],
        },
      ],
      results: [1, 2, 3].map((n) => `Pod/hook-${n}@PreSync: Synced Succeeded Pod/hook-${n} created`),
    },
    {
      title: '145: completed hooks are released, nothing is deleted',
      targets: [...trio, manifest('Job post', hook('PostSync'))],
      passes: [
        { expect: WAITING },
        {
          given: healthy,
          expect: 'Running: waiting for completion of hook batch/Job/post',
          writes: [...each('update-finalizers'), 'apply Job/post'],
        },
        {
          given: { 'Job post': 'Healthy' },
          action: 'terminate',
          expect: TERMINATED,
          writes: ['update-finalizers Job/post'],
        },
      ],
    },
    {
      title: '146: a hook that cannot be released makes the termination an error',
      targets: [manifest('Pod hook-1', hook('PreSync'))],
      prepare: (world) => world.failures.set('update-finalizers Pod/hook-1', { error: 'no', reason: 'InternalError' }),
      passes: [
        { expect: 'Running: waiting for completion of hook /Pod/hook-1' },
        { action: 'terminate', expect: 'Error: Operation termination had errors' },
      ],
      results: [
        'Pod/hook-1@PreSync: Synced Error Failed to remove hook finalizer: failed to update resource: failed to update resource: no',
      ],
      stands: ['Pod hook-1'],
    },
    {
      title: 'a running hook that is gone already is no obstacle',
      targets: [manifest('Pod hook-1', hook('PreSync'))],
      passes: [
        { expect: 'Running: waiting for completion of hook /Pod/hook-1' },
        { before: (world) => world.live.clear(), action: 'terminate', expect: TERMINATED, writes: [] },
      ],
      results: ['Pod/hook-1@PreSync: Synced Succeeded Terminated'],
    },
  ]);
});
