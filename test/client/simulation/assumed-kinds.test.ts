import { expect, test } from 'vitest';
import { prepareSimulation } from '../../../client/src/simulation/prepare.ts';
import { DEFAULT_SCENARIO, type Scenario } from '../../../client/src/simulation/scenario.ts';
import { objects, sync, world } from '../simulated.ts';

const custom = (apiVersion: string, kind: string): string =>
  `{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: web}}`;

const definition = (group: string, kind: string): string => `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: ${kind.toLowerCase()}s.${group}}
spec:
  group: ${group}
  scope: Namespaced
  names: {kind: ${kind}, plural: ${kind.toLowerCase()}s}
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]
`;

/** How a sync of these manifests ends, and what is said of the cluster. */
async function simulated(manifests: readonly string[], scenario: Scenario = DEFAULT_SCENARIO) {
  const place = world();
  const all = objects(manifests.join('\n---\n'));
  const application = { name: 'shop', namespace: 'shop', syncOptions: [] };
  const start = { application, objects: all, scenario, clock: place.clock, createsNamespace: false };
  const { cluster, warnings } = await prepareSimulation(start);
  const { result } = await sync({ ...place, cluster }, all);
  return { phase: result.operation.phase, message: result.operation.message, warnings };
}

test('custom kinds that nothing in the application defines are taken to be known, and that is said', async () => {
  const texts = [custom('monitoring.coreos.com/v1', 'ServiceMonitor'), custom('example.com/v1', 'Site')];
  expect(await simulated(texts)).toEqual({
    phase: 'Succeeded',
    message: 'successfully synced (all tasks run)',
    warnings: [
      'The cluster is taken to know ServiceMonitor, Site: nothing in this application defines them. On a cluster that does not, the sync fails before it writes anything.',
    ],
  });
});

test('a kind that the application defines is known once its definition is there', async () => {
  const both = [definition('example.com', 'Site'), custom('example.com/v1', 'Site')];
  expect(await simulated(both)).toMatchObject({ phase: 'Succeeded', warnings: [] });
  const other = await simulated([definition('example.com', 'Site'), custom('example.com/v2', 'Site')]);
  expect(other).toMatchObject({ phase: 'Failed', warnings: [] });
});

test('what a built-in group does not have is not known', async () => {
  const { phase, message, warnings } = await simulated([custom('apps/v1beta1', 'Deployment')]);
  expect([phase, warnings]).toEqual(['Failed', []]);
  expect(message).toContain('apps/v1beta1');
});

test('a scenario that names kinds means these alone', async () => {
  const texts = [custom('example.com/v1', 'Site')];
  expect(await simulated(texts, { ...DEFAULT_SCENARIO, kinds: [] })).toMatchObject({ phase: 'Failed', warnings: [] });
});
