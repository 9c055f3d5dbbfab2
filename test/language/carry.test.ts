import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { carried } from '../../server/src/language/diagnostics/carry.ts';
import type { Finding } from '../../server/src/language/diagnostics/model.ts';
import { openFile } from '../../server/src/manifest/source-file.ts';

const finding = (start: number, end: number, message = ''): Finding => ({
  rule: 'x',
  level: 'error',
  span: { start, end },
  message,
  fixes: () => [],
});

describe('findings that are carried over an edit', () => {
  const text = fc
    .array(fc.constantFrom('a: b\n', '---\n', 'c\n', '# x\n'), { minLength: 1, maxLength: 12 })
    .map((parts) => parts.join(''));

  it('point at the same words, or are gone', () => {
    fc.assert(
      fc.property(
        text,
        fc.nat(60),
        fc.nat(10),
        fc.constantFrom('', 'x', '---\n', '\n'),
        (before, at, length, typed) => {
          const old = openFile('a.yaml', before);
          const start = Math.min(at, before.length);
          const end = Math.min(start + length, before.length);
          const range = { start: old.positionAt(start), end: old.positionAt(end) };
          const now = old.changed({ range, text: typed }, 1);
          const findings = new Map(
            old.documents.map(({ document }, i) => [
              i,
              [...document.text].map((_, from) => finding(from, from + 1, document.text.slice(from, from + 1))),
            ]),
          );
          for (const [index, own] of carried(findings, old, now)) {
            const document = now.document(index)?.document.text ?? '';
            for (const { span, message } of own) expect(document.slice(span.start, span.end)).toBe(message);
          }
        },
      ),
    );
  });

  it('move with what is typed above them, and go with their own place', () => {
    const before = openFile('a.yaml', 'a: b\nc: d\n---\ne: f\n');
    const findings = new Map([
      [0, [finding(5, 6), finding(8, 9)]],
      [1, [finding(4, 5)]],
    ]);
    const at = { line: 1, character: 1 };
    const now = before.changed({ range: { start: at, end: at }, text: 'xx' }, 1);
    const kept = carried(findings, before, now);
    expect(kept.get(0)?.map(({ span }) => span)).toEqual([{ start: 10, end: 11 }]);
    expect(kept.get(1)?.map(({ span }) => span)).toEqual([{ start: 4, end: 5 }]);
    const split = before.changed({ range: { start: at, end: at }, text: '\n---\n' }, 1);
    const after = carried(findings, before, split);
    expect([...after.keys()]).toEqual([2]);
  });
});
