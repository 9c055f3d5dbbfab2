import { describe, expect, it } from 'vitest';
import { fixedFiles, lintFiles, yaml } from '../fixture.ts';

const only = async (rule: string, files: Readonly<Record<string, string>>, options = {}): Promise<string[]> =>
  (await lintFiles(files, options))
    .filter((finding) => finding.rule === rule)
    .map(({ file, line, severity, message }) => `${file}:${line} ${severity} ${message}`);

const application = (spec: string, metadata = ''): string => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: shop
${metadata}spec:
  source: {repoURL: https://example.com/shop.git, path: shop}
  destination: {namespace: shop, server: https://kubernetes.default.svc}
${spec}`;

const hook = (
  metadata: string,
  kind = 'Job',
  apiVersion = 'batch/v1',
  spec = '{template: {spec: {containers: []}}}',
): string => `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n${metadata.replace(/^/gm, '  ')}\nspec: ${spec}\n`;
const notify = (prefix: string, phase = 'PostSync', more = ''): string =>
  hook(
    `generateName: ${prefix}\n${more}annotations:\n  argocd.argoproj.io/hook: ${phase}\n  argocd.argoproj.io/hook-delete-policy: HookSucceeded`,
  );

describe('generate-name-collision', () => {
  const rule = 'generate-name-collision';

  it('names the phase, points at both, and renames the second', async () => {
    const findings = await lintFiles({ 'a.yaml': notify('notify-'), 'b.yaml': notify('notify-') });
    const own = findings.filter((finding) => finding.rule === rule);
    expect(own.map(({ file, severity }) => [file, severity])).toEqual([
      ['a.yaml', 'error'],
      ['b.yaml', 'error'],
    ]);
    expect(own[0]?.message).toContain('2 PostSync hooks get the same name: each is Job notify-…');
    expect(own[0]?.related).toMatchObject([{ file: 'b.yaml', line: 4 }]);
    expect(own.map(({ fixes }) => fixes)).toEqual([[], ['Rename to notify-2-']]);
  });

  it('tells a pair once, with all phases that they share', async () => {
    const files = { 'a.yaml': notify('n-', 'PreSync,PostSync'), 'b.yaml': notify('n-', 'PostSync,PreSync,Sync') };
    const [first, ...more] = await only(rule, files);
    expect(more).toHaveLength(1);
    expect(first).toContain('2 PreSync and PostSync hooks get the same name');
  });

  it('takes the namespace of the Application for the one that is not written', async () => {
    const files = (namespace: string) => ({
      'app.yaml': application(''),
      'shop/a.yaml': `${notify('n-')}---\n${notify('n-', 'PostSync', `namespace: ${namespace}\n`)}`,
    });
    expect(await only(rule, files('shop'))).toHaveLength(2);
    expect(await only(rule, files('other'))).toEqual([]);
  });

  it.each([
    ['another prefix', notify('m-')],
    ['another phase', notify('n-', 'PreSync')],
    ['another kind', notify('n-').replace('kind: Job', 'kind: Pod').replace('batch/v1', 'v1')],
    ['a name', notify('n-').replace('generateName: n-', 'name: n')],
    ['a deletion', notify('n-', 'PostDelete')],
    ['a template', notify('n-{{ .Values.x }}')],
  ])('is silent about %s', async (_name, other) => {
    expect(await only(rule, { 'a.yaml': notify('n-'), 'b.yaml': other })).toEqual([]);
  });
});

describe('generate-name-without-hook of custom resources', () => {
  const rule = 'generate-name-without-hook';
  const workflow = 'apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata:\n  generateName: build-\nspec: {}\n';

  it('is an error where an Application has Argo CD apply them, and none where nothing says so', async () => {
    expect(await only(rule, { 'shop/build.yaml': workflow })).toEqual([]);
    const [finding, ...more] = await only(rule, { 'app.yaml': application(''), 'shop/build.yaml': workflow });
    expect(more).toEqual([]);
    expect(finding).toMatch(/^shop\/build\.yaml:4 error Workflow build-… is no hook and has no name/);
  });

  it('is told once for other kinds, by their document', async () => {
    const job = workflow.replace('argoproj.io/v1alpha1', 'batch/v1').replace('Workflow', 'Job');
    expect(await only(rule, { 'app.yaml': application(''), 'shop/build.yaml': job })).toHaveLength(1);
  });

  it('is kustomize’s matter where a kustomization lists them', async () => {
    const files = {
      'app.yaml': application(''),
      'shop/kustomization.yaml': 'kind: Kustomization\nresources: [build.yaml]\n',
      'shop/build.yaml': workflow,
    };
    expect(await only(rule, files)).toEqual([]);
    expect(await only('kustomize-generate-name', files)).toHaveLength(1);
  });
});

describe('shared-resource-is-hook', () => {
  const rule = 'shared-resource-is-hook';
  const shared = (kind: string, apiVersion = 'v1', more = ''): string =>
    `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: shop\n  annotations:\n    argocd.argoproj.io/hook: PreSync\n${more}`;
  const deployment = (pod: string): string => yaml`
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      template:
        spec:
          ${pod}
          containers: []
  `;

  it.each([
    ['a Deployment that pulls its images with it', deployment('imagePullSecrets: [{name: shop}]')],
    [
      'a Rollout that mounts it',
      deployment('volumes: [{name: v, secret: {secretName: shop}}]')
        .replace('kind: Deployment', 'kind: Rollout')
        .replace('apps/v1', 'argoproj.io/v1alpha1'),
    ],
  ])('is an error for a Secret beside %s', async (_name, user) => {
    const [finding] = await only(rule, { 'a.yaml': shared('Secret'), 'b.yaml': user });
    expect(finding).toMatch(
      /^a\.yaml:6 error Secret shop is a hook: .*, which is no hook, (?:pulls its images with|mounts) it\./,
    );
  });

  it.each(['ConfigMap', 'Secret', 'ServiceAccount'])('is a hint for a %s that hooks alone use', async (kind) => {
    const [finding] = await only(rule, { 'a.yaml': shared(kind) });
    expect(finding).toBe(
      `a.yaml:6 hint ${kind} shop is a hook: every sync deletes it and creates it anew. That is right as long as hooks alone use it.`,
    );
  });

  it.each([
    ['ServiceAccount', 'serviceAccountName: shop', 'runs as'],
    ['ConfigMap', 'volumes: [{name: a, configMap: {name: shop}}]', 'mounts'],
    ['Secret', 'initContainers: [{envFrom: [{secretRef: {name: shop}}]}]', 'reads'],
  ])('is an error for a %s of which a Deployment says %s', async (kind, pod, use) => {
    const files = { 'a.yaml': shared(kind), 'b.yaml': deployment(pod) };
    const [finding] = await only(rule, files);
    expect(finding).toContain(
      `error ${kind} shop is a hook: every sync deletes it and creates it anew, while Deployment web, which is no hook, ${use} it.`,
    );
    const [own] = (await lintFiles(files)).filter((found) => found.rule === rule);
    expect(own?.related).toMatchObject([{ file: 'b.yaml', line: 4 }]);
    expect(own?.fixes).toEqual(['Make it a resource of an early wave']);
  });

  it('finds who needs a role by what is bound to it', async () => {
    const rbac = 'rbac.authorization.k8s.io/v1';
    const binding = shared(
      'RoleBinding',
      rbac,
      'roleRef: {kind: Role, name: shop}\nsubjects: [{kind: ServiceAccount, name: shop}]\n',
    );
    const files = { 'role.yaml': shared('Role', rbac), 'binding.yaml': binding };
    expect((await only(rule, files)).every((finding) => finding.includes(' hint '))).toBe(true);
    const used = await only(rule, { ...files, 'b.yaml': deployment('serviceAccountName: shop') });
    expect(used).toHaveLength(2);
    for (const finding of used) expect(finding).toMatch(/ error .*while Deployment web, which is no hook, needs it/);
  });

  it('is a hint only where a part of the application cannot be read, or the user is a hook', async () => {
    const files = {
      'a.yaml': shared('ConfigMap'),
      'b.yaml': deployment('volumes: [{name: a, configMap: {name: shop}}]'),
    };
    expect((await only(rule, { ...files, 'c.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {' }))[0]).toContain(
      ' hint ',
    );
    const own = files['b.yaml'].replace('name: web', 'name: web\n  annotations: {argocd.argoproj.io/hook: PostSync}');
    expect((await only(rule, { ...files, 'b.yaml': own }))[0]).toContain(' hint ');
    const optional = files['b.yaml'].replace('name: shop', 'name: shop, optional: true');
    expect((await only(rule, { ...files, 'b.yaml': optional }))[0]).toContain(' hint ');
  });

  it('is silent about templates, generated names, deletions and Skip', async () => {
    for (const [was, by] of [
      ['PreSync', '{{ .Values.hook }}'],
      ['PreSync', 'PostDelete'],
      ['PreSync', 'Skip'],
      ['name:', 'generateName:'],
      ['name: shop', 'name: "{{ .Values.name }}"'],
    ] as const)
      expect(await only(rule, { 'a.yaml': shared('ConfigMap').replace(was, by) })).toEqual([]);
  });
});

describe('hook-sidecar-injection by the namespace', () => {
  const rule = 'hook-sidecar-injection';
  const job = hook(
    'name: migrate\nnamespace: shop\nannotations:\n  argocd.argoproj.io/hook: PreSync',
    'Job',
    'batch/v1',
    '\n  template:\n    spec:\n      containers: []',
  );
  const namespace = (metadata: string): string =>
    `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  ${metadata}\n`;

  it.each([
    ['labels: {istio-injection: enabled}', 'Istio', 'sidecar.istio.io/inject: "false"'],
    ['labels: {istio.io/rev: canary}', 'Istio', 'sidecar.istio.io/inject: "false"'],
    ['annotations: {linkerd.io/inject: enabled}', 'Linkerd', 'linkerd.io/inject: "disabled"'],
  ])('with %s', async (metadata, mesh, annotation) => {
    const files = { 'a.yaml': job, 'ns.yaml': namespace(metadata) };
    const [finding] = await only(rule, files);
    expect(finding).toContain(
      `a.yaml:4 warning Job migrate never completes, and the sync waits for it for ever: namespace shop has ${mesh} put a sidecar into it`,
    );
    expect(finding).toContain(`Add the annotation ${annotation} to its pod.`);
    const [own] = (await lintFiles(files)).filter((found) => found.rule === rule);
    expect(own?.fixes).toEqual([`Add the annotation ${annotation} to its pod`]);
  });

  it('reads the namespace that the Application has made', async () => {
    const spec =
      '  syncPolicy:\n    syncOptions: [CreateNamespace=true]\n    managedNamespaceMetadata: {labels: {istio-injection: enabled}}\n';
    const files = { 'app.yaml': application(spec), 'shop/a.yaml': job.replace('  namespace: shop\n', '') };
    expect(await only(rule, files)).toHaveLength(1);
  });

  it('is silent where the pod opts out, elsewhere, and of resources', async () => {
    const ns = namespace('labels: {istio-injection: enabled}');
    const out = job.replace(
      'template:\n',
      'template:\n    metadata: {annotations: {sidecar.istio.io/inject: "false"}}\n',
    );
    expect(await only(rule, { 'a.yaml': out, 'ns.yaml': ns })).toEqual([]);
    expect(await only(rule, { 'a.yaml': job.replace('namespace: shop', 'namespace: other'), 'ns.yaml': ns })).toEqual(
      [],
    );
    expect(
      await only(rule, { 'a.yaml': job.replace('argocd.argoproj.io/hook: PreSync', 'a: b'), 'ns.yaml': ns }),
    ).toEqual([]);
    expect(await only(rule, { 'a.yaml': job, 'ns.yaml': namespace('labels: {istio-injection: disabled}') })).toEqual(
      [],
    );
    expect(
      await only(rule, { 'a.yaml': job, 'ns.yaml': namespace('labels: {istio.io/dataplane-mode: ambient}') }),
    ).toEqual([]);
  });
});

describe('replace-breaks-hooks of an Application', () => {
  const rule = 'replace-breaks-hooks';
  const app = application('  syncPolicy:\n    syncOptions:\n      - CreateNamespace=true\n      - Replace=true\n');
  const job = hook('name: migrate\nannotations:\n  argocd.argoproj.io/hook: PreSync');

  it('points at the option, and at a hook', async () => {
    const files = { 'app.yaml': app, 'shop/a.yaml': `${job}---\n${job.replace('migrate', 'seed')}` };
    const [finding, ...more] = await only(rule, files);
    expect(more).toEqual([]);
    expect(finding).toContain(
      'app.yaml:11 warning With Replace=true on the Application Argo CD creates its hooks (Job migrate and 1 more)',
    );
  });

  it('is silent without hooks, and without the option', async () => {
    expect(await only(rule, { 'app.yaml': app, 'shop/a.yaml': job.replace('PreSync', 'Skip') })).toEqual([]);
    expect(await only(rule, { 'app.yaml': app.replace('      - Replace=true\n', ''), 'shop/a.yaml': job })).toEqual([]);
  });
});

describe('delete-hook-not-cleaned of PreDelete hooks', () => {
  const rule = 'delete-hook-not-cleaned';
  const job = hook('name: backup\nannotations:\n  argocd.argoproj.io/hook: PreDelete');
  const files = (metadata: string, text = job) => ({ 'app.yaml': application('', metadata), 'shop/a.yaml': text });

  it('warns where the Application has no resources finalizer', async () => {
    const [finding] = await only(rule, files(''));
    expect(finding).toMatch(
      /^shop\/a\.yaml:6 warning Job backup outlives the Application: Application shop has no finalizer resources-finalizer\.argocd\.argoproj\.io/,
    );
  });

  it.each([
    'resources-finalizer.argocd.argoproj.io',
    'resources-finalizer.argocd.argoproj.io/background',
    '"{{ .finalizer }}"',
  ])('is silent with the finalizer %s', async (finalizer) => {
    expect(await only(rule, files(`  finalizers: [${finalizer}]\n`))).toEqual([]);
  });

  it('is silent with HookSucceeded, without a declared Application, and before Argo CD 3.3', async () => {
    const succeeded = job.replace(
      'PreDelete\n',
      'PreDelete\n    argocd.argoproj.io/hook-delete-policy: HookSucceeded\n',
    );
    expect(await only(rule, files('', succeeded))).toEqual([]);
    expect(await only(rule, { 'shop/a.yaml': job })).toEqual([]);
    expect(await only(rule, files(''), { argocdVersion: '3.2.0' })).toEqual([]);
  });
});

describe('the fixes of rules about an application', () => {
  const lines = (...all: readonly string[]): string => all.map((line) => `${line}\n`).join('');
  const head = (name: string, ...annotations: readonly string[]): string =>
    lines(
      'apiVersion: batch/v1',
      'kind: Job',
      'metadata:',
      `  ${name}`,
      '  namespace: shop',
      '  annotations:',
      ...annotations.map((line) => `    ${line}`),
    );
  const PRESYNC = 'argocd.argoproj.io/hook: PreSync';

  it('give the second of two hooks a name of its own, in its document alone', async () => {
    const one = notify('n-');
    const after = await fixedFiles({ 'a.yaml': `# both\n${one}---\n${one}` }, 'Rename to n-2-');
    expect(after['a.yaml']).toBe(`# both\n${one}---\n${one.replace('n-', 'n-2-')}`);
    expect(await only('generate-name-collision', after)).toEqual([]);
  });

  it.each([
    [
      'annotations',
      lines('    metadata:', '      annotations:', '        a: b'),
      lines('    metadata:', '      annotations:', '        sidecar.istio.io/inject: "false"', '        a: b'),
    ],
    [
      'metadata',
      lines('    metadata:', '      labels: {a: b}'),
      lines('    metadata:', '      annotations:', '        sidecar.istio.io/inject: "false"', '      labels: {a: b}'),
    ],
    ['no metadata', '', lines('    metadata:', '      annotations:', '        sidecar.istio.io/inject: "false"')],
  ])('let a pod with %s opt out of the mesh', async (_name, before, wanted) => {
    const files = (metadata: string) => ({
      'a.yaml': `${head('name: a', PRESYNC)}spec:\n  template:\n${metadata}    spec: {containers: []}\n`,
      'ns.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio-injection: enabled}}\n',
    });
    const title = 'Add the annotation sidecar.istio.io/inject: "false" to its pod';
    const after = await fixedFiles(files(before), title);
    expect(after).toEqual(files(wanted));
    expect(await only('hook-sidecar-injection', after)).toEqual([]);
  });

  it('let a Pod opt out by its own annotations', async () => {
    const pod = head('name: a', PRESYNC).replace('batch/v1', 'v1').replace('Job', 'Pod');
    const files = {
      'a.yaml': `${pod}spec: {containers: []}\n`,
      'ns.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, annotations: {linkerd.io/inject: enabled}}\n',
    };
    const after = await fixedFiles(files, 'Add the annotation linkerd.io/inject: "disabled" to its pod');
    expect(after['a.yaml']).toBe(`${pod}    linkerd.io/inject: "disabled"\nspec: {containers: []}\n`);
  });

  it('add HookSucceeded to a PreDelete hook', async () => {
    const text = `${head('name: a', 'argocd.argoproj.io/hook: PreDelete')}spec: {}\n`;
    const after = await fixedFiles({ 'app.yaml': application(''), 'shop/a.yaml': text }, 'Add HookSucceeded');
    expect(await only('delete-hook-not-cleaned', after)).toEqual([]);
    expect(after['shop/a.yaml']).toBe(
      text.replace('spec', '    argocd.argoproj.io/hook-delete-policy: "HookSucceeded"\nspec'),
    );
  });
});
