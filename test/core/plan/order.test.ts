import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SYNC_PHASES, type SyncPhase } from '#core/annotations/keys';
import { groupOf, kindOf, nameOf, namespaceOf, type KubeObject } from '#core/object';
import { batchesOf, compareTasks, definedKind, orderTasks, phaseRank, type Orderable } from '#core/plan/order';
import { defines, inNamespace, manifest } from '../sync/manifests.ts';

const task = (object: KubeObject, phase: SyncPhase = 'Sync', wave = 0): Orderable => ({
  phase,
  wave,
  target: object,
  live: undefined,
});

const label = (object: KubeObject | undefined): string => `${kindOf(object ?? {})}/${nameOf(object ?? {})}`;
const order = (...tasks: readonly Orderable[]): string[] =>
  orderTasks(tasks).map(({ task: { target }, phase, wave }) => `${phase} ${wave} ${label(target)}`);

describe('the order of tasks', () => {
  it('42: is phase, wave, kind, name', () => {
    const at = (kind: string, phase: SyncPhase = 'Sync', wave = 0) => task(manifest(`${kind} x`), phase, wave);
    const unsorted = [
      at('SyncFail', 'SyncFail'),
      at('PostSync', 'PostSync'),
      at('ConfigMap', 'Sync', 1),
      at('Widget'),
      at('Pod'),
      at('Service'),
      at('PersistentVolume'),
      at('ConfigMap'),
      at('Job', 'PreSync'),
      at('ConfigMap', 'Sync', -1),
    ];
    expect(order(...unsorted)).toEqual([
      'PreSync 0 Job/x',
      'Sync -1 ConfigMap/x',
      'Sync 0 ConfigMap/x',
      'Sync 0 PersistentVolume/x',
      'Sync 0 Service/x',
      'Sync 0 Pod/x',
      'Sync 0 Widget/x',
      'Sync 1 ConfigMap/x',
      'PostSync 0 PostSync/x',
      'SyncFail 0 SyncFail/x',
    ]);
  });

  it('43: a Namespace comes before kinds without rank', () => {
    expect(order(task(manifest('Widget a')), task(manifest('Namespace z')))).toEqual([
      'Sync 0 Namespace/z',
      'Sync 0 Widget/a',
    ]);
  });

  it('of kinds without rank only the name counts, byte by byte', () => {
    const names = ['b', 'a-b', 'a', 'B', 'aé', 'a\u{1f600}', 'a\uffee'];
    const tasks = names.map((name, i) => task(manifest(`${i % 2 ? 'Gizmo' : 'Widget'} ${name}`)));
    const sorted = [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(orderTasks(tasks).map(({ task: { target } }) => nameOf(target ?? {}))).toEqual(sorted);
  });

  it('does not look at the API group of a kind', () => {
    const knative = manifest('Service z', (object) => (object['apiVersion'] = 'serving.knative.dev/v1'));
    expect(order(task(manifest('Pod a')), task(knative))).toEqual(['Sync 0 Service/z', 'Sync 0 Pod/a']);
  });

  it('keeps ties as they stand', () => {
    const [x, y] = ['x', 'y'].map((namespace) => task(manifest('Pod p', inNamespace(namespace))));
    if (!x || !y) throw new Error('two tasks');
    expect(orderTasks([x, y]).map((placed) => placed.task)).toEqual([x, y]);
    expect(orderTasks([y, x]).map((placed) => placed.task)).toEqual([y, x]);
  });

  it('44: a Namespace is pulled before its first user, and takes its phase and wave', () => {
    const tasks = [
      task(manifest('Namespace ns1'), 'Sync', 1),
      task(manifest('Namespace ns2'), 'Sync', 2),
      task(manifest('Job job1', inNamespace('ns1')), 'PreSync'),
      task(manifest('Job job2', inNamespace('ns2')), 'PreSync'),
    ];
    expect(order(...tasks)).toEqual([
      'PreSync 0 Namespace/ns1',
      'PreSync 0 Job/job1',
      'PreSync 0 Namespace/ns2',
      'PreSync 0 Job/job2',
    ]);
    expect(orderTasks(tasks).map(({ pulledBefore }) => label(pulledBefore?.target))).toEqual([
      'Job/job1',
      '/',
      'Job/job2',
      '/',
    ]);
  });

  it('45: a CustomResourceDefinition is pulled before its first resource', () => {
    const definition = task(manifest('CustomResourceDefinition foos', defines('example.com', 'Foo')), 'Sync', 3);
    const resource = task(manifest('Foo f'), 'PreSync', -2);
    const placed = orderTasks([definition, resource]);
    expect(placed.map(({ phase, wave }) => `${phase} ${wave}`)).toEqual(['PreSync -2', 'PreSync -2']);
    expect(placed[0]?.task).toBe(definition);
    expect(placed[0]?.pulledBefore).toBe(resource);
  });

  it('leaves what comes before its users, and prunes, where they are', () => {
    const prune: Orderable = { phase: 'Sync', wave: 9, target: undefined, live: manifest('Namespace ns1') };
    const early = task(manifest('Namespace ns2'), 'PreSync', -9);
    const users = ['ns1', 'ns2'].map((namespace) => task(manifest('Pod p', inNamespace(namespace))));
    expect(orderTasks([...users, prune, early]).every(({ pulledBefore }) => pulledBefore === undefined)).toBe(true);
  });

  it('reads of a definition no more than is there', () => {
    expect(definedKind(manifest('CustomResourceDefinition x'))).toEqual({ group: '', kind: '' });
    expect(definedKind(manifest('CustomResourceDefinition x', (o) => (o['spec'] = 'text')))).toBeUndefined();
    expect(definedKind(manifest('Foo x', defines('g', 'K')))).toBeUndefined();
  });

  it('makes a batch of each run of one kind', () => {
    const kinds = ['Pod a', 'Pod b', 'Job c', 'Pod d'].map((text) => task(manifest(text)));
    expect(batchesOf(kinds).map((batch) => batch.length)).toEqual([2, 1, 1]);
    expect(batchesOf([])).toEqual([]);
  });
});

describe('the order of any tasks', () => {
  const names = fc.constantFrom('a', 'b', 'c', 'ns1', 'ns2');
  const kinds = fc.constantFrom('Namespace', 'ConfigMap', 'Job', 'Foo', 'Widget', 'CustomResourceDefinition');
  const objects = fc
    .tuple(kinds, names, fc.constantFrom('', 'ns1', 'ns2'))
    .map(([kind, name, namespace]) =>
      kind === 'CustomResourceDefinition'
        ? manifest(`${kind} ${name}`, defines('example.com', name === 'a' ? 'Foo' : 'Bar'))
        : manifest(`${kind} ${name}`, inNamespace(kind === 'Namespace' ? '' : namespace)),
    );
  const waves = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom(-(2 ** 53), 2 ** 53, 2 ** 31));
  const anyTask = fc
    .tuple(objects, fc.constantFrom(...SYNC_PHASES), waves, fc.boolean())
    .map(([object, phase, wave, prune]): Orderable => ({
      phase,
      wave,
      target: prune ? undefined : object,
      live: prune ? object : undefined,
    }));
  const tasks = fc.array(anyTask, { maxLength: 25 });
  const users = ({ target }: Orderable, namespace: string): boolean =>
    target !== undefined && kindOf(target) !== 'Namespace' && namespaceOf(target) === namespace;

  it('is one of those that were given, each once', () => {
    fc.assert(
      fc.property(tasks, (list) => {
        const placed = orderTasks(list).map(({ task: own }) => own);
        expect(placed).toHaveLength(list.length);
        expect(new Set(placed)).toEqual(new Set(list));
      }),
    );
  });

  it('does not depend on the order in which they are given, but for ties', () => {
    const shape = ({ task: { target, live }, phase, wave }: ReturnType<typeof orderTasks>[number]): string =>
      `${phase} ${wave} ${target ? 'apply' : 'prune'} ${groupOf(target ?? live ?? {})}/${label(target ?? live)}`;
    // Equal sort keys in different namespaces are ties: names made different by their place leave none.
    const distinct = tasks.map((list) =>
      list.map((own, i): Orderable => {
        const rename = (object: KubeObject | undefined): KubeObject | undefined =>
          object && kindOf(object) !== 'Namespace'
            ? { ...object, metadata: { ...(object['metadata'] as object), name: `n${String(i).padStart(2, '0')}` } }
            : object;
        const unique = kindOf(own.target ?? own.live ?? {}) === 'Namespace' ? i : own.wave;
        return { ...own, wave: unique, target: rename(own.target), live: rename(own.live) };
      }),
    );
    fc.assert(
      fc.property(distinct, fc.array(fc.nat(), { minLength: 25, maxLength: 25 }), (list, random) => {
        const shuffled = list
          .map((own, i) => ({ own, at: random[i] ?? 0 }))
          .sort((a, b) => a.at - b.at)
          .map(({ own }) => own);
        expect(orderTasks(shuffled).map(shape)).toEqual(orderTasks(list).map(shape));
      }),
    );
  });

  it('never goes back in phase, nor in wave within a phase', () => {
    fc.assert(
      fc.property(tasks, (list) => {
        const placed = orderTasks(list);
        placed.slice(1).forEach((next, i) => {
          const before = placed[i];
          if (!before) return;
          expect(phaseRank(before.phase)).toBeLessThanOrEqual(phaseRank(next.phase));
          if (before.phase === next.phase) expect(before.wave).toBeLessThanOrEqual(next.wave);
        });
      }),
    );
  });

  it('stays as it is when it is ordered again', () => {
    fc.assert(
      fc.property(tasks, (list) => {
        const once = orderTasks(list);
        const again = orderTasks(once.map(({ task: own, phase, wave }) => ({ ...own, phase, wave })));
        const place = ({ phase, wave }: { phase: string; wave: number }): string => `${phase} ${wave}`;
        expect(again.map(place)).toEqual(once.map(place));
      }),
    );
  });

  it('has every Namespace before the first task in it, and every definition before its first resource', () => {
    fc.assert(
      fc.property(tasks, (list) => {
        const placed = orderTasks(list).map(({ task: own }) => own);
        for (const [i, { target }] of placed.entries()) {
          if (!target) continue;
          const before = placed.slice(0, i);
          if (kindOf(target) === 'Namespace') expect(before.find((own) => users(own, nameOf(target)))).toBeUndefined();
          const defined = definedKind(target);
          if (defined) {
            const user = before.find(
              (own) => own.target && groupOf(own.target) === defined.group && kindOf(own.target) === defined.kind,
            );
            expect(user).toBeUndefined();
          }
        }
      }),
    );
  });

  it('compares two tasks the same way from both sides', () => {
    fc.assert(
      fc.property(anyTask, anyTask, (a, b) => {
        expect(Math.sign(compareTasks(a, b)) + Math.sign(compareTasks(b, a))).toBe(0);
      }),
    );
  });
});
