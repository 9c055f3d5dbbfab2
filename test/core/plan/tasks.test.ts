import { describe, expect, it } from 'vitest';
import { finalizersOf, keyOf, nameOf, namespaceOf, objectIdOf, type KubeObject } from '#core/object';
import { generatedName } from '#core/plan/generated-name';
import { normalizeTargets, withNamespace } from '#core/plan/normalize';
import { reconcile } from '#core/plan/reconcile';
import { draftTasks, type DraftInput } from '#core/plan/tasks';
import {
  finalizers,
  generated,
  HOOK_FINALIZER,
  helmHook,
  hook,
  inNamespace,
  manifest,
  NAMESPACE,
  wave,
} from '../sync/manifests.ts';

const scopeOf = (_group: string, kind: string): boolean | undefined =>
  kind === 'Namespace' || kind === 'ClusterRole' ? false : kind === 'Foo' ? undefined : true;
const normalize = (...targets: readonly KubeObject[]) => normalizeTargets(targets, NAMESPACE, scopeOf);

describe('normalization', () => {
  it('takes the namespace of cluster-scoped objects away and gives others the destination', () => {
    const { kept } = normalize(
      manifest('ClusterRole r', inNamespace('x')),
      manifest('Pod p', inNamespace('')),
      manifest('Foo f', inNamespace('')),
      manifest('Pod q', inNamespace('own')),
    );
    expect(kept.map(({ object }) => namespaceOf(object))).toEqual(['', NAMESPACE, NAMESPACE, 'own']);
    expect('namespace' in (kept[0]?.object['metadata'] as object)).toBe(false);
  });

  it('keeps the last of equal ones, in its place, and tells which it replaces', () => {
    const first = manifest('Pod p', inNamespace(''));
    const other = manifest('Pod q');
    const last = manifest('Pod p');
    const { kept, replaced } = normalize(first, other, last);
    expect(kept.map(({ source }) => source)).toEqual([other, last]);
    expect(replaced).toEqual([{ source: first, index: 0, by: last }]);
    expect(replaced[0]?.source).toBe(first);
  });

  it('never merges generated names, but objects without any name', () => {
    const twin = (prefix: string) => manifest('Pod x', generated(prefix));
    expect(normalize(twin('a-'), twin('a-')).kept).toHaveLength(2);
    expect(normalize(twin(''), twin('')).kept).toHaveLength(1);
  });

  it('never merges names that a template makes: equal ones may come to different names', () => {
    const twin = (name: string, namespace = 'own') => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace },
    });
    for (const name of ['{{ $app }}', '${APP}', 'x-$(APP)'])
      expect(normalize(twin(name), twin(name)).kept).toHaveLength(2);
    expect(normalize(twin('a', '{{ .ns }}'), twin('a', '{{ .ns }}')).kept).toHaveLength(2);
  });

  it('23, 24, 25: sets hooks aside that run in a deletion alone', () => {
    const both = manifest('Job both', hook('PostSync,PreDelete'));
    const helm = manifest('Job helm', helmHook('pre-install,pre-delete'));
    const gone = manifest('Job gone', hook('PreDelete'));
    const helmGone = manifest('Job helm-gone', helmHook('post-delete'));
    const { kept, deleteHooks } = normalize(both, helm, gone, helmGone);
    expect(kept.map(({ source }) => source)).toEqual([both, helm]);
    expect(deleteHooks.map(({ source }) => source)).toEqual([gone, helmGone]);
  });

  it('changes no object that it was given', () => {
    const object = manifest('Pod p', inNamespace(''));
    const before = structuredClone(object);
    withNamespace(object, 'elsewhere');
    normalize(object);
    expect(object).toEqual(before);
  });
});

const live = (...objects: readonly KubeObject[]): Map<string, KubeObject> =>
  new Map(objects.map((object) => [keyOf(objectIdOf(object)), object]));
const withUid = (label: string, uid: string, apiVersion?: string): KubeObject =>
  manifest(label, (object) => {
    Object.assign(object['metadata'] as object, { uid });
    if (apiVersion !== undefined) object['apiVersion'] = apiVersion;
  });

describe('reconciliation', () => {
  it('pairs resources by key, drops hooks of no phase, and leaves live hooks without target', () => {
    const target = manifest('ConfigMap b');
    const h = manifest('Job a', hook('Sync'));
    const { pairs, hooks } = reconcile(
      [target, h, manifest('Job x', hook('Typo'))],
      live(target, h, manifest('ConfigMap old')),
    );
    expect(hooks).toEqual([h]);
    expect(pairs.map(({ key, target: t, live: l }) => `${key} ${t ? 'target' : ''} ${l ? 'live' : ''}`)).toEqual([
      '/ConfigMap/dest/b target live',
      '/ConfigMap/dest/old  live',
      'batch/Job/dest/a  live',
    ]);
  });

  it('keeps one of live objects that share a UID, that of a target if there is one', () => {
    const one = withUid('Ingress i', 'u', 'extensions/v1beta1');
    const two = withUid('Ingress i', 'u', 'networking.k8s.io/v1');
    const keys = (targets: readonly KubeObject[]): string[] =>
      reconcile(targets, live(one, two)).pairs.map(({ key }) => key);
    expect(keys([])).toEqual(['networking.k8s.io/Ingress/dest/i']);
    expect(keys([manifest('Ingress i', (object) => (object['apiVersion'] = 'extensions/v1'))])).toEqual([
      'extensions/Ingress/dest/i',
    ]);
  });

  it('does not take objects without UID for one another', () => {
    expect(reconcile([], live(manifest('Pod a'), manifest('Pod b'))).pairs).toHaveLength(2);
  });
});

