import { describe, expect, it } from 'vitest';
import { fixed, job, judging } from '../fixture.ts';

const CONTAINERS = 'spec:\n  template: {spec: {restartPolicy: Never, containers: [{name: a, image: b}]}}';
const options = (value: string, more = ''): string =>
  job(`argocd.argoproj.io/sync-options: ${value}${more}`, CONTAINERS);
const as = (text: string, apiVersion: string, kind: string): string =>
  text.replace('batch/v1', apiVersion).replace('kind: Job', `kind: ${kind}`);
const plain = `apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: seed\n${CONTAINERS}\n`;

describe('plain-job-immutable', () => {
  const judge = judging('plain-job-immutable');

  it('tells of a Job without any annotation, and how to run it again', () => {
    const { lines, marked } = judge(plain);
    expect(lines).toEqual([
      'info plain-job-immutable: Job seed is an ordinary resource: it runs once, and the first sync that changes its pod template fails (field is immutable) until somebody deletes the Job. Make it a hook, or add the sync options Force=true,Replace=true: both run it in every sync.',
    ]);
    expect(marked).toContain('name: «seed»');
    expect(fixed(plain, 'Add Force=true,Replace=true')).toBe(
      plain.replace('seed\n', 'seed\n  annotations:\n    argocd.argoproj.io/sync-options: "Force=true,Replace=true"\n'),
    );
    expect(judge(fixed(plain, 'Make it a Sync hook')).lines).toEqual([]);
    expect(judge(plain, { argocdVersion: '2.11.0' }).lines[0]).toContain('Make it a hook, which runs in every sync.');
  });

  it.each(['Force=true,Replace=true', 'Force=true', 'Replace=true', '{{ .Values.options }}'])(
    'is silent with %s',
    (value) => {
      expect(judge(options(value)).lines).toEqual([]);
    },
  );

  it('says that Force has no effect on a server-side apply', () => {
    expect(judge(options('Force=true,ServerSideApply=true')).lines).toHaveLength(1);
    expect(judge(options('Prune=false')).lines).toHaveLength(1);
    expect(fixed(options('Prune=false'), 'Add Force=true,Replace=true')).toBe(
      options('Prune=false,Force=true,Replace=true'),
    );
  });

  it.each([
    ['a hook', plain.replace('seed\n', 'seed\n  annotations: {helm.sh/hook: pre-install}\n')],
    ['a hook that is none to Argo CD', plain.replace('seed\n', 'seed\n  annotations: {helm.sh/hook: test}\n')],
    ['a name of a template', plain.replace('seed', 'seed-{{ .Release.Revision }}')],
    ['a generated name', plain.replace('name: seed', 'generateName: seed-')],
    [
      'annotations of a template',
      plain.replace(
        'seed\n',
        'seed\n  {{- with .Values.annotations }}\n  annotations:\n    {{- toYaml . | nindent 4 }}\n  {{- end }}\n',
      ),
    ],
    ['a Job that Kubernetes removes', plain.replace('spec:\n', 'spec:\n  ttlSecondsAfterFinished: 600\n')],
    ['a patch', 'apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: seed\nspec:\n  parallelism: 2\n'],
    ['another group', plain.replace('batch/v1', 'batch.volcano.sh/v1alpha1')],
    ['a CronJob', plain.replace('kind: Job', 'kind: CronJob')],
    ['no manifest at all', 'jobs:\n  - kind: Job\n'],
  ])('is silent about %s', (_name, text) => {
    expect(judge(text).lines).toEqual([]);
  });

  it('finds each in JSON, in a list and in several documents', () => {
    const item = JSON.stringify({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'a' },
      spec: { template: { spec: { containers: [{}] } } },
    });
    expect(judge(item).lines).toHaveLength(1);
    expect(judge(`{"apiVersion":"v1","kind":"List","items":[${item},${item}]}`).lines).toHaveLength(2);
    expect(judge(`${plain}---\n${plain}`).lines).toHaveLength(2);
  });
});

describe('replace-without-force', () => {
  const judge = judging('replace-without-force');

  it('says that nothing is deleted, and what Force does', () => {
    expect(judge(options('Replace=true')).lines).toEqual([
      'warning replace-without-force: Replace=true alone does not delete Job db-migration: a sync that changes its pod template fails (field is immutable). Add Force=true, which deletes the Job and runs it anew in every sync.',
    ]);
    expect(fixed(options('Replace=true'), 'Add Force=true')).toBe(options('Replace=true,Force=true'));
    const set = as(options('Replace=true,Prune=false'), 'apps/v1', 'StatefulSet');
    expect(judge(set).lines[0]).toContain('with Force=true beside it every sync deletes the StatefulSet');
    expect(fixed(set, 'Remove Replace=true')).toBe(as(options('Prune=false'), 'apps/v1', 'StatefulSet'));
  });

  it('is silent with Force, on hooks, on other kinds, and for templates', () => {
    expect(judge(options('Force=true,Replace=true')).lines).toEqual([]);
    expect(judge(options('Replace=true', '\nargocd.argoproj.io/hook: Sync')).lines).toEqual([]);
    expect(judge(as(options('Replace=true'), 'apps/v1', 'Deployment')).lines).toEqual([]);
    expect(judge(options('Replace=true,{{ .Values.options }}')).lines).toEqual([]);
  });
});

