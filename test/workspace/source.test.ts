import { describe, expect, test } from 'vitest';
import { openIndex } from '../../server/src/workspace/index.ts';
import { syncSource } from '../../server/src/workspace/source.ts';
import { manifest, MemoryFiles } from './memory-files.ts';

/** What a sync of the first application would send, in short. */
async function source(texts: Readonly<Record<string, string>>) {
  const index = await openIndex(new MemoryFiles(texts), { rootName: 'root' });
  const [application] = index.applications();
  if (!application) throw new Error('no application');
  const { objects, refused } = syncSource(index, application);
  return {
    objects: objects.map(({ object, file, line }) => [object['kind'], file, line]),
    refused: refused.map(({ file, line, message }) => `${file}:${line} ${message}`),
    values: objects.map(({ object }) => object),
  };
}

const CONFIG = manifest('ConfigMap', 'settings');
const one = async (text: string) => source({ 'a/x.yaml': text, 'a/y.yaml': CONFIG });

describe('what a sync sends', () => {
  test('is every object of the application, with its place', async () => {
    const list =
      'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n- apiVersion: v1\n  kind: Service\n';
    const found = await source({
      'a/b.yaml': `# c\n${CONFIG}---\n# nothing\n---\n${list}`,
      'a/c.json':
        '{\n  "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "x"}, "data": {"n": 9007199254740993}}',
      'a/values.yaml': 'image: {{ .Values.x }}\n',
      'a/empty.yaml': 'apiVersion: v1\nkind: ConfigMapList\nitems: null\nmetadata: {}\n',
    });
    expect(found.refused).toEqual([]);
    expect(found.objects).toEqual([
      ['ConfigMap', 'a/b.yaml', 2],
      ['Secret', 'a/b.yaml', 12],
      ['Service', 'a/b.yaml', 14],
      ['Secret', 'a/c.json', 1],
    ]);
    expect(found.values[3]?.['data']).toEqual({ n: 9007199254740993n });
  });

  test('has the values that Argo CD reads', async () => {
    const { values } = await one(`${CONFIG}data:\n  mode: 0644\n  yes: on\n  big: 18446744073709551615\n`);
    expect(values[0]?.['data']).toEqual({ mode: 420, true: true, big: 18446744073709551615n });
  });

  test('may hold braces and dollars that are not to be filled in', async () => {
    const rule = `apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata:\n  name: x\nspec:\n  text: "{{ $labels.instance }} \${X}"\n`;
    const job = `${manifest('Job', 'x')}spec:\n  template:\n    spec:\n      containers:\n      - command: ["sh", "-c", "echo \${HOME} $(date)"]\n        args: [$(POD_NAME)]\n        env: [{name: A, value: "$(B)"}]\n`;
    const config = `${CONFIG}data:\n  a: |\n    {{ range .Alerts }}\n    x\n    {{ end }}\n`;
    expect((await one(`${rule}---\n${job}---\n${config}`)).refused).toEqual([]);
    const crd = `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: x.y.io}\nspec: {versions: [{schema: {openAPIV3Schema: {description: "Expanded with $(VAR_NAME), or {{workflow.name}}"}}}]}\n`;
    const pod = `${manifest('Pod', 'x')}spec:\n  containers: [{name: a, volumeMounts: [{subPathExpr: $(POD_NAME)}]}]\n`;
    expect((await one(`${crd}---\n${pod}`)).refused).toEqual([]);
  });
});

describe('what stands in a Secret', () => {
  const SECRET = manifest('Secret', 'db');
  test.each([
    ['an alias', `${SECRET}stringData:\n  p: *hunter2\n`],
    ['a block scalar', `${SECRET}stringData:\n  p: |hunter2\n`],
    ['a tag', `${SECRET}stringData:\n  p: !!int hunter2\n`],
    ['text beside a template', `${SECRET}stringData:\n  p: "hunter2 {{ .Values.x }}"\n`],
    ['a template', `${SECRET}stringData:\n  p: {{ default "hunter2" .Values.x }}\n`],
    ['text in what was applied', `${SECRET}  annotations:\n    last: 'hunter2 {{ .Values.x }}'\n`],
  ])('is repeated in no message: %s', async (_what, text) => {
    const index = await openIndex(new MemoryFiles({ 'a/x.yaml': text }), { rootName: 'root' });
    const [application] = index.applications();
    if (!application) throw new Error('no application');
    const messages = [...index.plan(application).problems, ...syncSource(index, application).refused];
    expect(messages.map(({ file, line }) => `${file}:${line}`)).toContain(`a/x.yaml:6`);
    expect(messages.map(({ message }) => message).join(' ')).not.toContain('hunter2');
  });

  test('is repeated for no JSON either', async () => {
    const { refused } = await source({
      'a/x.json': '{"apiVersion":"v1","kind":"Secret","stringData":{"p":"hunter2"} hunter2}',
      'a/y.yaml': CONFIG,
    });
    expect(refused.join(' ')).toContain('a/x.json:1 It is not one JSON object');
    expect(refused.join(' ')).not.toContain('hunter2');
  });

  test('may have a name, which is told', async () => {
    const { refused } = await one(manifest('Secret', 'x-${ENV}'));
    expect(refused[0]).toContain('(x-${ENV})');
  });
});

