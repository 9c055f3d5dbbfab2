import { describe } from 'vitest';
import { finalizers, HOOK_FINALIZER, hook, manifest, policy } from './manifests.ts';
import { scenarios } from './scenario.ts';

const held = finalizers(HOOK_FINALIZER);
const pre = (policies: string) => manifest('Job pre', hook('PreSync'), policy(policies));
const livePre = (policies: string) => manifest('Job pre', hook('PreSync'), policy(policies), held);
const d = manifest('Deployment d');
const post = manifest('Job post', hook('PostSync'));

const ALL_RUN = 'Succeeded: successfully synced (all tasks run)';
const NO_MORE = 'Succeeded: successfully synced (no more tasks)';
const FAILED = 'Failed: one or more synchronization tasks completed unsuccessfully';

/** The three hooks of rows 80 and 87 to 89. */
const trio = ['BeforeHookCreation', 'HookFailed', 'HookSucceeded'].map((name, i) =>
  manifest(`Pod hook-${i + 1}`, hook('PreSync'), policy(name)),
);
const liveTrio = trio.map((object, i) =>
  manifest(`Pod hook-${i + 1}`, hook('PreSync'), held, (copy) => {
    copy['metadata'] = { ...(object['metadata'] as object), finalizers: [HOOK_FINALIZER] };
  }),
);
const releasedTrio = trio.map((_object, i) => `update-finalizers Pod/hook-${i + 1}`);
const trioApplied = trio.map((_object, i) => `apply Pod/hook-${i + 1}`);

