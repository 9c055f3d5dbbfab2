import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDocument } from '../../server/src/manifest/document.ts';
import {
  addAnnotation,
  applyEdits,
  removeAnnotation,
  renameAnnotation,
  replaceListItem,
  setAnnotationValue,
  type Edit,
} from '../../server/src/manifest/edit.ts';
import type { AnnotationEntry, Manifest, YamlDocument } from '../../server/src/manifest/model.ts';
import { doubleQuoted, needsQuotes, writeScalar } from '../../server/src/manifest/scalar-text.ts';

type Change = (document: YamlDocument, manifest: Manifest, entry: AnnotationEntry) => Edit | undefined;

/** YAML in, YAML out: `change` is applied to the annotation `key` of the first manifest. */
function edited(text: string, change: Change, key = 'a'): string | undefined {
  const document = parseDocument(text);
  const [manifest] = document.manifests;
  if (!manifest) throw new Error('no manifest');
  const entry = manifest.annotations.find((annotation) => annotation.key === key);
  const edit = change(document, manifest, entry ?? { ...NO_ENTRY, key });
  return edit && applyEdits(text, [edit]);
}
const NO_ENTRY: AnnotationEntry = {
  key: '',
  keySpan: { start: 0, end: 0 },
  value: null,
  valueSpan: { start: 0, end: 0 },
  style: 'none',
  templated: false,
};

/** The annotations of a block manifest, indented; everything else stays as it is. */
const block = (lines: string): string =>
  `kind: Job\nmetadata:\n  name: x\n  annotations:\n${lines.replace(/^(?=.)/gm, '    ')}spec: {}\n`;

describe('an annotation is given another value', () => {
  const set =
    (value: string): Change =>
    (document, _manifest, entry) =>
      setAnnotationValue(document, entry, value);

  test.each([
    ['in double quotes', 'a: "1" # c\n', '5', 'a: "5" # c\n'],
    ['in single quotes', "a: 'x'\n", "it's", "a: 'it''s'\n"],
    ['plain', 'a: PreSync\n', 'Sync,PostSync', 'a: Sync,PostSync\n'],
    ['plain, where quotes are needed', 'a: PreSync\n', '5', 'a: "5"\n'],
    ['where nothing is written', 'a:\nb: x\n', 'Sync', 'a: "Sync"\nb: x\n'],
    ['where nothing is written behind a space', 'a: # c\n', 'Sync', 'a: "Sync" # c\n'],
    ['for a block', 'a: |\n  one\n  two\nb: x\n', 'Sync', 'a: "Sync"\nb: x\n'],
    ['for an alias', 'b: &x y\na: *x\n', 'Sync', 'b: &x y\na: Sync\n'],
  ])('%s', (_name, before, value, after) => {
    expect(edited(block(before), set(value))).toBe(block(after));
  });

  test('in a flow map', () => {
    expect(edited('metadata: {annotations: {a: x, b: y}}\n', set('S,T'))).toBe(
      'metadata: {annotations: {a: "S,T", b: y}}\n',
    );
    expect(edited('{"metadata":{"annotations":{"a":"x"}}}', set('y'))).toBe('{"metadata":{"annotations":{"a":"y"}}}');
  });
});

describe('an annotation is given another key', () => {
  test.each([
    ['plain', 'a: x\n', 'b: x\n'],
    ['in quotes', '"a": x\n', '"b": x\n'],
  ])('%s', (_name, before, after) => {
    expect(edited(block(before), (document, _manifest, entry) => renameAnnotation(document, entry, 'b'))).toBe(
      block(after),
    );
  });
});

describe('an item of a comma list', () => {
  test.each([
    ['is replaced', 'a: "PreSnc, PostSync"\n', 'PreSnc', 'PreSync', 'a: "PreSync, PostSync"\n'],
    ['is replaced wherever it stands alone', 'a: x,xy, x\n', 'x', '$&', 'a: $&,xy, $&\n'],
    ['is taken out at the start', 'a: x, z\n', 'x', undefined, 'a: z\n'],
    ['is taken out at the end', 'a: x,y\n', 'y', undefined, 'a: x\n'],
  ])('%s', (_name, before, item, by, after) => {
    expect(edited(block(before), (document, _manifest, entry) => replaceListItem(document, entry, item, by))).toBe(
      block(after),
    );
  });
});

describe('an annotation is removed', () => {
  const remove: Change = (_document, manifest, entry) =>
    removeAnnotation(parseDocument(_document.text), manifest, entry);

  test.each([
    ['with its line', 'b: x\na: y # c\nc: z\n', 'b: x\nc: z\n'],
    ['with all lines of a block', 'a: |\n  one\n  two\nb: x\n', 'b: x\n'],
    ['with all lines of a text', 'a: "one\n  two"\nb: x\n', 'b: x\n'],
    ['where no value is written', 'a:\nb: x\n', 'b: x\n'],
  ])('%s', (_name, before, after) => {
    expect(edited(block(before), remove)).toBe(block(after));
  });

  test('and the map with the last one', () => {
    expect(edited(block('# why\na: x\n'), remove)).toBe('kind: Job\nmetadata:\n  name: x\nspec: {}\n');
    expect(edited('metadata:\n  name: x\n  annotations: {a: x}\n', remove)).toBe('metadata:\n  name: x\n');
    expect(edited('{"metadata":{"name":"x","annotations":{"a":"x"}}}', remove)).toBe('{"metadata":{"name":"x"}}');
    expect(edited('{"metadata":{"annotations":{"a":"x"},"name":"x"}}', remove)).toBe('{"metadata":{"name":"x"}}');
  });

  test('from a flow map', () => {
    expect(edited('metadata: {annotations: {a: x, b: y}}', remove)).toBe('metadata: {annotations: {b: y}}');
    expect(edited('metadata: {annotations: {b: y, a: x}}', remove)).toBe('metadata: {annotations: {b: y}}');
    expect(edited('{"metadata": {"annotations": {\n  "b": "y",\n  "a": "x"\n}}}', remove)).toBe(
      '{"metadata": {"annotations": {\n  "b": "y"\n}}}',
    );
  });

  test('with CRLF and without a last line end', () => {
    expect(edited('metadata:\r\n  annotations:\r\n    b: y\r\n    a: x\r\n', remove)).toBe(
      'metadata:\r\n  annotations:\r\n    b: y\r\n',
    );
    expect(edited('metadata:\n  annotations:\n    b: y\n    a: x', remove)).toBe(
      'metadata:\n  annotations:\n    b: y\n',
    );
  });

  test('not where a merge key or an alias brings it', () => {
    expect(edited('x: &x {a: b}\nmetadata:\n  annotations:\n    <<: *x\n', remove)).toBeUndefined();
    expect(edited('x: &x {a: b}\nmetadata:\n  annotations: *x\n', remove)).toBeUndefined();
  });
});

