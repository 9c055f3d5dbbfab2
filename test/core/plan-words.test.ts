import { expect, test } from 'vitest';
import type { Gate } from '#core/plan/model';
import { gateBadge, gateLines, gateNote, gateSentences, hookNotes, policyNotes, waveText } from '#core/plan/words';

test.each([
  [['BeforeHookCreation'], false, 'replaced by the next sync'],
  [['HookSucceeded'], false, 'deleted when the sync succeeds'],
  [['HookFailed', 'BeforeHookCreation'], false, 'deleted when the sync fails, replaced by the next sync'],
  [['HookSucceeded', 'HookFailed'], false, 'deleted when the sync has ended'],
  // No sync finds what an earlier one left: the name is another one.
  [['BeforeHookCreation'], true, 'new name every sync, never deleted'],
  [['BeforeHookCreation', 'HookSucceeded'], true, 'new name every sync, deleted when the sync succeeds'],
])('what becomes of a hook with %j, generated name %s: %s', (policies, generated, expected) => {
  expect(policyNotes(policies, generated).join(', ')).toBe(expected);
});

test.each([
  [['PostDelete'], ['BeforeHookCreation'], 'outlives the Application'],
  [['PostDelete'], ['HookSucceeded'], 'deleted when it has succeeded'],
  [['PreDelete'], ['BeforeHookCreation'], ''],
  [['PreSync', 'PreDelete'], ['HookSucceeded'], 'deleted when the sync succeeds'],
  [[], ['HookSucceeded'], ''],
])('hooks of a deletion go by their own end: %j with %j: %s', (hook, deletePolicies, expected) => {
  expect(hookNotes({ hook, deletePolicies, name: 'a', generateName: null }).join(', ')).toBe(expected);
});

test('a negative wave has a true minus sign', () => {
  expect([waveText(-1), waveText(5)]).toEqual(['wave −1', 'wave 5']);
});

const JOB = 'batch/Job/shop/migrate';
const WEB = 'apps/Deployment/shop/web';
const MAP = '/ConfigMap/shop/settings';
const GATE: Gate = {
  waits: true,
  for: [
    { task: JOB, until: 'completes' },
    { task: WEB, until: 'healthy' },
  ],
  notWaitedFor: [{ task: MAP, reason: 'Argo CD has no health check for ConfigMap' }],
  mayHang: [{ task: JOB, reason: 'the Job is suspended' }],
};

test('a gate beside its wave', () => {
  expect(gateBadge(GATE)).toBe('waits for 1 to complete and 1 to be healthy');
  expect(gateBadge({ ...GATE, for: GATE.for.slice(0, 1) })).toBe('waits for Job migrate to complete');
  expect(gateBadge({ ...GATE, for: [] })).toBe('does not wait');
});

test('a gate in the row of one task', () => {
  expect([JOB, WEB, MAP, 'a/b/c/d'].map((key) => gateNote(GATE, key))).toEqual([
    'waits until it completes',
    'waits until it is healthy',
    'does not wait',
    '',
  ]);
});

test('a gate in sentences about one task', () => {
  expect(gateSentences(GATE, JOB, false)).toEqual({
    waits: 'The next wave waits until it completes.',
    hang: 'It can wait for ever: the Job is suspended.',
  });
  expect(gateSentences(GATE, MAP, true)).toEqual({
    free: 'The sync does not wait for it: Argo CD has no health check for ConfigMap.',
  });
});

test('all sentences about a gate', () => {
  expect(gateLines(GATE).map(({ before, task, after }) => before + task + after)).toEqual([
    'Waits for Job migrate to complete.',
    'Waits for Deployment web to be healthy.',
    'Does not wait for ConfigMap settings: Argo CD has no health check for ConfigMap.',
    'Job migrate can wait for ever: the Job is suspended.',
  ]);
});
