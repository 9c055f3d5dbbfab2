import { expect, test } from 'vitest';
import { TRACKING_ID } from '#core/annotations/keys';
import { inventoryOf } from '../../../client/src/kube/inventory.ts';
import { ApiClient } from '../../../client/src/kube/request.ts';
import { Stop } from '../../../client/src/sync/signal.ts';
import { answering, connectionTo, json } from './server.ts';

const resource = (name: string, kind: string): object => ({
  ...{ resource: name, responseKind: { kind }, scope: 'Namespaced' },
  verbs: ['create', 'delete', 'get', 'list', 'update', 'watch'],
});
const groups = (...items: readonly (readonly [group: string, resource: object])[]): object => ({
  kind: 'APIGroupDiscoveryList',
  items: items.map(([name, one]) => ({ metadata: { name }, versions: [{ version: 'v1', resources: [one] }] })),
});

/** A server on which every list holds one object that the application tracks. */
const tracking = (id: string) =>
  answering(({ path }, response) => {
    if (path === '/api') return json(response, 200, groups(['', resource('configmaps', 'ConfigMap')]));
    if (path === '/apis') {
      const leases = ['coordination.k8s.io', resource('leases', 'Lease')] as const;
      return json(response, 200, groups(leases, ['apps', resource('deployments', 'Deployment')]));
    }
    json(response, 200, { items: [{ metadata: { name: 'a', annotations: { [TRACKING_ID]: id } } }] });
  });

test('a Lease is never looked for among what may be pruned, even one that carries the tracking of the application', async () => {
  const server = await tracking('shop:apps/Deployment:shop/a');
  const client = new ApiClient(connectionTo(`http://127.0.0.1:${server.port}`));
  const { kinds, unseen } = await inventoryOf(client, 'shop', ['shop'], new Stop());
  client.connection.close();
  server.stop();
  expect(kinds.map(({ kind }) => kind).sort()).toEqual(['ConfigMap', 'Deployment']);
  expect(unseen).toEqual([]);
  expect(server.asked.filter(({ path }) => path.includes('leases'))).toEqual([]);
});

test('what another application tracks is not taken', async () => {
  const server = await tracking('other:apps/Deployment:shop/a');
  const client = new ApiClient(connectionTo(`http://127.0.0.1:${server.port}`));
  const { kinds } = await inventoryOf(client, 'shop', ['shop'], new Stop());
  client.connection.close();
  server.stop();
  expect(kinds).toEqual([]);
});
