import { expect, test } from 'vitest';
import { LiveView } from '../../../client/src/cli/text/live.ts';
import { eventLine } from '../../../client/src/cli/text/run.ts';
import type { Failure, RunEvent } from '../../../client/src/sync/events.ts';

const time = '2026-11-26T03:00:00Z';
const replaced = 'job.batch "mig" deleted from shop namespace\r\njob.batch/mig replaced\n';
const TASK: RunEvent = {
  type: 'task',
  time,
  task: 'batch/Job/shop/mig',
  phase: 'Sync',
  wave: -1,
  status: 'Synced',
  hookPhase: 'Running',
  message: replaced,
};
const OPERATION: RunEvent = { type: 'operation', time, phase: 'Failed', message: 'one\n\n  two' };

test('an event is one line, whatever its message has', () => {
  expect(eventLine(TASK, { color: false })).toBe(
    '03:00:00  Sync −1      Running    Job/mig  job.batch "mig" deleted from shop namespace; job.batch/mig replaced',
  );
  expect(eventLine(OPERATION, { color: false })).toBe('03:00:00  Failed: one; two');
});

const RESULT = {
  type: 'result',
  time,
  operation: { phase: 'Failed', message: 'one\ntwo', startedAt: time, finishedAt: time },
  results: [
    {
      ...{ group: 'batch', kind: 'Job', version: 'v1', namespace: 'shop', name: 'mig' },
      ...{ status: 'SyncFailed', message: replaced, hookType: '', hookPhase: 'Failed', syncPhase: 'Sync' },
    },
  ],
  left: [],
  criticalPath: { seconds: 0, tasks: [] },
  waited: { seconds: 1 },
} as const satisfies RunEvent;

test('so is a failure in the summary', () => {
  expect(eventLine(RESULT, { color: false }).split('\n')).toEqual([
    'Failed: one; two',
    '  Job/mig: job.batch "mig" deleted from shop namespace; job.batch/mig replaced',
    '1 s, of which 0 s were waiting',
    'Nothing of the application is left in the cluster.',
  ]);
});

test('below it stands what is known of it, and what was not applied', () => {
  const failure: Failure = {
    ...{ task: 'batch/Job/shop/mig', phase: 'Sync', wave: 0, message: replaced },
    reasons: ['Pod mig-1: container main ended with exit code 3 (Error)'],
    log: ['connecting', '\u001b[31mno such table'],
    advice: ['Once it is repaired, the next sync runs Job mig anew.'],
  };
  const notApplied = Array.from({ length: 12 }, (_, i) => `/ConfigMap/shop/c${i}`);
  const text = eventLine({ ...RESULT, failures: [failure], notApplied }, { color: false });
  expect(text.split('\n').slice(2, 10)).toEqual([
    '    Pod mig-1: container main ended with exit code 3 (Error)',
    '    | connecting',
    '    | \ufffd[31mno such table',
    '    → Once it is repaired, the next sync runs Job mig anew.',
    'Not applied: 12 objects',
    '  ConfigMap/c0',
    '  ConfigMap/c1',
    '  ConfigMap/c2',
  ]);
  expect(text).toContain('  ConfigMap/c9\n  and 2 more\n');
});

test('the list on a terminal has one line for each task too', () => {
  let drawn = '';
  const output = { message: () => undefined, color: false, live: true, columns: 140, rows: 40 };
  const view = new LiveView({ ...output, data: (text) => void (drawn = text) }, () => 0);
  view.show(TASK);
  view.show(OPERATION);
  view.close();
  expect(drawn.trimEnd().split('\n')).toHaveLength(2);
});
