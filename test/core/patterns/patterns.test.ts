import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOOK_PATTERNS, hookNameProblem, manifestOf, policiesOf } from '#core/patterns/patterns';
import { filled, pieces, plainOf, snippetOf } from '#core/patterns/pieces';

describe('a text with places to fill in', () => {
  const text = pieces`name: ${{ slot: 1, text: 'web' }} ${'$HOME'} ${pieces`}${{ slot: 2, text: 'a}b' }}`}`;

  it('reads as if nothing were to be filled in, and as a snippet', () => {
    expect(plainOf(text)).toBe('name: web $HOME }a}b');
    expect(snippetOf(text)).toBe('name: ${1:web} \\$HOME \\}${2:a\\}b}');
  });

  it('is filled in everywhere', () => {
    const twice = pieces`${{ slot: 1, text: 'a' }}-${{ slot: 1, text: 'a' }}`;
    expect(plainOf(filled(twice, 1, 'b'))).toBe('b-b');
  });

  it('escapes whatever a snippet would take for its own', () => {
    fc.assert(
      fc.property(fc.string(), (any) => {
        const snippet = snippetOf(pieces`${any}`);
        expect(snippet.replace(/\\([\\$}])/g, '$1')).toBe(any);
        expect(snippet.replace(/\\[\\$}]/g, '')).not.toMatch(/[$}]/);
      }),
    );
  });
});

describe('patterns of hooks', () => {
  it('delete themselves on success, but where the sync has failed anyway', () => {
    expect(policiesOf(['PreSync'])).toBe('BeforeHookCreation,HookSucceeded');
    expect(policiesOf(['SyncFail'])).toBe('BeforeHookCreation');
    expect(policiesOf(['PostSync', 'SyncFail'])).toBe('BeforeHookCreation,HookSucceeded');
  });

  it('have good names, a deadline and an end to retrying', () => {
    for (const pattern of HOOK_PATTERNS) {
      expect(hookNameProblem(pattern.name)).toBeUndefined();
      expect(plainOf(manifestOf(pattern))).toMatch(/activeDeadlineSeconds: [1-9]\d*\n {2}backoffLimit: \d\n/);
    }
    expect(new Set(HOOK_PATTERNS.map(({ id }) => id)).size).toBe(HOOK_PATTERNS.length);
  });

  it.each(['', 'Web', '-a', 'a-', 'a.b', 'a b', 'a'.repeat(64)])('refuse the name "%s"', (name) => {
    expect(hookNameProblem(name)).toMatch(/\.$/);
  });
});
