import { expect, test } from 'vitest';
import { kindOf, nameOf } from '#core/object';
import type { OperationRecord } from '../../../client/src/sync/record.ts';
import { live, MemoryStore, type Life, type Lived } from '../killed.ts';
import { objects, world, type World } from '../simulated.ts';

const APP = objects(`
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, annotations: {argocd.argoproj.io/sync-wave: '-1'}}
---
apiVersion: batch/v1
kind: Job
metadata:
  generateName: migrate-
  annotations: {argocd.argoproj.io/hook: PreSync, argocd.argoproj.io/hook-delete-policy: HookSucceeded}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: main, image: busybox}]}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {a: b}}
  template: {metadata: {labels: {a: b}}, spec: {containers: [{name: main, image: nginx}]}}
---
apiVersion: batch/v1
kind: Job
metadata: {name: smoke, annotations: {argocd.argoproj.io/hook: PostSync}}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: main, image: busybox}]}}}
`);

const standing = ({ cluster }: World): string[] =>
  cluster
    .objects()
    .map((object) => `${kindOf(object)}/${nameOf(object)}`)
    .sort();

const last = async (store: MemoryStore): Promise<OperationRecord> => {
  const [record] = await store.list();
  if (!record) throw new Error('nothing is stored');
  return record;
};

test('killed at any step, a sync that is resumed ends as one that was not', async () => {
  const whole = world();
  const uninterrupted = await live(whole, new MemoryStore(), { objects: APP });
  expect(uninterrupted.result?.operation.phase).toBe('Succeeded');
  expect(uninterrupted.steps).toBeGreaterThan(40);
  for (let diesAt = 0; diesAt < uninterrupted.steps; diesAt++) {
    const place = world();
    const store = new MemoryStore();
    const first = await live(place, store, { objects: APP, diesAt });
    if (first.end !== undefined) continue;
    const stored = (await store.list())[0];
    await place.clock.sleep(60_000);
    const second = await live(place, store, { objects: APP, wish: stored && !stored.ended ? 'resume' : 'start' });
    expect(second.result?.operation.phase, `at ${diesAt}`).toBe('Succeeded');
    if (stored?.ended) continue;
    expect(second.result?.left, `at ${diesAt}`).toEqual(uninterrupted.result?.left);
    const rows = (lived: typeof second) => lived.result?.results.map((row) => ({ ...row, message: '' }));
    if (stored) expect(rows(second), `at ${diesAt}`).toEqual(rows(uninterrupted));
    // A migration is never run twice: what was created is created once in both lives together.
    const created = [...first.sent, ...second.sent].filter((text) => text.startsWith('apply batch/Job'));
    const unsure = stored?.journal.filter(({ answer }) => !answer).length ?? 0;
    expect(created.length, `at ${diesAt}`).toBeLessThanOrEqual(2 + unsure);
    expect((await last(store)).ended?.how).toBe('finished');
  }
});

/** A sync that dies in the middle, with the record it leaves. */
async function cutOff(
  more: Partial<Life> = {},
): Promise<{ place: World; store: MemoryStore; record: OperationRecord }> {
  for (let diesAt = 20; ; diesAt++) {
    const [place, store] = [world(), new MemoryStore()];
    await live(place, store, { objects: APP, diesAt, ...more });
    const [record] = await store.list();
    if (record && record.results.length > 0 && !record.ended) return { place, store, record };
    if (diesAt === 60) throw new Error('it leaves no record');
  }
}

test('a sync that was cut off has to be resumed or discarded before another one starts', async () => {
  const { place, store, record } = await cutOff();
  const before = standing(place);
  const refused = await live(place, store, { objects: APP });
  expect(refused.end).toMatchObject({ kind: 'unfinished' });
  expect(refused.events).toMatchObject([{ type: 'unfinished', startedAt: new Date(record.startedAt).toISOString() }]);
  const text = refused.events[0]?.type === 'unfinished' ? refused.events[0].message : '';
  expect(text).toContain('To continue it: sync --resume');
  expect(text).toContain('To leave it as it stands: sync --discard');
  const discarded = await live(place, store, { objects: APP, wish: 'discard' });
  expect(discarded.end).toMatchObject({ kind: 'discarded' });
  expect([...refused.sent, ...discarded.sent]).toEqual([]);
  expect(standing(place)).toEqual(before);
  expect((await last(store)).ended?.how).toBe('discarded');
  expect((await live(place, store, { objects: APP })).result?.operation.phase).toBe('Succeeded');
});

