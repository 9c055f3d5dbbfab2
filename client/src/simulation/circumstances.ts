import { podReferences } from '#core/plan/references';
import { kindOf, nameOf, namespaceOf, uidOf, type JsonObject, type KubeObject } from '#core/object';
import type { Circumstances } from '../sync/reasons.ts';
import { keyOfObject, type Store } from './store.ts';

/** What a controller says of an object that does not go on, as an event would. */
export interface Said {
  readonly message: string;
  /** As Kubernetes names it; empty where it would say nothing. */
  readonly reason: string;
}

/** What stands around an object, as the API server would tell it: events are what the controllers say. */
export function circumstancesIn(store: Store, said: ReadonlyMap<string, Said>, object: KubeObject): Circumstances {
  const below: KubeObject[] = [];
  const collect = (owner: KubeObject): void => {
    for (const dependent of store.dependentsOf(owner)) {
      below.push(dependent);
      collect(dependent);
    }
  };
  collect(object);
  const pods = [object, ...below].filter((one) => kindOf(one) === 'Pod');
  const makers = below.filter((one) => kindOf(one) === 'ReplicaSet');
  const claims = pods.flatMap((pod) =>
    podReferences(pod)
      .filter(({ kind }) => kind === 'PersistentVolumeClaim')
      .map(({ name }) => store.get(`/PersistentVolumeClaim/${namespaceOf(pod)}/${name}`))
      .filter((claim) => claim !== undefined),
  );
  const events = [object, ...below, ...claims].flatMap((one) => {
    const about = said.get(uidOf(one));
    const involvedObject: JsonObject = { kind: kindOf(one), name: nameOf(one), uid: uidOf(one) };
    return about ? [{ involvedObject, reason: about.reason, message: about.message }] : [];
  });
  return { object: store.get(keyOfObject(object)), pods, claims, makers, events };
}
