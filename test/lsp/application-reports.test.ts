import { afterEach, describe, expect, it } from 'vitest';
import type { Diagnostic } from 'vscode-languageserver';
import { APPLICATIONS, FINDINGS, type FoundProblem } from '#protocol';
import { FULL, job, ROOT, TestSession, WITHOUT_PULL, type SessionOptions } from './harness.ts';

let open: TestSession[] = [];
afterEach(async () => {
  await Promise.all(open.map((session) => session.end().catch(() => undefined)));
  open = [];
});

const APPLICATION = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: shop
spec:
  source:
    repoURL: https://github.com/example/shop.git
    path: chart #1
`;
const SEED = job('seed', 'helm.sh/hook: post-install');
const FILES = {
  'chart/Chart.yaml': 'name: shop\n',
  'chart/templates/seed.yaml': SEED,
  'shop app.yaml': APPLICATION,
};
const RULE = 'helm-hook-runs-every-sync';
const PATH = 'chart/templates/seed.yaml';

const RELATED = {
  ...FULL,
  textDocument: { ...FULL.textDocument, publishDiagnostics: { relatedInformation: true } },
};

/** A session that has read all of its files. */
async function session(options: SessionOptions = {}): Promise<TestSession> {
  const started = new TestSession({ files: FILES, ...options });
  open.push(started);
  await started.start();
  await started.client.sendRequest(APPLICATIONS);
  return started;
}

const codes = (diagnostics: readonly Diagnostic[]): unknown[] => diagnostics.map(({ code }) => code);
const insert = (line: number, character: number, text: string): object => ({
  range: { start: { line, character }, end: { line, character } },
  text,
});

describe('what the rules find in an application', () => {
  it('is part of the first report of a document, with the other places where the client shows them', async () => {
    const started = await session({ capabilities: RELATED });
    await started.open(PATH, SEED);
    const [found, ...more] = await started.diagnostics(PATH);
    expect(more).toEqual([]);
    expect(found).toMatchObject({ code: RULE, range: { start: { line: 5, character: 18 } } });
    expect(found?.relatedInformation).toEqual([
      {
        location: {
          uri: `${ROOT}/shop%20app.yaml`,
          range: { start: { line: 3, character: 8 }, end: { line: 3, character: 12 } },
        },
        message: 'The Application shop applies this chart.',
      },
    ]);
    const poor = await session();
    await poor.open(PATH, SEED);
    expect((await poor.diagnostics(PATH))[0]).not.toHaveProperty('relatedInformation');
  });

  it('stands and moves with the text while it is typed in, and is the same after the pause', async () => {
    const started = await session();
    await started.open(PATH, SEED);
    await started.diagnostics(PATH);
    await started.change(PATH, 2, insert(0, 0, '# x\n'));
    expect(await started.diagnostics(PATH)).toMatchObject([{ code: RULE, range: { start: { line: 6 } } }]);
    const before = started.sent('workspace/diagnostic/refresh').length;
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(await started.diagnostics(PATH)).toMatchObject([{ code: RULE, range: { start: { line: 6 } } }]);
    // Nothing that the client does not know already.
    expect(started.sent('workspace/diagnostic/refresh').length).toBe(before);
  });

  it('is gone as soon as its place is edited, and anew after the pause', async () => {
    const started = await session();
    await started.open(PATH, SEED);
    await started.diagnostics(PATH);
    await started.change(PATH, 2, insert(5, 30, ','));
    expect(await started.diagnostics(PATH)).toEqual([]);
    await started.until(() => started.sent('workspace/diagnostic/refresh').length > 0);
    expect(codes(await started.diagnostics(PATH))).toEqual([RULE]);
  });

  it('changes with the other files of the application, open or not', async () => {
    const started = await session();
    await started.open(PATH, SEED);
    const first = await started.ask<{ resultId: string }>('textDocument/diagnostic', PATH);
    const again = (): Promise<{ kind: string; resultId: string; items?: Diagnostic[] }> =>
      started.ask('textDocument/diagnostic', PATH, { previousResultId: first.resultId });
    expect(await again()).toMatchObject({ kind: 'unchanged' });
    await started.open('shop app.yaml', APPLICATION);
    await started.change('shop app.yaml', 2, {
      range: { start: { line: 1, character: 6 }, end: { line: 1, character: 17 } },
      text: 'Other',
    });
    await started.until(() => started.sent('workspace/diagnostic/refresh').length > 0);
    expect(await again()).toMatchObject({ kind: 'full', items: [] });
    await started.close('shop app.yaml');
    await started.until(() => started.sent('workspace/diagnostic/refresh').length > 1);
    expect(codes(await started.diagnostics(PATH))).toEqual([RULE]);
  });

  it('is published again to a client that does not pull, where it is another', async () => {
    const started = await session({ capabilities: WITHOUT_PULL });
    const published = (): { uri: string; diagnostics: Diagnostic[] }[] =>
      started.sent('textDocument/publishDiagnostics') as { uri: string; diagnostics: Diagnostic[] }[];
    await started.open(PATH, SEED);
    await started.until(() => published().at(-1)?.diagnostics.length === 1);
    expect(codes(published().at(-1)?.diagnostics ?? [])).toEqual([RULE]);
    started.disk.delete('shop app.yaml');
    await started.client.sendNotification('workspace/didChangeWatchedFiles', {
      changes: [{ uri: `${ROOT}/shop%20app.yaml`, type: 3 }],
    });
    await started.until(() => published().at(-1)?.diagnostics.length === 0);
  });

  it('obeys levels, comments and the switch of the folder', async () => {
    const off = await session({ settings: { [ROOT]: { rules: { [RULE]: 'off', 'no-such-rule': 'error' } } } });
    await off.open(PATH, SEED);
    expect(await off.diagnostics(PATH)).toEqual([]);
    const hint = await session({ settings: { [ROOT]: { rules: { [RULE]: 'hint' } } } });
    await hint.open(PATH, SEED);
    expect(await hint.diagnostics(PATH)).toMatchObject([{ severity: 4 }]);
    const silent = await session();
    await silent.open(PATH, `# argocd-hooks: ignore ${RULE}\n${SEED}`);
    expect(await silent.diagnostics(PATH)).toEqual([]);
    const disabled = await session({ settings: { [ROOT]: { enable: false } } });
    await disabled.open(PATH, SEED);
    expect(await disabled.diagnostics(PATH)).toEqual([]);
  });

  it('has quick fixes like any other', async () => {
    const started = await session();
    await started.open(PATH, SEED);
    await started.diagnostics(PATH);
    const at = { line: 5, character: 20 };
    const actions = await started.ask<{ title: string }[]>('textDocument/codeAction', PATH, {
      range: { start: at, end: at },
      context: { diagnostics: [] },
    });
    expect(actions.map(({ title }) => title)).toContain('Leave it out of every sync (Skip)');
  });
});

