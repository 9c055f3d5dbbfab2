// What the real Argo CD v3.6.1 did with these applications on such a control plane, our runner has to do too.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { expectedOf, expectSame, objectsIn, prepare, runStep } from './live-case.ts';

const FOLDER = path.join(import.meta.dirname, 'cases');

// Each has namespaces of its own.
describe.concurrent('is as recorded, step by step', () => {
  test.each(readdirSync(FOLDER))('%s', { timeout: 120_000 }, async (name) => {
    const live = expectedOf(name);
    expect(live.steps.length).toBeGreaterThan(0);
    await prepare(live);
    let files = 'v1';
    for (const expected of live.steps) {
      files = expected.step.files ?? files;
      const outcome = await runStep(live, expected, objectsIn(path.join(FOLDER, name, `${files}.yaml`)));
      await expectSame(live, expected, outcome);
    }
  });
});