describe('an annotation is added', () => {
  const add: Change = (document, manifest) => addAnnotation(document, manifest, 'new', 'v');

  test.each([
    ['behind the others', block('a: x\n'), block('a: x\nnew: "v"\n')],
    ['behind a block', block('a: |\n  x\n'), block('a: |\n  x\nnew: "v"\n')],
    [
      'behind an empty value at the end',
      'metadata:\n  annotations:\n    a:',
      'metadata:\n  annotations:\n    a:\n    new: "v"',
    ],
    [
      'with the annotations',
      'kind: Job\nmetadata:\n    name: x # c\n    labels: {}\n',
      'kind: Job\nmetadata:\n    name: x # c\n    annotations:\n        new: "v"\n    labels: {}\n',
    ],
    [
      'with the annotations, without a name',
      'metadata:\n  labels: {}\n',
      'metadata:\n  annotations:\n    new: "v"\n  labels: {}\n',
    ],
    [
      'below empty annotations',
      'metadata:\n  annotations: # c\n  name: x\n',
      'metadata:\n  annotations: # c\n    new: "v"\n  name: x\n',
    ],
    ['below null', 'metadata:\n  annotations: null\n', 'metadata:\n  annotations:\n    new: "v"\n'],
    ['with the metadata', 'kind: Job\nspec: {}\n', 'kind: Job\nmetadata:\n  annotations:\n    new: "v"\nspec: {}\n'],
    [
      'below empty metadata',
      'kind: Job\nmetadata:\nspec: {}\n',
      'kind: Job\nmetadata:\n  annotations:\n    new: "v"\nspec: {}\n',
    ],
    ['in an empty flow map', 'metadata:\n  annotations: {}\n', 'metadata:\n  annotations: {new: "v"}\n'],
    ['in a flow map', 'metadata: {annotations: {a: x}}\n', 'metadata: {annotations: {a: x, new: "v"}}\n'],
    ['in flow metadata', 'metadata: {name: x}\n', 'metadata: {name: x, annotations: {new: "v"}}\n'],
    ['in JSON', '{"metadata":{"annotations":{"a":"x"}}}', '{"metadata":{"annotations":{"a":"x", "new": "v"}}}'],
    [
      'in JSON over lines',
      '{\n  "metadata": {\n    "name": "x"\n  }\n}\n',
      '{\n  "metadata": {\n    "name": "x",\n    "annotations": {"new": "v"}\n  }\n}\n',
    ],
    [
      'with CRLF',
      'metadata:\r\n  annotations:\r\n    a: x\r\n',
      'metadata:\r\n  annotations:\r\n    a: x\r\n    new: "v"\r\n',
    ],
    [
      'to an item of a list',
      'kind: List\nitems:\n- kind: Job\n  metadata:\n    name: x\n',
      'kind: List\nitems:\n- kind: Job\n  metadata:\n    name: x\n    annotations:\n      new: "v"\n',
    ],
  ])('%s', (_name, before, after) => {
    expect(edited(before, add)).toBe(after);
  });
});

describe('a text written as a scalar', () => {
  test('is read as the same text', () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: fc.constantFrom(...'yn0123456789.:-_ eE+xo#\'",{}[]&*!|>?%@`~\n\t\\<=a') }),
      fc.constantFrom('yes', 'null', '', '1e3', '0x1f', '2001-01-01', '1:30', '---', '...', '<<', 'a: b', 'a #b'),
    );
    fc.assert(
      fc.property(anyText, fc.constantFrom('plain', 'single', 'double'), fc.boolean(), (value, style, flow) => {
        const written = writeScalar(value, style, flow);
        const document = parseDocument(flow ? `v: {a: ${written}, b: x}\n` : `v:\n  a: ${written}\n  b: x\n`);
        expect(document.problems).toEqual([]);
        expect(document.value).toEqual({ v: { a: value, b: 'x' } });
      }),
      { numRuns: 3000 },
    );
  });

  test('is quoted where YAML 1.1 reads something else', () => {
    const words = [
      'yes',
      'y',
      'off',
      '~',
      '',
      '5',
      '0644',
      '1e3',
      '.5',
      '2001-01-01',
      '1:30',
      '- a',
      '? a',
      'a: b',
      '# a',
    ];
    expect(words.filter((word) => !needsQuotes(word))).toEqual([]);
    expect(['PreSync', 'a-b', '-a', 'a:b', 'a#b', 'a,b', '1.2.3'].filter((word) => needsQuotes(word))).toEqual([]);
    expect(doubleQuoted('a"\\\n\u0007')).toBe('"a\\"\\\\\\n\\u0007"');
  });
});
