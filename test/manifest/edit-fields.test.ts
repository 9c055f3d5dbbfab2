import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { stringify } from 'yaml';
import { parseDocument } from '../../server/src/manifest/document.ts';
import { applyEdits, type Edit } from '../../server/src/manifest/edit.ts';
import { addFields, removeField, renameField, setField, type NewField } from '../../server/src/manifest/edit-fields.ts';

/** The text after an edit; undefined where there is none. */
const after = (text: string, edit: Edit | readonly Edit[] | undefined): string | undefined =>
  edit && applyEdits(text, Array.isArray(edit) ? (edit as readonly Edit[]) : [edit as Edit]);
const B: readonly NewField[] = [{ key: 'b', value: 2 }];
const add = (text: string, path: readonly (string | number)[] = ['spec'], fields = B): string | undefined =>
  after(text, addFields(text, path, fields));

describe('fields are written into a map', () => {
  test.each([
    ['in front of what is there', 'spec:\n  a: 1\n', 'spec:\n  b: 2\n  a: 1\n'],
    ['as the file indents', 'spec:\n    a: 1\n', 'spec:\n    b: 2\n    a: 1\n'],
    ['above comments, which stay', 'spec: # c\n\n  # d\n  a: 1\n', 'spec: # c\n  b: 2\n\n  # d\n  a: 1\n'],
    ['with its line ends', 'spec:\r\n  a: 1\r\n', 'spec:\r\n  b: 2\r\n  a: 1\r\n'],
    ['behind a quoted key', '"spec" :\n  a: 1\n', '"spec" :\n  b: 2\n  a: 1\n'],
    [
      'before templates',
      'spec:\n  {{- if .x }}\n  a: 1\n  {{- end }}\n',
      'spec:\n  b: 2\n  {{- if .x }}\n  a: 1\n  {{- end }}\n',
    ],
    ['between braces', 'spec: {a: 1}\n', 'spec: {b: 2, a: 1}\n'],
    ['between empty braces', 'spec: {}\n', 'spec: {b: 2}\n'],
    ['between braces on lines of their own', 'spec: {\n  a: 1\n}\n', 'spec: {\n  b: 2,\n  a: 1\n}\n'],
    ['in JSON', '{"spec": {"a": 1}}', '{"spec": {"b": 2, "a": 1}}'],
    ['in JSON that is empty', '{"spec": {}}', '{"spec": {"b": 2}}'],
    ['in JSON on lines', '{\n  "spec": {\n    "a": 1\n  }\n}\n', '{\n  "spec": {\n    "b": 2,\n    "a": 1\n  }\n}\n'],
  ])('%s', (_name, before, wanted) => {
    expect(add(before)).toBe(wanted);
  });

  test.each([
    ['behind an alias', 'x: &x\n  a: 1\nspec: *x\n'],
    ['under an anchor', 'spec: &x\n  a: 1\ny: *x\n'],
    ['under a tag', 'spec: !!map\n  a: 1\n'],
    ['that is none', 'spec: 5\n'],
    ['that is not there', 'a: 1\n'],
    ['that is empty', 'spec:\na: 1\n'],
    ['behind a key of several lines', '? spec\n: a: 1\n'],
  ])('not into one %s', (_name, text) => {
    expect(add(text)).toBeUndefined();
  });

  it('in maps of their own, with quotes where they are needed', () => {
    const fields: NewField[] = [
      {
        key: 'annotations',
        value: [
          { key: 'a.b/c', value: 'false' },
          { key: 'd', value: 'plain' },
        ],
      },
    ];
    expect(add('spec:\n   a: 1\n', ['spec'], fields)).toBe(
      'spec:\n   annotations:\n      a.b/c: "false"\n      d: plain\n   a: 1\n',
    );
    expect(add('spec: {a: 1}\n', ['spec'], fields)).toBe('spec: {annotations: {a.b/c: "false", d: plain}, a: 1}\n');
    expect(add('{"spec": {"a": 1}}', ['spec'], fields)).toBe(
      '{"spec": {"annotations": {"a.b/c": "false", "d": "plain"}, "a": 1}}',
    );
  });

  it('of an item of a list', () => {
    expect(add('items:\n- spec:\n    a: 1\n- spec:\n    a: 2\n', ['items', 1, 'spec'])).toBe(
      'items:\n- spec:\n    a: 1\n- spec:\n    b: 2\n    a: 2\n',
    );
  });
});

