import { describe, expect, it } from 'vitest';
import { fixed, hook, job, judge } from '../fixture.ts';

const says = (rule: string, text: string, argocdVersion = '3.6.1'): string[] =>
  judge(text, { argocdVersion })
    .lines.filter((line) => line.split(' ')[1] === `${rule}:`)
    .map((line) => line.replace(` ${rule}`, ''));
const helm = (value: string): string => job(`helm.sh/hook: ${value}`);

describe('helm-hook-ignored', () => {
  it('is information for tests, and a warning for all else', () => {
    expect(says('helm-hook-ignored', helm('test'))).toEqual([
      'info: Argo CD never applies Job db-migration, and a sync that prunes deletes a live copy: helm.sh/hook (test) maps to no phase. Where it is to run in a sync, add argocd.argoproj.io/hook.',
    ]);
    expect(says('helm-hook-ignored', helm('test-success,test-failure'))[0]).toMatch(/^info/);
    expect(says('helm-hook-ignored', helm('pre-rollback'))[0]).toMatch(/^warning/);
    expect(says('helm-hook-ignored', helm('test,post-rollback'))[0]).toMatch(/^warning/);
    expect(says('helm-hook-ignored', helm('""'))[0]).toContain('(empty) maps to no phase');
    expect(says('helm-hook-ignored', helm('pre-instal'))[0]).toContain('Did you mean pre-install?');
    expect(fixed(helm('pre-instal'), 'Replace with pre-install')).toBe(helm('pre-install'));
    expect(fixed(helm('pre-rollback'), 'Make it a PreSync hook of Argo CD too')).toBe(
      job('helm.sh/hook: pre-rollback\nargocd.argoproj.io/hook: "PreSync"'),
    );
  });

  it.each(['pre-install', 'test,post-upgrade', 'crd-install', 'pre-delete', '"{{ .Values.hook }}"'])(
    'says nothing about %s',
    (value) => {
      expect(says('helm-hook-ignored', helm(value))).toEqual([]);
    },
  );

  it('knows which Argo CD runs hooks of a deletion', () => {
    expect(says('helm-hook-ignored', helm('pre-delete'), '3.2.0')[0]).toContain(
      'helm.sh/hook (pre-delete) maps to no phase before Argo CD 3.3.',
    );
    expect(says('helm-hook-ignored', helm('post-delete'), '3.2.0')).toEqual([]);
    expect(says('helm-hook-ignored', helm('post-delete'), '2.9')[0]).toMatch(/^warning/);
  });

  it('leaves an object with Argo CD’s annotation to other rules', () => {
    expect(says('helm-hook-ignored', job('helm.sh/hook: test\nargocd.argoproj.io/hook: PostSync'))).toEqual([]);
  });
});

describe('mixed-helm-argo-hook', () => {
  const mixed = (...more: readonly string[]): string => job(['argocd.argoproj.io/hook: PreSync', ...more].join('\n'));

  it.each([
    [
      mixed('helm.sh/hook: post-install'),
      'info: Job db-migration has hook annotations of Argo CD and of Helm. Argo CD’s phase holds, PreSync: post-install of helm.sh/hook is not looked at.',
    ],
    [
      mixed('helm.sh/hook: test', 'helm.sh/hook-weight: "-5"'),
      'info: Job db-migration has hook annotations of Argo CD and of Helm. Argo CD’s phase holds, PreSync. helm.sh/hook-weight is its wave, -5.',
    ],
    [
      mixed('helm.sh/hook: pre-install', 'helm.sh/hook-weight: "1"', 'argocd.argoproj.io/sync-wave: "2"'),
      'info: Job db-migration has hook annotations of Argo CD and of Helm. Argo CD’s phase holds, PreSync: pre-install of helm.sh/hook is not looked at. helm.sh/hook-weight does not count, since the wave is set.',
    ],
    [
      mixed('helm.sh/hook: pre-delete'),
      'info: Job db-migration has hook annotations of Argo CD and of Helm. It runs as PreSync and PreDelete: PreDelete because of helm.sh/hook (pre-delete), which counts here too.',
    ],
    [
      job('argocd.argoproj.io/hook: PostDelete\nhelm.sh/hook: pre-install'),
      'info: Job db-migration has hook annotations of Argo CD and of Helm. It runs as PreSync and PostDelete: PreSync because of helm.sh/hook (pre-install), which counts here too.',
    ],
    [
      mixed('helm.sh/hook: pre-install', 'helm.sh/hook-delete-policy: hook-succeeded'),
      'info: Job db-migration has hook annotations of Argo CD and of Helm. Argo CD’s phase holds, PreSync: pre-install of helm.sh/hook is not looked at. Of delete policies HookSucceeded holds, from both.',
    ],
    [
      mixed(
        'helm.sh/hook: pre-install',
        'argocd.argoproj.io/hook-delete-policy: BeforeHookCreation',
        'helm.sh/hook-delete-policy: hook-succeeded',
      ),
      'warning: Job db-migration has hook annotations of Argo CD and of Helm. Argo CD’s phase holds, PreSync: pre-install of helm.sh/hook is not looked at. Their delete policies differ and hold together, BeforeHookCreation and HookSucceeded: name all that are meant in argocd.argoproj.io/hook-delete-policy.',
    ],
  ])('%s', (text, message) => {
    expect(says('mixed-helm-argo-hook', text)).toEqual([message]);
  });

  it('removes Helm’s', () => {
    expect(fixed(mixed('helm.sh/hook: post-install'), 'Remove helm.sh/hook')).toBe(mixed());
  });

  it('says nothing where one of them names nothing, or holds a template', () => {
    for (const text of [
      helm('pre-install'),
      job('argocd.argoproj.io/hook: presync\nhelm.sh/hook: pre-install'),
      mixed('helm.sh/hook: "{{ .Values.hook }}"'),
    ])
      expect(says('mixed-helm-argo-hook', text)).toEqual([]);
  });
});