test('other manifests are not resumed, and what differs is named', async () => {
  const { place, store } = await cutOff();
  const [settings, ...rest] = APP;
  const changed = [{ ...settings, data: { a: 'b' } }, ...rest.slice(0, -1)];
  const ran = await live(place, store, { objects: changed, wish: 'resume' });
  expect(ran.sent).toEqual([]);
  const message = ran.end?.kind === 'not-resumed' ? ran.end.message : '';
  expect(message).toContain('/ConfigMap//settings has changed');
  expect(message).toContain('batch/Job//smoke is not there any more');
  expect((await last(store)).ended).toBeUndefined();
});

test('where the namespace is gone meanwhile, what to do about a sync that does not make it is said', async () => {
  const { store } = await cutOff();
  const ran = await live(world({}, [], []), store, { objects: APP, wish: 'resume', holder: 'laptop/1/a' });
  expect(ran.sent).toEqual([]);
  expect(ran.end).toMatchObject({
    kind: 'blocked',
    blockers: [
      'Namespace shop does not exist, and the sync that goes on was started without making it. Create it (kubectl create namespace shop) and resume; or discard this sync, and let a new one create it.',
    ],
  });
});

test('a sync is not resumed where another server stands under the name of its context, and both are named', async () => {
  const { place, store, record } = await cutOff();
  await store.save({ ...record, server: 'https://prod.example.com:6443' });
  const before = standing(place);
  const { end, sent } = await live(place, store, { objects: APP, wish: 'resume' });
  expect(sent).toEqual([]);
  expect(standing(place)).toEqual(before);
  const message = end?.kind === 'not-resumed' ? end.message : '';
  expect(message).toContain('was sent to https://prod.example.com:6443');
  expect(message).toContain(`but ${record.context} leads to ${record.server} now. Nothing was written.`);
  expect(message).toContain('To leave it as it stands: sync --discard');
  expect((await last(store)).ended).toBeUndefined();
  // Where its own server stands there again it goes on.
  await store.save(record);
  expect((await live(place, store, { objects: APP, wish: 'resume' })).result?.operation.phase).toBe('Succeeded');
});

test('one that still runs elsewhere is neither started again nor resumed nor discarded', async () => {
  const { place, store, record } = await cutOff();
  Object.assign(store, { process: 2, alive: [record.process] });
  for (const wish of ['start', 'resume', 'discard'] as const) {
    const ran = await live(place, store, { objects: APP, wish });
    expect(ran.end?.kind === 'unfinished' ? ran.end.message : '').toContain(`process ${record.process}`);
    expect(ran.sent).toEqual([]);
  }
});

test('an object that was changed into a hook is seen as it was by the pass that repeats the change', async () => {
  const [before] = objects('{apiVersion: v1, kind: ConfigMap, metadata: {name: e}, data: {a: b}}');
  const hook = objects(`
apiVersion: v1
kind: ConfigMap
metadata:
  name: e
  annotations: {argocd.argoproj.io/hook: PreSync, argocd.argoproj.io/hook-delete-policy: HookSucceeded}
data: {a: b}
`);
  const whole = world();
  if (before) await live(whole, new MemoryStore(), { objects: [before] });
  const uninterrupted = await live(whole, new MemoryStore(), { objects: hook });
  const verbs = (sent: readonly string[]): string[] => sent.map((text) => text.slice(0, text.indexOf(' ')));
  expect(verbs(uninterrupted.sent)).toEqual(['apply', 'update-finalizers', 'delete']);
  for (let diesAt = 0; diesAt < uninterrupted.steps; diesAt++) {
    const [place, store] = [world(), new MemoryStore()];
    if (before) await live(place, new MemoryStore(), { objects: [before] });
    await live(place, store, { objects: hook, diesAt });
    const stored = (await store.list())[0];
    if (!stored || stored.ended) continue;
    const unsure = stored.journal.filter(({ answer }) => !answer).map(({ verb }) => verb);
    const second = await live(place, store, { objects: hook, wish: 'resume' });
    const finalizers = verbs(second.sent).filter((verb) => verb === 'update-finalizers');
    expect(finalizers.length, `at ${diesAt}`).toBeLessThanOrEqual(1 + unsure.length);
    if (unsure.includes('apply')) expect(verbs(second.sent)[0], `at ${diesAt}`).toBe('apply');
    expect(second.result?.left, `at ${diesAt}`).toEqual([]);
  }
});