describe('a sync is refused', () => {
  test.each([
    [
      'for a template of Helm',
      `${CONFIG}data:\n  a: "{{ .Values.a }}"\n`,
      'a/x.yaml:6 It holds a template that is not resolved ({{ .Values.a }})',
    ],
    [
      'for a template that breaks the YAML',
      `${CONFIG}data:\n  a: {{ x }}\n`,
      'a/x.yaml:6 It holds a template that is not resolved ({{ x }})',
    ],
    [
      'for a template in a name',
      manifest('ConfigMap', 'x-${ENV}'),
      'a/x.yaml:4 It holds a template that is not resolved (x-${ENV})',
    ],
    [
      'for a template in a wave',
      manifest('ConfigMap', 'x', { 'argocd.argoproj.io/sync-wave': '${WAVE}' }),
      'a/x.yaml:6 It holds a template that is not resolved (${WAVE})',
    ],
    [
      'for a template in a key, however deep',
      `${manifest('Deployment', 'x')}spec:\n  template:\n    metadata:\n      labels:\n        "\${TIER}": web\n`,
      'a/x.yaml:9 It holds a template that is not resolved (${TIER})',
    ],
    [
      'for a template of Helm in a key of data, however deep',
      `${manifest('CustomThing', 'x')}spec:\n  a:\n    b:\n      data:\n        "{{ .Values.key }}": 1\n`,
      'a/x.yaml:9 It holds a template that is not resolved ({{ .Values.key }})',
    ],
    [
      'for a template in an image',
      `${manifest('Deployment', 'x')}spec:\n  template:\n    spec:\n      containers:\n      - image: "nginx:\${TAG}"\n`,
      'a/x.yaml:9 It holds a template that is not resolved (nginx:${TAG})',
    ],
    ['for broken YAML', `${CONFIG}data: [\n`, 'a/x.yaml:5 It cannot be read: '],
    ['for a document without a kind', `${CONFIG}---\na: 1\n`, 'a/x.yaml:6 This object has no kind'],
    ['for an object without an apiVersion', `${CONFIG}---\nkind: Secret\n`, 'a/x.yaml:6 This object has no apiVersion'],
    ['for text behind an end mark', `${CONFIG}...\n${CONFIG}`, 'a/x.yaml:6 Argo CD reads nothing behind a `...`'],
    [
      'for content behind a separator',
      `${CONFIG}--- {a: 1}\n`,
      'a/x.yaml:5 Argo CD cannot read a file with a `---` that has content behind it',
    ],
    [
      'for an annotation that is no text',
      `${CONFIG}  annotations:\n    a: "x"\n    b: 5\n`,
      'a/x.yaml:7 The value of b in the annotations is a number, no text',
    ],
    [
      'for a label that is no text',
      `${CONFIG}  labels: {a: yes}\n`,
      'a/x.yaml:5 The value of a in the labels is a boolean',
    ],
  ])('%s', async (_name, text, message) => {
    const { refused } = await one(text);
    expect(refused).toHaveLength(1);
    expect(refused[0]).toContain(message);
  });

  test('for JSON that is not one object', async () => {
    const object = '{"apiVersion": "v1", "kind": "Secret"}';
    const { refused } = await source({ 'a/x.json': `${object}\n${object}\n`, 'a/y.yaml': CONFIG });
    expect(refused[0]).toContain('a/x.json:1 It is not one JSON object');
  });

  test('for a kustomization and a chart', async () => {
    const kustomized = await source({ 'a/kustomization.yaml': 'resources: [x.yaml]\n', 'a/x.yaml': CONFIG });
    expect(kustomized.refused[0]).toContain('a:1 a is a kustomization that is not rendered');
    const charted = await source({ 'a/Chart.yaml': 'name: a\n', 'a/templates/x.yaml': CONFIG });
    expect(charted.refused[0]).toContain('a:1 a is a chart that is not rendered');
  });

  test('but not for a file that Argo CD passes over', async () => {
    const { objects, refused } = await source({ 'a/x.yaml': 'a: [\n', 'a/z.yaml': 'a: *x\n', 'a/y.yaml': CONFIG });
    expect([objects.length, refused]).toEqual([1, []]);
  });
});
