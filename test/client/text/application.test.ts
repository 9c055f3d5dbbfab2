import fc from 'fast-check';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import {
  APPLICATION_DEFAULTS,
  applicationObject,
  applicationText,
  argocdCreate,
  fileProblem,
  nameFrom,
  nameProblem,
  needsRecursion,
  remoteIn,
  type NewApplication,
} from '../../../client/src/text/application.ts';

const shop: NewApplication = {
  ...APPLICATION_DEFAULTS,
  name: 'shop',
  repoURL: 'https://example.com/team/shop.git',
  path: 'apps/shop',
  namespace: 'shop',
};

test('the manifest of an Application that is synced by hand', () => {
  expect(applicationText(shop)).toBe(`apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: shop
  namespace: argocd
spec:
  project: default
  source:
    repoURL: https://example.com/team/shop.git
    path: apps/shop
    targetRevision: HEAD
  destination:
    server: https://kubernetes.default.svc
    namespace: shop
  syncPolicy:
    syncOptions:
      - CreateNamespace=true
`);
});

test('the call of argocd app create says the same', () => {
  const policy = { automated: true, prune: true, selfHeal: true };
  const object = applicationObject({
    ...shop,
    policy,
    recurse: true,
    argocdNamespace: 'team-a',
    path: "apps/the shop's",
  });
  expect(argocdCreate(object)).toBe(
    [
      'argocd app create shop',
      '--repo https://example.com/team/shop.git',
      String.raw`--path 'apps/the shop'\''s'`,
      '--revision HEAD',
      '--dest-server https://kubernetes.default.svc',
      '--dest-namespace shop',
      '--project default',
      '--sync-policy automated',
      '--sync-option CreateNamespace=true',
      '--directory-recurse',
      '--auto-prune',
      '--self-heal',
      '--app-namespace team-a',
    ].join(' \\\n  '),
  );
});

test('whatever is chosen, the manifest reads as the object that it stands for', () => {
  const text = fc.oneof(
    fc.string({ minLength: 1 }),
    fc.constantFrom('yes', 'null', '0644', '1e3', 'a: b', '- x', '#', '~', '*a', 'on'),
  );
  const flag = fc.boolean();
  fc.assert(
    fc.property(
      fc.record({
        ...{ name: text, argocdNamespace: text, project: text, repoURL: text, path: text, targetRevision: text },
        ...{ server: text, namespace: text, recurse: flag, createNamespace: flag },
        policy: fc.record({ automated: flag, prune: flag, selfHeal: flag }),
      }),
      (application) => {
        expect(load(applicationText(application))).toEqual(applicationObject(application));
      },
    ),
  );
});

describe('the file of the manifest', () => {
  test.each([
    ['argocd/shop.yaml', 'apps/shop', false],
    ['apps/shop.yaml', 'apps/shop', false],
    ['apps/shop-2/x.yml', 'apps/shop', false],
    // Argo CD reads the root of the repository alone, unless it is told to look into its folders.
    ['argocd/shop.yaml', '.', false],
  ])('may be %s beside %s', (file, source, recurse) => {
    expect(fileProblem(file, source, recurse)).toBeUndefined();
  });

  test.each([
    ['apps/shop/application.yaml', 'apps/shop', false],
    ['apps/shop/deep/application.yaml', 'apps/shop', false],
    ['application.yaml', '.', false],
    ['argocd/shop.yaml', '.', true],
  ])('may not be %s within %s: it would apply itself', (file, source, recurse) => {
    expect(fileProblem(file, source, recurse)).toContain('it would apply itself');
  });

  test.each(['shop', '../shop.yaml', '/etc/shop.yaml', './shop.yaml', 'a/../apps/shop/x.yaml'])('is no %s', (file) => {
    expect(fileProblem(file, 'apps/shop', false)).toBe('A YAML file of this folder: argocd/shop.yaml');
  });
});

test('a source with manifests in subfolders has to be read with them', () => {
  expect(needsRecursion('apps/shop', ['apps/shop/a.yaml', 'apps/shop/db/b.yaml'])).toBe(true);
  expect(needsRecursion('apps/shop', ['apps/shop/a.yaml', 'apps/other/b/c.yaml'])).toBe(false);
  expect(needsRecursion('.', ['a.yaml'])).toBe(false);
  expect(needsRecursion('.', ['a.yaml', 'db/b.yaml'])).toBe(true);
});

test('names and remotes', () => {
  expect([nameFrom('Web Shop'), nameFrom('___'), nameProblem('shop'), nameProblem('Shop')]).toEqual([
    'web-shop',
    'application',
    undefined,
    expect.stringContaining('lower-case'),
  ]);
  const config =
    '[core]\n\tbare = false\n[remote "fork"]\n\turl = git@example.com:me/shop.git\n[remote "origin"]\n\turl = https://me:token@example.com/team/shop.git\n';
  expect(remoteIn(config)).toBe('https://example.com/team/shop.git');
  expect(remoteIn('[core]\n')).toBeUndefined();
});