describe('all problems of an application', () => {
  const application = { folder: ROOT, path: 'chart', name: 'shop' };
  const wrong = job('wrong', 'argocd.argoproj.io/hook: presync');

  it('are told of files that no editor shows, of both tiers, in the order of files and texts', async () => {
    const started = await session({ files: { ...FILES, 'chart/templates/wrong.yaml': wrong } });
    const found = await started.client.sendRequest<FoundProblem[]>(FINDINGS, { application });
    expect(found.map(({ file, severity }) => [file, severity])).toEqual([
      [PATH, 'warning'],
      ['chart/templates/wrong.yaml', 'error'],
    ]);
    expect(found[0]?.message).toContain('seed');
    expect([found[1]?.line, found[1]?.message]).toEqual([6, expect.stringContaining('Did you mean PreSync?')]);
  });

  it('are those of the text as it is typed', async () => {
    const started = await session();
    await started.open(PATH, wrong);
    const found = await started.client.sendRequest<FoundProblem[]>(FINDINGS, { application });
    expect(found.map(({ severity, line }) => [severity, line])).toEqual([['error', 6]]);
  });

  it('are none of an application that is not there', async () => {
    const started = await session();
    const nowhere = { ...application, name: 'nowhere' };
    expect(await started.client.sendRequest(FINDINGS, { application: nowhere })).toEqual([]);
    expect(await started.client.sendRequest(FINDINGS, 'nonsense')).toEqual([]);
  });
});
