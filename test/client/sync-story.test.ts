import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../client/src/sync/events.ts';
import { annotationRange } from '../../client/src/vscode/plan/annotation-range.ts';
import { afterEvent, clockText, startOf, type RunState } from '../../client/src/vscode/sync/run-state.ts';
import { endingOf, storyLine } from '../../client/src/vscode/sync/story.ts';

const application = { folder: 'file:///w', path: 'apps/shop', name: 'shop' };
const time = '2026-01-01T00:00:00Z';

const end = (phase: 'Succeeded' | 'Failed', message: string, left: readonly string[] = []): RunEvent => ({
  ...{ type: 'result', time, results: [], left },
  operation: { phase, message, startedAt: time, finishedAt: '2026-01-01T00:01:05Z' },
  criticalPath: { seconds: 0, tasks: [] },
  waited: { seconds: 12.34 },
});

const after = (place: string, ...events: readonly RunEvent[]): RunState =>
  events.reduce((state, event) => afterEvent(state, event, 0), startOf(application, place));

describe('how a run ended, in words', () => {
  test('success says where, how long, and what stands', () => {
    expect(endingOf(after('kind-dev', end('Succeeded', 'successfully synced', ['/ConfigMap/shop/a']))).text).toBe(
      'shop is synced in kind-dev in 1:05. 1 object of the application is left in the cluster.',
    );
  });

  test('a failure names the task, its phase and wave, and why', () => {
    const failed: RunEvent = {
      ...{ type: 'task', time, task: 'batch/Job/shop/db-migration', phase: 'PreSync', wave: -1 },
      ...{ status: 'Synced', hookPhase: 'Failed', message: 'exit code 1' },
    };
    const ending = endingOf(after('simulation', failed, end('Failed', 'one or more tasks failed')));
    expect(ending.text).toBe(
      'shop was not synced in the simulation: Job db-migration (PreSync wave −1) failed: exit code 1. No object of the application is left in the cluster.',
    );
    expect([ending.kind, ending.task?.task]).toEqual(['failed', 'batch/Job/shop/db-migration']);
  });

  test('and what its pods and its log say, and what was not applied', () => {
    const failed: RunEvent = {
      ...{ type: 'task', time, task: 'batch/Job/shop/db-migration', phase: 'PreSync', wave: -1 },
      ...{ status: 'Synced', hookPhase: 'Failed', message: 'Job has reached the specified backoff limit' },
    };
    const result: RunEvent = {
      ...(end('Failed', 'one or more tasks failed') as Extract<RunEvent, { type: 'result' }>),
      failures: [
        {
          ...{ task: 'batch/Job/shop/db-migration', phase: 'PreSync', wave: -1, message: '' },
          reasons: ['Pod db-migration-1: container main ended with exit code 3 (Error)'],
          log: ['connecting', 'no such table', ''],
          advice: ['Once it is repaired, the next sync runs Job db-migration anew.'],
        },
      ],
      notApplied: ['/ConfigMap/shop/settings', 'apps/Deployment/shop/web'],
    };
    const state = after('kind-dev', failed, result);
    expect(endingOf(state).text).toBe(
      'shop was not synced in kind-dev: Job db-migration (PreSync wave −1) failed: Job has reached the specified backoff limit. ' +
        'Pod db-migration-1: container main ended with exit code 3 (Error). Its log ends with “no such table”. ' +
        '2 were not applied. No object of the application is left in the cluster.',
    );
    expect(state.tasks.get('PreSync batch/Job/shop/db-migration')?.wait?.advice).toHaveLength(1);
    expect(storyLine(result)?.text.split('\n')).toEqual([
      'Failed: one or more tasks failed; nothing is left in the cluster; waited 12.3 s',
      'Job db-migration: Pod db-migration-1: container main ended with exit code 3 (Error)',
      '  | connecting',
      '  | no such table',
      '  | ',
      '  → Once it is repaired, the next sync runs Job db-migration anew.',
      'Not applied: ConfigMap settings, Deployment web',
    ]);
  });

  test('a termination is no failure of the hook that ran', () => {
    const state = after(
      'kind-dev',
      { type: 'operation', time, phase: 'Terminating', message: 'Operation is terminating' },
      {
        ...{ type: 'task', time, task: 'batch/Job/shop/db-migration', phase: 'PreSync', wave: 0 },
        ...{ status: 'Synced', hookPhase: 'Failed', message: 'Terminated' },
      },
      end('Failed', 'Operation terminated', ['/ConfigMap/shop/a', '/ConfigMap/shop/b']),
    );
    expect(endingOf(state)).toMatchObject({
      kind: 'terminated',
      text: 'The sync of shop in kind-dev was terminated while Job db-migration (PreSync wave 0) ran. 2 objects of the application are left in the cluster.',
    });
  });

  test('an error that kept it from starting is told as it is', () => {
    const state = after('kind-dev', { type: 'error', time, message: 'The API server cannot be reached.', exitCode: 2 });
    expect(endingOf(state).text).toBe('shop was not synced in kind-dev: The API server cannot be reached.');
  });
});

describe('the story in the output channel', () => {
  test.each<[RunEvent, string]>([
    [
      end('Succeeded', '', ['apps/Deployment/shop/web']),
      'info: Succeeded; left in the cluster: Deployment web; waited 12.3 s',
    ],
    [
      { type: 'log', time, task: 'batch/Job/shop/db-migration', container: 'migrate', line: 'hello' },
      'debug: [Job db-migration · migrate] hello',
    ],
    [
      { type: 'write', time, verb: 'create', object: '/Service/shop/web', dryRun: true },
      'debug: create Service web (dry run)',
    ],
    [
      {
        type: 'task',
        time,
        task: '/Service/shop/web',
        phase: 'Sync',
        wave: 0,
        status: 'SyncFailed',
        hookPhase: 'Failed',
        message: 'denied',
      },
      'error: Sync wave 0 · Service web · SyncFailed, Failed: denied',
    ],
  ])('%#', (event, expected) => {
    const line = storyLine(event);
    expect(`${line?.level}: ${line?.text}`).toBe(expected);
  });
});

test.each([
  [0, '0:00'],
  [61_999, '1:01'],
  [3_723_000, '1:02:03'],
  [-5, '0:00'],
])('%i ms is %s', (ms, text) => {
  expect(clockText(ms)).toBe(text);
});

describe('what is selected when a manifest is opened', () => {
  const text = [
    'kind: A',
    '---',
    'kind: B',
    'metadata:',
    '  annotations:',
    '    # argocd.argoproj.io/hook: in a comment',
    '    "argocd.argoproj.io/sync-wave": "1"  ',
    '---',
    'kind: C',
    'metadata: {annotations: {}}',
  ].join('\n');

  test.each([
    ['the annotation of the manifest', 2, { line: 6, start: 4, end: 39 }],
    ['the first line, where the annotation is of the next manifest', 0, { line: 0, start: 0, end: 7 }],
    ['the first line, where there is no annotation', 8, { line: 8, start: 0, end: 7 }],
    ['the last line, where the file has become shorter', 99, { line: 9, start: 0, end: 27 }],
  ])('%s', (_, line, expected) => {
    expect(annotationRange(text, line)).toEqual(expected);
  });
});