describe('drafts of tasks', () => {
  const draft = (targets: readonly KubeObject[], lives: readonly KubeObject[] = [], rest: Partial<DraftInput> = {}) =>
    draftTasks({
      ...reconcile(targets, live(...lives)),
      namespace: NAMESPACE,
      revision: 'abcdef0123',
      startedAt: 5,
      skipHooks: false,
      pruneLast: false,
      createdNamespace: undefined,
      ...rest,
    });

  it('come from pairs by key, then hooks by manifest and phase, last the created namespace', () => {
    const namespace = { target: manifest(`Namespace ${NAMESPACE}`), live: undefined };
    const drafts = draft([manifest('Job two', hook('PostSync,PreSync')), manifest('Pod b'), manifest('Pod a')], [], {
      createdNamespace: namespace,
    });
    expect(drafts.map(({ phase, target }) => `${phase} ${nameOf(target ?? {})}`)).toEqual([
      'Sync a',
      'Sync b',
      'PreSync two',
      'PostSync two',
      `PreSync ${NAMESPACE}`,
    ]);
  });

  it('know the manifest that they come from, and leave it as it is', () => {
    const h = manifest('Job x', generated('h-'), hook('Sync'), finalizers('example.com/own'));
    const before = structuredClone(h);
    const [made] = draft([h]);
    expect(made?.source).toBe(h);
    expect(h).toEqual(before);
    expect(nameOf(made?.target ?? {})).toBe('h-abcdef0-sync-5');
    expect(finalizersOf(made?.target ?? {})).toEqual(['example.com/own', HOOK_FINALIZER]);
  });

  it('do not add the finalizer twice', () => {
    const [made] = draft([manifest('Job x', hook('Sync'), finalizers(HOOK_FINALIZER, 'z'))]);
    expect(finalizersOf(made?.target ?? {})).toEqual([HOOK_FINALIZER, 'z']);
  });

  it('find the live object of a hook, of a cluster-scoped target too', () => {
    const role = manifest('ClusterRole r', hook('Sync'));
    const job = manifest('Job j', hook('Sync'));
    const drafts = draft([role, job], [role, job, manifest('Job j', inNamespace('other'), hook('Sync'))]);
    expect(drafts.map(({ live: found }) => found)).toEqual([role, job]);
  });

  it('give a created namespace the wave of its annotations', () => {
    const target = manifest(`Namespace ${NAMESPACE}`, wave(-3));
    expect(draft([], [], { createdNamespace: { target, live: undefined } })[0]?.wave).toBe(-3);
  });

  it('tell why the wave of a prune is not the declared one', () => {
    const lives = [1, 2, 3].map((n) => manifest(`Pod p${n}`, wave(n)));
    expect(draft([], lives).map(({ wave: at, wavePlaced }) => [at, wavePlaced])).toEqual([
      [3, 'prune-reversed'],
      [2, undefined],
      [1, 'prune-reversed'],
    ]);
    expect(draft([], lives, { pruneLast: true }).map(({ wave: at, wavePlaced }) => [at, wavePlaced])).toEqual([
      [4, 'prune-last'],
      [4, 'prune-last'],
      [4, 'prune-last'],
    ]);
  });

  it('leave out what the filter rejects, but no hook', () => {
    const targets = [manifest('Pod a'), manifest('Pod b'), manifest('Job h', hook('Sync'))];
    const drafts = draft(targets, [], { accepts: ({ target }) => nameOf(target ?? {}) === 'b' });
    expect(drafts.map(({ target }) => nameOf(target ?? {}))).toEqual(['b', 'h']);
  });
});

describe('generated names', () => {
  it.each([
    ['foo-', 'FooBarBaz', 'foo-foobarb-presync-1'],
    ['Foo-', 'ABCDEFG', 'Foo-abcdefg-presync-1'],
    ['foo-', 'ABCDEFGH', 'foo-abcdefg-presync-1'],
    ['foo-', '', 'foo--presync-1'],
    ['', 'ab', 'ab-presync-1'],
  ])('%s at revision %j', (prefix, revision, expected) => {
    expect(generatedName(prefix, revision, 'PreSync', 1)).toBe(expected);
  });
});
