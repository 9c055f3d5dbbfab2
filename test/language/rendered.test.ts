import { describe, expect, test } from 'vitest';
import { Linter } from '../../server/src/language/diagnostics/lint.ts';
import { rangeOf } from '../../server/src/manifest/source-file.ts';
import { openIndex } from '../../server/src/workspace/index.ts';
import { RenderKeeper } from '../../server/src/workspace/render/keeper.ts';
import { MemoryFiles } from '../workspace/memory-files.ts';
import { MemoryRenderer, rendered } from '../workspace/render/memory-renderer.ts';

/** What the rules say of a workspace whose sources come out like this: `file:line level rule «what is marked» message`. */
async function lint(texts: Readonly<Record<string, string>>, output: string, traced?: string): Promise<string[]> {
  const index = await openIndex(new MemoryFiles(texts), { rootName: 'root' });
  const keeper = new RenderKeeper(
    index,
    new MemoryRenderer(new Map(Object.entries(texts)), () => rendered(output, traced)),
  );
  for (const application of index.applications()) await keeper.refresh(application);
  const linter = new Linter(index, { argocdVersion: '3.6.1', levels: {} });
  return index.paths().flatMap((path) =>
    linter.findings(path).map(({ placed, finding }) => {
      const { start, end } = finding.span;
      const marked = placed.document.text.slice(start, end);
      const also = (finding.related ?? []).map(
        ({ message, span, place }) =>
          ` [${message} ${place ? `${place.file}:${rangeOf(place.placed, span).start.line + 1}` : ''}]`,
      );
      if (/ (?:Rendered|Built) by /.test(finding.message)) expect(finding.fixes()).toEqual([]);
      return `${path}:${rangeOf(placed, finding.span).start.line + 1} ${finding.level} ${finding.rule} «${marked}» ${finding.message}${also.join('')}`;
    }),
  );
}

const CHART = { 'shop/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n' };

const job = (
  phase: string,
  name = 'name: migrate',
  spec = '  activeDeadlineSeconds: 600\n',
): string => `apiVersion: batch/v1
kind: Job
metadata:
  ${name}
  annotations:
    argocd.argoproj.io/hook: ${phase}
spec:
${spec}  template:
    spec:
      restartPolicy: Never
      containers:
        - name: migrate
          image: example.com/shop/migrate:1.4
`;

const from = (file: string, manifest: string): string => `---\n# Source: ${file}\n${manifest}`;

