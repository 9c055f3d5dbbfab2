import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDocument } from '../../server/src/manifest/document.ts';
import type { Span } from '../../server/src/manifest/model.ts';

/** What a document says, with each span as the text that it covers. */
function reading(text: string) {
  const document = parseDocument(text);
  const at = (span: Span | undefined) => span && text.slice(span.start, span.end);
  return document.manifests.map((manifest) => ({
    kind: at(manifest.kindSpan),
    name: at(manifest.nameSpan),
    templated: manifest.templated,
    annotations: manifest.annotations.map((entry) => [
      at(entry.keySpan),
      at(entry.valueSpan),
      entry.value,
      entry.style,
      ...(entry.templated ? ['templated'] : []),
      ...(entry.merged ? ['merged'] : []),
    ]),
  }));
}

const job = (annotations: string): string => `apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
  annotations:
${annotations.replace(/^(?=.)/gm, '    ')}spec: {}
`;

describe('a document', () => {
  test('gives its manifest with every annotation to the character', () => {
    const text = job(
      `a.io/double: "x"\na.io/single: 'it''s'\na.io/plain: word # note\na.io/number: 5\na.io/block: |\n  line\na.io/empty:\n`,
    );
    expect(reading(text)).toEqual([
      {
        kind: 'Job',
        name: 'migrate',
        templated: false,
        annotations: [
          ['a.io/double', '"x"', 'x', 'double'],
          ['a.io/single', "'it''s'", "it's", 'single'],
          ['a.io/plain', 'word', 'word', 'plain'],
          ['a.io/number', '5', 5, 'plain'],
          ['a.io/block', '|\n      line\n', 'line\n', 'block'],
          ['a.io/empty', '', null, 'none'],
        ],
      },
    ]);
  });

  test('places an empty value after the colon and one space', () => {
    const text = 'metadata:\n  annotations:\n    a:   # c\n    b:\n';
    const [manifest] = parseDocument(text).manifests;
    expect(manifest?.annotations.map((a) => text.slice(0, a.valueSpan.start).split('\n').at(-1))).toEqual([
      '    a: ',
      '    b:',
    ]);
  });

  test.each([
    ['CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
    ['a byte-order mark', (text: string) => `\ufeff${text}`],
    ['a separator with a comment', (text: string) => `--- # first\n${text}...\n`],
  ])('reads %s', (_name, change) => {
    const [manifest] = reading(change(job('argocd.argoproj.io/sync-wave: "5"\n')));
    expect(manifest?.annotations).toEqual([['argocd.argoproj.io/sync-wave', '"5"', '5', 'double']]);
  });

  test('reads flow maps and JSON', () => {
    const flow = `{apiVersion: v1, kind: ConfigMap, metadata: {name: a, annotations: {argocd.argoproj.io/hook: PreSync, "b": 'c'}}}`;
    expect(reading(flow)[0]?.annotations).toEqual([
      ['argocd.argoproj.io/hook', 'PreSync', 'PreSync', 'plain'],
      ['"b"', "'c'", 'c', 'single'],
    ]);
    const json =
      '{\n\t"kind": "Job",\n\t"metadata": {"name": "a", "annotations": {"argocd.argoproj.io/sync-wave":"-1"}}\n}\n';
    expect(reading(json)).toEqual([
      {
        kind: '"Job"',
        name: '"a"',
        templated: false,
        annotations: [['"argocd.argoproj.io/sync-wave"', '"-1"', '-1', 'double']],
      },
    ]);
  });

  test('takes each item of a list for a manifest', () => {
    const text =
      'apiVersion: v1\nkind: List\nitems:\n- kind: A\n  metadata: {name: a}\n- kind: B\n  metadata: {name: b}\n- 5\n';
    const { manifests } = parseDocument(text);
    expect(manifests.map((m) => text.slice(m.span.start, m.span.end))).toEqual([
      'kind: A\n  metadata: {name: a}\n',
      'kind: B\n  metadata: {name: b}\n',
    ]);
    expect(manifests.map((m) => m.object['kind'])).toEqual(['A', 'B']);
  });

  test('follows anchors, aliases and merge keys', () => {
    const text = `kind: Job
metadata:
  labels: &l
    a: x
  annotations:
    <<: *l
    b: &v "5"
    c: *v
`;
    const { manifests, problems } = parseDocument(text);
    expect(problems).toEqual([]);
    expect(manifests[0]?.object['metadata']).toEqual({ labels: { a: 'x' }, annotations: { a: 'x', b: '5', c: '5' } });
    expect(reading(text)[0]?.annotations).toEqual([
      ['a', 'x', 'x', 'plain', 'merged'],
      ['b', '"5"', '5', 'double'],
      ['c', '*v', '5', 'double'],
    ]);
  });

  test('keeps both entries of a key that comes twice, and the later value', () => {
    const text = job('a: "1"\na: "2"\n');
    expect(reading(text)[0]?.annotations).toEqual([
      ['a', '"1"', '1', 'double'],
      ['a', '"2"', '2', 'double'],
    ]);
    expect(parseDocument(text).manifests[0]?.object).toMatchObject({ metadata: { annotations: { a: '2' } } });
  });

  test('gives what can be read of broken YAML', () => {
    const text = job('argocd.argoproj.io/hook: PreSync\nargocd.argoproj.io/sync\n');
    const document = parseDocument(text);
    expect(document.problems.length).toBeGreaterThan(0);
    expect(reading(text)[0]?.annotations[0]).toEqual(['argocd.argoproj.io/hook', 'PreSync', 'PreSync', 'plain']);
    expect(reading(text)[0]?.annotations[1]?.[0]).toEqual('argocd.argoproj.io/sync');
  });

  test('does not take a text that mentions annotations for one', () => {
    const text = `kind: ConfigMap
metadata:
  name: a
  managedFields:
  - fieldsV1: {f:annotations: {f:argocd.argoproj.io/hook: {}}}
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: |
      {"metadata":{"annotations":{"argocd.argoproj.io/hook":"PreSync"}}}
data:
  x: |
    metadata:
      annotations:
        argocd.argoproj.io/hook: PreSync
`;
    expect(reading(text)[0]?.annotations.map(([key]) => key)).toEqual([
      'kubectl.kubernetes.io/last-applied-configuration',
    ]);
  });

  test.each([
    '',
    '\n',
    '# only\n',
    '[[[',
    '{{{',
    ': :',
    '\t',
    '"',
    'a: |',
    '&',
    '*',
    '%',
    '- - -',
    '\u0000',
    '? ?',
    '!!',
  ])('never throws: %j', (text) => {
    const document = parseDocument(text);
    expect(document.manifests).toEqual([]);
    expect(Array.isArray(document.problems)).toBe(true);
  });

  test('of any text is read, with every place inside the text', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 4 }),
      fc.constantFrom(
        'kind: Job\n',
        'metadata:\n',
        '  annotations:\n',
        '    argocd.argoproj.io/hook: ',
        'items:\n',
        '- ',
        '{{ ',
        ' }}',
        '${X}',
      ),
      fc.constantFrom(
        '"',
        "'",
        '{',
        '}',
        '[',
        ']',
        ': ',
        '|\n',
        '&a ',
        '*a',
        '<<: *a\n',
        '# argocd-hooks: ignore x\n',
        '\t',
        '\r\n',
        '\n    ',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const text = pieces.join('');
        const { manifests, problems, silences, lineStarts } = parseDocument(text);
        const entries = manifests.flatMap(({ annotations }) => annotations.flatMap((a) => [a.keySpan, a.valueSpan]));
        const spans = [...manifests.map(({ span }) => span), ...problems.map(({ span }) => span), ...entries];
        expect(spans.filter(({ start, end }) => start < 0 || end < start || end > text.length)).toEqual([]);
        expect(silences.filter(({ line }) => line !== undefined && line >= lineStarts.length)).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  test('says so where nesting is too deep to be read', () => {
    const document = parseDocument('['.repeat(20_000));
    expect(document.problems.length).toBeGreaterThan(0);
  });

  test('stops at aliases that multiply', () => {
    let text = 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n';
    for (let i = 1; i < 9; i++)
      text += `a${i}: &a${i} [${Array(10)
        .fill(`*a${i - 1}`)
        .join(', ')}]\n`;
    expect(parseDocument(text).problems.map((p) => p.message)).toEqual([expect.stringContaining('excessive aliasing')]);
  });
});

describe('templates', () => {
  test('are masked where the text cannot be read with them, and stand in the value', () => {
    const text = job(`{{- if .Values.hook }}
argocd.argoproj.io/hook: {{ .Values.hook | default "PreSync" }}
{{- end }}
argocd.argoproj.io/sync-wave: "{{ .Values.wave }}"
{{ .Values.key }}: v{{ .A }}-{{ .B }}
{{- with .Values.annotations }}
{{- toYaml . | nindent 4 }}
{{- end }}
`);
    expect(parseDocument(text).problems).toEqual([]);
    expect(reading(text)[0]).toEqual({
      kind: 'Job',
      name: 'migrate',
      templated: true,
      annotations: [
        [
          'argocd.argoproj.io/hook',
          '{{ .Values.hook | default "PreSync" }}',
          '{{ .Values.hook | default "PreSync" }}',
          'plain',
          'templated',
        ],
        ['argocd.argoproj.io/sync-wave', '"{{ .Values.wave }}"', '{{ .Values.wave }}', 'double', 'templated'],
        ['{{ .Values.key }}', 'v{{ .A }}-{{ .B }}', 'v{{ .A }}-{{ .B }}', 'plain', 'templated'],
      ],
    });
  });

  test('of any kind are seen in values that can be read', () => {
    const text = job('a: ${WAVE}\nb: "$(wave)"\nc: "{{< wave >}}"\nd: costs $5 {a}\n');
    expect(reading(text)[0]?.annotations.map((a) => a[4] ?? '')).toEqual(['templated', 'templated', 'templated', '']);
  });

  test('in quotes and blocks leave the text as it is', () => {
    const text = 'kind: ConfigMap\ndata:\n  a: |\n    {{ range .X }}\n    x\n    {{ end }}\n';
    const document = parseDocument(text);
    expect(document.masked).toEqual([]);
    expect(document.manifests[0]?.object['data']).toEqual({ a: '{{ range .X }}\nx\n{{ end }}\n' });
    expect(document.manifests[0]?.templated).toBe(true);
  });

  test('over several lines, with braces in texts and in comments', () => {
    const text = `{{- /* a comment
that has }} in it */ -}}
kind: Job
metadata:
  name: {{ printf "%s}}" .Release.Name }}
  labels: {{- include "labels" (dict "a" .
    "b" "c") | nindent 4 }}
`;
    const document = parseDocument(text);
    expect(document.problems).toEqual([]);
    expect(document.manifests[0]?.object).toMatchObject({
      kind: 'Job',
      metadata: { name: '{{ printf "%s}}" .Release.Name }}' },
    });
  });
});

describe('silences', () => {
  test('hold for the document, the next line or their own line', () => {
    const text = `# argocd-hooks: ignore stale-hook-reused, empty-hook
kind: Job
metadata:
  annotations:
    # argocd-hooks: ignore unknown-hook-phase
    # because of that
    argocd.argoproj.io/hook: Foo
    argocd.argoproj.io/sync-wave: x # argocd-hooks: ignore invalid-sync-wave
data:
  script: |
    # argocd-hooks: ignore nothing
  text: "# argocd-hooks: ignore nothing"
`;
    expect(parseDocument(text).silences).toEqual([
      { rule: 'stale-hook-reused' },
      { rule: 'empty-hook' },
      { rule: 'unknown-hook-phase', line: 6 },
      { rule: 'invalid-sync-wave', line: 7 },
    ]);
  });

  test('hold for the document below its separator', () => {
    expect(parseDocument('---\n\n# argocd-hooks: ignore a\nkind: Job\n').silences).toEqual([{ rule: 'a' }]);
    expect(parseDocument('--- # argocd-hooks: ignore a\nkind: Job\n').silences).toEqual([{ rule: 'a' }]);
  });
});
