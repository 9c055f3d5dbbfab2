import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PHASE_NAMES, POLICY_NAMES, SYNC_OPTION_LIST } from '#core/annotations/catalogue';
import { editDistance, nearest } from '#core/annotations/nearest';

describe('did you mean', () => {
  it.each([
    ['presync', 'PreSync'],
    ['Pre-Sync', 'PreSync'],
    ['pre_sync', 'PreSync'],
    ['PreSynch', 'PreSync'],
    ['PostSycn', 'PostSync'],
    ['SyncFailed', 'SyncFail'],
    ['sync', 'Sync'],
    ['skip', 'Skip'],
    ['Post Delete', 'PostDelete'],
  ])('%s → %s', (word, meant) => {
    expect(nearest(word, PHASE_NAMES)).toBe(meant);
  });

  it.each([
    ['HookSucceded', 'HookSucceeded'],
    ['hook-failed', 'HookFailed'],
    ['BeforeHookCreate', 'BeforeHookCreation'],
  ])('%s → %s', (word, meant) => {
    expect(nearest(word, POLICY_NAMES)).toBe(meant);
  });

  it.each(['', '  ', 'banana', 'cleanup', 'x'.repeat(100_000)])('says nothing about %j', (word) => {
    expect(nearest(word, PHASE_NAMES)).toBeUndefined();
  });

  it('finds an option in another case before one that is merely near', () => {
    const names = SYNC_OPTION_LIST.map((option) => option.name);
    expect(nearest('prune=False', names)).toBe('Prune=false');
    expect(nearest('ServerSideApply=True', names)).toBe('ServerSideApply=true');
  });

  it('counts a swap of neighbors as one step', () => {
    expect(editDistance('sycn', 'sync')).toBe(1);
    expect(editDistance('', 'abc')).toBe(3);
  });

  it('is a distance: symmetric, zero for equal words alone', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
      }),
    );
  });
});
