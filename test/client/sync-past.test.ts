import { expect, test } from 'vitest';
import { openService, treeFiles } from '#service';
import type { ResourceResult } from '#core/sync/model';
import { standingOf, type OperationRecord } from '../../client/src/sync/record.ts';
import { groupIcon, markOf, runLine } from '../../client/src/vscode/plan/run-marks.ts';
import {
  failedIn,
  historyEntry,
  interruptedState,
  isOf,
  resourceText,
  resultEntries,
} from '../../client/src/vscode/sync/past.ts';
import { manifestPlace } from '../../client/src/vscode/sync/manifest-place.ts';
import { afterEvent, startOf, taskOf } from '../../client/src/vscode/sync/run-state.ts';
import { manifest } from '../workspace/memory-files.ts';
import { MemoryTree } from '../workspace/memory-tree.ts';

const result = (kind: string, name: string, more: Partial<ResourceResult> = {}): ResourceResult => ({
  ...{ group: kind === 'Job' ? 'batch' : 'apps', version: 'v1', kind, namespace: 'shop', name },
  ...{ status: 'Synced', message: 'done', hookType: '', hookPhase: 'Running', syncPhase: 'Sync' },
  images: [],
  ...more,
});

const START = Date.parse('2026-11-26T03:00:00Z');
const record = (more: Partial<OperationRecord> = {}): OperationRecord => ({
  ...{ schema: 1, id: 'a', application: 'shop', context: 'kind-dev', server: 'https://dev', namespace: 'shop' },
  ...{ revision: { id: '1', text: 'HEAD 1a2b3c4' }, startedAt: START, updatedAt: START + 42_000, process: 1 },
  source: { folder: '/w', path: 'apps/shop' },
  ...{ operation: {}, retry: 0, fingerprints: [], hadNamespace: true, modified: [], journal: [], retries: 0 },
  state: { phase: 'Running', message: 'waiting for completion of hook batch/Job/migrate' },
  results: [result('Job', 'migrate', { hookType: 'PreSync', syncPhase: 'PreSync' })],
  ...more,
});

test('an operation belongs to the application of its folder, path and name', () => {
  const place = { folder: '/w', path: 'apps/shop', name: 'shop' };
  expect(isOf(record(), place)).toBe(true);
  expect(isOf(record(), { ...place, folder: '/other' })).toBe(false);
  expect(isOf(record(), { ...place, path: '.' })).toBe(false);
  const older: Record<string, unknown> = { ...record() };
  delete older['source'];
  expect(isOf(older as unknown as OperationRecord, place)).toBe(false);
});

test('one that was cut off is shown with what it had come to', () => {
  const state = interruptedState(record(), { folder: 'file:///w', path: 'apps/shop', name: 'shop' });
  expect(runLine(state, 0)).toBe(
    'kind-dev · cut off before its end · resume or discard it · waiting for completion of hook batch/Job/migrate',
  );
  expect([...state.tasks.keys()]).toEqual(['PreSync batch/Job/shop/migrate']);
  const [migrate] = [...state.tasks.values()];
  // Nobody has stopped it.
  expect(markOf(state, 'PreSync', migrate, 0)).toMatchObject({ text: 'was running · done', state: 'stopped' });
  expect(groupIcon([markOf(state, 'PreSync', migrate, 0)])).toMatchObject({ id: 'debug-disconnect' });
  expect(markOf(state, 'Sync', undefined, 0)).toMatchObject({ text: 'not reached yet', state: 'not reached' });
  const terminating = interruptedState(record({ terminating: 'asked' }), state.application);
  expect(runLine(terminating, 0)).toContain('it was being terminated');
});

test('a sync that was resumed ends with what it had come to before', () => {
  const ref = { folder: 'file:///w', path: 'apps/shop', name: 'shop' };
  const time = new Date(START).toISOString();
  const migrate = result('Job', 'migrate', { hookType: 'PreSync', syncPhase: 'PreSync', hookPhase: 'Succeeded' });
  const started = afterEvent(
    startOf(ref, 'kind-dev'),
    {
      ...{ type: 'task', time, task: 'apps/Deployment/shop/web', phase: 'Sync', wave: 3 },
      ...{ status: 'Synced', hookPhase: 'Succeeded', message: 'done' },
    },
    START,
  );
  const operation = { phase: 'Succeeded', message: '', startedAt: time, finishedAt: time } as const;
  const state = afterEvent(
    started,
    {
      ...{ type: 'result', time, operation, results: [migrate, result('Deployment', 'web')], left: [] },
      ...{ criticalPath: { seconds: 0, tasks: [] }, waited: { seconds: 0 } },
    },
    START,
  );
  expect([...state.tasks].map(([key, { hookPhase, wave }]) => [key, hookPhase, wave])).toEqual([
    ['Sync apps/Deployment/shop/web', 'Succeeded', 3],
    ['PreSync batch/Job/shop/migrate', 'Succeeded', 0],
  ]);
});

