import { describe, expect, it } from 'vitest';
import { fixed, job, judging } from '../fixture.ts';

const of = (kind: string, annotations: string): string =>
  job(annotations)
    .replace('apiVersion: batch/v1', `apiVersion: ${kind.split(' ')[0] ?? ''}`)
    .replace('kind: Job', `kind: ${kind.split(' ')[1] ?? ''}`);
const hook = (kind: string, phase = 'PreSync', policy?: string): string =>
  of(
    kind,
    `argocd.argoproj.io/hook: ${phase}${policy === undefined ? '' : `\nargocd.argoproj.io/hook-delete-policy: ${policy}`}`,
  );

describe('stateful-kind-is-hook', () => {
  const judge = judging('stateful-kind-is-hook');

  it.each([
    ['v1 PersistentVolumeClaim', 'the data on it is lost'],
    ['v1 Namespace', 'everything in it is lost'],
    ['apiextensions.k8s.io/v1 CustomResourceDefinition', 'every object of its kind is lost'],
    ['apps/v1 StatefulSet', 'all its pods are down'],
  ])('says what goes with a %s', (kind, lost) => {
    const { lines, marked } = judge(hook(kind));
    expect(lines[0]).toMatch(
      /^error stateful-kind-is-hook: .* is a hook: every sync deletes it and creates it anew, and /,
    );
    expect(lines[0]).toContain(lost);
    expect(marked).toContain('hook: «PreSync»');
  });

  it('says when it is deleted by what the policies are', () => {
    const claim = (policy: string): string => judge(hook('v1 PersistentVolumeClaim', 'Sync', policy)).lines[0] ?? '';
    expect(claim('HookSucceeded')).toContain('is a hook: every sync that succeeds deletes it at its end, and');
    expect(claim('HookFailed')).toContain('is a hook: every sync that fails deletes it, and');
    expect(claim('{{ .Values.policy }}')).toBe('');
  });

  it('is no matter of other groups, of resources, of templates, of deletions and of Helm’s crd-install', () => {
    expect(judge(hook('example.com/v1 Namespace')).lines).toEqual([]);
    expect(judge(of('v1 Namespace', 'argocd.argoproj.io/sync-wave: "-1"')).lines).toEqual([]);
    expect(judge(hook('v1 Namespace', '{{ .Values.hook }}')).lines).toEqual([]);
    expect(judge(hook('v1 Namespace', 'Skip')).lines).toEqual([]);
    expect(judge(hook('v1 PersistentVolumeClaim', 'PostDelete')).lines).toEqual([]);
    const definition = 'apiextensions.k8s.io/v1 CustomResourceDefinition';
    expect(judge(of(definition, 'helm.sh/hook: crd-install')).lines).toEqual([]);
    expect(judge(of(definition, 'helm.sh/hook: pre-install')).lines).toHaveLength(1);
  });

  it('makes it a resource of an early wave', () => {
    const kind = 'v1 PersistentVolumeClaim';
    expect(fixed(hook(kind, 'PreSync', 'HookSucceeded'), 'Make it a resource of an early wave')).toBe(
      of(kind, 'argocd.argoproj.io/sync-wave: "-1"'),
    );
    const waved = of(kind, 'argocd.argoproj.io/hook: PreSync\nargocd.argoproj.io/sync-wave: "-5"');
    expect(fixed(waved, 'Make it a resource of an early wave')).toBe(of(kind, 'argocd.argoproj.io/sync-wave: "-5"'));
    const helm = of(kind, 'helm.sh/hook: pre-install\nhelm.sh/hook-weight: "3"\na: b');
    expect(fixed(helm, 'Make it a resource of an early wave')).toBe(of(kind, 'helm.sh/hook-weight: "-1"\na: b'));
    expect(fixed(hook(kind, 'PostSync'), 'Make it an ordinary resource')).not.toContain('annotations');
  });
});

describe('long-running-kind-is-hook', () => {
  const judge = judging('long-running-kind-is-hook');

  it.each([
    'apps/v1 Deployment',
    'apps/v1 DaemonSet',
    'v1 Service',
    'networking.k8s.io/v1 Ingress',
    'batch/v1 CronJob',
    'argoproj.io/v1alpha1 Rollout',
  ])('warns of a %s', (kind) => {
    expect(judge(hook(kind)).lines[0]).toMatch(
      /^warning long-running-kind-is-hook: .* is a hook: every sync deletes it and creates it anew; .*use a wave instead\.$/,
    );
  });

  it('leaves Jobs, Pods, other groups and templates alone', () => {
    for (const kind of ['batch/v1 Job', 'v1 Pod', 'serving.knative.dev/v1 Service', 'tekton.dev/v1 TaskRun'])
      expect(judge(hook(kind)).lines).toEqual([]);
    expect(judge(hook('v1 Service', '{{ .Values.hook }}')).lines).toEqual([]);
  });
});

