import { describe, expect, it } from 'vitest';
import { fixed, job, judging } from '../fixture.ts';

const PRESYNC = 'argocd.argoproj.io/hook: PreSync';
const generated = (annotations: string, prefix = 'db-migration-'): string =>
  job(annotations).replace('name: db-migration', `generateName: ${prefix}`);
const bare = (kind: string, prefix: string): string => `${kind}\nmetadata:\n  generateName: ${prefix}\nspec: {}\n`;
const JOB = 'apiVersion: batch/v1\nkind: Job';
const WORKFLOW = 'apiVersion: argoproj.io/v1alpha1\nkind: Workflow';

describe('generate-name-without-hook', () => {
  const judge = judging('generate-name-without-hook');

  it('says that nothing of the application is synced', () => {
    const { lines, marked } = judge(bare(JOB, 'seed-'));
    expect(lines).toEqual([
      'error generate-name-without-hook: Job seed-… is no hook and has no name: Argo CD cannot apply it (cannot use generate name with apply), the dry run fails, and nothing of the application is synced. Give it a name, or make it a hook.',
    ]);
    expect(marked).toContain('generateName: «seed-»');
    expect(fixed(bare(JOB, 'seed-'), 'Give it the name seed')).toBe(
      bare(JOB, 'seed-').replace('generateName: seed-', 'name: seed'),
    );
    expect(judge(fixed(bare(JOB, 'seed-'), 'Make it a Sync hook')).lines).toEqual([]);
  });

  it.each([
    PRESYNC,
    'argocd.argoproj.io/hook: Skip',
    'argocd.argoproj.io/hook: PostDelete',
    'helm.sh/hook: pre-install',
    'argocd.argoproj.io/hook: {{ .Values.hook }}',
  ])('is silent with %s', (annotation) => {
    expect(judge(generated(annotation)).lines).toEqual([]);
  });

  it('is silent where a template or a kustomization may make a hook of it', () => {
    expect(
      judge(bare(JOB, 'seed-').replace('metadata:\n', 'metadata:\n  {{- include "x" . | nindent 2 }}\n')).lines,
    ).toEqual([]);
    expect(
      judge(bare(JOB, 'seed-').replace('spec', '  annotations:\n    {{- toYaml .Values.a | nindent 4 }}\nspec')).lines,
    ).toEqual([]);
    expect(judge(bare(JOB, 'seed-').replace('spec', '  annotations: {{ .Values.a | toJson }}\nspec')).lines).toEqual(
      [],
    );
    expect(judge(bare(JOB, 'seed-'), { listedByKustomization: true }).lines).toEqual([]);
    const labels = bare(JOB, 'seed-').replace('spec', '  labels:\n    {{- include "x.labels" . | nindent 4 }}\nspec');
    expect(judge(labels).lines).toHaveLength(1);
  });

  it('takes custom resources for run by other means, unless an annotation says that Argo CD applies them', () => {
    expect(judge(bare(WORKFLOW, 'build-')).lines).toEqual([]);
    const waved = bare(WORKFLOW, 'build-').replace(
      'spec',
      '  annotations:\n    argocd.argoproj.io/sync-wave: "1"\nspec',
    );
    expect(judge(waved).lines).toHaveLength(1);
  });

  it('finds each in JSON, and among the items of a list', () => {
    const item = '{"apiVersion":"batch/v1","kind":"Job","metadata":{"generateName":"a-"}}';
    expect(judge(item).lines).toHaveLength(1);
    expect(judge(`{"apiVersion":"v1","kind":"List","items":[${item},${item}]}`).lines).toHaveLength(2);
    expect(fixed(item, 'Give it the name a')).toBe(item.replace('"generateName":"a-"', '"name":"a"'));
  });
});

describe('kustomize-generate-name', () => {
  const judge = judging('kustomize-generate-name');

  it('says that kustomize refuses it', () => {
    const text = generated(PRESYNC);
    expect(judge(text).lines).toEqual([]);
    expect(judge(text, { listedByKustomization: true }).lines[0]).toMatch(
      /^info .*A kustomization builds on Job db-migration-…, which has no name: kustomize refuses it/,
    );
    expect(judge(job(PRESYNC), { listedByKustomization: true }).lines).toEqual([]);
    expect(fixed(text, 'Give it the name db-migration', { listedByKustomization: true })).toBe(job(PRESYNC));
  });
});

describe('name-and-generate-name', () => {
  const judge = judging('name-and-generate-name');
  const both = job(PRESYNC).replace('name: db-migration', 'name: db-migration\n  generateName: db-');

  it('says which one wins, and removes the other', () => {
    const { lines, marked } = judge(both);
    expect(lines).toEqual([
      'info name-and-generate-name: The name wins over generateName: this is Job db-migration in every sync, and no new one is generated. Remove generateName.',
    ]);
    expect(marked).toContain('«generateName: db-»');
    expect(fixed(both, 'Remove generateName')).toBe(job(PRESYNC));
  });

  it('leaves alone what was read from a cluster', () => {
    expect(judge(both.replace('name: db-migration', 'name: db-migration\n  uid: 1-2-3')).lines).toEqual([]);
  });
});

