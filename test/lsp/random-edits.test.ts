import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Range } from '../../server/src/manifest/lines.ts';
import { openFile } from '../../server/src/manifest/source-file.ts';
import { job, TestSession } from './harness.ts';

const START = [
  job('migrate', 'argocd.argoproj.io/hook: presync\nargocd.argoproj.io/sync-wave: "-1"'),
  job('web', 'argocd.argoproj.io/hook-delete-policy: HookFailed\nexample.com/a: "b"'),
  job('seed', 'argocd.argoproj.io/hook: PreSync,Typo\nargocd.argoproj.io/hook-delete-policy: HookSucceeded'),
  // What these are called, and what they share, is told of the application as a whole.
  job('', 'argocd.argoproj.io/hook: PreSync').replace('name: ', 'generateName: seed-'),
  job('', 'argocd.argoproj.io/hook: PreSync').replace('name: ', 'generateName: seed-'),
].join('---\n');

const PIECES = [
  'x',
  ' ',
  '  ',
  '\n',
  '\r\n',
  '\r',
  '---\n',
  '...\n',
  '"',
  "'",
  '{{ x }}',
  '#',
  ': ',
  ',',
  '🚀',
  '\u2028',
  '\t',
  '\ud83d',
  '    argocd.argoproj.io/hook: Typo\n',
  '    argocd.argoproj.io/sync-wave: 5\n',
  'annotations:\n',
  'kind: Job\n',
  'PreSync,',
  '# argocd-hooks: ignore unknown-hook-phase\n',
  '&a ',
  '*a',
  '- ',
  '{',
  '}',
  'spec:\n',
];

describe('after random edits', () => {
  it('the server says the same about a document as about the same text opened afresh', async () => {
    const [edited, fresh] = await Promise.all([new TestSession().start(), new TestSession().start()]);
    let run = 0;
    let collisions = 0;
    const position = fc.record({ line: fc.nat({ max: 24 }), character: fc.nat({ max: 48 }) });
    const change = fc.oneof(
      {
        weight: 20,
        arbitrary: fc.record({
          range: fc.record({ start: position, end: position }),
          text: fc.constantFrom(...PIECES),
        }),
      },
      {
        weight: 20,
        arbitrary: position.chain((at) =>
          fc.record({ range: fc.constant({ start: at, end: at }), text: fc.constantFrom(...PIECES) }),
        ),
      },
      { weight: 1, arbitrary: fc.record({ text: fc.constant(START) }) },
    );
    // Leaves every document readable, so that the application stays whole.
    const gentle = fc
      .record({ line: fc.nat({ max: 40 }), character: fc.constant(0) })
      .chain((at) =>
        fc.record({ range: fc.constant({ start: at, end: at }), text: fc.constantFrom('# x\n', '\n', '  # ☕\n') }),
      );
    const bursts = (one: fc.Arbitrary<{ text: string; range?: Range }>) =>
      fc.array(fc.array(one, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 8 });
    const asked = fc.array(position, { minLength: 3, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(
        fc.oneof({ weight: 3, arbitrary: bursts(change) }, { weight: 1, arbitrary: bursts(gentle) }),
        asked,
        async (edits, positions) => {
          const path = `${run++}.yaml`;
          try {
            let text = openFile(path, START);
            await edited.open(path, START);
            for (const [i, changes] of edits.entries()) {
              await edited.change(path, i + 2, ...changes);
              for (const one of changes)
                text = one.range
                  ? text.changed({ text: one.text, range: one.range }, i + 2)
                  : text.replaced(one.text, i + 2);
              // In between the server is asked, so that what it keeps is used.
              await edited.diagnostics(path);
            }
            await fresh.open(path, text.text);
            // What is found in the application follows after a pause.
            const expected = await fresh.diagnostics(path);
            if (expected.some(({ code }) => code === 'generate-name-collision')) collisions++;
            await expect.poll(() => edited.diagnostics(path), { timeout: 2_000 }).toEqual(expected);
            const everything = async (session: TestSession): Promise<unknown[]> => [
              await session.diagnostics(path),
              await session.lenses(path),
              await session.ask('textDocument/documentLink', path),
              await session.ask('textDocument/inlayHint', path, {
                range: { start: { line: 0, character: 0 }, end: { line: 90, character: 0 } },
              }),
              await session.ask('textDocument/documentSymbol', path),
              ...(await Promise.all(
                positions.flatMap((at) => [
                  session.ask('textDocument/hover', path, { position: at }),
                  session.ask('textDocument/completion', path, { position: at }),
                  session.ask('textDocument/references', path, { position: at, context: { includeDeclaration: true } }),
                  session.ask('textDocument/documentHighlight', path, { position: at }),
                ]),
              )),
            ];
            expect(await everything(edited)).toEqual(await everything(fresh));
          } finally {
            await edited.close(path);
            await fresh.close(path);
          }
        },
      ),
      { numRuns: 60 },
    );
    expect(collisions).toBeGreaterThan(5);
    for (const session of [edited, fresh]) {
      expect(session.sent('window/logMessage')).toEqual([]);
      await session.end();
    }
  });
});
