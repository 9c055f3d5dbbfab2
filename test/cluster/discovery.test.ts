import { expect, test } from 'vitest';
import { metadataOf, type KubeObject } from '#core/object';
import type { Action } from '#core/sync/model';
import { freshNamespace, open, running } from './plane.ts';

const definition = (plural: string, kind: string, group: string): KubeObject => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${plural}.${group}` },
  spec: {
    group,
    names: { kind, plural },
    scope: 'Namespaced',
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
});
const act = (verb: Action['verb'], key: string, object: KubeObject): Action => ({ verb, key, object });

test('knows built-in kinds, and says in Argo CD’s words what the server does not know', async () => {
  const cluster = await open();
  const kinds = [
    { group: 'apps', version: 'v1', kind: 'Deployment' },
    { group: '', version: 'v1', kind: 'Namespace' },
    { group: 'apps', version: 'v1', kind: 'Nothing' },
    { group: '', version: 'v1', kind: 'Nothing' },
    { group: 'nowhere.example.com', version: 'v1', kind: 'Widget' },
    { group: 'apps', version: 'v9', kind: 'Deployment' },
  ];
  await cluster.discover(kinds, { refresh: false }, running);
  expect(kinds.map(({ group, version, kind }) => cluster.discovered(group, version, kind))).toEqual([
    { plural: 'deployments', namespaced: true },
    { plural: 'namespaces', namespaced: false },
    { error: 'Nothing.apps "" not found', reason: 'NotFound' },
    { error: 'Nothing "" not found', reason: 'NotFound' },
    {
      error:
        'failed to discover server resources for group version nowhere.example.com/v1: the server could not find the requested resource',
      reason: 'NotFound',
    },
    {
      error:
        'failed to discover server resources for group version apps/v9: the server could not find the requested resource',
      installed: 'v1',
      reason: 'NotFound',
    },
  ]);
});

test('a resource right behind its definition is created', async () => {
  const cluster = await open();
  const ns = await freshNamespace('crd');
  const group = `${ns}.example.com`;
  const widget = {
    apiVersion: `${group}/v1`,
    kind: 'Widget',
    metadata: { name: 'one', namespace: ns },
    spec: { size: 1 },
  };
  const kind = { group, version: 'v1', kind: 'Widget' };
  await cluster.discover([kind], { refresh: false }, running);
  expect(cluster.discovered(group, 'v1', 'Widget')).toMatchObject({ reason: 'NotFound' });
  const object = definition('widgets', 'Widget', group);
  const key = `apiextensions.k8s.io/CustomResourceDefinition//widgets.${group}`;
  expect(await cluster.perform(act('apply', key, object), running)).toMatchObject({
    message: `customresourcedefinition.apiextensions.k8s.io/widgets.${group} created`,
  });
  expect(await cluster.perform(act('wait-crd', key, object), running)).toEqual({ message: 'established' });
  expect(await cluster.perform(act('apply', `${group}/Widget/${ns}/one`, widget), running)).toMatchObject({
    message: `widget.${group}/one created`,
  });
  await cluster.discover([kind], { refresh: true }, running);
  expect(cluster.discovered(group, 'v1', 'Widget')).toEqual({ plural: 'widgets', namespaced: true });
  expect(await cluster.perform(act('apply', `${group}/Widget/${ns}/one`, widget), running)).toMatchObject({
    message: `widget.${group}/one unchanged`,
  });
  const read = await cluster.read(kind, ns, 'one', running);
  expect(metadataOf(read ?? {})['name']).toBe('one');
  expect(await cluster.read(kind, ns, 'two', running)).toBeUndefined();
});

test('a pod right behind its namespace waits for the service account', async () => {
  const cluster = await open();
  const name = `quick-${process.pid}`;
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'early', namespace: name },
    spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox:1.37' }] },
  };
  await cluster.perform(act('apply', `/Namespace//${name}`, namespace), running);
  expect(await cluster.perform(act('apply', `/Pod/${name}/early`, pod), running)).toMatchObject({
    message: 'pod/early created',
  });
});
