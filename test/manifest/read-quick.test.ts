import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readWithJsYaml } from '../../server/src/manifest/read-js-yaml.ts';
import { readQuick } from '../../server/src/manifest/read-quick.ts';
import { documentTexts } from '../../server/src/manifest/split.ts';

/** Where the quick reader is certain, a full one says the same. */
function agrees(text: string): boolean {
  const quick = readQuick(text);
  if (quick !== undefined) expect([text, readWithJsYaml(text)]).toEqual([text, { value: quick }]);
  return quick !== undefined;
}

describe('the quick reader reads', () => {
  test.each([
    ['a map', 'a: 1\nb: x y\n', { a: 1, b: 'x y' }],
    ['below a separator', '---\na: 1\n', { a: 1 }],
    ['maps in maps', 'a:\n  b:\n    c: "1"\n  d: null\n', { a: { b: { c: '1' }, d: null } }],
    ['lists, at either column', 'a:\n- 1\n- 2\nb:\n  - x: 1\n    z: 2\n', { a: [1, 2], b: [{ x: 1, z: 2 }] }],
    ['lists in lists', 'a:\n- - 1\n  - 2\n- - 3\n', { a: [[1, 2], [3]] }],
    ['comments', '# c\na: 1 # c\n  # c\nb: "x" # c\n', { a: 1, b: 'x' }],
    ['keys without values', 'a:\nb:\n- x:\n  z: 1\n', { a: null, b: [{ x: null, z: 1 }] }],
    ['literal blocks', 'a: |\n  x\n    y: {{\n\n  z\nb: |-\n  q\n\nc: 1\n', { a: 'x\n  y: {{\n\nz\n', b: 'q', c: 1 }],
    ['short lists', 'a: [x, "y z", 1]\nb: []\nc: {}\n', { a: ['x', 'y z', 1], b: [], c: {} }],
    ['values of all sorts', 'a: 0644\nb: yes\nc: 1e3\nd: ~\n', { a: 420, b: true, c: 1000, d: null }],
    ['quoted keys', '"a/b": 1\n\'c\': 2\n', { 'a/b': 1, c: 2 }],
  ])('%s', (_name, text, value) => {
    expect(readQuick(text)).toEqual(value);
    agrees(text);
  });
});

describe('the quick reader leaves to others', () => {
  test.each([
    ['anchors', 'a: &x 1\nb: *x\n'],
    ['merge keys', 'a: 1\n<<: {b: 1}\n'],
    ['tags', 'a: !!str 1\n'],
    ['templates', 'a: {{ .Values.x }}\n'],
    ['texts over two lines', 'a: x\n  y\n'],
    ['quoted texts over two lines', 'a: "x\n  y"\n'],
    ['escapes', 'a: "\\n"\n'],
    ['folded blocks', 'a: >\n  x\n'],
    ['tabs', 'a:\t1\n'],
    ['carriage returns', 'a: 1\r\n'],
    ['a second separator', 'a: 1\n---\nb: 1\n'],
    ['the end of a document', 'a: 1\n...\n'],
    ['keys that are no texts', 'yes: 1\n'],
    ['repeated keys', 'a: 1\na: 2\n'],
    ['wrong indentation', 'a:\n    b: 1\n  c: 1\n'],
    ['a list that follows a value', 'a: 1\n- b\n'],
    ['colons in values', 'a: b: c\n'],
    ['nothing', ''],
    ['a text', 'just a text\n'],
    ['infinity', 'a: .inf\n'],
  ])('%s', (_name, text) => {
    expect(readQuick(text)).toBeUndefined();
  });
});

describe('where the quick reader is certain a full reader agrees', () => {
  const line = fc.tuple(
    fc.constantFrom(0, 0, 0, 2, 2, 1, 4),
    fc.constantFrom('', '', '', '- ', '- - ', '-', '# ', '--- '),
    fc.constantFrom('a', 'b', 'c', 'd', 'c/d.e', '"q"', "'s'", 'on', 'x y', '-', '1', ''),
    fc.constantFrom(':', ': ', ': ', ': ', ' :', '', ':x', ':  '),
    fc.constantFrom(
      '',
      '1',
      'x',
      '"y"',
      "'z'",
      '|',
      '|-',
      '[a, b]',
      '{}',
      'x # c',
      '"y"#',
      '- 1',
      'a:',
      '0x1f',
      '<<',
      "it's",
      '[1,2',
      '&a 1',
    ),
  );
  test('in lines put together by chance', () => {
    let certain = 0;
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), (lines) => {
        const text = lines
          .map(([n, dash, key, colon, value]) => `${' '.repeat(n)}${dash}${key}${colon}${value}\n`)
          .join('');
        if (agrees(text)) certain++;
      }),
      { numRuns: 20_000 },
    );
    expect(certain).toBeGreaterThan(50);
  });

  test('in the example manifests, cut and spliced', () => {
    const folder = new URL('../fixtures/guide/', import.meta.url);
    const texts = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.yaml'))
      .flatMap((name) => documentTexts(readFileSync(new URL(name, folder), 'utf8')));
    expect(texts.filter(agrees).length).toBeGreaterThan(texts.length / 2);
    const lines = texts.flatMap((text) => text.split('\n'));
    fc.assert(
      fc.property(fc.array(fc.nat(lines.length - 1), { maxLength: 12 }), fc.nat(3), (picked, shift) => {
        agrees(picked.map((i) => (lines[i] ?? '').slice(i % 5 === 0 ? shift : 0)).join('\n') + '\n');
      }),
      { numRuns: 3_000 },
    );
  });
});