describe('a rendered chart', () => {
  test('has a bad phase of its values told where the values say it', async () => {
    const found = await lint(
      {
        ...CHART,
        'shop/values.yaml': 'hooks:\n  phase: PreSink\n',
        'shop/templates/job.yaml': job('{{ .Values.hooks.phase | quote }}'),
      },
      from('shop/templates/job.yaml', job('"PreSink"')),
    );
    expect(found).toEqual([
      expect.stringMatching(
        /^shop\/values\.yaml:2 error unknown-hook-phase «PreSink» .*PreSink.* Rendered by Helm from this value, by shop\/templates\/job\.yaml\. \[Rendered from here\. shop\/templates\/job\.yaml:6\]$/,
      ),
    ]);
  });

  test('has it told in the template where no file of values says the same', async () => {
    const found = await lint(
      {
        ...CHART,
        'shop/values.yaml': 'hooks:\n  phase: PreSync\n',
        'shop/templates/job.yaml': job('{{ .Values.hooks.phase }}'),
      },
      from('shop/templates/job.yaml', job('PreSink')),
    );
    expect(found).toEqual([
      expect.stringMatching(
        /^shop\/templates\/job\.yaml:6 error unknown-hook-phase «\{\{ \.Values\.hooks\.phase \}\}» .* Rendered by Helm from this template\.$/,
      ),
    ]);
  });

  test('says once what its template shows already', async () => {
    const template = job('PreSink');
    const found = await lint(
      { ...CHART, 'shop/templates/job.yaml': template },
      from('shop/templates/job.yaml', template),
    );
    expect(found).toHaveLength(1);
    expect(found[0]).not.toContain('Rendered');
  });

  test('has two hooks of one generated name told, of which no template knows', async () => {
    const template = (file: string): string => job('PostSync', `generateName: {{ .Release.Name }}-${file}`);
    const found = await lint(
      {
        ...CHART,
        'shop/templates/a.yaml': template('{{ .Values.a }}'),
        'shop/templates/b.yaml': template('{{ .Values.b }}'),
      },
      from('shop/templates/a.yaml', job('PostSync', 'generateName: shop-x-')) +
        from('shop/templates/b.yaml', job('PostSync', 'generateName: shop-x-')),
    );
    const collisions = found.filter((text) => text.includes('generate-name-collision'));
    expect(collisions).toEqual([
      expect.stringMatching(
        /^shop\/templates\/a\.yaml:4 error .* Rendered by Helm from this template\. \[Job .*b\.yaml:4\]$/,
      ),
      expect.stringMatching(
        /^shop\/templates\/b\.yaml:4 error .* Rendered by Helm from this template\. \[Job .*a\.yaml:4\]$/,
      ),
    ]);
  });

  test('has a hook told that may never finish', async () => {
    const found = await lint(
      {
        ...CHART,
        'shop/templates/job.yaml': job(
          'PreSync',
          'name: migrate',
          '{{- with .Values.deadline }}\n  activeDeadlineSeconds: {{ . }}\n{{- end }}\n',
        ),
      },
      from('shop/templates/job.yaml', job('PreSync', 'name: migrate', '')),
    );
    expect(found).toEqual([
      expect.stringMatching(
        /^shop\/templates\/job\.yaml:\d+ \w+ hook-may-never-finish .* Rendered by Helm from this template\.$/,
      ),
    ]);
  });

  test('has nothing told of what its template silences', async () => {
    const found = await lint(
      {
        ...CHART,
        'shop/values.yaml': 'hooks:\n  phase: PreSink\n',
        'shop/templates/job.yaml': `# argocd-hooks: ignore unknown-hook-phase\n${job('{{ .Values.hooks.phase }}')}`,
      },
      from('shop/templates/job.yaml', job('PreSink')),
    );
    expect(found).toEqual([]);
  });

  test('has told once what several manifests of one template have', async () => {
    const template = `{{- range .Values.jobs }}\n---\n${job('{{ $.Values.phase }}', 'name: {{ .name }}')}{{- end }}\n`;
    const found = await lint(
      {
        ...CHART,
        'shop/values.yaml': 'phase: PreSink\njobs: [{name: a}, {name: b}]\n',
        'shop/templates/job.yaml': template,
      },
      from('shop/templates/job.yaml', job('PreSink', 'name: a')) +
        from('shop/templates/job.yaml', job('PreSink', 'name: b')),
    );
    expect(found).toHaveLength(1);
  });

  test('leads what comes from a packed chart to the file that describes it', async () => {
    const found = await lint(
      { ...CHART, 'shop/templates/c.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n' },
      from('shop/charts/db/templates/job.yaml', job('PreSink')),
    );
    expect(found).toEqual([
      expect.stringMatching(
        /^shop\/Chart\.yaml:1 error unknown-hook-phase .* Rendered by Helm from shop\/charts\/db\/templates\/job\.yaml, which is in a packed chart\.$/,
      ),
    ]);
  });
});

/** An Application that gives this to Helm or kustomize. */
const application = (source: string): string => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: shop
spec:
  source:
    path: shop
