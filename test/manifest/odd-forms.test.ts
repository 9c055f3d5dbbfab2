import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addAnnotation, applyEdits, setAnnotationValue } from '../../server/src/manifest/edit.ts';
import { openFile, rangeOf } from '../../server/src/manifest/source-file.ts';

const WAVE = 'argocd.argoproj.io/sync-wave';
const HOOK = 'argocd.argoproj.io/hook';

/** Annotations of all manifests of a text: key, value, and line:columns of the value as an editor counts them. */
function annotations(text: string): string[] {
  return openFile('x.yaml', text).documents.flatMap((placed) =>
    placed.document.manifests.flatMap((manifest) =>
      manifest.annotations.map(({ key, value, valueSpan, templated }) => {
        const { start, end } = rangeOf(placed, valueSpan);
        return `${key}=${JSON.stringify(value)} ${start.line}:${start.character}-${end.character}${templated ? ' template' : ''}`;
      }),
    ),
  );
}

const withAnnotations = (...lines: readonly string[]): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n  annotations:\n${lines.map((line) => `    ${line}\n`).join('')}`;

describe('odd forms are read right', () => {
  test.each<readonly [string, string, readonly string[]]>([
    ['an unquoted wave', withAnnotations(`${WAVE}: 5`), [`${WAVE}=5 5:34-35`]],
    ['a templated wave', withAnnotations(`${WAVE}: {{ .Values.w }}`), [`${WAVE}="{{ .Values.w }}" 5:34-49 template`]],
    ['"01" and "+5"', withAnnotations(`${WAVE}: "01"`, 'a: "+5"'), [`${WAVE}="01" 5:34-38`, 'a="+5" 6:7-11']],
    ['other delimiters', withAnnotations(`${WAVE}: "{{< w >}}"`), [`${WAVE}="{{< w >}}" 5:34-45 template`]],
    [
      'lines of pure template between annotations',
      withAnnotations(`${HOOK}: Sync`, '{{- if .Values.w }}', `${WAVE}: "1"`, '{{- end }}'),
      [`${HOOK}="Sync" 5:29-33`, `${WAVE}="1" 7:34-37`],
    ],
    [
      'annotations that a helper builds, beside others',
      withAnnotations('{{- include "x.annotations" . | nindent 4 }}', `${WAVE}: "1"`),
      [`${WAVE}="1" 6:34-37`],
    ],
    [
      'a flow map',
      `{apiVersion: v1, kind: ConfigMap, metadata: {annotations: {${WAVE}: "1"}}}\n`,
      [`${WAVE}="1" 0:89-92`],
    ],
    ['JSON', `{"apiVersion":"v1","kind":"Secret","metadata":{"annotations":{"${WAVE}":"1"}}}`, [`${WAVE}="1" 0:93-96`]],
    [
      'items of a List',
      `apiVersion: v1\nkind: List\nitems:\n- kind: ConfigMap\n  metadata:\n    annotations: {${WAVE}: "1"}\n- kind: Secret\n  metadata: {annotations: {${WAVE}: "2"}}\n`,
      [`${WAVE}="1" 5:48-51`, `${WAVE}="2" 7:57-60`],
    ],
    ['a comma list with spaces', withAnnotations(`${HOOK}: PreSync , Sync`), [`${HOOK}="PreSync , Sync" 5:29-43`]],
    [
      'an anchor and a merge key',
      `apiVersion: v1\nkind: ConfigMap\nx: &a\n  ${WAVE}: "1"\nmetadata:\n  annotations:\n    <<: *a\n    ${HOOK}: Sync\n`,
      [`${WAVE}="1" 3:32-35`, `${HOOK}="Sync" 7:29-33`],
    ],
    ['CRLF', withAnnotations(`${WAVE}: "1"`).replaceAll('\n', '\r\n'), [`${WAVE}="1" 5:34-37`]],
    ['a byte-order mark', `\ufeff${withAnnotations(`${WAVE}: "1"`)}`, [`${WAVE}="1" 5:34-37`]],
    ['a tab behind the colon', withAnnotations(`${WAVE}:\t"1"`), [`${WAVE}="1" 5:34-37`]],
    [
      'documents behind --- and ...',
      `${withAnnotations(`${WAVE}: "1"`)}...\n---\n${withAnnotations(`${WAVE}: "2"`)}`,
      [`${WAVE}="1" 5:34-37`, `${WAVE}="2" 13:34-37`],
    ],
    [
      'characters of two units',
      withAnnotations(`"😀é": x`, `${WAVE}: "1" # 😀`),
      ['😀é="x" 5:11-12', `${WAVE}="1" 6:34-37`],
    ],
  ])('%s', (_name, text, expected) => {
    expect(annotations(text)).toEqual(expected);
  });
});