test('a hook of two phases that is gone already is not deleted once more for each of them', async () => {
  const all = objects(`
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: main, image: nginx}], volumes: [{name: v, configMap: {name: later}}]}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: both
  annotations: {argocd.argoproj.io/hook: "SyncFail,PreSync", argocd.argoproj.io/hook-delete-policy: HookFailed}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: later, annotations: {argocd.argoproj.io/sync-wave: "1"}}
`);
  const uninterrupted = await live(world(), new MemoryStore(), { objects: all });
  const deletions = (sent: readonly string[]): number => sent.filter((text) => text.startsWith('delete ')).length;
  expect(deletions(uninterrupted.sent)).toBe(1);
  for (let diesAt = 0; diesAt < uninterrupted.steps; diesAt++) {
    const [place, store] = [world(), new MemoryStore()];
    const first = await live(place, store, { objects: all, diesAt });
    const stored = (await store.list())[0];
    if (!stored || stored.ended) continue;
    const unsure = stored.journal.filter(({ verb, answer }) => verb === 'delete' && !answer).length;
    const second = await live(place, store, { objects: all, wish: 'resume' });
    expect(deletions([...first.sent, ...second.sent]), `at ${diesAt}`).toBeLessThanOrEqual(1 + unsure);
    expect(second.result?.left, `at ${diesAt}`).toEqual(uninterrupted.result?.left);
  }
});

test('of two hooks with one generated name the second fails, wherever the sync was cut off', async () => {
  const hook = (image: string): string => `
apiVersion: v1
kind: Pod
metadata: {generateName: e-, annotations: {argocd.argoproj.io/hook: PreSync}}
spec: {restartPolicy: Never, containers: [{name: main, image: ${image}}]}
`;
  const life = {
    objects: objects([hook('one'), hook('two')].join('---')),
    operation: { syncOptions: ['Replace=true'] },
  };
  const uninterrupted = await live(world(), new MemoryStore(), life);
  const messages = (lived: Lived): (string | undefined)[] =>
    (lived.result?.results ?? []).map(({ status, message }) => `${status} ${message.replace(/-\d+/, '-…')}`);
  expect(messages(uninterrupted)).toEqual([expect.stringMatching(/^SyncFailed .* already exists$/)]);
  for (let diesAt = 0; diesAt < uninterrupted.steps; diesAt++) {
    const [place, store] = [world(), new MemoryStore()];
    await live(place, store, { ...life, diesAt });
    const stored = (await store.list())[0];
    if (!stored || stored.ended) continue;
    const second = await live(place, store, { ...life, wish: 'resume' });
    expect(messages(second), `at ${diesAt}`).toEqual(messages(uninterrupted));
  }
});

test('generated names stay those of the start of the operation', async () => {
  const { place, store, record } = await cutOff();
  await place.clock.sleep(3_600_000);
  const { result, events } = await live(place, store, { objects: APP, wish: 'resume' });
  const shown = events.find((event) => event.type === 'preflight')?.preflight;
  expect(shown?.resumes).toBe(true);
  const stamp = String(Math.floor(record.startedAt / 1000));
  expect(result?.results.find(({ hookType }) => hookType === 'PreSync')?.name).toContain(stamp);
  expect(result?.operation.startedAt).toBe(new Date(record.startedAt).toISOString());
});

test('the time that a sync may take goes on while nothing runs it', async () => {
  const { place, store } = await cutOff({ timeout: 90_000 });
  await place.clock.sleep(85_000);
  const { result } = await live(place, store, { objects: APP, wish: 'resume' });
  expect(result?.operation.phase).toBe('Succeeded');
  const late = await cutOff({ timeout: 90_000 });
  await late.place.clock.sleep(120_000);
  const terminated = await live(late.place, late.store, { objects: APP, wish: 'resume' });
  expect(terminated.result?.operation.message).toContain('triggered by controller sync timeout');
});

test('no value of a Secret is stored', async () => {
  const secret = objects(
    '{apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {password: hunter2-hunter2}}',
  );
  const store = new MemoryStore();
  await live(world(), store, { objects: [...APP, ...secret] });
  const text = [...store.texts.values()].join('');
  expect(text).toContain('/Secret//s');
  expect(text).not.toContain('hunter2');
  expect(text).not.toContain('aHVudGVy');
  expect(text).not.toContain('nginx"}');
});

test('what is older than 30 days goes when another sync starts', async () => {
  const [place, store] = [world(), new MemoryStore()];
  await live(place, store, { objects: APP });
  await place.clock.sleep(29 * 24 * 3_600_000);
  await live(place, store, { objects: APP });
  expect(store.texts.size).toBe(2);
  await place.clock.sleep(2 * 24 * 3_600_000);
  await live(place, store, { objects: APP });
  expect(store.texts.size).toBe(2);
});