describe('hook-logs-lost', () => {
  const judge = judging('hook-logs-lost');

  it('warns of HookFailed, and of hook-failed on Helm’s hooks', () => {
    const text = hook('batch/v1 Job', 'PreSync', 'HookFailed');
    expect(judge(text).lines).toEqual([
      'warning hook-logs-lost: When the sync fails Job db-migration is deleted (HookFailed), also where it has itself succeeded: its pods go with it, and their logs, which tell why. Use BeforeHookCreation instead: it then stays until the next sync.',
    ]);
    expect(fixed(text, 'Replace HookFailed with BeforeHookCreation')).toBe(
      hook('batch/v1 Job', 'PreSync', 'BeforeHookCreation'),
    );
    const all = hook('batch/v1 Job', 'PreSync', 'BeforeHookCreation,HookFailed');
    expect(fixed(all, 'Remove HookFailed')).toBe(hook('batch/v1 Job', 'PreSync', 'BeforeHookCreation'));
    const helm = job('helm.sh/hook: pre-install\nhelm.sh/hook-delete-policy: hook-failed');
    expect(judge(helm).lines[0]).toContain('(hook-failed)');
    expect(fixed(helm, 'Replace hook-failed with before-hook-creation')).toBe(
      helm.replace('hook-failed', 'before-hook-creation'),
    );
  });

  it('leaves other kinds, other policies, templates and hooks of a deletion alone', () => {
    expect(judge(hook('v1 ConfigMap', 'PreSync', 'HookFailed')).lines).toEqual([]);
    expect(judge(hook('batch/v1 Job', 'PreSync', 'HookSucceeded')).lines).toEqual([]);
    expect(judge(hook('batch/v1 Job', 'PreSync', 'HookSucceeded,HookFailed')).lines.join()).toContain('hook-logs-lost');
    expect(judge(hook('batch/v1 Job', 'PreSync', 'HookFailed,{{ .Values.policy }}')).lines).toEqual([]);
    expect(judge(hook('batch/v1 Job', 'PreDelete', 'HookFailed')).lines).toEqual([]);
  });
});

describe('multi-phase-hook-runs-once', () => {
  const judge = judging('multi-phase-hook-runs-once');

  it('says in which phase it runs, and in which it does not', () => {
    const text = hook('batch/v1 Job', '"PostSync,PreSync,Sync"', 'HookSucceeded');
    expect(judge(text).lines).toEqual([
      'warning multi-phase-hook-runs-once: Job db-migration runs in PreSync only: in Sync and PostSync it is still there, and Argo CD takes its old end for the new one (HookSucceeded without BeforeHookCreation). Add BeforeHookCreation, so that it runs in each phase.',
    ]);
    expect(fixed(text, 'Add BeforeHookCreation')).toBe(
      text.replace('HookSucceeded', 'BeforeHookCreation,HookSucceeded'),
    );
  });

  it('is silent with BeforeHookCreation, one phase, a name of its own in each, or a template', () => {
    expect(judge(hook('batch/v1 Job', 'PreSync,PostSync')).lines).toEqual([]);
    expect(judge(hook('batch/v1 Job', 'PreSync,PreSync', 'HookSucceeded')).lines).toEqual([]);
    const text = hook('batch/v1 Job', 'PreSync,PostSync', 'HookSucceeded');
    expect(judge(text.replace('name:', 'generateName:')).lines).toEqual([]);
    expect(judge(text.replace('PostSync', '{{ .Values.phase }}')).lines).toEqual([]);
    expect(judge(text.replace('kind: Job', 'kind: ConfigMap')).lines).toEqual([]);
    // Helm's install and upgrade are one phase.
    expect(
      judge(job('helm.sh/hook: pre-install,pre-upgrade\nhelm.sh/hook-delete-policy: hook-succeeded')).lines,
    ).toEqual([]);
  });
});

