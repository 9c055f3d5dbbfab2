import { describe, expect, it } from 'vitest';
import { fixed, job, judging } from '../fixture.ts';

const judge = judging('unknown-delete-policy', 'delete-policy-without-hook', 'stale-hook-reused');

describe('unknown-delete-policy', () => {
  const policy = (value: string): string =>
    job(`argocd.argoproj.io/hook: PostSync\nargocd.argoproj.io/hook-delete-policy: ${value}`);

  it('is a warning where BeforeHookCreation holds instead', () => {
    expect(judge(policy('HookSucceded')).lines).toEqual([
      'warning unknown-delete-policy: "HookSucceded" is no delete policy of Argo CD and is ignored: for Job db-migration BeforeHookCreation holds, so it stays after the sync and is deleted right before the next one creates it anew. Did you mean HookSucceeded?',
    ]);
    expect(fixed(policy('HookSucceded'), 'Replace with HookSucceeded')).toBe(policy('HookSucceeded'));
  });

  it('takes out what is near to nothing', () => {
    expect(fixed(policy('Never,HookSucceeded'), 'Remove Never')).toBe(policy('HookSucceeded'));
    expect(fixed(policy('Never'), 'Remove Never')).not.toContain('hook-delete-policy');
  });

  it('is an error where the rest takes BeforeHookCreation away', () => {
    const found = judge(policy('HookSucceded,HookFailed')).lines.filter((line) =>
      line.includes('unknown-delete-policy'),
    );
    expect(found).toEqual([
      'error unknown-delete-policy: "HookSucceded" is no delete policy of Argo CD and is ignored: for Job db-migration HookFailed alone holds, so after its first success it stays and never runs again. Did you mean HookSucceeded?',
    ]);
  });

  it('is no error where the hook is another one in each sync, or Kubernetes deletes it', () => {
    const misspelled = policy('HookSucceded,HookFailed');
    const levels = (text: string): string[] =>
      judge(text)
        .lines.filter((line) => line.includes('unknown-delete-policy'))
        .map((line) => line.split(' ')[0] ?? '');
    expect(levels(misspelled)).toEqual(['error']);
    expect(levels(misspelled.replace('name: db', 'name: db-{{ .Release.Revision }}'))).toEqual(['warning']);
    expect(levels(misspelled.replace('spec: {}', 'spec: {ttlSecondsAfterFinished: 60}'))).toEqual(['warning']);
    expect(levels(misspelled.replace('kind: Job', 'kind: ConfigMap'))).toEqual(['warning']);
    expect(levels(misspelled.replace('Succeded,', 'Succeded,{{ .Values.x }},'))).toEqual([]);
  });

  it.each([
    ['PostDelete', 'nothing deletes Job db-migration, so it outlives the Application.'],
    ['PreDelete', 'Job db-migration is deleted with the resources of the Application, and stays where that has no'],
    ['presync', 'and is ignored on Job db-migration.'],
  ])('says what holds for a hook of %s', (phase, words) => {
    const found = judge(policy('HookSucceded').replace('PostSync', phase)).lines;
    expect(found.find((line) => line.startsWith('warning unknown-delete-policy'))).toContain(words);
  });

  it('says of a generated name that nothing deletes the old ones', () => {
    expect(judge(policy('HookSucceded').replace('name:', 'generateName:')).lines[0]).toContain(
      'has a new name in each sync, and those of successful syncs are never deleted. Add HookSucceeded.',
    );
  });

  it('reads Helm’s policies too', () => {
    const text = job('helm.sh/hook: pre-install\nhelm.sh/hook-delete-policy: before-hook-creation,hook-sucess');
    expect(judge(text).lines[0]).toMatch(/^warning unknown-delete-policy: "hook-sucess" is no delete policy of Helm/);
  });
});

describe('delete-policy-without-hook', () => {
  const claim = `apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: files
  labels:
    {{- include "labels" . | nindent 4 }}
  {{- if .Values.keep }}
  annotations:
    helm.sh/hook-delete-policy: keep
  {{- end }}
spec: {}
`;

  it('looks between if and end, and makes no hook of what would lose its data', () => {
    const { findings, lines } = judge(claim);
    expect(lines).toEqual([
      'warning delete-policy-without-hook: PersistentVolumeClaim files is no hook: its delete policy has no effect, and no sync deletes it. Remove the policy.',
    ]);
    expect(findings[0]?.fixes().map(({ title }) => title)).toEqual(['Remove helm.sh/hook-delete-policy']);
  });

  it('says nothing where a template may write a hook', () => {
    const helper = '    {{- include "annotations" . | nindent 4 }}\n';
    expect(judge(claim.replace('annotations:\n', `annotations:\n${helper}`)).lines).toEqual([]);
    expect(judge(claim.replace('  {{- end }}\n', `${helper}  {{- end }}\n`)).lines).toEqual([]);
  });

  const text = job('argocd.argoproj.io/hook-delete-policy: HookSucceeded');

  it('warns, and offers to remove the policy or to add a hook', () => {
    expect(judge(text).lines).toEqual([
      'warning delete-policy-without-hook: Job db-migration is no hook: its delete policy has no effect, and no sync deletes it. Remove the policy, or add argocd.argoproj.io/hook.',
    ]);
    expect(fixed(text, 'Make it a PreSync hook')).toBe(
      job('argocd.argoproj.io/hook-delete-policy: HookSucceeded\nargocd.argoproj.io/hook: "PreSync"'),
    );
    expect(fixed(text, 'Remove argocd.argoproj.io/hook-delete-policy')).not.toContain('annotations');
  });

  it('offers no hook where the manifest is skipped', () => {
    const skipped = job('argocd.argoproj.io/hook: Skip\nargocd.argoproj.io/hook-delete-policy: HookSucceeded');
    expect(judge(skipped).lines).toEqual([
      'warning delete-policy-without-hook: Job db-migration is skipped and so no hook: its delete policy has no effect, and no sync deletes it. Remove the policy.',
    ]);
  });

  it('judges beside a template that is the value of another annotation', () => {
    expect(judge(job('a: {{ .Values.a }}\nargocd.argoproj.io/hook-delete-policy: HookSucceeded')).lines).toHaveLength(
      1,
    );
    const key = job('{{ .Values.key }}: PreSync\nargocd.argoproj.io/hook-delete-policy: HookSucceeded');
    expect(judge(key).lines).toEqual([]);
  });

  it('says nothing of Helm hooks, of hooks from templates, and only mentions it where kustomize may add the hook', () => {
    expect(judge(job('helm.sh/hook: pre-install\nhelm.sh/hook-delete-policy: before-hook-creation')).lines).toEqual([]);
    expect(
      judge(job('{{- include "x.hook" . | nindent 4 }}\nargocd.argoproj.io/hook-delete-policy: BeforeHookCreation'))
        .lines,
    ).toEqual([]);
    expect(
      judge(job('argocd.argoproj.io/hook: {{ .Values.x }}\nargocd.argoproj.io/hook-delete-policy: BeforeHookCreation'))
        .lines,
    ).toEqual([]);
    expect(judge(text, { listedByKustomization: true }).lines[0]).toMatch(/^info /);
  });
});