describe('a field is taken out', () => {
  const remove = (text: string, path = ['spec', 'a']): string | undefined => after(text, removeField(text, path));

  test.each([
    ['with its line and its comment', 'spec:\n  a: 1 # c\n  b: 2\n', 'spec:\n  b: 2\n'],
    ['the last one', 'spec:\n  b: 2\n  a: 1', 'spec:\n  b: 2\n'],
    ['with all its lines', 'spec:\n  a:\n    x: 1\n    y: 2\n  b: 2\n', 'spec:\n  b: 2\n'],
    ['a block', 'spec:\n  a: |\n    x\n    y\n  b: 2\n', 'spec:\n  b: 2\n'],
    ['the only one', 'spec:\n  a: 1\nb: 2\n', 'spec: {}\nb: 2\n'],
    ['the only one, below comments', 'spec: # c\n  # d\n  a: 1 # e\nb: 2\n', 'spec: {} # c\n  # d\nb: 2\n'],
    ['the only one of the end', 'spec:\n  a: 1', 'spec: {}\n'],
    ['between braces', 'spec: {a: 1, b: 2}\n', 'spec: {b: 2}\n'],
    ['the last between braces', 'spec: {b: 2, a: 1}\n', 'spec: {b: 2}\n'],
    ['the only one between braces', 'spec: {a: 1}\n', 'spec: {}\n'],
    ['in JSON', '{"spec": {\n  "a": 1,\n  "b": 2\n}}', '{"spec": {\n  "b": 2\n}}'],
  ])('%s', (_name, before, wanted) => {
    expect(remove(before)).toBe(wanted);
  });

  it('but not one that stands elsewhere', () => {
    expect(remove('x: &x {a: 1, b: 2}\nspec: *x\n')).toBeUndefined();
    expect(remove('spec:\n  b: 2\n')).toBeUndefined();
  });
});

describe('a field is given', () => {
  it('another value, in its quotes', () => {
    const set = (text: string, value: string | boolean) => after(text, setField(text, ['a', 'b'], value));
    expect(set('a: {b: "true"}\n', 'false')).toBe('a: {b: "false"}\n');
    expect(set("a:\n  b: 'true' # c\n", 'false')).toBe("a:\n  b: 'false' # c\n");
    expect(set('a:\n  b: enabled\n', 'disabled')).toBe('a:\n  b: disabled\n');
    expect(set('a:\n  b: true\n', 'false')).toBe('a:\n  b: "false"\n');
    expect(set('a:\n  b: true\n', false)).toBe('a:\n  b: false\n');
    expect(set('a:\n  b:\n', 'x')).toBeUndefined();
    expect(set('x: &x 5\na:\n  b: *x\n', 'x')).toBeUndefined();
    expect(set('a:\n  b: |\n    x\n', 'x')).toBeUndefined();
  });

  it('another key, and with it another value', () => {
    const rename = (text: string) => after(text, renameField(text, ['a', 'generateName'], 'name', 'x'));
    expect(rename('a:\n  generateName: x- # c\n')).toBe('a:\n  name: x # c\n');
    expect(rename('{"a": {"generateName": "x-"}}')).toBe('{"a": {"name": "x"}}');
    expect(rename('a:\n  b: 1\n')).toBeUndefined();
  });
});

describe('whatever a document holds', () => {
  const scalar = fc.oneof(
    fc.integer(),
    fc.boolean(),
    fc.constantFrom('x', 'a: b', 'two\nlines\n', '# no', '', '- a', 'ünï'),
  );
  const spec = fc.dictionary(
    fc.constantFrom('a', 'c', 'd e', '5', 'x#y'),
    fc.oneof(scalar, fc.array(scalar), fc.dictionary(fc.constantFrom('p', 'q'), scalar)),
    { minKeys: 1 },
  );
  const shape = fc.record({
    indent: fc.integer({ min: 1, max: 6 }),
    collectionStyle: fc.constantFrom('any', 'block', 'flow'),
    returns: fc.boolean(),
    json: fc.boolean(),
  });
  const written = fc.tuple(spec, shape).map(([value, { indent, collectionStyle, returns, json }]) => {
    const document = { kind: 'Job', spec: value, last: 1 };
    const text = json ? JSON.stringify(document, undefined, indent) : stringify(document, { indent, collectionStyle });
    return { value, text: returns ? text.replaceAll('\n', '\r\n') : text };
  });

  it('what is added is there, and everything else is what it was', () => {
    fc.assert(
      fc.property(written, ({ value, text }) => {
        const added = parseDocument(add(text) ?? '');
        expect(added.problems).toEqual([]);
        const before = parseDocument(text).value as { spec: object };
        expect(added.value).toEqual({ ...before, spec: { b: 2, ...before.spec } });
        for (const key of Object.keys(value)) {
          const without = parseDocument(after(text, removeField(text, ['spec', key])) ?? '');
          expect(without.problems).toEqual([]);
          expect(without.value).toEqual({
            ...before,
            spec: Object.fromEntries(Object.entries(before.spec).filter(([name]) => name !== key)),
          });
        }
      }),
      { numRuns: 300 },
    );
  });
});
