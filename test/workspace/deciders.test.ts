import { describe, expect, test } from 'vitest';
import { openIndex } from '../../server/src/workspace/index.ts';
import { application, manifest, MemoryFiles } from './memory-files.ts';

const CONFIG = manifest('ConfigMap', 'settings');

const FILES = {
  'apps/shop.yaml': application(
    'shop',
    `source:
  repoURL: https://git.example.com/team/shop.git
  path: charts/shop
  helm:
    valueFiles: [values-prod.yaml, /env/prod.yaml]
    fileParameters:
    - {name: config, path: /env/config.yaml}
`,
  ),
  'charts/shop/Chart.yaml': 'name: shop\n',
  'charts/shop/values.yaml': 'phase: Sync\n',
  'charts/shop/values-prod.yaml': 'phase: PreSync\n',
  'charts/shop/templates/c.yaml': CONFIG,
  'env/prod.yaml': 'replicas: 3\n',
  'env/config.yaml': 'a: 1\n',
  'env/other.yaml': 'b: 1\n',
  'base/kustomization.yaml': 'resources: [c.yaml]\n',
  'base/c.yaml': CONFIG,
  'prod/kustomization.yaml': `resources: [../base]
patches:
- path: patch.yaml
configMapGenerator:
- name: shop
  files: [settings.yaml=raw.json]
`,
  'prod/patch.yaml': CONFIG,
  'prod/raw.json': '{}',
  'prod/unused.yaml': 'a: 1\n',
};

describe('the application of a file', () => {
  test.each([
    ['charts/shop/values.yaml', 'shop'],
    ['charts/shop/values-prod.yaml', 'shop'],
    ['charts/shop/Chart.yaml', 'shop'],
    ['env/prod.yaml', 'shop'],
    ['env/config.yaml', 'shop'],
    ['env/other.yaml', undefined],
    ['prod/kustomization.yaml', 'prod'],
    ['base/kustomization.yaml', 'prod'],
    ['base/c.yaml', 'prod'],
    ['prod/patch.yaml', 'prod'],
    ['prod/raw.json', 'prod'],
    ['prod/unused.yaml', undefined],
  ])('%s: %s', async (path, name) => {
    const index = await openIndex(new MemoryFiles(FILES), { rootName: 'root' });
    expect(index.applicationOf(path)?.name).toBe(name);
    expect(index.applicationsOf(path).map((application) => application.name)).toEqual(name === undefined ? [] : [name]);
  });

  test('is the one whose manifests it holds before those that it decides about', async () => {
    const index = await openIndex(
      new MemoryFiles({
        'charts/shop/Chart.yaml': 'name: shop\n',
        'charts/shop/templates/c.yaml': CONFIG,
        'charts/shop/more/c.yaml': CONFIG,
        'app.yaml': application('more', 'source: {repoURL: "https://git.example.com/a.git", path: charts/shop/more}\n'),
      }),
      { rootName: 'root' },
    );
    expect(index.applicationsOf('charts/shop/more/c.yaml').map(({ name }) => name)).toEqual(['more', 'shop']);
  });
});
