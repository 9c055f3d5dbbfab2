import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../server/src/core/object.ts';
import { evaluateTemplate, type Data } from '../../../server/src/workspace/go-template/go-template.ts';
import { asGoValue } from '../../../server/src/workspace/go-template/values.ts';

/**
 * What Go's text/template with sprig's functions and Argo CD's own makes of templates; `null` where it fails, or prints
 * `<no value>`. `known: false`: we leave it as it is written although Go has a text.
 */
interface Case {
  readonly template: string;
  readonly missingKey?: Data['missingKey'];
  readonly text: string | null;
  readonly known?: false;
}

const [head = '', ...rows] = readFileSync(path.join(import.meta.dirname, 'cases.jsonl'), 'utf8')
  .trim()
  .split('\n');
const { parameters } = JSON.parse(head) as { readonly parameters: JsonObject };
const CASES = rows.map((row) => JSON.parse(row) as Case);

const evaluate = (template: string, data: Partial<Data> = {}) =>
  evaluateTemplate(template, {
    parameters: asGoValue(parameters) as JsonObject,
    open: false,
    missingKey: 'default',
    ...data,
  });

test.each(CASES)(
  '$template comes to what Go makes of it',
  ({ template, missingKey = 'default', text, known = true }) => {
    const { text: own, left } = evaluate(template, { missingKey });
    if (text === null || !known) expect(left.length).toBeGreaterThan(0);
    else expect({ text: own, left }).toEqual({ text, left: [] });
  },
);

describe('a template that is not known in full', () => {
  const why = (template: string, data: Partial<Data> = {}): string =>
    evaluate(template, data)
      .left.map(({ source, why: reason }) => `${source}: ${reason}`)
      .join('; ');

  test.each([
    ['{{ genSelfSignedCert "a" }}', 'the function genSelfSignedCert is not known here'],
    ['{{ .missing }}', 'it has no value'],
    ['{{ fail "prod has no region" }}', 'prod has no region'],
    ['{{ upper .n }}', 'upper wants a value of type string'],
    ['{{ .env.deeper }}', '.deeper is looked for in a value of type string'],
    ['{{ if eq .n 3 }}x{{ end }}', 'a value of type float cannot be compared with one of type int'],
  ])('%s is left, since %s', (template, reason) => {
    expect(why(template)).toBe(`${template}: ${reason}`);
  });

  test('keeps the action as it is written, and what is around it is known', () => {
    expect(evaluate('{{ .env }}/{{ .gone }}/{{ .n }}').text).toBe('prod/{{ .gone }}/3');
  });

  test('knows nothing of a variable that was to be set by what is not known', () => {
    const { text, left } = evaluate('{{ $a := "1" }}{{ if .yes }}{{ $a = now }}{{ end }}{{ $a }}{{ .env }}');
    expect(text).toBe('{{ if .yes }}{{ $a = now }}{{ end }}{{ $a }}prod');
    expect(left.map(({ why: reason }) => reason)).toEqual(Array(2).fill('the function now is not known here'));
  });

  test.each([
    '{{ .name2 | default "x" }}',
    '{{ if .name2 }}a{{ end }}',
    '{{ . | toJson }}',
    '{{ hasKey $ "a" }}',
    '{{ range . }}{{ end }}',
  ])('%s is not known where a generator gives more than is known', (template) => {
    expect(evaluate(template).left).toEqual([]);
    expect(evaluate(template, { open: true }).left).toHaveLength(1);
  });
  test('but for the parameters that are known', () => {
    expect(evaluate('{{ .env | default "x" }}{{ .map.nope | default "y" }}', { open: true }).text).toBe('prody');
  });

  test('does not change what a generator gives', () => {
    expect(why('{{ $_ := set . "env" "dev" }}')).toContain('it changes what a generator gives');
    expect(evaluate('{{ $d := deepCopy .map }}{{ $_ := set $d "x" "2" }}{{ $d.x }}{{ .map.x }}').text).toBe('21');
  });
});

describe('a hostile template', () => {
  test.each([
    '{{ range until 1000 }}{{ range until 1000 }}x{{ end }}{{ end }}',
    '{{ range 100000000 }}{{ end }}',
    '{{ repeat 100000000 "x" }}',
    '{{ $a := "xxxxxxxxxx" }}{{ range until 100 }}{{ $a = printf "%s%s" $a $a }}{{ end }}{{ $a }}',
    '{{ regexMatch "(a+)+$" "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab" }}',
    '{{ until 100000000 }}',
    '{{ $a := list 1 }}{{ range until 60 }}{{ $a = list $a $a }}{{ end }}{{ toJson $a }}',
    '{{ $a := dict "a" 1 }}{{ $_ := set $a "b" $a }}{{ toJson $a }}',
    '{{ indent 100000000 "a" }}',
    `${'{{ if true }}'.repeat(5000)}${'{{ end }}'.repeat(5000)}`,
    `{{ ${'('.repeat(5000)}1${')'.repeat(5000)} }}`,
  ])('%# is left', (template) => {
    expect(evaluate(template).left.length).toBeGreaterThan(0);
  });

  test('any text gives a text', () => {
    const piece = fc.constantFrom(
      ...[
        '{{',
        '}}',
        '{{-',
        '-}}',
        ' ',
        '.',
        '.env',
        '$',
        '$x',
        ':=',
        '=',
        '|',
        '(',
        ')',
        '"',
        '`',
        "'",
        '/*',
        '*/',
        '\\',
      ],
      ...[
        'if',
        'else',
        'end',
        'range',
        'with',
        'break',
        'define',
        'upper',
        'index',
        'printf',
        '"a"',
        '1',
        'nil',
        ',',
        'é',
        '\n',
      ],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const template = pieces.join('');
        const { text, left } = evaluate(template);
        expect(typeof text).toBe('string');
        if (!template.includes('{{')) expect({ text, left }).toEqual({ text: template, left: [] });
      }),
      { numRuns: 3_000 },
    );
  });
});
