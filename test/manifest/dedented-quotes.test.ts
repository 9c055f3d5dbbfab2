import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDocument } from '../../server/src/manifest/document.ts';
import { readForSync, readWithOther, readWithYaml } from '../../server/src/manifest/values.ts';

describe('texts in quotes that go on no deeper than their key', () => {
  test.each<readonly [string, string, unknown]>([
    ['in single quotes', "a:\n  b: 'one\n  two: it''s\n  three'\n  c: 1\n", { a: { b: "one two: it's three", c: 1 } }],
    ['in double quotes', 'a:\n  b: "one\n  \\"two\\""\n  c: 1\n', { a: { b: 'one "two"', c: 1 } }],
    ['at the first column', 'a: "one\ntwo"\nb: x\n', { a: 'one two', b: 'x' }],
    ['with blank lines', "a: 'one\n\n\ntwo'\n", { a: 'one\n\ntwo' }],
    ['with an escaped line break', 'a: "one \\\ntwo \\\n\n  three"\n', { a: 'one two \nthree' }],
    ['as items', "a:\n- 'one\n- two'\n- three\n", { a: ['one - two', 'three'] }],
    ['behind blocks and comments', "x: | # it's\n  don't\n# 'no\na: 'one\ntwo'\n", { x: "don't\n", a: 'one two' }],
    ['with a quote at the end of a line', "a:\n  b: 'x''\n  : x'\n  c: 1\n", { a: { b: "x' : x", c: 1 } }],
    ['that ends with a quote', "a: 'x'''\nb: ''\n", { a: "x'", b: '' }],
    ['with CRLF', "a: 'one\r\ntwo'\r\nb: x\r\n", { a: 'one two', b: 'x' }],
  ])('%s', (_name, text, value) => {
    expect(readWithYaml(text)).toEqual({ value });
    expect(readForSync(text)).toEqual({ value });
  });

  test('cost the annotations below them nothing', () => {
    const text = "kind: Job\nmetadata:\n  annotations:\n    a: 'one\n    two'\n    argocd.argoproj.io/hook: presync\n";
    const { manifests, problems } = parseDocument(text);
    expect(problems).toEqual([]);
    expect(manifests[0]?.annotations.map(({ valueSpan }) => text.slice(valueSpan.start, valueSpan.end))).toEqual([
      "'one\n    two'",
      'presync',
    ]);
  });

  test('that never end are still a problem', () => {
    expect(readWithYaml("a: 'one\ntwo\nb: x\n")).toHaveProperty('error');
  });

  test('mean the same to both readers, however they are broken', () => {
    const piece = fc.constantFrom('one', 'two', ' ', '\n', '\n  ', "''", '\\n', ': ', '# ', '- ');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.constantFrom("'", '"'), (pieces, quote) => {
        const inner = quote === '"' ? pieces.filter((p) => p !== "''") : pieces.filter((p) => p !== '\\n');
        const text = `a:\n  b: ${quote}x${inner.join('')}x${quote}\n  c: 1\n`;
        const other = readWithOther(text);
        if ('value' in other) expect(readWithYaml(text)).toEqual(other);
      }),
      { numRuns: 500 },
    );
  });
});
