// What the real Argo CD v3.6.1 did with these applications on the same control plane, our runner has to do too.
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { expectedOf, expectSame, objectsIn, runStep } from './live-case.ts';
import { post, until, get } from './plane.ts';

const CASES = [
  'waves',
  'hook-rerun',
  'policies-success',
  'policies-failure',
  'multi-phase',
  'syncfail-presync',
  'terminate',
] as const;

describe.each(CASES)('%s', (name) => {
  test('is as recorded, step by step', { timeout: 120_000 }, async () => {
    await post('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    await until('the service account', () => get(`/api/v1/namespaces/${name}/serviceaccounts/default`));
    let files = 'v1';
    const steps = expectedOf(name);
    expect(steps.length).toBeGreaterThan(0);
    for (const expected of steps) {
      files = expected.step.files ?? files;
      const objects = objectsIn(path.join(import.meta.dirname, 'cases', name, `${files}.yaml`));
      const { terminateAtMs } = expected.step;
      const outcome = await runStep(name, objects, terminateAtMs === undefined ? {} : { terminateAtMs });
      await expectSame(name, outcome, expected);
    }
  });
});
