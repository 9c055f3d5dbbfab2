import { describe, expect, it } from 'vitest';
import { fixed, hook, job, judging } from '../fixture.ts';

const judge = judging('unknown-hook-phase', 'empty-hook', 'skip-combined');

describe('unknown-hook-phase', () => {
  it('is an error where no phase is left, and says what happens to the object', () => {
    const { lines, marked } = judge(hook('presync'));
    expect(lines).toEqual([
      'error unknown-hook-phase: "presync" is no phase of Argo CD: Job db-migration is never applied, and a live copy of it is deleted when a sync prunes. Did you mean PreSync?',
    ]);
    expect(marked).toContain('hook: «presync»\n');
    expect(fixed(hook('presync'), 'Replace with PreSync')).toBe(hook('PreSync'));
  });

  it('is a warning where a phase is left', () => {
    const { lines, marked } = judge(hook('"PreSync, Typo"'));
    expect(lines).toEqual([
      'warning unknown-hook-phase: "Typo" is no phase of Argo CD: it is ignored, and Job db-migration runs as PreSync only.',
    ]);
    expect(marked).toContain('"PreSync, «Typo»"');
  });

  it('is a warning where Argo CD falls back to a valid Helm hook, and names it', () => {
    expect(judge(job('argocd.argoproj.io/hook: Garbage\nhelm.sh/hook: post-install')).lines).toEqual([
      'warning unknown-hook-phase: "Garbage" is no phase of Argo CD: it is ignored, and Job db-migration runs as PostSync because of helm.sh/hook: post-install.',
    ]);
    expect(judge(job('argocd.argoproj.io/hook: Garbage\nhelm.sh/hook: pre-delete')).lines[0]).toMatch(
      /^warning .* runs as PreDelete because of helm\.sh\/hook/,
    );
    expect(judge(job('argocd.argoproj.io/hook: Garbage\nhelm.sh/hook: test')).lines[0]).toMatch(/^error /);
    expect(judge(job('argocd.argoproj.io/hook: Garbage\nhelm.sh/hook: "{{ .Values.hook }}"')).lines).toEqual([
      'warning unknown-hook-phase: "Garbage" is no phase of Argo CD: it is ignored, and helm.sh/hook alone decides what Job db-migration is.',
    ]);
  });

  it('says that Skip is left, and knows what was meant by a name of Helm’s', () => {
    expect(judge(hook('Skip,Typo')).lines).toEqual([
      'warning unknown-hook-phase: "Typo" is no phase of Argo CD: it is ignored, and Job db-migration is left out of every sync (Skip).',
    ]);
    expect(fixed(hook('post-install'), 'Replace with PostSync')).toBe(hook('PostSync'));
  });

  it.each(['2.0', '2.9', '3.2', '3.6.1'])(
    'calls no phase unknown that only a newer Argo CD than %s runs',
    (argocdVersion) => {
      expect(judge(hook('PreDelete'), { argocdVersion }).lines).toEqual([]);
      expect(judge(hook('"PostDelete, PreSync"'), { argocdVersion }).lines).toEqual([]);
    },
  );

  it('knows the phases of a deletion, and the letters count', () => {
    expect(judge(hook('PreDelete,PostDelete')).lines).toEqual([]);
    expect(judge(hook('Predelete')).lines[0]).toContain('Did you mean PreDelete?');
  });

  it('finds the place within escapes and block scalars', () => {
    expect(judge(hook('"Pre\\u0053ync,Typo"')).marked).toContain('«"Pre\\u0053ync,Typo"»');
    expect(judge(hook('>-\n      PreSync,\n      Typo')).lines).toHaveLength(1);
  });

  it.each(['{{ .Values.phase }}', '"{{ .Values.phase }}"', '${PHASE}', 'PreSync,$(PHASE)'])(
    'never judges %s',
    (value) => {
      expect(judge(hook(value)).lines).toEqual([]);
    },
  );
});

describe('empty-hook', () => {
  it.each(['""', '","', '" "'])('fires for %s', (value) => {
    expect(judge(hook(value)).lines).toEqual([
      'error empty-hook: The hook annotation is empty: Job db-migration is never applied, and a live copy of it is deleted when a sync prunes. Remove it, or name a phase.',
    ]);
  });

  it('is a warning where a valid Helm hook still counts', () => {
    expect(judge(job('argocd.argoproj.io/hook: ""\nhelm.sh/hook: pre-install')).lines).toEqual([
      'warning empty-hook: The hook annotation is empty: it is ignored, and Job db-migration runs as PreSync because of helm.sh/hook: pre-install. Remove it, or name a phase.',
    ]);
  });

  it('removes the annotation with its line, or names a phase', () => {
    const text = job('argocd.argoproj.io/hook: ""\nexample.com/a: b');
    expect(fixed(text, 'Remove the hook annotation')).toBe(job('example.com/a: b'));
    expect(fixed(text, 'Make it a PostSync hook')).toBe(job('argocd.argoproj.io/hook: "PostSync"\nexample.com/a: b'));
    expect(fixed(hook('""'), 'Remove the hook annotation')).toBe(
      'apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: db-migration\nspec: {}\n',
    );
  });
});

describe('skip-combined', () => {
  it('warns where Skip stands beside a phase', () => {
    const { lines, marked } = judge(hook('PreSync,Skip'));
    expect(lines).toEqual([
      'warning skip-combined: Skip works only alone: Job db-migration is not left out but runs as PreSync. Remove Skip, or the rest.',
    ]);
    expect(marked).toContain('PreSync,«Skip»');
    expect(fixed(hook('PreSync,Skip'), 'Remove Skip')).toBe(hook('PreSync'));
    expect(fixed(hook('PreSync,Skip'), 'Keep Skip alone')).toBe(hook('Skip'));
  });

  it('says of hooks of a deletion that Skip changes nothing', () => {
    expect(judge(hook('Skip,PostDelete')).lines).toEqual([
      'warning skip-combined: Skip works only alone: Job db-migration still runs as PostDelete when the Application is deleted, and no sync applies it anyway. Remove Skip, or the rest.',
    ]);
  });

  it('says nothing where Skip stands alone', () => {
    expect(judge(hook('Skip')).lines).toEqual([]);
    expect(judge(hook('"Skip, Skip"')).lines).toEqual([]);
  });
});
