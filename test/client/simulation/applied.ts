import { keyOf, metadataOf, objectIdOf, type KubeObject } from '#core/object';
import type { ObjectRule, Scenario } from '../../../client/src/simulation/scenario.ts';
import { at, objectsOf, textOf } from '../../../client/src/sync/json.ts';
import { Stop } from '../../../client/src/sync/signal.ts';
import { objects, START, world, type World } from '../simulated.ts';

export const never = new Stop();

/** A world in which these objects were applied. */
export async function applied(
  text: string,
  rules: readonly ObjectRule[] = [],
  scenario: Partial<Scenario> = {},
): Promise<World> {
  const place = world(scenario, rules);
  await apply(place, text);
  return place;
}

export async function apply({ cluster }: World, text: string): Promise<void> {
  for (const target of objects(text)) {
    const object = { ...target, metadata: { namespace: 'shop', ...metadataOf(target) } };
    const answer = await cluster.perform({ verb: 'apply', key: keyOf(objectIdOf(object)), object }, never);
    if (answer.error !== undefined) throw new Error(answer.error);
  }
}

export const find = ({ cluster }: World, kind: string, name = ''): KubeObject[] =>
  cluster.objects().filter((o) => o['kind'] === kind && textOf(metadataOf(o)['name']).startsWith(name));
export const only = (place: World, kind: string, name = ''): KubeObject => find(place, kind, name)[0] ?? {};
export const health = (place: World, kind: string, name = '') => place.cluster.health(only(place, kind, name));
export const conditions = (object: KubeObject): string[] =>
  objectsOf(at(object['status'], 'conditions')).map(
    (c) => `${textOf(c['type'])}=${textOf(c['status'])} ${textOf(c['reason'])}`,
  );
export const elapsed = ({ clock }: World): number => (clock.now() - START) / 1000;

export const job = (spec: string, pod = 'restartPolicy: Never'): string => `
apiVersion: batch/v1
kind: Job
metadata: {name: j}
spec: {${spec === '' ? '' : `${spec}, `}template: {spec: {${pod}, containers: [{name: main, image: busybox}]}}}
`;
