import { describe, expect, it } from 'vitest';
import { RULES, linkOf } from '../../../server/src/language/diagnostics/rules.ts';
import { actionsOf, edited, fixed, hook, job, judge, yaml } from '../fixture.ts';

describe('rules together', () => {
  it('have unique ids, documentation and a link', () => {
    expect(new Set(RULES.map((rule) => rule.id)).size).toBe(RULES.length);
    for (const rule of RULES) {
      expect(rule.levels).toContain(rule.defaultLevel);
      expect(rule.title).toMatch(/\.$/);
      expect(rule.docs.length).toBeGreaterThan(80);
      expect(linkOf(rule.id)).toMatch(/^https:\/\/argo-cd\.readthedocs\.io\/en\/stable\//);
    }
  });

  it('obey the user’s levels', () => {
    expect(judge(hook('presync'), { levels: { 'unknown-hook-phase': 'hint' } }).lines[0]).toMatch(/^hint /);
    expect(judge(hook('presync'), { levels: { 'unknown-hook-phase': 'off' } }).lines).toEqual([]);
  });

  it('are silenced on the next line, or in the whole document', () => {
    const text = job('argocd.argoproj.io/hook: presync\nargocd.argoproj.io/sync-wave: "x"');
    const one = fixed(text, 'Disable unknown-hook-phase here');
    expect(one).toContain('    # argocd-hooks: ignore unknown-hook-phase\n    argocd.argoproj.io/hook: presync\n');
    expect(judge(one).lines.map((line) => line.split(':')[0])).toEqual(['error invalid-sync-wave']);
    expect(judge(`# argocd-hooks: ignore unknown-hook-phase, invalid-sync-wave\n${text}`).lines).toEqual([]);
  });

  it('judge each document alone: one that is broken costs its neighbors nothing', () => {
    const text = `a: [\n---\n${hook('presync')}---\n"\n---\n${hook('postsync')}`;
    expect(judge(text).lines.map((line) => line.slice(0, 26))).toEqual([
      'error unknown-hook-phase: ',
      'error unknown-hook-phase: ',
    ]);
  });

  it('fix everything that is certain in one go, and nothing else', () => {
    const text = job(
      'argocd.argoproj.io/hook: pre-sync\nargocd.argoproj.io/hook-delete-policy: HookSucceded,beforehookcreation,hook-failed\nargocd.argoproj.io/sync-wave: 5',
    );
    const [action, ...more] = actionsOf(text, { only: ['source.fixAll'] });
    expect(more).toEqual([]);
    expect(edited(text, action?.edit?.changes?.['file:///test.yaml'] ?? [])).toBe(
      job(
        'argocd.argoproj.io/hook: PreSync\nargocd.argoproj.io/hook-delete-policy: HookSucceded,BeforeHookCreation,HookFailed\nargocd.argoproj.io/sync-wave: "5"',
      ),
    );
  });

  it('judge what a merge key brings, where it is written, and repair it only within the annotations', () => {
    const inline = job('<<: {argocd.argoproj.io/hook: presync}');
    expect(judge(inline).lines).toEqual([expect.stringContaining('error unknown-hook-phase: "presync" is no phase')]);
    expect(judge(inline).marked).toContain('hook: «presync»');
    expect(fixed(inline, 'Replace with PreSync')).toBe(job('<<: {argocd.argoproj.io/hook: PreSync}'));
    const shared = `x-common: &common\n  argocd.argoproj.io/sync-wave: 1\n  argocd.argoproj.io/hook: presync\n${job('<<: *common')}`;
    expect(judge(shared).lines.map((line) => line.split(':')[0])).toEqual([
      'error unquoted-annotation-value',
      'error unknown-hook-phase',
    ]);
    expect(judge(shared).marked).toContain('hook: «presync»');
    expect(actionsOf(shared).map(({ title }) => title)).toEqual([
      'Disable unquoted-annotation-value here',
      'Disable unquoted-annotation-value for this document',
      'Disable unknown-hook-phase here',
      'Disable unknown-hook-phase for this document',
    ]);
  });

  it('judge of merged entries those that hold', () => {
    expect(judge(job('<<: {argocd.argoproj.io/hook: presync}\nargocd.argoproj.io/hook: PreSync')).lines).toEqual([]);
    const first = '<<: [{argocd.argoproj.io/hook: PreSync}, {argocd.argoproj.io/hook: presync}]';
    expect(judge(job(first)).lines).toEqual([]);
  });

  it('repair a value in a block as one text', () => {
    expect(fixed(hook('|\n  presync'), 'Replace with PreSync')).toBe(hook('"PreSync"'));
    expect(fixed(hook('>\n  presync,\n  Sync'), 'Replace with PreSync')).toBe(hook('"PreSync,Sync"'));
  });

  it('leave an empty hook alone when everything certain is fixed', () => {
    const text = job('argocd.argoproj.io/hook:\na: 5');
    const [action] = actionsOf(text, { only: ['source.fixAll'] });
    expect(edited(text, action?.edit?.changes?.['file:///test.yaml'] ?? [])).toBe(
      job('argocd.argoproj.io/hook:\na: "5"'),
    );
  });

  it('say nothing of files that Argo CD applies no object from', () => {
    expect(judge('metadata:\n  annotations:\n    enabled: true\n').lines).toEqual([]);
    const base = 'kind: Kustomization\nmetadata:\n  annotations:\n    argocd.argoproj.io/hook: presync\n    a: 5\n';
    expect(judge(base).lines).toEqual([]);
    expect(
      judge(
        'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nmetadata:\n  annotations:\n    a: true\n',
      ).lines,
    ).toEqual([]);
  });

  it('offer no fix-all action unless it was asked for', () => {
    expect(actionsOf(hook('presync')).every((action) => action.kind === 'quickfix')).toBe(true);
  });

  it('say nothing about things that merely look like annotations', () => {
    const text = yaml`
      # argocd.argoproj.io/hook: presync
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: x
        labels:
          argocd.argoproj.io/instance: shop
          argocd.argoproj.io/hook: presync
        annotations:
          kubectl.kubernetes.io/last-applied-configuration: |
            {"metadata":{"annotations":{"argocd.argoproj.io/hook":"presync"}}}
      data:
        job.yaml: |
          metadata:
            annotations:
              argocd.argoproj.io/hook: presync
    `;
    expect(judge(text).lines).toEqual([]);
  });
});