describe('what only looks like an annotation is none', () => {
  test.each([
    [
      'in the configuration that was applied last',
      withAnnotations(
        `kubectl.kubernetes.io/last-applied-configuration: '{"metadata":{"annotations":{"${WAVE}":"9"}}}'`,
      ),
      ['kubectl.kubernetes.io/last-applied-configuration'],
    ],
    [
      'in managed fields',
      `kind: ConfigMap\nmetadata:\n  managedFields:\n  - fieldsV1:\n      f:metadata:\n        f:annotations:\n          f:${WAVE}: {}\n`,
      [],
    ],
    ['in comments', `kind: ConfigMap\nmetadata:\n  # annotations:\n  #   ${WAVE}: "1"\n  name: x\n`, []],
    ['in a text', `kind: ConfigMap\ndata:\n  x: |\n    metadata:\n      annotations:\n        ${WAVE}: "1"\n`, []],
    ['in a notebook', `{"cells":[{"source":["metadata:\\n  annotations:\\n    ${WAVE}: 1"]}]}`, []],
    [
      'in a path of a JSON patch',
      `- op: add\n  path: /metadata/annotations/argocd.argoproj.io~1sync-wave\n  value: "1"\n`,
      [],
    ],
    ['in values of Helm', `podAnnotations:\n  ${WAVE}: "1"\n`, []],
  ])('%s', (_name, text, keys) => {
    const found = openFile('x.yaml', text).documents.flatMap(({ document }) =>
      document.manifests.flatMap((manifest) => manifest.annotations.map(({ key }) => key)),
    );
    expect(found).toEqual(keys);
  });
});

describe('our own edits keep what stands around', () => {
  test.each([
    ['CRLF', withAnnotations(`${WAVE}: "1" # why`).replaceAll('\n', '\r\n')],
    ['a flow map', `{apiVersion: v1, kind: ConfigMap, metadata: {name: x, annotations: {${WAVE}: '1', a: b}}} # why\n`],
    ['JSON', `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"annotations":{"${WAVE}": "1"}}}\n`],
    ['single quotes', withAnnotations(`${WAVE}: '1'   # why`)],
    ['four spaces', withAnnotations(`${WAVE}: "1"`).replaceAll('  ', '    ')],
  ])('in %s', (_name, text) => {
    const [placed] = openFile('x.yaml', text).documents;
    const [manifest] = placed?.document.manifests ?? [];
    const entry = manifest?.annotations.find(({ key }) => key === WAVE);
    if (!placed || !manifest || !entry) throw new Error('no annotation');
    expect(applyEdits(text, [setAnnotationValue(placed.document, entry, '7')])).toBe(
      text.replace(/(["'])1\1/, '$17$1'),
    );
    const added = addAnnotation(placed.document, manifest, HOOK, 'Sync');
    const after = added && applyEdits(text, [added]);
    expect(after && annotations(after).some((line) => line.startsWith(`${HOOK}="Sync"`))).toBe(true);
    expect(after?.includes('\r\n')).toBe(text.includes('\r\n'));
    expect(after?.replaceAll('\r\n', '').includes('\r')).toBe(false);
  });
});

test('no text makes reading throw, and every place lies within it', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'metadata:\n',
      '  annotations:\n',
      `    ${WAVE}: `,
      '"',
      "'",
      '{',
      '}',
      '[',
      '\t',
      '\r\n',
      '---\n',
      '...\n',
    ),
    fc.constantFrom(
      '{{ ',
      ' }}',
      '&a ',
      '*a',
      '<<: ',
      '|\n',
      '>-\n',
      '# ',
      '😀',
      '\ufeff',
      '- ',
      '? ',
      ': ',
      '\n',
      '%',
    ),
    fc.string({ maxLength: 4 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 24 }), (pieces) => {
      const text = pieces.join('');
      const file = openFile('x.yaml', text);
      for (const { document } of file.documents) {
        for (const manifest of document.manifests) {
          for (const { keySpan, valueSpan } of manifest.annotations) {
            for (const { start, end } of [keySpan, valueSpan]) {
              expect(0 <= start && start <= end && end <= document.text.length).toBe(true);
            }
          }
        }
      }
      for (let offset = 0; offset <= text.length; offset++) {
        const back = file.offsetAt(file.positionAt(offset));
        // A place within a line end is told as the end of its line.
        expect(back <= offset && text.slice(back, offset).replace(/[\r\n]/g, '')).toBe('');
      }
    }),
    { numRuns: 500 },
  );
});
