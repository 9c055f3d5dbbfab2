import { describe, expect, it } from 'vitest';
import { RULES } from '../../../server/src/language/diagnostics/rules.ts';
import { lintFiles } from '../fixture.ts';

describe('the examples of every rule', () => {
  it.each(RULES.map((rule) => [rule.id, rule] as const))('%s', async (id, { examples, levels }) => {
    const { bad, good, file = 'manifest.yaml', files = {}, argocdVersion } = examples;
    const lint = (text: string) =>
      lintFiles({ ...files, [file]: text }, argocdVersion === undefined ? {} : { argocdVersion });
    const own = (await lint(bad)).filter(({ rule }) => rule === id);
    expect(own.length).toBeGreaterThan(0);
    for (const { severity, message, related } of own) {
      expect(levels).toContain(severity);
      expect(message.length).toBeGreaterThan(40);
      for (const place of related) expect(place.line).toBeGreaterThan(0);
    }
    expect((await lint(good)).filter(({ rule }) => rule === id)).toEqual([]);
    // What is held up as good is not found fault with by another rule.
    expect((await lint(good)).filter(({ severity }) => severity === 'error' || severity === 'warning')).toEqual([]);
  });
});