${source.replace(/^(?=.)/gm, '    ')}`;

describe('a chart that an Application gives values', () => {
  const template = job('{{ .Values.hooks.phase | quote }}');
  const files = (helm: string, values = 'hooks:\n  phase: PreSync\n', text = template) => ({
    ...CHART,
    'shop/values.yaml': values,
    'shop/templates/job.yaml': text,
    'app.yaml': application(`helm:\n${helm.replace(/^(?=.)/gm, '  ')}`),
  });
  const output = from('shop/templates/job.yaml', job('"PreSink"'));
  const told = (line: number, marked = 'PreSink'): unknown =>
    expect.stringMatching(
      new RegExp(
        `^app\\.yaml:${line} error unknown-hook-phase «${marked}» .* Rendered by Helm from this value, by shop/templates/job\\.yaml\\. \\[Rendered from here\\. shop/templates/job\\.yaml:6\\]$`,
      ),
    );

  test.each([
    ['its valuesObject', 'valuesObject:\n  hooks:\n    phase: PreSink\n', 11, 'PreSink'],
    ['its values', 'values: |\n  # why\n  hooks:\n    phase: PreSink\n', 12, 'PreSink'],
    ['its parameters', 'parameters:\n- name: hooks.phase\n  value: "PreSink"\n', 11, '"PreSink"'],
    [
      'its parameters, which count before values',
      'values: "hooks: {phase: Sync}"\nparameters:\n- name: hooks.phase\n  value: PreSink\n',
      12,
      'PreSink',
    ],
  ])('has it told at %s', async (_what, helm, line, marked) => {
    expect(await lint(files(helm), output)).toEqual([told(line, marked)]);
    expect(await lint(files(helm, 'hooks: {phase: PreSink}\n'), output)).toEqual([told(line, marked)]);
  });

  test('has it told in the file of values where the Application says nothing of it', async () => {
    const found = await lint(files('valuesObject: {other: 1}\n', 'hooks: {phase: PreSink}\n'), output);
    expect(found).toEqual([expect.stringMatching(/^shop\/values\.yaml:1 error unknown-hook-phase «PreSink» /)]);
  });

  test.each([
    ['says something else', 'valuesObject: {hooks: {phase: Sync}}\n'],
    ['takes it from a file', 'fileParameters:\n- name: hooks.phase\n  path: shop/values.yaml\n'],
  ])('has it told in the template where the Application %s', async (_why, helm) => {
    const found = await lint(files(helm, 'hooks: {phase: PreSink}\n'), output);
    expect(found).toEqual([expect.stringMatching(/^shop\/templates\/job\.yaml:6 error unknown-hook-phase /)]);
  });

  test('has an annotation among the values told there, and once', async () => {
    const writing = `apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: migrate\n  annotations:\n    {{- toYaml .Values.annotations | nindent 4 }}\nspec: {activeDeadlineSeconds: 60}\n`;
    const annotations = (phase: string, policy: string): string =>
      `annotations:\n  argocd.argoproj.io/hook: ${phase}\n  argocd.argoproj.io/hook-delete-policy: ${policy}\n`;
    const made = (phase: string, policy: string): string =>
      from('shop/templates/job.yaml', job(`${phase}\n    argocd.argoproj.io/hook-delete-policy: ${policy}`));
    const own = files(`valuesObject:\n${annotations('PreSync', 'HookFailed').replace(/^(?=.)/gm, '  ')}`, '', writing);
    expect((await lint(own, made('PreSync', 'HookFailed'))).filter((text) => text.includes('stale-hook'))).toEqual([
      expect.stringMatching(/^app\.yaml:12 error stale-hook-reused «HookFailed» /),
    ]);
    const typo = files('releaseName: x\n', annotations('PreSink', 'HookSucceeded'), writing);
    expect(await lint(typo, made('PreSink', 'HookSucceeded'))).toEqual([
      expect.stringMatching(/^shop\/values\.yaml:2 warning unknown-hook-phase «PreSink» /),
    ]);
  });
});

describe('a built kustomization with patches', () => {
  const HOOK = 'argocd.argoproj.io/hook';
  const POLICY = 'argocd.argoproj.io/hook-delete-policy';
  const base = job('PreSync');
  const built = job(`PreSync\n    ${POLICY}: HookFailed`);
  const stale = (where: string): unknown =>
    expect.stringMatching(
      new RegExp(
        `^${where} error stale-hook-reused «HookFailed» .* Built by kustomize with .*, from prod/job\\.yaml\\. \\[Rendered from here\\. prod/job\\.yaml:4\\]$`,
      ),
    );
  const staleIn = async (files: Readonly<Record<string, string>>) =>
    (await lint(files, built)).filter((text) => text.includes('stale-hook-reused'));
  const strategic = `apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: migrate\n  annotations:\n    ${POLICY}: HookFailed\n`;
  const operation = `- op: add\n  path: /metadata/annotations/argocd.argoproj.io~1hook-delete-policy\n  value: HookFailed\n`;
  const indented = (text: string): string => text.replace(/^(?=.)/gm, '    ');

  test.each([
    ['a strategic patch', `resources: [job.yaml]\npatches:\n- patch: |\n${indented(strategic)}`, 9],
    ['a JSON patch', `resources: [job.yaml]\npatches:\n- target: {kind: Job}\n  patch: |\n${indented(operation)}`, 7],
    ['its common annotations', `resources: [job.yaml]\ncommonAnnotations:\n  ${POLICY}: HookFailed\n`, 3],
  ])('has told what one makes of a manifest, there: %s', async (_what, kustomization, line) => {
    const files = { 'prod/kustomization.yaml': kustomization, 'prod/job.yaml': base };
    expect(await staleIn(files)).toEqual([stale(`prod/kustomization\\.yaml:${line}`)]);
  });

  test('has it told in the file of the patch, and at the Application that gives it', async () => {
    expect(
      await staleIn({
        'prod/kustomization.yaml': 'resources: [job.yaml]\npatches: [{path: patch.yaml}]\n',
        'prod/job.yaml': base,
        'prod/patch.yaml': strategic,
      }),
    ).toEqual([stale('prod/patch\\.yaml:6')]);
    const patches = `kustomize:\n  patches:\n  - target: {kind: Job, name: migrate}\n    patch: |\n${indented(indented(operation))}`;
    expect(
      await staleIn({
        'prod/kustomization.yaml': 'resources: [job.yaml]\n',
        'prod/job.yaml': base,
        'app.yaml': application(patches).replace('path: shop', 'path: prod'),
      }),
    ).toEqual([stale('app\\.yaml:14')]);
  });

  test('says once what the patch shows by itself', async () => {
    const patch = strategic.replace(`${POLICY}: HookFailed`, `${HOOK}: PreSink`);
    const found = await lint(
      {
        'prod/kustomization.yaml': `resources: [job.yaml]\npatches:\n- patch: |\n${indented(patch)}`,
        'prod/job.yaml': base,
      },
      job('PreSink'),
    );
    expect(found).toEqual([expect.stringMatching(/^prod\/kustomization\.yaml:9 error unknown-hook-phase «PreSink» /)]);
    expect(found[0]).not.toContain('Built');
  });

  test.each([
    ['two may have written it', 'kind: Job', 2],
    ['it is for another kind', 'kind: Pod', 1],
    ['it is for another name', 'name: other', 1],
  ])('has it told at the manifest where %s', async (_why, target, times) => {
    const patch = `- target: {${target.includes('name') ? 'kind: Job, ' : ''}${target}}\n  patch: |\n${indented(operation)}`;
    const files = {
      'prod/kustomization.yaml': `resources: [job.yaml]\npatches:\n${patch.repeat(times)}`,
      'prod/job.yaml': base,
    };
    expect(await staleIn(files)).toEqual([expect.stringMatching(/^prod\/job\.yaml:4 error stale-hook-reused /)]);
  });
});

describe('a built kustomization', () => {
  test('has told what a patch makes of a manifest, at the manifest', async () => {
    const found = await lint(
      { 'prod/kustomization.yaml': 'resources: [job.yaml]\n', 'prod/job.yaml': job('PreSync') },
      job('PreSink'),
    );
    expect(found).toEqual([
      expect.stringMatching(
        /^prod\/job\.yaml:6 error unknown-hook-phase «PreSync» .*PreSink.* Built by kustomize from this manifest\.$/,
      ),
    ]);
  });
});
