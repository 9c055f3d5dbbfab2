import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { planBesideRecording } from './plan.ts';
import { readCases } from './program.ts';

const FOLDER = join(import.meta.dirname, 'selection');
const compared = readdirSync(FOLDER)
  .sort()
  .flatMap((file) => readCases(join(FOLDER, file)))
  .flatMap((recorded) => {
    const both = planBesideRecording(recorded);
    return both ? [{ id: recorded.id, ...both }] : [];
  });

describe('the plan without a cluster has the order of the recorded sync', () => {
  it.each(compared)('$id', ({ plan, recording }) => {
    expect(plan).toEqual(recording);
  });

  it('in many of the recorded cases', () => {
    expect(compared.length).toBeGreaterThan(10);
  });
});