describe('stale-hook-reused', () => {
  const text = (phase: string, policy: string, spec?: string): string =>
    job(`argocd.argoproj.io/hook: ${phase}\nargocd.argoproj.io/hook-delete-policy: ${policy}`, spec);

  it.each([
    ['PreSync', 'HookFailed', 'error', 'runs in the first sync and never again after a success'],
    ['Sync', 'HookFailed', 'error', 'runs in the first sync and never again after a success'],
    ['PostSync', 'HookFailed', 'warning', 'runs in the first sync and never again after a success'],
    [
      'PreSync',
      'HookSucceeded',
      'warning',
      'After one failure of Job db-migration every later sync fails at once without running it',
    ],
    ['SyncFail', 'HookSucceeded', 'warning', 'does not run on the second failure'],
  ])('%s with %s alone is %s: %s', (phase, policy, level, words) => {
    const [line, ...more] = judge(text(phase, policy)).lines;
    expect(more).toEqual([]);
    expect(line).toMatch(new RegExp(`^${level} stale-hook-reused: `));
    expect(line).toContain(words);
    expect(fixed(text(phase, policy), 'Add BeforeHookCreation')).toBe(text(phase, `BeforeHookCreation,${policy}`));
  });

  it.each([
    ['PreSync', 'BeforeHookCreation'],
    ['PreSync', 'BeforeHookCreation,HookSucceeded'],
    ['PreSync', 'HookSucceeded,HookFailed'],
    ['SyncFail', 'HookFailed'],
    ['PostDelete', 'HookSucceeded'],
    ['{{ .Values.phase }}', 'HookSucceeded'],
  ])('says nothing about %s with %s', (phase, policy) => {
    expect(judge(text(phase, policy)).lines).toEqual([]);
  });

  it('says nothing about generated names and about kinds that do not end', () => {
    expect(judge(text('PreSync', 'HookSucceeded').replace('name:', 'generateName:')).lines).toEqual([]);
    expect(judge(text('PreSync', 'HookSucceeded').replace('kind: Job', 'kind: ConfigMap')).lines).toEqual([]);
    expect(judge(text('PreSync', 'HookSucceeded').replace('db-migration', 'db-{{ .Release.Revision }}')).lines).toEqual(
      [],
    );
  });

  it('counts Helm’s policies, which hold together with Argo CD’s', () => {
    const helm = (policy: string): string => job(`helm.sh/hook: pre-install\nhelm.sh/hook-delete-policy: ${policy}`);
    expect(judge(helm('hook-succeeded')).lines[0]).toMatch(/^warning stale-hook-reused/);
    expect(fixed(helm('hook-succeeded'), 'Add before-hook-creation')).toBe(helm('before-hook-creation,hook-succeeded'));
    expect(
      judge(
        `${helm('before-hook-creation')}`.replace(
          'spec',
          '    argocd.argoproj.io/hook-delete-policy: HookFailed\nspec',
        ),
      ).lines,
    ).toEqual([]);
  });

  it('is an information where Kubernetes deletes the Job by itself', () => {
    const [line] = judge(text('PreSync', 'HookSucceeded', 'spec:\n  ttlSecondsAfterFinished: 5')).lines;
    expect(line).toMatch(/^info stale-hook-reused/);
    expect(line).toContain('until Kubernetes deletes it, 5 s after its end');
    const [templated] = judge(
      text('PreSync', 'HookFailed', 'spec:\n  ttlSecondsAfterFinished: {{ .Values.ttl }}'),
    ).lines;
    expect(templated).toMatch(/^info stale-hook-reused/);
    const [late] = judge(text('PreSync', 'HookFailed', 'spec:\n  ttlSecondsAfterFinished: 86400')).lines;
    expect(late).toMatch(/^warning stale-hook-reused/);
  });
});
