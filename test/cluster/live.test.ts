// What the real Argo CD v3.6.1 did with these applications on such a control plane, our runner has to do too.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '#core/object';
import { expectedOf, objectsIn, prepare, type ExpectedCase } from './live-case.ts';
import { expectSame } from './live-compare.ts';
import { runKubectl, runStep } from './live-run.ts';
import { pause } from './plane.ts';
import { recordingIn, recordingsIn } from './recording.ts';

const FOLDER = path.join(import.meta.dirname, 'cases');
/** A folder of further recordings, as they were made. */
const RECORDINGS = process.env['ARGOCD_HOOKS_RECORDINGS'] ?? '';
/** Some of them, with commas between. */
const NAMES = process.env['ARGOCD_HOOKS_CASES']?.split(',');

async function runCase(live: ExpectedCase, objects: (files: string, application: string) => KubeObject[]) {
  expect(live.steps.length).toBeGreaterThan(0);
  await prepare(live);
  let files = 'v1';
  for (const expected of live.steps) {
    const { step } = expected;
    files = step.files ?? files;
    if (step.waitMs !== undefined) await pause(step.waitMs);
    if (step.kubectl) await runKubectl(live.namespace, step.kubectl);
    if (step.sync === undefined && step.deleteApplication !== true) continue;
    const outcome = await runStep(live, expected, objects(files, step.application ?? live.name));
    await expectSame(live, expected, outcome);
  }
}

// Each has namespaces of its own.
describe.runIf(RECORDINGS === '')('is as recorded, step by step', { concurrent: true }, () => {
  test.each(readdirSync(FOLDER))('%s', { timeout: 120_000 }, (name) =>
    runCase(expectedOf(name), (files, application) => {
      const alone = path.join(FOLDER, name, `${files}.yaml`);
      // Of several applications each has a file of its own.
      return objectsIn(existsSync(alone) ? alone : path.join(FOLDER, name, files, `${application}.yaml`));
    }),
  );
});

describe.runIf(RECORDINGS !== '')('is as in the folder of recordings', { concurrent: true }, () => {
  const names = RECORDINGS === '' ? [] : recordingsIn(RECORDINGS).filter((name) => NAMES?.includes(name) ?? true);
  test.each(names)('%s', { timeout: 180_000 }, (name) => {
    const recording = recordingIn(path.join(RECORDINGS, name));
    return runCase(recording.live, (files, application) => recording.objects(files, application));
  });
});
