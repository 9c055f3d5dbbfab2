import { describe, expect, it } from 'vitest';
import { planApplication } from '#core/plan/plan';
import { hintsOf } from '../../server/src/language/hints.ts';
import { viewOf } from '../../server/src/language/place.ts';
import { openFile, rangeOf } from '../../server/src/manifest/source-file.ts';
import { objectsOfFile } from '../../server/src/workspace/objects.ts';
import { job } from './fixture.ts';

/** The text with each hint where it stands: `hook: PreSync‹delete policy: …›`. */
function hinted(text: string, planned = true): string {
  const file = openFile('shop.yaml', text);
  const { objects, problems } = objectsOfFile(file, 'shop.yaml', 'directory');
  const source = { kind: 'directory', path: '.', reason: '' } as const;
  const view = viewOf(planApplication({ name: 'shop', source, namespace: 'shop', objects, problems }));
  return file.documents
    .map((placed) => {
      const found = hintsOf(
        placed.document,
        planned
          ? { view, at: ({ span }) => ({ file: 'shop.yaml', line: rangeOf(placed, span).start.line + 1 }) }
          : undefined,
      );
      return found
        .toSorted((a, b) => b.at - a.at)
        .reduce((state, { at, label }) => `${state.slice(0, at)}‹${label}›${state.slice(at)}`, placed.document.text);
    })
    .join('');
}

/** The lines with a hint. */
const hints = (text: string): string[] =>
  hinted(text)
    .split('\n')
    .filter((line) => line.includes('‹'))
    .map((line) => line.trim());

describe('inlay hints', () => {
  it('name the default delete policy behind a hook that has none', () => {
    expect(hints(job('argocd.argoproj.io/hook: PreSync'))).toEqual([
      'argocd.argoproj.io/hook: PreSync‹delete policy: BeforeHookCreation (default)›',
    ]);
    expect(
      hints(job('argocd.argoproj.io/hook: "PreSync"\nargocd.argoproj.io/hook-delete-policy: HookSucceded')),
    ).toEqual(['argocd.argoproj.io/hook-delete-policy: HookSucceded‹BeforeHookCreation (default)›']);
  });

  it('say nothing of a hook with a policy, of either family, nor of one that never runs in a sync', () => {
    for (const policy of [
      'argocd.argoproj.io/hook-delete-policy: HookFailed',
      'helm.sh/hook-delete-policy: hook-failed',
    ])
      expect(hints(job(`argocd.argoproj.io/hook: PreSync\n${policy}`))).toEqual([]);
    for (const hook of ['Skip', 'Presync', 'PostDelete', '""'])
      expect(hints(job(`argocd.argoproj.io/hook: ${hook}`))).toEqual([]);
  });

  it('tell the wave that an invalid one comes to, and where waves do not count', () => {
    expect(hints(job('argocd.argoproj.io/sync-wave: "1.5"'))).toEqual([
      'argocd.argoproj.io/sync-wave: "1.5"‹really: wave 0›',
    ]);
    expect(hints(job('argocd.argoproj.io/sync-wave: "one"\nhelm.sh/hook-weight: "-3"'))).toEqual([
      'argocd.argoproj.io/sync-wave: "one"‹really: wave −3›',
      'helm.sh/hook-weight: "-3"‹wave −3›',
    ]);
    expect(hints(job('argocd.argoproj.io/sync-wave: "5"'))).toEqual([]);
    const policy = 'argocd.argoproj.io/hook-delete-policy: BeforeHookCreation';
    expect(hints(job(`argocd.argoproj.io/hook: SyncFail\n${policy}\nargocd.argoproj.io/sync-wave: "5"`))).toEqual([
      'argocd.argoproj.io/sync-wave: "5"‹no effect›',
    ]);
  });

  it.each([
    ['helm.sh/hook: pre-install,pre-upgrade', 'PreSync'],
    ['helm.sh/hook: post-install', 'PostSync'],
    ['helm.sh/hook: pre-install,post-delete', 'PreSync and PostDelete'],
    ['helm.sh/hook: test', 'never applied'],
    ['argocd.argoproj.io/hook: Sync\nhelm.sh/hook: test', 'overruled by argocd.argoproj.io/hook'],
    ['argocd.argoproj.io/hook: Sync\nhelm.sh/hook: post-delete', 'PostDelete'],
  ])('translate Helm’s hooks: %s', (annotations, label) => {
    const text = job(`${annotations}\nhelm.sh/hook-delete-policy: hook-succeeded`);
    expect(hints(text).filter((line) => line.startsWith('helm.sh/hook:'))).toEqual([
      `${annotations.split('\n').at(-1)}‹${label}›`,
    ]);
  });

  it('say nothing of crd-install, and of a weight beside a wave that it does not count', () => {
    expect(hints(job('helm.sh/hook: crd-install'))).toEqual([]);
    expect(hints(job('helm.sh/hook-weight: "3"\nargocd.argoproj.io/sync-wave: "1"'))).toEqual([
      'helm.sh/hook-weight: "3"‹overruled by argocd.argoproj.io/sync-wave›',
    ]);
    expect(hints(job('helm.sh/hook-weight: "3"'))).toEqual(['helm.sh/hook-weight: "3"‹wave 3›']);
  });

  const NAMESPACE = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n';
  const USER =
    'apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: migrate\n  namespace: shop\n  annotations:\n    argocd.argoproj.io/hook: PreSync\n    argocd.argoproj.io/sync-wave: "-1"\n    argocd.argoproj.io/hook-delete-policy: BeforeHookCreation\n';

  it('tell where a Namespace really goes, behind its wave or its name', () => {
    expect(hints(`${NAMESPACE}---\n${USER}`)).toEqual(['name: shop‹really: PreSync wave −1›']);
    expect(hints(`${NAMESPACE}  annotations:\n    argocd.argoproj.io/sync-wave: "5"\n---\n${USER}`)).toEqual([
      'argocd.argoproj.io/sync-wave: "5"‹really: PreSync wave −1›',
    ]);
    expect(hinted(`${NAMESPACE}---\n${USER}`, false)).not.toContain('‹');
  });

  it('keep out of templates, block scalars and texts over several lines', () => {
    expect(hints(job('argocd.argoproj.io/hook: "{{ .Values.phase }}"'))).toEqual([]);
    expect(hints(job('argocd.argoproj.io/hook: >-\n  PreSync'))).toEqual([]);
    expect(hints(job('argocd.argoproj.io/hook: "Pre\\\n  Sync"'))).toEqual([]);
    expect(hints(job('checksum/config: {{ .x }}\nargocd.argoproj.io/hook: PreSync'))).toHaveLength(1);
  });
});