describe('force-on-crd', () => {
  const judge = judging('force-on-crd');
  const crd = (value: string): string => as(options(value), 'apiextensions.k8s.io/v1', 'CustomResourceDefinition');

  it('says what is lost', () => {
    expect(judge(crd('Force=true')).lines).toEqual([
      'error force-on-crd: Force=true lets a sync delete CustomResourceDefinition db-migration and create it again when a patch is refused, and every object of its kind is lost with it. Remove Force=true.',
    ]);
    expect(judge(as(options('Force=true,Replace=true'), 'v1', 'Namespace')).lines[0]).toContain(
      'as soon as Replace=true no longer stands beside it (Argo CD updates a Namespace in place then), and everything in it is lost',
    );
    expect(fixed(crd('Prune=false, Force=true'), 'Remove Force=true')).toBe(crd('Prune=false'));
    expect(fixed(crd('Force=true'), 'Remove Force=true')).not.toContain('annotations');
  });

  it('is silent on a server-side apply, without Force, on other kinds, and for templates', () => {
    expect(judge(crd('Force=true,ServerSideApply=true')).lines).toEqual([]);
    expect(judge(crd('Replace=true')).lines).toEqual([]);
    expect(judge(options('Force=true')).lines).toEqual([]);
    expect(judge(as(options('Force=true'), 'example.com/v1', 'Namespace')).lines).toEqual([]);
    expect(judge(crd('Force=true,{{ .Values.options }}')).lines).toEqual([]);
  });
});

describe('replace-breaks-hooks on a hook', () => {
  const judge = judging('replace-breaks-hooks');
  const hook = (value: string): string => options(value, '\nargocd.argoproj.io/hook: PreSync');

  it('says how the sync fails, and removes what the hook does not need', () => {
    expect(judge(hook('Replace=true')).lines[0]).toMatch(
      /^warning replace-breaks-hooks: With Replace=true Argo CD creates the hook Job db-migration instead of applying it: .*already exists/,
    );
    expect(fixed(hook('Replace=true,Force=true,Prune=false'), 'Remove Replace=true,Force=true')).toBe(
      hook('Prune=false'),
    );
  });

  it('is silent on resources and for templates', () => {
    expect(judge(options('Replace=true')).lines).toEqual([]);
    expect(judge(hook('{{ .Values.options }},Replace=true')).lines).toEqual([]);
    expect(judge(hook('Replace=true').replace('PreSync', '{{ .Values.hook }}')).lines).toEqual([]);
  });
});

describe('hook-sidecar-injection of a pod that asks for it', () => {
  const judge = judging('hook-sidecar-injection');
  const text = (metadata: string, pod = 'restartPolicy: Never'): string =>
    job(
      'argocd.argoproj.io/hook: PreSync',
      `spec:\n  template:\n    metadata:\n      ${metadata}\n    spec:\n      ${pod}\n      containers: [{name: a, image: b, command: [run]}]`,
    );

  it.each([
    ['labels:\n        sidecar.istio.io/inject: "true"', 'sidecar.istio.io/inject', 'false', 'Istio'],
    ["annotations:\n        sidecar.istio.io/inject: 'true'", 'sidecar.istio.io/inject', 'false', 'Istio'],
    ['annotations: {linkerd.io/inject: enabled}', 'linkerd.io/inject', 'disabled', 'Linkerd'],
  ])('warns of %j', (metadata, key, value, mesh) => {
    const before = text(metadata);
    expect(judge(before).lines[0]).toContain(
      `never completes, and the sync waits for it for ever: its pod asks ${mesh} for a sidecar`,
    );
    const after = fixed(before, `Set ${key}: "${value}"`);
    expect(after.replace(value, '')).toBe(before.replace(/true|enabled/, ''));
    expect(judge(after).lines).toEqual([]);
  });

  it('is silent where the proxy ends, or where nothing asks for one', () => {
    const asks = 'labels:\n        sidecar.istio.io/inject: "true"';
    expect(judge(text('labels: {app: a}')).lines).toEqual([]);
    expect(judge(text(asks, 'hostNetwork: true')).lines).toEqual([]);
    expect(judge(text(`${asks}\n      annotations: {sidecar.istio.io/nativeSidecar: "true"}`)).lines).toEqual([]);
    const ends = text(asks).replace('[run]', '[sh, -c, "run; curl -X POST localhost:15020/quitquitquit"]');
    expect(judge(ends).lines).toEqual([]);
    expect(judge(text(asks).replace('"true"', '"{{ .Values.mesh }}"')).lines).toEqual([]);
  });
});
