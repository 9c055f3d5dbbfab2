import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDocument } from '../../server/src/manifest/document.ts';
import { readWithJsYaml } from '../../server/src/manifest/read-js-yaml.ts';
import { readMasked } from '../../server/src/manifest/read-value.ts';

test.each([
  ['a value', 'a: {{ .Values.a }}\nb: 1\n', { a: '{{ .Values.a }}', b: 1 }],
  ['parts of values', 'a: x-{{ .A }}-{{ .B }}\n', { a: 'x-{{ .A }}-{{ .B }}' }],
  ['lines of their own', '{{- if .A }}\na: {{ .A }}\n{{- end }}\n', { a: '{{ .A }}' }],
  ['comments', '# {{ .A }}\na: {{ .B }} # {{ .C }}\n', { a: '{{ .B }}' }],
  ['keys', '{{ .K }}: {{ .V }}\n', { '{{ .K }}': '{{ .V }}' }],
  [
    'an include with its indentation',
    'a:\n  {{- include "x" . | nindent 2 }}\nb: {{ .B }}\n',
    { a: null, b: '{{ .B }}' },
  ],
])('templates in %s stand in the value as they are written', (_name, text, value) => {
  expect(readMasked(text)?.value).toEqual(value);
});

test('the values are those that the reader with places gives', () => {
  const part = fc.constantFrom(
    'a: {{ .A }}\n',
    'b: "{{ .B }}"\n',
    'c:\n  d: {{ .D }}-{{ .E }}\n',
    '{{- if .X }}\n',
    '{{- end }}\n',
    '# {{ .C }}\n',
    'e: |\n  {{ .F }}\n  x\n',
    'f: [{{ .G }}, 1]\n',
    'g: {{ .H }} # {{ .I }}\n',
    'h:\n- {{ .J }}\n- {{ toYaml .K | nindent 2 }}\n',
    '{{ .L }}: 1\n',
    'i: $(VAR) ${X}\n',
    'j: {{ .M\n  }}\n',
  );
  fc.assert(
    fc.property(fc.uniqueArray(part, { minLength: 1 }), (parts) => {
      const text = parts.join('');
      if (!('error' in readWithJsYaml(text))) return;
      const masked = readMasked(text);
      const document = parseDocument(text);
      if (masked && document.problems.length === 0) expect([text, masked.value]).toEqual([text, document.value]);
    }),
    { numRuns: 2_000 },
  );
});