describe('generate-name-too-long', () => {
  const judge = judging('generate-name-too-long');

  it.each([
    ['PreSync', 37, 0],
    ['PreSync', 38, 64],
    ['PostSync', 37, 64],
    ['Sync', 40, 0],
    ['Sync,SyncFail', 40, 67],
  ])('%s with a prefix of %i characters', (phase, length, total) => {
    const prefix = `${'x'.repeat(length - 1)}-`;
    const { lines } = judge(generated(`argocd.argoproj.io/hook: ${phase}`, prefix));
    if (total === 0) expect(lines).toEqual([]);
    else
      expect(lines[0]).toContain(
        `has ${total} characters (the prefix, 7 of the commit, the phase, the time), and a Job takes at most 63`,
      );
  });

  it('shortens the prefix to what is left', () => {
    const text = generated(PRESYNC, 'a-very-long-name-of-a-migration-that-runs-first-');
    expect(judge(text).lines[0]).toContain('Shorten generateName to at most 37 characters');
    expect(fixed(text, 'Shorten to a-very-long-name-of-a-migration-that-')).toBe(
      generated(PRESYNC, 'a-very-long-name-of-a-migration-that-'),
    );
  });

  it('lets kinds whose names are no labels have longer ones, and judges no template', () => {
    const long = generated(PRESYNC, `${'x'.repeat(60)}-`);
    expect(judge(long.replace('batch/v1', 'v1').replace('kind: Job', 'kind: ConfigMap')).lines).toEqual([]);
    expect(judge(long.replace('-\n', '-{{ .Values.x }}-\n')).lines).toEqual([]);
    expect(judge(long.replace('PreSync', 'PreDelete')).lines).toEqual([]);
  });
});

describe('generate-name-accumulates', () => {
  const judge = judging('generate-name-accumulates');
  const policy = (value: string): string => generated(`${PRESYNC}\nargocd.argoproj.io/hook-delete-policy: ${value}`);

  it('says why the old ones stay, and adds HookSucceeded', () => {
    expect(judge(generated(PRESYNC)).lines).toEqual([
      'warning generate-name-accumulates: Each sync makes another Job db-migration-… with a new name: BeforeHookCreation (the default) never finds the old ones, and nothing else deletes them. Add HookSucceeded.',
    ]);
    expect(fixed(generated(PRESYNC), 'Add HookSucceeded')).toBe(
      generated(`${PRESYNC}\nargocd.argoproj.io/hook-delete-policy: "HookSucceeded"`),
    );
    expect(judge(policy('BeforeHookCreation')).lines[0]).toContain(': BeforeHookCreation never finds');
    expect(fixed(policy('BeforeHookCreation'), 'Add HookSucceeded')).toBe(policy('BeforeHookCreation,HookSucceeded'));
    expect(judge(policy('HookFailed')).lines[0]).toContain('nothing ever deletes those of syncs that succeed');
  });

  it.each(['HookSucceeded', 'BeforeHookCreation,HookSucceeded', '{{ .Values.policy }}'])(
    'is silent with %s',
    (value) => {
      expect(judge(policy(value)).lines).toEqual([]);
    },
  );

  it('tells of a hook of a deletion that it may be made again and again', () => {
    const text = generated('argocd.argoproj.io/hook: PreDelete,PostDelete');
    expect(judge(text).lines).toEqual([
      'info generate-name-accumulates: Argo CD looks for Job db-migration-… by its name when it deletes the Application, and it has none: the PreDelete and PostDelete hook may be created again and again. Give it a name.',
    ]);
    expect(fixed(text, 'Give it the name db-migration')).toBe(job('argocd.argoproj.io/hook: PreDelete,PostDelete'));
  });

  it('speaks Helm’s words on a Helm hook', () => {
    expect(fixed(generated('helm.sh/hook: pre-install'), 'Add hook-succeeded')).toBe(
      generated('helm.sh/hook: pre-install\nhelm.sh/hook-delete-policy: "hook-succeeded"'),
    );
  });

  it('is silent where Kubernetes or a controller deletes them', () => {
    expect(judge(generated(PRESYNC).replace('spec: {}', 'spec: {ttlSecondsAfterFinished: 600}')).lines).toEqual([]);
    const workflow = generated(PRESYNC).replace('spec: {}', 'spec: {ttlStrategy: {secondsAfterCompletion: 60}}');
    expect(judge(workflow).lines).toEqual([]);
    expect(judge(job(PRESYNC)).lines).toEqual([]);
  });
});