describe('waves that nothing reads', () => {
  const judge = judging('delete-hook-wave-ignored', 'syncfail-wave-ignored');
  const waved = (phase: string, wave = '"5"'): string =>
    job(`argocd.argoproj.io/hook: ${phase}\nargocd.argoproj.io/sync-wave: ${wave}`);

  it.each([
    ['PostDelete', 'delete-hook-wave-ignored', 'all PostDelete hooks start together'],
    ['PreDelete,PostDelete', 'delete-hook-wave-ignored', 'all PreDelete and PostDelete hooks start together'],
    ['SyncFail', 'syncfail-wave-ignored', 'all SyncFail hooks start together'],
  ])('are told on %s', (phase, rule, words) => {
    const { lines, marked } = judge(waved(phase));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(new RegExp(`^info ${rule}: Argo CD ignores the wave of Job db-migration`));
    expect(lines[0]).toContain(words);
    expect(marked).toContain('«"5"»');
    expect(fixed(waved(phase), 'Remove argocd.argoproj.io/sync-wave')).toBe(job(`argocd.argoproj.io/hook: ${phase}`));
  });

  it.each(['PreSync', 'SyncFail,Sync', 'PreDelete,PreSync', '{{ .Values.hook }}'])('count on %s', (phase) => {
    expect(judge(waved(phase)).lines).toEqual([]);
  });

  it('are Helm’s weights too; wave 0 and templates are not told', () => {
    expect(judge(job('helm.sh/hook: post-delete\nhelm.sh/hook-weight: "3"')).lines[0]).toContain(
      'ignores the weight of',
    );
    expect(judge(waved('SyncFail', '"0"')).lines).toEqual([]);
    expect(judge(waved('SyncFail', '"{{ .Values.wave }}"')).lines).toEqual([]);
  });
});

describe('delete-hook-not-cleaned', () => {
  const judge = judging('delete-hook-not-cleaned');

  it('says what outlives the Application, and adds HookSucceeded', () => {
    const text = hook('batch/v1 Job', 'PostDelete');
    expect(judge(text).lines).toEqual([
      'warning delete-hook-not-cleaned: Job db-migration outlives the Application: nothing deletes a PostDelete hook without HookSucceeded. Add HookSucceeded.',
    ]);
    expect(fixed(text, 'Add HookSucceeded')).toBe(hook('batch/v1 Job', 'PostDelete', '"HookSucceeded"'));
    expect(judge(job('helm.sh/hook: post-delete')).lines).toHaveLength(1);
    expect(judge(hook('batch/v1 Job', 'PostDelete', 'HookFailed')).lines[0]).toContain('once it has succeeded');
  });

  it('is silent with HookSucceeded, with a time to live, for templates, and for PreDelete alone', () => {
    expect(judge(hook('batch/v1 Job', 'PostDelete', 'HookSucceeded')).lines).toEqual([]);
    expect(judge(hook('batch/v1 Job', 'PostDelete', '{{ .Values.policy }}')).lines).toEqual([]);
    expect(judge(hook('batch/v1 Job', 'PreDelete')).lines).toEqual([]);
    const passing = hook('batch/v1 Job', 'PostDelete').replace('spec: {}', 'spec: {ttlSecondsAfterFinished: 600}');
    expect(judge(passing).lines).toEqual([]);
  });
});

describe('postsync-cleanup-misread', () => {
  const judge = judging('postsync-cleanup-misread');
  const text = (name: string, policy = 'HookFailed'): string =>
    hook('batch/v1 Job', 'PostSync', policy).replace('db-migration', name);

  it('says what PostSync and HookFailed mean, and makes it a SyncFail hook', () => {
    expect(judge(text('cleanup-job')).lines).toEqual([
      'info postsync-cleanup-misread: Job cleanup-job does not run when the sync fails: PostSync comes after a success alone, and HookFailed only says that the hook is deleted after a failure. If it is to clean up after a failure make it a SyncFail hook.',
    ]);
    expect(fixed(text('cleanup-job'), 'Run it in SyncFail')).toBe(text('cleanup-job').replace('PostSync', 'SyncFail'));
  });

  it.each(['rollback-db', 'on-failure-notify', 'revert-schema', 'undo'])('knows the name %s', (name) => {
    expect(judge(text(name)).lines).toHaveLength(1);
  });

  it.each(['# Cleans up if the sync fails', '# run this job when the deployment failed', '# on error: roll back'])(
    'reads the comment %s',
    (comment) => {
      expect(judge(`${comment}\n${text('after')}`).lines).toHaveLength(1);
    },
  );

  it('reads comments in one walk, however long they are', () => {
    const long = `# ${'# clean run if '.repeat(100_000)}\n${text('after')}`;
    expect(judge(long).lines).toEqual([]);
  });

  it('is silent about other names, comments, policies and phases', () => {
    expect(judge(text('smoke-test')).lines).toEqual([]);
    expect(judge(`# Tests the shop\n${text('after')}`).lines).toEqual([]);
    expect(judge(text('cleanup-job', 'HookSucceeded')).lines).toEqual([]);
    expect(judge(text('cleanup-job', 'HookSucceeded,HookFailed')).lines).toEqual([]);
    expect(judge(text('cleanup-job').replace('PostSync', 'SyncFail')).lines).toEqual([]);
    expect(judge(text('cleanup-job').replace('PostSync', '{{ .Values.phase }}')).lines).toEqual([]);
  });
});
