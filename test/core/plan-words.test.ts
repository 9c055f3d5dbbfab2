import { expect, test } from 'vitest';
import { hookNotes, policyNotes, waveText } from '#core/plan/words';

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
