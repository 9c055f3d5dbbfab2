import { describe, expect, test } from 'vitest';
import { openIndex } from '../../server/src/workspace/index.ts';
import { fillText } from '../../server/src/workspace/set-template.ts';
import { manifest, MemoryFiles } from './memory-files.ts';

const CONFIG = manifest('ConfigMap', 'settings');

async function generated(texts: Readonly<Record<string, string>>) {
  const index = await openIndex(new MemoryFiles(texts), { rootName: 'root' });
  return index
    .applications()
    .filter((application) => application.generatedBy !== undefined)
    .map(({ name, path, namespace, files, problems }) => ({
      line: `${name} ${path} ${namespace} ${files.length}`,
      problems: problems.map(({ message }) => message),
    }));
}

const set = (generators: string, name: string, path: string, { go = false, namespace = 'ns' } = {}): string =>
  `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata:
  name: set
spec:
${go ? '  goTemplate: true\n' : ''}  generators:
${generators.replace(/^(?=.)/gm, '  ')}  template:
    metadata:
      name: '${name}'
    spec:
      source:
        path: '${path}'
      destination:
        namespace: '${namespace}'
`;

const lines = async (texts: Readonly<Record<string, string>>): Promise<string[]> =>
  (await generated(texts)).map(({ line, problems }) => [line, ...problems].join(': '));

const FOLDERS = { 'apps/a/c.yaml': CONFIG, 'apps/b_x/c.yaml': CONFIG, 'apps/skip/c.yaml': CONFIG };

