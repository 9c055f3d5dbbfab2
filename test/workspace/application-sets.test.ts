import { describe, expect, test } from 'vitest';
import { openIndex } from '../../server/src/workspace/index.ts';
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

  test('says so where the second generator of a matrix needs what the first one does not tell', async () => {
    const matrix =
      "- matrix:\n    generators:\n    - clusters: {}\n    - git: {directories: [{path: '{{ .metadata.labels.folder }}/*'}]}\n";
    expect(
      await lines({ ...FOLDERS, 'set.yaml': set(matrix, '{{ .name }}', '{{ .path.path }}', { go: true }) }),
    ).toEqual([
      expect.stringContaining(
        'what the templates of its generators come to ({{ .metadata.labels.folder }}: .metadata is not known here), which is not known here',
      ),
    ]);
  });

  test('takes the values of a generator, which may name what it gives itself', async () => {
    const matrix =
      "- matrix:\n    generators:\n    - list: {elements: [{env: dev}]}\n    - git:\n        directories: [{path: apps/a}]\n        values: {ns: '{{ .path.basename }}-x', stage: '{{ .env }}'}\n";
    const text = set(matrix, '{{ .values.ns }}', '{{ .path.path }}', { namespace: '{{ .values.stage }}', go: true });
    expect(await lines({ ...FOLDERS, 'set.yaml': text })).toEqual(['a-x apps/a dev 1']);
  });

  test('chooses with conditions, loops and functions', async () => {
    const generator =
      '- list:\n    elements:\n    - {app: a, env: Prod EU, team: {name: core}}\n    - {app: b_x, env: dev}\n';
    const name = '{{ printf "%s-%s" .app .env | lower | replace " " "-" | normalize }}';
    const namespace =
      '{{ if hasPrefix "Prod" .env }}{{ dig "team" "name" "none" . }}{{ else }}{{ range list "x" "y" }}{{ . }}{{ end }}{{ end }}';
    expect(
      await lines({ ...FOLDERS, 'set.yaml': set(generator, name, 'apps/{{ .app }}', { namespace, go: true }) }),
    ).toEqual(['a-prod-eu apps/a core 1', 'b-x-dev apps/b_x xy 1']);
  });

  test('heeds what a missing key is by its options', async () => {
    const generator = '- list: {elements: [{app: a}]}\n';
    const text = set(generator, '{{ .env | default "dev" }}', 'apps/{{ .app }}', { go: true });
    expect(await lines({ ...FOLDERS, 'set.yaml': text })).toEqual(['dev apps/a ns 1']);
    const strict = text.replace('goTemplate: true', 'goTemplate: true\n  goTemplateOptions: [missingkey=error]');
    expect(await lines({ ...FOLDERS, 'set.yaml': strict })).toEqual([
      '{{ .env | default "dev" }} apps/a ns 1: The ApplicationSet set holds templates that are not resolved here ({{ .env | default "dev" }}: there is no .env): what they come to is not known.',
    ]);
  });
});

describe('a patch of the template of an ApplicationSet', () => {
  const ELEMENTS = '- list: {elements: [{env: a, auto: "true", options: [Prune=false]}, {env: b_x, auto: "false"}]}\n';
  const patched = async (patch: string, { go = true, elements = ELEMENTS, more = '' } = {}) => {
    const dot = go ? '.' : '';
    const base = set(elements, `{{${dot}env}}`, `apps/{{${dot}env}}`, { go });
    const text = `${base}${more}  templatePatch: |\n${patch.replace(/^(?=.)/gm, '    ')}`;
    const index = await openIndex(new MemoryFiles({ ...FOLDERS, 'set.yaml': text }), { rootName: 'root' });
    return index
      .applications()
      .filter((application) => application.generatedBy !== undefined)
      .map(({ name, path, namespace, automated, syncOptions, policy, problems }) => ({
        line: `${name} ${path} ${namespace}`,
        ...{ automated, syncOptions, project: policy?.project, problems: problems.map(({ message }) => message) },
      }));
  };

  test('is applied where its condition holds', async () => {
    const patch = `{{- if eq .auto "true" }}
spec:
  syncPolicy:
    automated: {prune: true}
    syncOptions:
    {{- range .options }}
    - {{ . }}
    {{- end }}
{{- end }}
`;
    expect(await patched(patch)).toMatchObject([
      { line: 'a apps/a ns', automated: true, syncOptions: ['Prune=false'], problems: [] },
      { line: 'b_x apps/b_x ns', automated: false, syncOptions: [], problems: [] },
    ]);
  });

  test('is applied with simple templates too', async () => {
    const patch = 'spec: {destination: {namespace: "{{env}}-x"}}\n';
    expect((await patched(patch, { go: false })).map(({ line }) => line)).toEqual([
      'a apps/a a-x',
      'b_x apps/b_x b_x-x',
    ]);
  });

  test('takes out what it sets to null, puts a list in the place of another, and moves nothing into another project', async () => {
    const more = '      project: own\n      syncPolicy: {automated: {}, syncOptions: [A=1, B=2]}\n';
    const patch = 'spec: {project: other, syncPolicy: {automated: null, syncOptions: [C=3]}}\n';
    expect((await patched(patch, { more }))[0]).toMatchObject({
      automated: false,
      syncOptions: ['C=3'],
      project: 'own',
    });
  });

  test('takes values that are written as YAML', async () => {
    const elements = '- list: {elements: [{env: a, sync: {syncOptions: [A=1], automated: {prune: true}}}]}\n';
    const patch = 'spec:\n  syncPolicy:\n    {{- toYaml .sync | nindent 4 }}\n';
    expect(await patched(patch, { elements })).toMatchObject([{ automated: true, syncOptions: ['A=1'], problems: [] }]);
  });

  test.each([
    ['spec: {a: "{{ .gone }}"}\n', '{{ .gone }}: it has no value'],
    ['spec: [\n', 'what comes out of it is no YAML'],
    ['- a\n', 'what comes out of it is no mapping'],
    ['spec: {$patch: replace}\n', 'it holds $patch, which is not known here'],
  ])('%j leaves the application as the template has it, and says why', async (patch, why) => {
    const [first] = await patched(patch);
    expect(first?.line).toBe('a apps/a ns');
    expect(first?.problems).toEqual([
      expect.stringContaining(`The ApplicationSet set has a templatePatch, which is not applied here: ${why}`),
    ]);
  });

  test('is not applied where Argo CD could not merge it', async () => {
    const more = '      sources: []\n'.replace('sources: []', 'x: {valuesObject: {a: {b: 1}, c: 1}}');
    expect((await patched('spec: {x: {valuesObject: {c: 2, d: {}}}}\n', { more }))[0]?.problems).toEqual([]);
    expect((await patched('spec: {x: {valuesObject: {a: {c: 2}}}}\n', { more }))[0]?.problems).toEqual([
      expect.stringContaining('both it and the template have a in valuesObject, which Argo CD cannot merge'),
    ]);
  });
});
