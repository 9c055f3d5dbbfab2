import { expect, test } from 'vitest';
import { keyOf, objectIdOf } from '#core/object';
import type { Action } from '#core/sync/model';
import type { Cluster } from '../../../client/src/sync/cluster.ts';
import { runSync } from '../../../client/src/sync/runner.ts';
import { Stop } from '../../../client/src/sync/signal.ts';
import { objects, sync, world, type World } from '../simulated.ts';

const HOOK = objects(`
apiVersion: batch/v1
kind: Job
metadata: {name: pre, annotations: {argocd.argoproj.io/hook: PreSync}}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: main, image: busybox}]}}}
`);

/** The cluster of a world, whose watch tells of an object that goes before the request that ends it is answered, or long after. */
function withNews(place: World, when: 'before the answer' | 'late', sent: Action[]): Cluster {
  const held: (() => void)[] = [];
  return new Proxy<Cluster>(place.cluster, {
    get(target, name) {
      if (name === 'watch')
        return (...[kinds, namespaces, onEvent, signal]: Parameters<Cluster['watch']>) =>
          target.watch(
            kinds,
            namespaces,
            (event) => {
              if (event.type === 'gone' && when === 'late') held.push(() => onEvent(event));
              else onEvent(event);
            },
            signal,
          );
      if (name === 'perform')
        return async (...[action, signal]: Parameters<Cluster['perform']>) => {
          if (action.dryRun === undefined) sent.push(action);
          const response = await target.perform(action, signal);
          // The news of it is there before the answer.
          if (when === 'before the answer') for (let i = 0; i < 20; i++) await place.clock.sleep(0);
          return response;
        };
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(target) : value;
    },
  });
}

test.each(['before the answer', 'late'] as const)(
  'a hook that somebody deleted, and that goes with its finalizer, is not deleted once more: news of it %s',
  async (when) => {
    const place = world({}, [{ name: 'pre', outcome: 'hang' }]);
    const sent: Action[] = [];
    place.clock.schedule(4000, () => {
      const live = place.cluster.objects().find((object) => keyOf(objectIdOf(object)) === 'batch/Job/shop/pre');
      if (live)
        void place.cluster.perform(
          { verb: 'delete', key: 'batch/Job/shop/pre', object: live, propagation: 'Foreground' },
          new Stop(),
        );
    });
    const { result } = await sync(place, HOOK, {
      terminateAt: 15_000,
      waitsForever: true,
      run: (request, ports) => runSync(request, { ...ports, cluster: withNews(place, when, sent) }),
    });
    expect(result.operation).toMatchObject({ phase: 'Failed', message: 'Operation terminated' });
    expect(result.results).toMatchObject([{ name: 'pre', hookPhase: 'Failed', message: 'Terminated' }]);
    const writes = sent.map(({ verb }) => verb).filter((verb) => verb !== 'get' && verb !== 'get-namespace');
    expect(writes).toEqual(['apply', 'update-finalizers']);
    expect(place.cluster.objects().filter(({ kind }) => kind === 'Job')).toEqual([]);
  },
);
