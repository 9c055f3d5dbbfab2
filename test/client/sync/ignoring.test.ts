import { describe, expect, test } from 'vitest';
import type { IgnoreRule } from '#core/ignore/rules';
import type { Json, KubeObject } from '#core/object';
import type { OperationRequest } from '#core/sync/options';
import { statusOf } from '../../../client/src/sync/status.ts';
import type { ApplicationStatus, ResourceStatus } from '../../../client/src/sync/status-model.ts';
import { Stop } from '../../../client/src/sync/signal.ts';
import { objects, REVISION, sync, world, type World } from '../simulated.ts';

const manifest = (color: string, size = 'small'): KubeObject[] =>
  objects(`apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {color: ${color}, size: ${size}}`);
const KIND = { group: '', version: 'v1', kind: 'ConfigMap' };
const KEY = '/ConfigMap/shop/a';
const signal = new Stop();

const rule = (more: Partial<IgnoreRule>): IgnoreRule => ({
  ...{ group: '', kind: 'ConfigMap', name: '', namespace: '' },
  ...{ jsonPointers: [], jqPathExpressions: [], managedFieldsManagers: [] },
  ...more,
});
const COLOR = [rule({ jsonPointers: ['/data/color'] })];

/** A cluster in which `a` was synced as green, and somebody has made it red. */
async function changed(): Promise<World> {
  const place = world({}, [], ['shop', 'argocd']);
  await sync(place, manifest('green'));
  const live = await place.cluster.read(KIND, 'shop', 'a');
  const object = { ...live, data: { color: 'red', size: 'small' } };
  await place.cluster.perform({ verb: 'update', key: KEY, object, manager: 'alice' }, signal);
  return place;
}
const dataOf = async ({ cluster }: World): Promise<Json | undefined> =>
  (await cluster.read(KIND, 'shop', 'a'))?.['data'];

async function look(
  place: World,
  targets: readonly KubeObject[],
  ignoreDifferences?: readonly IgnoreRule[],
): Promise<{ status: ApplicationStatus; row: ResourceStatus | undefined }> {
  const status = await statusOf(
    {
      ...{ application: 'shop', namespace: 'shop', objects: targets, operation: {}, retry: 0 },
      ...{ revision: { id: REVISION, text: '' }, furtherKinds: [], blockers: [], warnings: [] },
      ...(ignoreDifferences ? { ignoreDifferences } : {}),
    },
    { cluster: place.cluster, clock: place.clock, signal },
  );
  return { status, row: status.resources.find(({ task }) => task === KEY) };
}

describe('the live status', () => {
  test.each<[string, Partial<IgnoreRule>]>([
    ['a JSON pointer', { jsonPointers: ['/data/color'] }],
    ['a jq expression', { jqPathExpressions: ['.data | .color'] }],
    ['a manager', { managedFieldsManagers: ['alice'] }],
  ])('does not count what %s leaves out, and says so', async (_, more) => {
    const { status, row } = await look(await changed(), manifest('green'), [rule(more)]);
    expect([status.sync, row?.sync, row?.note]).toEqual([
      'Synced',
      'Synced',
      'differs only in what ignoreDifferences leaves out',
    ]);
  });

  test('counts and shows everything else', async () => {
    const { status, row } = await look(await changed(), manifest('green', 'large'), COLOR);
    expect([status.sync, row?.diff]).toEqual(['OutOfSync', ['- data.size: "small"', '+ data.size: "large"']]);
  });

  test('counts everything where nothing is left out', async () => {
    const { row } = await look(await changed(), manifest('green'), []);
    expect(row?.diff).toEqual(['- data.color: "red"', '+ data.color: "green"']);
  });

  test('says which expressions are not understood', async () => {
    const rules = [rule({ jqPathExpressions: ['.data | to_entries[]'] })];
    const { status, row } = await look(await changed(), manifest('green'), rules);
    expect(row?.sync).toBe('OutOfSync');
    expect(status.notes).toEqual([expect.stringContaining('not understood here') as string]);
  });
});

describe('a sync', () => {
  const operation = (...syncOptions: string[]): { operation: OperationRequest } => ({ operation: { syncOptions } });

  test('writes what is left out of comparisons, and says so before', async () => {
    const place = await changed();
    const { preflight, writes } = await sync(place, manifest('green'), { ignoreDifferences: COLOR });
    expect(preflight.rows[0]?.note).toContain('a sync writes it');
    expect(writes).toEqual([`apply ${KEY}`]);
    expect(await dataOf(place)).toEqual({ color: 'green', size: 'small' });
  });

  test('of what is out of sync only leaves it as it is', async () => {
    const place = await changed();
    const ignoreDifferences = COLOR;
    const { preflight, writes } = await sync(place, manifest('green'), {
      ignoreDifferences,
      ...operation('ApplyOutOfSyncOnly=true'),
    });
    expect([preflight.rows[0]?.change, writes]).toEqual(['unchanged', []]);
    expect(await dataOf(place)).toEqual({ color: 'red', size: 'small' });
  });

  test.each<[string, Partial<IgnoreRule>]>([
    ['a JSON pointer', { jsonPointers: ['/data/color'] }],
    ['a manager', { managedFieldsManagers: ['alice'] }],
  ])('that respects them keeps what %s names, and writes the rest', async (_, more) => {
    const place = await changed();
    const options = { ignoreDifferences: [rule(more)], ...operation('RespectIgnoreDifferences=true') };
    const same = await sync(place, manifest('green'), options);
    expect(same.preflight.rows[0]?.change).toBe('unchanged');
    expect(await dataOf(place)).toEqual({ color: 'red', size: 'small' });
    const { preflight } = await sync(place, manifest('green', 'large'), options);
    expect(preflight.rows[0]?.diff).toEqual(['- data.size: "small"', '+ data.size: "large"']);
    expect(await dataOf(place)).toEqual({ color: 'red', size: 'large' });
  });
});

test('where no Application is written down the one in the cluster says what is left out', async () => {
  const place = await changed();
  const argocd = objects(`
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: applications.argoproj.io}
spec:
  group: argoproj.io
  names: {kind: Application, plural: applications}
  scope: Namespaced
  versions: [{name: v1alpha1, served: true, storage: true}]
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argocd}
spec: {ignoreDifferences: [{kind: ConfigMap, jsonPointers: [/data/color]}]}
`);
  await sync(place, argocd.slice(0, 1), { application: 'argo' });
  await sync(place, argocd, { application: 'argo' });
  expect((await look(place, manifest('green'))).row?.sync).toBe('Synced');
});
