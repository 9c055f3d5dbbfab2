import { describe, expect, test } from 'vitest';
import { parseDocument } from '../../server/src/manifest/document.ts';

describe('a template that stands for entries', () => {
  test.each<readonly [string, string, unknown]>([
    [
      'of a map, beside entries that are written',
      'labels: {{- include "labels" . | nindent 2 }}\n  app: shop\nb: {{ .B }}\n',
      { labels: { app: 'shop' }, b: '{{ .B }}' },
    ],
    [
      'of a list at the column of its key',
      'env: {{ include "env" . | nindent 0 }}\n- name: A\n{{- if .B }}\n- name: {{ .B }}\n{{- end }}\n',
      { env: [{ name: 'A' }, { name: '{{ .B }}' }] },
    ],
    [
      'of an item',
      'a:\n  - {{ toYaml . | nindent 4 | trim }}\n    selector: {x: "1"}\n',
      { a: [{ selector: { x: '1' } }] },
    ],
    [
      'between items in quotes',
      'a: ["get"{{- if .X }}, "list"{{ end }}]\nb: "{{ .C }}"\n',
      { a: ['get', 'list'], b: '{{ .C }}' },
    ],
    [
      'on the first lines of a block',
      'a: |\n      {{- if .X }}\n      {{- range .Y }}\n    first {{ . }}\n      {{- end }}\nb: {{ .B }}-x\n',
      { b: '{{ .B }}-x' },
    ],
    [
      'of a helper that the file defines',
      '{{- define "env" -}}\n- name: A\n{{- if .X }}\n- name: B\n{{- end }}\n{{- end }}\nkind: Job\nname: {{ .N }}\n',
      { kind: 'Job', name: '{{ .N }}' },
    ],
    [
      'in the place of which another branch has an empty one',
      'rules:\n{{- if .X }}\n  - verbs: [get]\n    names:\n      - {{ .N }}\n{{- else }}\n  []\n{{- end }}\nlast: {{ .L }}\n',
      { rules: [{ verbs: ['get'], names: ['{{ .N }}'] }], last: '{{ .L }}' },
    ],
    [
      'within a block whose first line holds more than templates',
      'a: |\n      {{- range .Y }}\n    {{ .H }}:{{ .P }}\n      {{- end }}\nb: {{ .B }}-x\n',
      { b: '{{ .B }}-x' },
    ],
    [
      'and what is only a value is left as it is',
      'labels: {{- include "labels" . }}\n  app: shop\nname: {{ .N }}\nnext: x\n',
      { labels: { app: 'shop' }, name: '{{ .N }}', next: 'x' },
    ],
  ])('%s', (_name, text, value) => {
    const document = parseDocument(text);
    expect(document.problems).toEqual([]);
    expect(document.value).toMatchObject(value as object);
  });

  test('leaves every annotation where it is', () => {
    const text = `kind: Job
metadata:
  labels: {{- include "labels" . | nindent 4 }}
    app: shop
  annotations: {{- include "annotations" . | nindent 4 }}
    argocd.argoproj.io/hook: presync
`;
    const [manifest] = parseDocument(text).manifests;
    const [entry] = manifest?.annotations ?? [];
    expect(entry && text.slice(entry.valueSpan.start, entry.valueSpan.end)).toBe('presync');
  });

  test('gives no value where the text is broken in another way', () => {
    const document = parseDocument('a: {{ .A }}\n  b: [\n- {{ .C }}\n');
    expect(document.problems).not.toEqual([]);
  });
});
