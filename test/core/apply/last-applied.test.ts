import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { goJson, goText } from '#core/apply/go-json';
import { lastAppliedOf, withLastApplied, withoutNulls } from '#core/apply/last-applied';
import { PatchError } from '#core/apply/patch';
import { annotationOf, type Json, type JsonObject } from '#core/object';

const KEY = 'kubectl.kubernetes.io/last-applied-configuration';

describe('JSON as Go writes it', () => {
  test.each<[Json, string]>([
    [{ b: 1, a: [true, null, 'x'] }, '{"a":[true,null,"x"],"b":1}'],
    [{ '10': 1, '9': 2, Z: 3 }, '{"10":1,"9":2,"Z":3}'],
    ['<a href="x">&</a>', '"\\u003ca href=\\"x\\"\\u003e\\u0026\\u003c/a\\u003e"'],
    ['line\u2028separator\u2029\u0001\n\t', '"line\\u2028separator\\u2029\\u0001\\n\\t"'],
    ['gr\u00fc\u00dfe \u{1f600}', '"gr\u00fc\u00dfe \u{1f600}"'],
    [9007199254740993n, '9007199254740993'],
    [0.1, '0.1'],
    [1e21, '1e+21'],
    [{ '\u{1f600}': 1, '\uffff': 2 }, '{"\uffff":2,"\u{1f600}":1}'],
  ])('case %#', (value, text) => {
    expect(goJson(value)).toBe(text);
  });

  test('says what it was given', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        expect(JSON.parse(goJson(value as Json))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test.each<[Json, string]>([
    [{ name: 'web', ports: [80, 81], none: null }, 'map[name:web none:<nil> ports:[80 81]]'],
    [true, 'true'],
    [9007199254740993n, '9007199254740993'],
  ])('as Go prints it: case %#', (value, text) => {
    expect(goText(value)).toBe(text);
  });
});

describe('the last-applied annotation', () => {
  test('holds the manifest itself, sorted, on one line with its end', () => {
    const object = { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'c' }, data: { x: '<1>' } };
    expect(withLastApplied(object)).toEqual({
      ...object,
      metadata: {
        name: 'c',
        annotations: {
          [KEY]:
            '{"apiVersion":"v1","data":{"x":"\\u003c1\\u003e"},"kind":"ConfigMap","metadata":{"annotations":{},"name":"c"}}\n',
        },
      },
    });
  });

  test('never holds itself', () => {
    const once = withLastApplied({ metadata: { name: 'c', annotations: { note: 'x' } } });
    expect(withLastApplied(once)).toEqual(once);
    expect(annotationOf(once, KEY)).toBe('{"metadata":{"annotations":{"note":"x"},"name":"c"}}\n');
  });

  test('of an annotation without a value holds the empty text, as Go reads it', () => {
    expect(annotationOf(withLastApplied({ metadata: { annotations: { a: null } } }), KEY)).toBe(
      '{"metadata":{"annotations":{"a":""}}}\n',
    );
  });

  test('is read back with every digit', () => {
    const object: JsonObject = { metadata: { annotations: {} }, spec: { n: 9007199254740993n, s: '\u2028<&>' } };
    expect(lastAppliedOf(withLastApplied(object))).toEqual(object);
  });

  test.each([
    ['nobody applied it', undefined, {}],
    ['it is empty', '', {}],
    ['it is null', 'null', {}],
  ])('where %s there is nothing', (_title, text, expected) => {
    expect(lastAppliedOf({ metadata: { annotations: text === undefined ? {} : { [KEY]: text } } })).toEqual(expected);
  });

  test.each(['{', '[]', '"x"'])('that holds %s is refused', (text) => {
    expect(() => lastAppliedOf({ metadata: { annotations: { [KEY]: text } } })).toThrow(
      new PatchError('invalid JSON document'),
    );
  });
});

test('a new object is sent without the nulls of its manifest', () => {
  expect(withoutNulls({ a: null, b: { c: null, d: [null, { e: null }] } })).toEqual({ b: { d: [null, {}] } });
});