describe('hook-needs-newer-argocd', () => {
  it.each([
    [
      'PreDelete',
      '3.2',
      'Job db-migration is never applied, and a live copy is deleted when a sync prunes: this Argo CD knows no PreDelete. Argo CD 3.3 is needed, and 3.2 is in use',
    ],
    ['PostDelete', '2.9.3', 'this Argo CD knows no PostDelete. Argo CD 2.10 is needed'],
    ['PostSync,PreDelete', '3.2', 'Job db-migration runs as PostSync only: this Argo CD knows no PreDelete.'],
    [
      'PreDelete,PostDelete',
      '3.3',
      'Job db-migration is never run: this Argo CD does not see PreDelete and PostDelete in a list. Argo CD 3.4 is needed',
    ],
    [
      'PostSync,PostDelete',
      '3.3',
      'Job db-migration runs as PostSync only: this Argo CD does not see PostDelete in a list. Argo CD 3.5 is needed',
    ],
    [
      'PostSync,PostDelete',
      '3.4',
      'Job db-migration runs as PostDelete only, and is left out of every sync: this Argo CD does not combine phases of a deletion with PostSync. Argo CD 3.5 is needed',
    ],
  ])('%s in %s', (value, version, message) => {
    const found = says('hook-needs-newer-argocd', hook(value), version);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^error: /);
    expect(found[0]).toContain(message);
  });

  it.each([
    ['PreDelete', '3.3'],
    ['PostDelete', '2.10'],
    ['PreDelete,PostDelete', '3.4'],
    ['PostSync,PostDelete', '3.5'],
    ['PreSync,PostSync', '1.0'],
    ['PreDelete,PostSync', '3.6.1'],
  ])('says nothing about %s in %s', (value, version) => {
    expect(says('hook-needs-newer-argocd', hook(value), version)).toEqual([]);
  });
});

describe('contradictory-delete-policies', () => {
  const policies = (value: string, more = ''): string =>
    job(`argocd.argoproj.io/hook: PreSync\nargocd.argoproj.io/hook-delete-policy: ${value}${more}`);

  it('keeps what failed', () => {
    expect(says('contradictory-delete-policies', policies('HookSucceeded,HookFailed'))).toEqual([
      'info: Job db-migration is deleted at the end of every sync, however it ends (HookSucceeded, HookFailed): after a failure nothing is left to look at. Put BeforeHookCreation in the place of HookFailed.',
    ]);
    expect(fixed(policies('HookSucceeded,HookFailed'), 'Replace with BeforeHookCreation')).toBe(
      policies('HookSucceeded,BeforeHookCreation'),
    );
    const all = 'BeforeHookCreation,HookSucceeded,HookFailed';
    expect(fixed(policies(all), 'Remove HookFailed')).toBe(policies('BeforeHookCreation,HookSucceeded'));
  });

  it('adds up both families', () => {
    const text = policies('HookSucceeded', '\nhelm.sh/hook-delete-policy: hook-failed');
    expect(says('contradictory-delete-policies', text)).toEqual([
      expect.stringContaining(
        '(HookSucceeded, hook-failed): after a failure nothing is left to look at. Put before-hook-creation in the place of hook-failed.',
      ),
    ]);
    expect(fixed(text, 'Replace with before-hook-creation')).toBe(
      policies('HookSucceeded', '\nhelm.sh/hook-delete-policy: before-hook-creation'),
    );
  });

  it('says nothing of one alone, of no hook, or of a template', () => {
    for (const text of [
      policies('HookSucceeded'),
      job('argocd.argoproj.io/hook-delete-policy: HookSucceeded,HookFailed'),
      policies('HookSucceeded,HookFailed', '\nhelm.sh/hook-delete-policy: "{{ .Values.x }}"'),
    ])
      expect(says('contradictory-delete-policies', text)).toEqual([]);
  });
});
