import { describe } from 'vitest';
import { hook, manifest, policy, wave } from './manifests.ts';
import { scenarios } from './scenario.ts';
import type { World } from './world.ts';

const pre = manifest('Job pre', hook('PreSync'));
const d = manifest('Deployment d');
const sf = manifest('Job sf', hook('SyncFail'));
const h = manifest('Job h', hook('Sync'));
const UNSUCCESSFUL = 'Failed: one or more synchronization tasks completed unsuccessfully';

const fails = (...requests: readonly string[]) => ({
  prepare: (world: World) => {
    for (const request of requests) world.failures.set(request, { error: `no ${request}` });
  },
});

describe('failures', () => {
  scenarios([
    {
      title: '101: a failed PreSync hook fails the operation before anything is applied',
      targets: [pre, d],
      passes: [
        { expect: 'Running: waiting for completion of hook batch/Job/pre' },
        {
          given: { 'Job pre': ['Degraded', 'backoff limit'] },
          expect: UNSUCCESSFUL,
          writes: ['update-finalizers Job/pre'],
        },
      ],
      results: ['Job/pre@PreSync: Synced Failed backoff limit'],
    },
    {
      title: '102: SyncFail hooks run first',
      targets: [pre, d, sf],
      passes: [
        { expect: 'Running: waiting for completion of hook batch/Job/pre' },
        {
          given: { 'Job pre': 'Degraded' },
          expect: 'Running: waiting for completion of hook batch/Job/sf',
          writes: ['update-finalizers Job/pre', 'apply Job/sf'],
        },
        { given: { 'Job sf': 'Healthy' }, expect: UNSUCCESSFUL },
      ],
    },
    {
      title: '103: a SyncFail hook that fails changes nothing',
      targets: [pre, sf],
      passes: [
        { expect: 'Running: waiting for completion of hook batch/Job/pre' },
        { given: { 'Job pre': 'Degraded' }, expect: 'Running: waiting for completion of hook batch/Job/sf' },
        { given: { 'Job sf': 'Degraded' }, expect: UNSUCCESSFUL },
      ],
    },
    {
      title: '106: the only resource cannot be applied',
      targets: [d],
      ...fails('apply Deployment/d'),
      passes: [{ expect: 'Failed: one or more objects failed to apply, reason: no apply Deployment/d' }],
      results: ['Deployment/d@Sync: SyncFailed Failed no apply Deployment/d'],
    },
    {
      title: '107: siblings of a failed apply are applied and waited for once',
      targets: [manifest('ConfigMap a'), manifest('ConfigMap b')],
      ...fails('apply ConfigMap/b'),
      passes: [
        { expect: 'Running: waiting for healthy state of /ConfigMap/a' },
        { expect: `${UNSUCCESSFUL}, reason: no apply ConfigMap/b` },
      ],
    },
    {
      title: '108: with several waves until the sibling is healthy or degraded',
      targets: [manifest('ConfigMap c'), d, manifest('ConfigMap later', wave(1))],
      ...fails('apply ConfigMap/c'),
      passes: [
        { expect: 'Running: waiting for healthy state of apps/Deployment/d' },
        { expect: 'Running: waiting for healthy state of apps/Deployment/d' },
        { given: { 'Deployment d': 'Healthy' }, expect: `${UNSUCCESSFUL}, reason: no apply ConfigMap/c` },
      ],
      gone: ['ConfigMap later'],
    },
    {
      title: '110: SyncFail hooks start while a hook of the failed group still runs',
      targets: [manifest('ConfigMap b'), h, sf],
      ...fails('apply ConfigMap/b'),
      passes: [
        {
          expect: 'Running: waiting for completion of hook batch/Job/h and 1 more hooks',
          writes: ['apply ConfigMap/b', 'apply Job/h', 'apply Job/sf'],
        },
        {
          given: { 'Job h': 'Healthy', 'Job sf': 'Healthy' },
          expect: `${UNSUCCESSFUL}, reason: no apply ConfigMap/b`,
        },
      ],
    },
    {
      title: '111: SyncFail hooks that cannot be applied are told in a line of their own',
      targets: [manifest('Pod p'), manifest('Pod a', hook('SyncFail')), manifest('Pod b', hook('SyncFail'))],
      ...fails('apply Pod/p', 'apply Pod/b'),
      passes: [
        { expect: 'Running: waiting for completion of hook /Pod/a and 1 more hooks' },
        {
          given: { 'Pod a': 'Healthy' },
          expect: `${UNSUCCESSFUL}, reason: no apply Pod/p\none or more SyncFail hooks failed, reason: no apply Pod/b`,
        },
      ],
    },
    {
      title: '113: waves of SyncFail hooks do not count',
      targets: [pre, manifest('Job one', hook('SyncFail'), wave(1)), manifest('Job five', hook('SyncFail'), wave(5))],
      passes: [
        { expect: 'Running: waiting for completion of hook batch/Job/pre' },
        {
          given: { 'Job pre': 'Degraded' },
          expect: 'Running: waiting for completion of hook batch/Job/one and 1 more hooks',
          writes: ['update-finalizers Job/pre', 'apply Job/one', 'apply Job/five'],
        },
      ],
    },
    {
      title: '114: of two SyncFail hooks the one with HookFailed is deleted',
      targets: [
        pre,
        manifest('Job kept', hook('SyncFail'), policy('HookSucceeded')),
        manifest('Job swept', hook('SyncFail'), policy('HookFailed')),
      ],
      passes: [
        { expect: 'Running: waiting for completion of hook batch/Job/pre' },
        {
          given: { 'Job pre': 'Degraded' },
          expect: 'Running: waiting for completion of hook batch/Job/kept and 1 more hooks',
        },
        { given: { 'Job kept': 'Healthy', 'Job swept': 'Healthy' }, expect: UNSUCCESSFUL },
      ],
      stands: ['Job kept'],
      gone: ['Job swept'],
    },
    {
      title: '115: a failed dry run ends at once, without SyncFail hooks',
      targets: [d, sf],
      ...fails('apply Deployment/d (dry run)'),
      passes: [{ expect: 'Failed: one or more objects failed to apply (dry run)', writes: [] }],
      results: ['Deployment/d@Sync: SyncFailed Failed no apply Deployment/d (dry run)'],
    },
    {
      title: '116: equal reasons are told once',
      targets: [manifest('ConfigMap a'), manifest('ConfigMap b')],
      prepare: (world) => {
        for (const name of ['a', 'b']) world.failures.set(`apply ConfigMap/${name}`, { error: 'quota' });
      },
      passes: [{ expect: 'Failed: one or more objects failed to apply, reason: quota' }],
    },
    {
      title: '117: nothing of PostSync runs after a degraded resource',
      targets: [manifest('Pod p'), manifest('Job post', hook('PostSync'))],
      passes: [
        { expect: 'Running: waiting for healthy state of /Pod/p' },
        { given: { 'Pod p': 'Degraded' }, expect: UNSUCCESSFUL },
      ],
      gone: ['Job post'],
    },
    {
      title: 'a health check of a hook that fails makes the hook an error',
      targets: [pre],
      passes: [
        { expect: 'Running: waiting for completion of hook batch/Job/pre' },
        { before: (world) => world.set('Job pre', 'failing check', 'bad script'), expect: UNSUCCESSFUL },
      ],
      results: [
        'Job/pre@PreSync: Synced Error failed to get resource health: failed to get resource health: bad script',
      ],
    },
  ]);
});
