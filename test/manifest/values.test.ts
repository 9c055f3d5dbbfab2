import { readFileSync } from 'node:fs';
import { readJson } from '#core/json';
import type { Json } from '#core/object';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { difference, readForSync, readWithOther, readWithYaml } from '../../server/src/manifest/values.ts';

/** What sigs.k8s.io/yaml, the reader of Argo CD and kubectl, makes of a text; recorded. */
interface DialectCase {
  readonly kind: 'scalar' | 'document';
  readonly name?: string;
  readonly text: string;
  readonly json?: string;
  readonly error?: string;
}

const cases = readFileSync(new URL('yaml-dialect.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as DialectCase);

/** Integers as bigints, so that numbers are compared by their exact values. */
function exact(value: Json): unknown {
  if (Array.isArray(value)) return value.map(exact);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, exact(entry)]));
  }
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value;
}

describe('the dialect of sigs.k8s.io/yaml', () => {
  test('is recorded in full', () => {
    expect(cases).toHaveLength(184);
  });

  describe.each([
    ['yaml', readWithYaml],
    ['js-yaml', readWithOther],
  ])('as read with %s', (_package, read) => {
    test.each(cases.map((c) => [c.name ?? c.text, c] as const))('%j', (_name, { text, json, error }) => {
      const reading = read(text);
      if (error !== undefined) expect(reading).toHaveProperty('error');
      else expect('value' in reading ? exact(reading.value) : reading).toEqual(exact(readJson(json ?? '')));
    });
  });

  test('is read the same by both for a sync, or refused', () => {
    for (const { text, json, error } of cases) {
      const reading = readForSync(text);
      if (error !== undefined) expect(reading).toHaveProperty('refused');
      else expect('value' in reading && exact(reading.value)).toEqual(exact(readJson(json ?? '')));
    }
  });
});

describe('two readers that share no code', () => {
  const SCALARS = [
    'x',
    '5',
    '0644',
    'yes',
    '~',
    '"q"',
    "'s'",
    '*a',
    '&b 1',
    '!!str 5',
    '[1, {a: b}]',
    '{k: *a}',
    '|\n    b\n',
    '>-\n    c\n    d\n',
  ];
  const KEYS = ['a', 'b', '"c"', '1', '2.5', 'true', '<<', '? d\n'];
  const anyLine = fc
    .tuple(
      fc.constantFrom('', '  '),
      fc.constantFrom(...KEYS, '-'),
      fc.constantFrom(...SCALARS, ''),
      fc.constantFrom('\n', ' # c\n', '\r\n'),
    )
    .map(
      ([indent, key, value, end]) =>
        `${indent}${key === '-' ? '-' : `${key}:`} ${value}${value.endsWith('\n') ? '' : end}`,
    );
  const anyText = fc.array(anyLine, { maxLength: 8 }).map((lines) => `base: &a {k: 1}\n${lines.join('')}`);

  test('give the same value wherever both read one', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const [first, second] = [readWithYaml(text), readWithOther(text)];
        fc.pre('value' in first && 'value' in second);
        if ('value' in first && 'value' in second) expect(exact(first.value)).toEqual(exact(second.value));
      }),
      { numRuns: 2000, maxSkipsPerRun: 100 },
    );
  });
});

describe('reading for a sync', () => {
  test('keeps every digit', () => {
    expect(readForSync('a: 9223372036854775807\nb: 0o17\nc: 1_000\n')).toEqual({
      value: { a: 9223372036854775807n, b: 15, c: 1000 },
    });
  });

  test('keeps keys with odd names as plain keys', () => {
    const reading = readForSync('__proto__: {a: 1}\nconstructor: 2\n');
    const value = 'value' in reading ? reading.value : null;
    expect(Object.keys(value as object)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  test.each([
    ['a template', 'a: {{ .Values.x }}\n', 'a: {{ .Values.x }}'],
    ['a tab', 'a:\n\tb: 1\n', '\t'],
    ['an unknown alias', 'a: 1\nb: *x\n', '*x'],
    ['a line separator of Unicode', 'a: x\u2028y\n', '\u2028'],
    ['a control character', 'a: "\u0007"\n', '\u0007'],
    ['content behind a separator', '--- {a: 1}\n', '--- '],
    ['infinity', 'a: .inf\n', '.inf'],
  ])('refuses %s with its place', (_name, text, near) => {
    const reading = readForSync(text);
    if (!('refused' in reading)) throw new Error('not refused');
    expect(near).toContain(text.slice(reading.span.start, reading.span.start + 1));
    expect(reading.refused).not.toBe('');
  });

  test('finds the place where two values differ', () => {
    expect(difference({ a: [1, { b: 2n }] }, { a: [1, { b: 2n }] })).toBeUndefined();
    expect(difference({ a: [1, { b: 2 }] }, { a: [1, { b: 2n }] })).toEqual(['a', 1, 'b']);
    expect(difference({ a: [1] }, { a: [1, 2] })).toEqual(['a']);
    expect(difference({ a: [1, 2] }, { a: [1] })).toEqual(['a', 1]);
    expect(difference({ a: 1 }, { a: 1, b: 2 })).toEqual(['b']);
    expect(difference(null, {})).toEqual([]);
  });
});
