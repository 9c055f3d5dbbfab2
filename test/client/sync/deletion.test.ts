import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '#core/object';
import { runSync } from '../../../client/src/sync/runner.ts';
import { objects, sync, world, type SyncOptions, type World } from '../simulated.ts';

const annotated = (annotations: Readonly<Record<string, string>>): string =>
  Object.keys(annotations).length === 0 ? '' : `  annotations: ${JSON.stringify(annotations)}\n`;

const configMap = (name: string, annotations: Readonly<Record<string, string>> = {}): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${annotated(annotations)}`;

const hook = (name: string, phase: string, policy = ''): string =>
  `apiVersion: batch/v1\nkind: Job\nmetadata:\n  ${name.endsWith('-') ? 'generateName' : 'name'}: ${name}\n${annotated({
    'argocd.argoproj.io/hook': phase,
    ...(policy === '' ? {} : { 'argocd.argoproj.io/hook-delete-policy': policy }),
  })}spec:\n  backoffLimit: 0\n  template:\n    spec:\n      restartPolicy: Never\n      containers: [{name: main, image: busybox}]\n`;

const wave = (n: number) => ({ 'argocd.argoproj.io/sync-wave': String(n) });
const option = (text: string) => ({ 'argocd.argoproj.io/sync-options': text });
const all = (...texts: readonly string[]): KubeObject[] => objects(texts.join('---\n'));

const FOREGROUND = { cascade: true, propagation: 'Foreground' } as const;
const deletion: typeof runSync = (request, ports) => runSync({ ...request, deletion: FOREGROUND }, ports);
const remove = (place: World, targets: readonly KubeObject[], options: SyncOptions = {}) =>
  sync(place, targets, { ...options, run: deletion });

const WAVES = all(
  configMap('w0'),
  configMap('w1', wave(1)),
  configMap('w2', wave(2)),
  configMap('wm', wave(-1)),
  configMap('kept', option('Delete=false')),
  configMap('helm', { 'helm.sh/resource-policy': 'keep' }),
);

describe('resources', () => {
  test('go from the highest wave to the lowest; Delete=false and keep stay', async () => {
    const place = world();
    await sync(place, WAVES);
    const { writes, result, preflight } = await remove(place, WAVES);
    expect(writes).toEqual(['w2', 'w1', 'w0', 'wm'].map((name) => `delete /ConfigMap/shop/${name}`));
    expect(result.operation).toMatchObject({ phase: 'Succeeded', message: 'successfully deleted' });
    expect(result.left).toEqual(['/ConfigMap/shop/helm', '/ConfigMap/shop/kept']);
    expect(preflight.rows.map(({ task, change, note }) => `${task} ${change} ${note}`)).toEqual([
      '/ConfigMap/shop/w2 prune ',
      '/ConfigMap/shop/w1 prune ',
      '/ConfigMap/shop/helm unchanged kept (helm.sh/resource-policy: keep)',
      '/ConfigMap/shop/kept unchanged kept (Delete=false)',
      '/ConfigMap/shop/w0 prune ',
      '/ConfigMap/shop/wm prune ',
    ]);
  });

  test('of another application stay, and so does what nobody tracks', async () => {
    const place = world();
    await sync(place, WAVES.slice(0, 1), { application: 'other' });
    const { end, preflight } = await remove(place, WAVES);
    expect(end).toMatchObject({ kind: 'blocked' });
    expect(preflight.blockers).toEqual([expect.stringContaining('there is nothing to delete')]);
    expect(preflight.rows[0]?.note).toBe('stays: it does not carry the tracking annotation of this application');
  });

  test('wait for a confirmation where one of them asks for it', async () => {
    const targets = all(configMap('a', wave(1)), configMap('guarded', option('Delete=confirm')));
    const place = world();
    await sync(place, targets);
    const waiting = await remove(place, targets);
    expect(waiting.result.operation).toMatchObject({
      phase: 'Running',
      message: 'waiting for deletion confirmation of /ConfigMap/guarded',
    });
    expect(waiting.writes).toEqual([]);
    const { writes, result } = await remove(place, targets, { approveAt: 5000, waitsForever: true });
    expect(writes).toEqual(['delete /ConfigMap/shop/a', 'delete /ConfigMap/shop/guarded']);
    expect(result.operation.phase).toBe('Succeeded');
  });

  test('take the option of the application where they have none of their own', async () => {
    const place = world();
    await sync(place, WAVES.slice(0, 1));
    const { writes } = await remove(place, WAVES.slice(0, 1), { operation: { syncOptions: ['Delete=false'] } });
    expect(writes).toEqual([]);
  });
});

describe('hooks', () => {
  const HOOKS = all(
    hook('pre', 'PreDelete'),
    hook('post', 'PostDelete'),
    hook('post-hs', 'PostDelete', 'HookSucceeded'),
    hook('gen-', 'PostDelete'),
    configMap('a'),
  );

  test('run before and after, without the hook finalizer; what has no policy stays', async () => {
    const place = world();
    expect((await sync(place, HOOKS)).writes).toEqual(['apply /ConfigMap/shop/a']);
    const { writes, result } = await remove(place, HOOKS);
    expect(writes.map((write) => write.replace(/gen-\w+/, 'gen-…'))).toEqual([
      'create batch/Job/shop/pre',
      'delete /ConfigMap/shop/a',
      'delete batch/Job/shop/pre',
      'create batch/Job/shop/post',
      'create batch/Job/shop/post-hs',
      'create batch/Job/shop/gen-…',
      'delete batch/Job/shop/post-hs',
    ]);
    expect(result.left.map((key) => key.replace(/gen-\w+/, 'gen-…'))).toEqual([
      'batch/Job/shop/gen-…',
      'batch/Job/shop/post',
    ]);
    expect(place.cluster.objects().every(({ metadata }) => !JSON.stringify(metadata).includes('hook-finalizer'))).toBe(
      true,
    );
  });

  test('a failing PreDelete hook is deleted, nothing else is, and a further attempt runs it again', async () => {
    const rules = [{ name: 'pre', outcome: 'fail' as const }];
    const place = world({}, rules);
    await sync(place, HOOKS);
    const { writes, result } = await remove(place, HOOKS, { retry: 1 });
    expect(result.operation).toMatchObject({
      phase: 'Failed',
      message: 'error executing pre-delete hooks: PreDelete hook(s) failed: shop/pre (retried 1 times).',
    });
    expect(writes).toEqual([
      'create batch/Job/shop/pre',
      'delete batch/Job/shop/pre',
      'create batch/Job/shop/pre',
      'delete batch/Job/shop/pre',
    ]);
  });

  test('of one that is terminated do not run on, and are told as terminated; what has completed stays', async () => {
    const place = world();
    await sync(place, HOOKS);
    const first = await remove(place, HOOKS, { terminateAt: 1000 });
    expect(first.result.operation).toMatchObject({ phase: 'Failed', message: 'Operation terminated' });
    expect(first.writes).toEqual(['create batch/Job/shop/pre', 'delete batch/Job/shop/pre']);
    expect(first.result.results).toMatchObject([{ name: 'pre', hookPhase: 'Failed', message: 'Terminated' }]);
    expect(first.result.left).toEqual(['/ConfigMap/shop/a']);

    // Two hooks of one phase, of which one has completed when it is terminated.
    const two = all(hook('quick', 'PreDelete'), hook('slow', 'PreDelete'), configMap('a'));
    const other = world({}, [{ name: 'slow', outcome: 'hang' }]);
    await sync(other, two);
    const second = await remove(other, two, { terminateAt: 60_000, waitsForever: true });
    expect(second.writes.slice(2)).toEqual(['delete batch/Job/shop/slow']);
    const outcomes = second.result.results.map(({ name, hookPhase }) => `${name} ${hookPhase}`).sort();
    expect(outcomes).toEqual(['quick Succeeded', 'slow Failed']);
    expect(second.result.left).toEqual(['/ConfigMap/shop/a', 'batch/Job/shop/quick']);
  });

  test('that are done as soon as they are there are taken away as their policy says', async () => {
    const targets = all(
      configMap('note', {
        'argocd.argoproj.io/hook': 'PostDelete',
        'argocd.argoproj.io/hook-delete-policy': 'HookSucceeded',
      }),
      configMap('a'),
    );
    const place = world();
    await sync(place, targets);
    const { writes, result } = await remove(place, targets);
    expect(writes.slice(1)).toEqual(['create /ConfigMap/shop/note', 'delete /ConfigMap/shop/note']);
    expect(result.left).toEqual([]);
  });

  test('that have run are not run again by another attempt', async () => {
    const targets = all(hook('pre', 'PreDelete', 'HookSucceeded'), hook('post', 'PostDelete'), configMap('a'));
    const place = world({}, [{ name: 'post', outcome: 'fail' }]);
    await sync(place, targets);
    const { writes, result } = await remove(place, targets, { retry: 1 });
    expect(result.operation.phase).toBe('Failed');
    expect(writes.filter((write) => write === 'create batch/Job/shop/pre')).toHaveLength(1);
    expect(writes.filter((write) => write === 'create batch/Job/shop/post')).toHaveLength(2);
  });
});

describe('any application', () => {
  const resource = fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd'), at: fc.integer({ min: -2, max: 2 }) });
  const job = fc.record({
    name: fc.constantFrom('j', 'k', 'l'),
    phase: fc.constantFrom('PreDelete', 'PostDelete', 'PreDelete,PostDelete'),
    policy: fc.constantFrom('', 'HookSucceeded', 'HookFailed'),
  });
  const application = fc.tuple(
    fc.uniqueArray(resource, { selector: ({ name }) => name, minLength: 1 }),
    fc.uniqueArray(job, { selector: ({ name }) => name }),
  );

  test('goes in the order of phases, its resources from high waves to low, and nothing is written once it is terminated', async () => {
    await fc.assert(
      fc.asyncProperty(application, fc.option(fc.nat(6000), { nil: undefined }), async ([resources, jobs], at) => {
        const targets = all(
          ...resources.map(({ name, at: n }) => configMap(name, wave(n))),
          ...jobs.map(({ name, phase, policy }) => hook(name, phase, policy)),
        );
        const place = world();
        await sync(place, targets);
        const before = place.clock.now();
        const { events, result } = await remove(place, targets, at === undefined ? {} : { terminateAt: at });
        const told = events.flatMap((event) => (event.type === 'task' ? [event] : []));
        const first = [
          ...new Map(told.toReversed().map((event) => [`${event.phase} ${event.task}`, event])).values(),
        ].reverse();
        const rank = first.map(({ phase }) => ['PreDelete', 'Delete', 'PostDelete'].indexOf(phase));
        expect(rank).toEqual(rank.toSorted((a, b) => a - b));
        const waves = first.filter(({ phase }) => phase === 'Delete').map(({ wave: n }) => n);
        expect(waves).toEqual(waves.toSorted((a, b) => b - a));
        if (at === undefined) {
          expect(result.operation.phase).toBe('Succeeded');
          expect(result.left.filter((key) => key.startsWith('/ConfigMap/'))).toEqual([]);
        } else {
          const late = events.filter((event) => event.type === 'write' && Date.parse(event.time) > before + at);
          expect(late).toEqual([]);
        }
      }),
      { numRuns: 60 },
    );
  });
});

test('of a PreDelete hook that has failed it says why, and when it runs again', async () => {
  const targets = all(hook('pre', 'PreDelete'), configMap('a'));
  const place = world({}, [{ name: 'pre', outcome: 'fail' }]);
  await sync(place, targets);
  const { result } = await remove(place, targets);
  expect(result.failures).toMatchObject([
    {
      task: 'batch/Job/shop/pre',
      advice: ['It was deleted. Once it is repaired, the next deletion runs Job pre anew.'],
    },
  ]);
  expect(result.notApplied).toBeUndefined();
});
