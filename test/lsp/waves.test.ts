import { describe, expect, it } from 'vitest';
import {
  APPLICATIONS,
  MOVE_TO_WAVE,
  RENUMBER_WAVES,
  type ApplicationSummary,
  type WaveChangeResult,
} from '../../server/src/lsp/protocol.ts';
import { job, ROOT, TestSession } from './harness.ts';

const wave = (n: number): string => `    argocd.argoproj.io/sync-wave: "${n}"\n`;

async function started(): Promise<{ session: TestSession; application: ApplicationSummary | undefined }> {
  const session = new TestSession({
    files: { 'a b/one.yaml': job('one', wave(3)), 'a b/two.yaml': job('two', wave(9)) },
  });
  await session.start();
  const [application] = await session.client.sendRequest<ApplicationSummary[]>(APPLICATIONS);
  return { session, application };
}

describe('waves over the protocol', () => {
  it('answers a move with edits of the files as they stand, and with what becomes of the plan', async () => {
    const { session, application } = await started();
    const places = [{ file: 'a b/one.yaml', line: 1 }];
    const result = await session.client.sendRequest<WaveChangeResult>(MOVE_TO_WAVE, { application, places, wave: 12 });
    expect(result.files).toMatchObject([
      { uri: `${ROOT}/a%20b/one.yaml`, version: null, edits: [{ newText: '"12"' }] },
    ]);
    expect(result.diff.map(({ change, from, to }) => [change, from?.wave, to?.wave])).toContainEqual(['moved', 3, 12]);
    await session.open('a b/one.yaml', `# new\n${job('one', wave(3))}`);
    const moved = await session.client.sendRequest<WaveChangeResult>(MOVE_TO_WAVE, {
      ...{ application, wave: 12 },
      places: [{ file: 'a b/one.yaml', line: 2 }],
    });
    const [before, after] = [result, moved].map(({ files }) => files[0]?.edits[0]?.range.start.line ?? 0);
    expect([moved.files[0]?.version, (after ?? 0) - (before ?? 0)]).toEqual([1, 1]);
  });

  it('numbers the waves of all files anew', async () => {
    const { session, application } = await started();
    const params = { application, gap: 5, keepNegative: true };
    const { files } = await session.client.sendRequest<WaveChangeResult>(RENUMBER_WAVES, params);
    expect(files.map(({ edits }) => edits.map(({ newText }) => newText))).toEqual([['"5"'], ['"10"']]);
  });

  it.each([
    {},
    { application: 3 },
    { application: { folder: ROOT, path: 'gone', name: 'gone' }, places: 7, wave: 'x' },
  ])('gives nothing for %j', async (params) => {
    const { session } = await started();
    expect(await session.client.sendRequest(MOVE_TO_WAVE, params)).toBeNull();
    expect(await session.client.sendRequest(RENUMBER_WAVES, params)).toBeNull();
  });

  it('reads no place out of nonsense', async () => {
    const { session, application } = await started();
    const result = await session.client.sendRequest(MOVE_TO_WAVE, { application, places: [{}, null, 3], wave: null });
    expect(result).toMatchObject({ files: [], refused: [] });
  });
});
