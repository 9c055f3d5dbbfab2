import { describe, expect, test } from 'vitest';
import { openIndex } from '../../server/src/workspace/index.ts';
import type { Application } from '../../server/src/workspace/model.ts';
import { repositoryName } from '../../server/src/workspace/source-folders.ts';
import { application, manifest, MemoryFiles } from './memory-files.ts';

const CONFIG = manifest('ConfigMap', 'settings');

async function found(name: string, texts: Readonly<Record<string, string>>): Promise<Application> {
  const index = await openIndex(new MemoryFiles(texts), { rootName: 'root' });
  const application = index.applications().find((candidate) => candidate.name === name);
  if (!application) throw new Error(`no application ${name}`);
  return application;
}

describe('the sources of an application', () => {
  test('carry what Helm is told', async () => {
    const source = `source:
  repoURL: https://git.example.com/team/shop.git
  targetRevision: main
  path: charts/shop
  helm:
    releaseName: shop-blue
    namespace: other
    valueFiles: [values.yaml, ../common.yaml, /env/prod.yaml, "https://example.com/v.yaml"]
    ignoreMissingValueFiles: true
    values: |
      a: 1
    valuesObject:
      big: 12345678901234567890
    parameters:
    - {name: image.tag, value: "1", forceString: true}
    fileParameters:
    - {name: config, path: files/app.conf}
    skipCrds: true
`;
    const { kind, sources } = await found('shop', {
      'apps/shop.yaml': application('shop', source),
      'charts/shop/Chart.yaml': 'name: shop\n',
      'charts/shop/templates/c.yaml': CONFIG,
    });
    expect(kind).toBe('helm');
    expect(sources).toMatchObject([
      {
        tool: 'helm',
        folder: 'charts/shop',
        repository: '.',
        files: ['charts/shop/templates/c.yaml'],
        repoURL: 'https://git.example.com/team/shop.git',
        targetRevision: 'main',
        path: 'charts/shop',
        helm: {
          valueFiles: [
            { declared: 'values.yaml', path: 'charts/shop/values.yaml' },
            { declared: '../common.yaml', path: 'charts/common.yaml' },
            { declared: '/env/prod.yaml', path: 'env/prod.yaml' },
            { declared: 'https://example.com/v.yaml' },
          ],
          ignoreMissingValueFiles: true,
          values: 'a: 1\n',
          valuesObject: { big: 12345678901234567890n },
          parameters: [{ name: 'image.tag', value: '1', forceString: true }],
          fileParameters: [
            { name: 'config', file: { declared: 'files/app.conf', path: 'charts/shop/files/app.conf' } },
          ],
          releaseName: 'shop-blue',
          namespace: 'other',
          skipCrds: true,
          skipTests: false,
          skipSchemaValidation: false,
          kubeVersion: '',
          apiVersions: [],
        },
      },
    ]);
  });

  test('carry what kustomize is told', async () => {
    const source = `source:
  path: overlays/prod
  kustomize:
    namePrefix: p-
    nameSuffix: -s
    images: [web=web:2]
    replicas: [{name: web, count: 3}]
    commonLabels: {team: a}
    commonAnnotations: {argocd.argoproj.io/sync-wave: "2"}
    patches:
    - target: {kind: Job}
      patch: "- op: remove"
    components: [../component]
    namespace: prod
`;
    const { kind, sources } = await found('prod', {
      'apps/prod.yaml': application('prod', source),
      'overlays/prod/kustomization.yaml': 'resources: [c.yaml]\n',
      'overlays/prod/c.yaml': CONFIG,
    });
    expect(kind).toBe('kustomize');
    expect(sources[0]?.kustomize).toMatchObject({
      namePrefix: 'p-',
      nameSuffix: '-s',
      images: ['web=web:2'],
      replicas: [{ name: 'web', count: 3 }],
      commonLabels: { team: 'a' },
      commonAnnotations: { 'argocd.argoproj.io/sync-wave': '2' },
      patches: [{ target: { kind: 'Job' }, patch: '- op: remove' }],
      components: ['../component'],
      namespace: 'prod',
    });
  });

  test('lend values files to each other by their ref', async () => {
    const sources = `sources:
- repoURL: https://git.example.com/team/charts
  path: charts/shop
  helm:
    valueFiles: [$values/env/prod.yaml, $values/../x.yaml, $gone/x.yaml]
- repoURL: https://git.example.com/team/values
  ref: values
`;
    const shop = await found('shop', {
      'apps/shop.yaml': application('shop', sources),
      'charts/shop/Chart.yaml': 'name: shop\n',
      'charts/shop/templates/c.yaml': CONFIG,
      'env/prod.yaml': 'a: 1\n',
    });
    expect(shop.sources.map(({ tool, ref, folder }) => [tool, ref, folder])).toEqual([
      ['helm', undefined, 'charts/shop'],
      ['none', 'values', undefined],
    ]);
    expect(shop.sources[0]?.helm?.valueFiles).toEqual([
      { declared: '$values/env/prod.yaml', path: 'env/prod.yaml' },
      { declared: '$values/../x.yaml' },
      { declared: '$gone/x.yaml' },
    ]);
    expect(shop.problems.map(({ message }) => message)).not.toContainEqual(
      expect.stringContaining('is not in this workspace'),
    );
  });

  test('know their repository where the root is a folder of it', async () => {
    const sources = `sources:
- repoURL: git@git.example.com:team/shop.git
  path: deploy/charts/shop
  helm: {valueFiles: [$here/env/prod.yaml]}
- repoURL: https://git.example.com/team/shop
  ref: here
`;
    const {
      sources: [shop],
    } = await found('shop', {
      'shop.yaml': application('shop', sources),
      'shop/Chart.yaml': 'name: shop\n',
      'shop/templates/c.yaml': CONFIG,
    });
    expect([shop?.folder, shop?.repository]).toEqual(['shop', '../..']);
    expect(shop?.helm?.valueFiles[0]?.path).toBe('../../env/prod.yaml');
  });

  test('come with the policy of the Application', async () => {
    const more = `syncPolicy:
  automated: {prune: true, selfHeal: true}
  managedNamespaceMetadata:
    labels: {team: a}
  retry: {limit: 3, backoff: {duration: 5s, factor: 2, maxDuration: 3m}}
ignoreDifferences:
  - {group: apps, kind: Deployment, jsonPointers: [/spec/replicas]}
`;
    const text = application('shop', 'source:\n  path: shop\n', more).replace(
      'metadata:\n',
      'metadata:\n  finalizers: [resources-finalizer.argocd.argoproj.io]\n',
    );
    const { automated, policy } = await found('shop', { 'apps/shop.yaml': text, 'shop/c.yaml': CONFIG });
    expect(automated).toBe(true);
    expect(policy).toEqual({
      namespace: '',
      finalizers: ['resources-finalizer.argocd.argoproj.io'],
      project: '',
      automated: { prune: true, selfHeal: true, allowEmpty: false },
      retry: { limit: 3, duration: '5s', factor: 2, maxDuration: '3m' },
      managedNamespaceMetadata: { labels: { team: 'a' }, annotations: {} },
      ignoreDifferences: [
        {
          ...{ group: 'apps', kind: 'Deployment', name: '', namespace: '' },
          ...{ jsonPointers: ['/spec/replicas'], jqPathExpressions: [], managedFieldsManagers: [] },
        },
      ],
    });
  });

  test('of a folder without an Application are that folder', async () => {
    const { sources, policy } = await found('shop', { 'shop/c.yaml': CONFIG });
    expect(sources).toEqual([
      {
        tool: 'directory',
        folder: 'shop',
        files: ['shop/c.yaml'],
        inputs: [],
        unrendered: [],
        repoURL: '',
        targetRevision: '',
      },
    ]);
    expect(policy).toBeUndefined();
  });
});

test.each([
  ['https://github.com/Team/Shop.git', 'github.com/team/shop'],
  ['https://user:secret@github.com:443/team/shop/', 'github.com/team/shop'],
  ['git@github.com:team/shop.git', 'github.com/team/shop'],
  ['ssh://git@github.com:22/team/shop', 'github.com/team/shop'],
  ['/srv/git/shop.git', '/srv/git/shop'],
])('the repository of %s is %s', (url, name) => {
  expect(repositoryName(url)).toBe(name);
});
