import { expect, test } from 'vitest';
import { LiveView } from '../../../client/src/cli/text/live.ts';
import { eventLine } from '../../../client/src/cli/text/run.ts';
import type { RunEvent } from '../../../client/src/sync/events.ts';

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

test('so is a failure in the summary', () => {
  const text = eventLine(
    {
      type: 'result',
      time,
      operation: { phase: 'Failed', message: 'one\ntwo', startedAt: time, finishedAt: time },
      results: [
        {
          group: 'batch',
          kind: 'Job',
          version: 'v1',
          namespace: 'shop',
          name: 'mig',
          status: 'SyncFailed',
          message: replaced,
          hookType: '',
          hookPhase: 'Failed',
          syncPhase: 'Sync',
        },
      ],
      left: [],
      criticalPath: { seconds: 0, tasks: [] },
      waited: { seconds: 1 },
    },
    { color: false },
  );
  expect(text.split('\n')).toEqual([
    'Failed: one; two',
    '  Job/mig: job.batch "mig" deleted from shop namespace; job.batch/mig replaced',
    '1 s, of which 0 s were waiting',
    'Nothing of the application is left in the cluster.',
  ]);
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