test('what failed is told apart: a sync of selected resources runs no hooks', () => {
  const failed = { status: 'SyncFailed', hookPhase: 'Failed' } as const;
  const results = [
    result('Deployment', 'web', failed),
    result('Deployment', 'api'),
    result('Job', 'smoke', { hookType: 'PostSync', hookPhase: 'Error' }),
  ];
  const { hooks, resources } = failedIn(record({ results }));
  expect(hooks.map(({ name }) => name)).toEqual(['smoke']);
  expect(resources.map(resourceText)).toEqual(['apps:Deployment:shop/web']);
  expect(resourceText({ group: '', kind: 'Namespace', namespace: '', name: 'shop' })).toBe(':Namespace:shop');
});

test('the history says how each ended', () => {
  const time = (ms: number): string => new Date(ms).toISOString();
  const ended = { at: START + 65_000, how: 'finished' } as const;
  const failed = record({ ended, state: { phase: 'Failed', message: 'one or more tasks failed' } });
  expect(historyEntry(failed, standingOf(failed, false), time)).toEqual({
    label: '$(error) shop: failed',
    description: '2026-11-26T03:00:00.000Z · 1:05 · kind-dev, namespace shop',
    detail: 'HEAD 1a2b3c4 · one or more tasks failed',
  });
  expect(historyEntry(record(), standingOf(record(), false), time).label).toBe('$(debug-disconnect) shop: interrupted');
  expect(historyEntry(record(), standingOf(record(), true), time).label).toBe('$(sync~spin) shop: running');
});

test('results are listed with what failed first', () => {
  const results = [
    result('Deployment', 'web', { hookPhase: 'Succeeded' }),
    result('Job', 'smoke', {
      hookType: 'PostSync',
      syncPhase: 'PostSync',
      hookPhase: 'Failed',
      message: 'exit code 1',
    }),
  ];
  expect(resultEntries(record({ results }))).toEqual([
    {
      label: '$(error) Job smoke',
      description: 'PostSync · Synced, Failed',
      detail: 'exit code 1',
      result: results[1],
    },
    { label: '$(pass) Deployment web', description: 'Sync · Synced, Succeeded', detail: 'done', result: results[0] },
  ]);
});

test('a result leads to the manifest of its task, as it stands now', async () => {
  const hook = manifest('Job', 'migrate', { 'argocd.argoproj.io/hook': 'PreSync,PostSync' });
  const generated = manifest('Job', 'x', { 'argocd.argoproj.io/hook': 'PostSync' }).replace(
    'name: x',
    'generateName: smoke-',
  );
  const files = { 'shop/web.yaml': `${manifest('ConfigMap', 'a')}---\n${hook}`, 'shop/z.yaml': generated };
  const service = await openService(treeFiles(new MemoryTree(new Map(Object.entries(files)))), [], {
    rootName: 'root',
  });
  const [application] = service.applications();
  if (!application) throw new Error('no application');
  const placeOf = (one: ResourceResult): string => {
    const [, ran] = taskOf(one);
    const place = manifestPlace(service.plan(application), 'file:///w', ran);
    return place ? `${place.folder} ${place.file}:${place.line}` : 'nowhere';
  };
  const job = (name: string, syncPhase: ResourceResult['syncPhase']): ResourceResult =>
    result('Job', name, { hookType: syncPhase, syncPhase });
  expect([
    placeOf(result('ConfigMap', 'a', { group: '' })),
    placeOf(job('migrate', 'PostSync')),
    placeOf(job('smoke-1a2b3c4-postsync-1764126000', 'PostSync')),
    placeOf(job('migrate', 'SyncFail')),
    placeOf(result('ConfigMap', 'pruned', { group: '' })),
  ]).toMatchInlineSnapshot(`
    [
      "file:///w shop/web.yaml:1",
      "file:///w shop/web.yaml:6",
      "file:///w shop/z.yaml:1",
      "nowhere",
      "nowhere",
    ]
  `);
});
