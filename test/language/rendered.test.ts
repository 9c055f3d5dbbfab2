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
      if (/ (?:Rendered|Built) by /.test(finding.message)) expect(finding.fixes()).toEqual([]);
      return `${path}:${rangeOf(placed, finding.span).start.line + 1} ${finding.level} ${finding.rule} «${marked}» ${finding.message}`;
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
        /^shop\/values\.yaml:2 error unknown-hook-phase «PreSink» .*PreSink.* Rendered by Helm from this value, by shop\/templates\/job\.yaml\.$/,
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
      expect.stringMatching(/^shop\/templates\/a\.yaml:4 error .* Rendered by Helm from this template\.$/),
      expect.stringMatching(/^shop\/templates\/b\.yaml:4 error .* Rendered by Helm from this template\.$/),
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