describe('hooks that run again, their deletion and their finalizers', () => {
  scenarios([
    {
      title: '79: BeforeHookCreation deletes a left-over, and the next pass creates the hook',
      targets: [pre('BeforeHookCreation')],
      live: [livePre('BeforeHookCreation')],
      passes: [
        {
          expect: 'Running: waiting for deletion of hook batch/Job/pre',
          writes: ['update-finalizers Job/pre', 'delete Job/pre'],
        },
        { expect: 'Running: waiting for completion of hook batch/Job/pre', writes: ['apply Job/pre'] },
      ],
    },
    {
      title: '80: left-overs of every policy lose their finalizer, one is deleted',
      targets: trio,
      live: liveTrio,
      passes: [
        {
          expect: 'Running: waiting for deletion of hook /Pod/hook-1',
          writes: [...releasedTrio, 'delete Pod/hook-1'],
        },
      ],
      results: [],
    },
    {
      title: '81: a left-over that is gone when it should be deleted is created in the same pass',
      targets: [pre('BeforeHookCreation')],
      live: [livePre('BeforeHookCreation')],
      request: { syncOptions: ['Replace=true'] },
      prepare: (world) => world.failures.set('delete Job/pre', { error: 'gone', reason: 'NotFound' }),
      passes: [
        {
          expect: 'Running: waiting for completion of hook batch/Job/pre',
          writes: ['update-finalizers Job/pre', 'delete Job/pre', 'create Job/pre'],
        },
      ],
    },
    {
      title: '82: a left-over that cannot go is deleted again in every pass',
      targets: [pre('BeforeHookCreation')],
      live: [manifest('Job pre', hook('PreSync'), finalizers('example.com/own'))],
      passes: [
        { expect: 'Running: waiting for deletion of hook batch/Job/pre', writes: ['delete Job/pre'] },
        { expect: 'Running: waiting for deletion of hook batch/Job/pre', writes: ['delete Job/pre'] },
      ],
    },
    {
      title: '83: without BeforeHookCreation a completed hook counts without running, and goes at the end',
      targets: [pre('HookSucceeded')],
      live: [livePre('HookSucceeded')],
      passes: [
        { expect: 'Running: waiting for completion of hook batch/Job/pre' },
        {
          given: { 'Job pre': 'Healthy' },
          expect: NO_MORE,
          writes: ['update-finalizers Job/pre', 'delete Job/pre'],
        },
      ],
      gone: ['Job pre'],
    },
    {
      title: '84: and one that failed fails every later sync',
      targets: [pre('HookSucceeded')],
      live: [livePre('HookSucceeded')],
      passes: [
        { expect: 'Running: waiting for completion of hook batch/Job/pre' },
        { given: { 'Job pre': 'Degraded' }, expect: FAILED },
      ],
      stands: ['Job pre'],
    },
    {
      title: '85: a hook of two phases with HookSucceeded runs in the first only, and is deleted once',
      targets: [manifest('Job both', hook('PreSync,PostSync'), policy('HookSucceeded'))],
      passes: [
        { expect: 'Running: waiting for completion of hook batch/Job/both', writes: ['apply Job/both'] },
        {
          given: { 'Job both': 'Healthy' },
          expect: 'Running: waiting for completion of hook batch/Job/both',
          writes: ['update-finalizers Job/both', 'apply Job/both'],
        },
        { expect: NO_MORE, writes: ['update-finalizers Job/both', 'delete Job/both', 'delete Job/both'] },
      ],
      gone: ['Job both'],
    },
    {
      title: '86: with the default policy it is deleted and created anew before the second phase',
      targets: [manifest('Job both', hook('PreSync,PostSync'))],
      passes: [
        { expect: 'Running: waiting for completion of hook batch/Job/both', writes: ['apply Job/both'] },
        {
          given: { 'Job both': 'Healthy' },
          expect: 'Running: waiting for deletion of hook batch/Job/both',
          writes: ['update-finalizers Job/both', 'delete Job/both'],
        },
        { expect: 'Running: waiting for completion of hook batch/Job/both', writes: ['apply Job/both'] },
        { expect: NO_MORE },
      ],
    },
    {
      title: '87: nothing is released while one hook of the phase still runs',
      targets: trio,
      passes: [
        { expect: 'Running: waiting for completion of hook /Pod/hook-1 and 2 more hooks', writes: trioApplied },
        {
          given: { 'Pod hook-1': 'Healthy', 'Pod hook-2': 'Healthy' },
          expect: 'Running: waiting for completion of hook /Pod/hook-3',
          writes: [],
        },
      ],
    },
    {
      title: '88: on success all are released, and the one with HookSucceeded is deleted',
      targets: trio,
      passes: [
        { expect: 'Running: waiting for completion of hook /Pod/hook-1 and 2 more hooks' },
        {
          given: { 'Pod hook-1': 'Healthy', 'Pod hook-2': 'Healthy', 'Pod hook-3': 'Healthy' },
          expect: NO_MORE,
          writes: [...releasedTrio, 'delete Pod/hook-3'],
        },
      ],
      stands: ['Pod hook-1', 'Pod hook-2'],
      gone: ['Pod hook-3'],
    },
    {
      title: '89: on failure the one with HookFailed is deleted, although it succeeded',
      targets: trio,
      passes: [
        { expect: 'Running: waiting for completion of hook /Pod/hook-1 and 2 more hooks' },
        {
          given: { 'Pod hook-1': 'Degraded', 'Pod hook-2': 'Healthy', 'Pod hook-3': 'Healthy' },
          expect: FAILED,
          writes: [...releasedTrio, 'delete Pod/hook-2'],
        },
      ],
      stands: ['Pod hook-1', 'Pod hook-3'],
      gone: ['Pod hook-2'],
    },
    {
      title: '90: HookSucceeded deletes at the end of the operation',
      targets: [pre('HookSucceeded'), d, post],
      passes: [
        { expect: 'Running: waiting for completion of hook batch/Job/pre' },
        {
          given: { 'Job pre': 'Healthy' },
          expect: 'Running: waiting for healthy state of apps/Deployment/d',
          writes: ['update-finalizers Job/pre', 'apply Deployment/d'],
        },
        { given: { 'Deployment d': 'Healthy' }, expect: 'Running: waiting for completion of hook batch/Job/post' },
        {
          given: { 'Job post': 'Healthy' },
          expect: NO_MORE,
          writes: ['update-finalizers Job/post', 'delete Job/pre'],
        },
      ],
      gone: ['Job pre'],
    },
    {
      title: '91: and not where the operation fails',
      targets: [pre('HookSucceeded'), post],
      passes: [
        { expect: 'Running: waiting for completion of hook batch/Job/pre' },
        { given: { 'Job pre': 'Healthy' }, expect: 'Running: waiting for completion of hook batch/Job/post' },
        { given: { 'Job post': 'Degraded' }, expect: FAILED },
      ],
      stands: ['Job pre'],
    },
    {
      title: '96: a SyncFail hook left from before goes when a sync succeeds',
      targets: [manifest('Job sf', hook('SyncFail'), policy('HookSucceeded')), d],
      live: [manifest('Job sf', hook('SyncFail'), policy('HookSucceeded'))],
      passes: [{ expect: ALL_RUN, writes: ['apply Deployment/d', 'delete Job/sf'] }],
      gone: ['Job sf'],
    },
    {
      title: '97: a resource that becomes a PostSync hook is pruned and created again',
      targets: [manifest('Job x', hook('PostSync'))],
      live: [manifest('Job x')],
      request: { prune: true },
      passes: [
        { expect: 'Running: waiting for healthy state of batch/Job/x', writes: ['prune Job/x'] },
        { expect: 'Running: waiting for completion of hook batch/Job/x', writes: ['apply Job/x'] },
      ],
    },
    {
      title: '99: a live object that is skipped is never pruned',
      live: [manifest('ConfigMap kept', hook('Skip'))],
      request: { prune: true },
      passes: [{ expect: NO_MORE, writes: [] }],
      stands: ['ConfigMap kept'],
    },
    {
      title: '100: a target that is skipped is neither applied nor pruned',
      targets: [manifest('ConfigMap kept', hook('Skip'))],
      live: [manifest('ConfigMap kept')],
      request: { prune: true },
      passes: [{ expect: NO_MORE, writes: [] }],
      stands: ['ConfigMap kept'],
    },
  ]);
});