describe('an ApplicationSet', () => {
  test('generates an Application for each element of a list', async () => {
    const generator =
      '- list:\n    elements:\n    - {env: a, values: {ns: one}}\n    - {env: b_x, values: {ns: two}}\n';
    const expected = ['shop-a apps/a one 1', 'shop-b_x apps/b_x two 1'];
    const plain = set(generator, 'shop-{{env}}', 'apps/{{ env }}', { namespace: '{{values.ns}}' });
    expect(await lines({ ...FOLDERS, 'set.yaml': plain })).toEqual(expected);
    const go = set(generator, 'shop-{{.env}}', 'apps/{{ .env }}', { namespace: '{{.values.ns}}', go: true });
    expect(await lines({ ...FOLDERS, 'set.yaml': go })).toEqual(expected);
  });

  test('generates one for each folder of Git', async () => {
    const generator = '- git:\n    directories:\n    - path: apps/*\n    - {path: apps/skip, exclude: true}\n';
    const expected = ['a apps/a a 1', 'b-x apps/b_x b_x 1'];
    const plain = set(generator, '{{path.basenameNormalized}}', '{{path}}', { namespace: '{{path[1]}}' });
    expect(await lines({ ...FOLDERS, 'set.yaml': plain })).toEqual(expected);
    const go = set(generator, '{{ .path.basename | normalize }}', '{{.path.path}}', {
      namespace: '{{index .path.segments 1}}',
      go: true,
    });
    expect(await lines({ ...FOLDERS, 'set.yaml': go })).toEqual(expected);
  });

  test('generates one for each file of Git, with what the file says', async () => {
    const generator = '- git:\n    files:\n    - path: "envs/**/config.json"\n    values: {ns: "{{env.name}}-ns"}\n';
    const files = {
      ...FOLDERS,
      'envs/one/config.json': '{"env": {"name": "prod", "app": "a"}}',
      'envs/two/config.json': '[{"env": {"name": "dev", "app": "a"}}, {"env": {"name": "test", "app": "b_x"}}]',
    };
    const plain = set(generator, '{{env.name}}-{{path.filename}}', 'apps/{{env.app}}', { namespace: '{{values.ns}}' });
    expect(await lines({ ...files, 'set.yaml': plain })).toEqual([
      'dev-config.json apps/a dev-ns 1',
      'prod-config.json apps/a prod-ns 1',
      'test-config.json apps/b_x test-ns 1',
    ]);
  });

  test('is worked out anew when such a file says something else', async () => {
    const generator = '- git:\n    files:\n    - path: envs/*.json\n';
    const files = new MemoryFiles({
      ...FOLDERS,
      'envs/one.json': '{"app": "a"}',
      'set.yaml': set(generator, 'x', 'apps/{{app}}'),
    });
    const index = await openIndex(files, { rootName: 'root' });
    const path = (): string | undefined => index.applications().find(({ name }) => name === 'x')?.path;
    expect(path()).toBe('apps/a');
    files.texts.set('envs/one.json', '{"app": "b_x"}');
    await index.refresh('envs/one.json');
    expect(path()).toBe('apps/b_x');
  });

  test('combines generators', async () => {
    const list = (...names: string[]): string => `{list: {elements: [${names.map((n) => `{env: ${n}}`).join(', ')}]}}`;
    const git = '{git: {directories: [{path: "apps/a"}, {path: "apps/b_x"}]}}';
    const matrix = `- matrix:\n    generators:\n    - ${git}\n    - ${list('dev', 'prod')}\n`;
    expect(await lines({ ...FOLDERS, 'set.yaml': set(matrix, '{{path.basename}}-{{env}}', '{{path}}') })).toEqual([
      'a-dev apps/a ns 1',
      'a-prod apps/a ns 1',
      'b_x-dev apps/b_x ns 1',
      'b_x-prod apps/b_x ns 1',
    ]);
    const merge = `- merge:\n    mergeKeys: [env]\n    generators:\n    - ${list('a', 'b_x')}\n    - {list: {elements: [{env: a, ns: special}]}}\n`;
    expect(
      await lines({ ...FOLDERS, 'set.yaml': set(merge, '{{env}}', 'apps/{{env}}', { namespace: '{{ns}}' }) }),
    ).toEqual([
      'a apps/a special 1',
      'b_x apps/b_x {{ns}} 1: The ApplicationSet set holds templates that are not resolved here ({{ns}}): what they come to is not known.',
    ]);
  });

  test('selects among what a generator gives', async () => {
    const generator =
      '- list: {elements: [{env: a, tier: x}, {env: b_x, tier: "y"}]}\n  selector: {matchLabels: {tier: x}}\n';
    expect(await lines({ ...FOLDERS, 'set.yaml': set(generator, '{{env}}', 'apps/{{env}}') })).toEqual([
      'a apps/a ns 1',
    ]);
  });

  test('stands for what only Argo CD knows, and says so', async () => {
    const unknown =
      'The ApplicationSet set generates this application for the clusters that Argo CD knows, which is not known here: the templates about it stand as they are written.';
    const clusters = '- clusters: {}\n';
    expect(await lines({ ...FOLDERS, 'set.yaml': set(clusters, '{{name}}-a', 'apps/a') })).toEqual([
      `{{name}}-a apps/a ns 1: ${unknown}`,
    ]);
    const matrix = '- matrix:\n    generators:\n    - clusters: {}\n    - git: {directories: [{path: apps/a}]}\n';
    expect(await lines({ ...FOLDERS, 'set.yaml': set(matrix, '{{name}}-{{path.basename}}', '{{path}}') })).toEqual([
      `{{name}}-a apps/a ns 1: ${unknown}`,
    ]);
    expect(await lines({ ...FOLDERS, 'sets/set.yaml': set(clusters, '{{name}}', 'apps/{{name}}') })).toEqual([
      `set sets  0: ${unknown}`,
    ]);
  });

  test('finds its folders where the root is a folder of the repository', async () => {
    const generator = '- git: {directories: [{path: "deploy/apps/*"}]}\n';
    const found = await lines({ ...FOLDERS, 'set.yaml': set(generator, '{{path.basename}}', '{{path}}') });
    expect(found[0]).toBe('a apps/a ns 1');
  });

  test('with a patch of its template is not synced from here', async () => {
    const text =
      set('- list: {elements: [{env: a}]}\n', '{{env}}', 'apps/{{env}}') + '  templatePatch: |\n    spec: {}\n';
    expect(await lines({ ...FOLDERS, 'set.yaml': text })).toEqual([
      'a apps/a ns 1: The ApplicationSet set has a templatePatch, which is not applied here.',
    ]);
  });
});

describe('a Go template', () => {
  const parameters = { a: { b: 'X-y' }, list: ['p', 'q'], n: 3, yes: true };
  test.each([
    ['{{ .a.b }}', 'X-y'],
    ['{{.n}}-{{.yes}}', '3-true'],
    ['{{ index .list 1 }}', 'q'],
    ['{{ .gone | default "d" }}', 'd'],
    ['{{ default .a.b .gone }}', 'X-y'],
    ['{{ .a.b | lower | trimPrefix "x-" | quote }}', '"y"'],
    ['{{ replace "-" "_" .a.b }}', 'X_y'],
    ['{{ .a.b | trunc 1 }}', 'X'],
  ])('%s gives %s', (text, expected) => {
    expect(fillText(text, parameters, true)).toEqual({ value: expected, left: [] });
  });

  test.each([
    ['{{ .gone }}'],
    ['{{ if .a }}x{{ end }}'],
    ['{{ range .list }}{{ . }}{{ end }}'],
    ['{{ .a }}'],
    ['{{ printf "%s" .n }}'],
    ['{{- .n }}'],
    ['{{ .constructor }}'],
  ])('%s stays as it is written', (text) => {
    expect(fillText(text, parameters, true).left.length).toBeGreaterThan(0);
  });
});
