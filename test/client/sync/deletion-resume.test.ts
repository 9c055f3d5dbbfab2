import { describe, expect, test } from 'vitest';
import { kindOf, nameOf } from '#core/object';
import { live, MemoryStore, type Life } from '../killed.ts';
import { objects, world, type World } from '../simulated.ts';

const JOB =
  'spec: {backoffLimit: 0, template: {spec: {restartPolicy: Never, containers: [{name: main, image: busybox}]}}}';
const APP = objects(`
apiVersion: batch/v1
kind: Job
metadata: {name: backup, annotations: {argocd.argoproj.io/hook: PreDelete}}
${JOB}
---
apiVersion: batch/v1
kind: Job
metadata: {generateName: notify-, annotations: {argocd.argoproj.io/hook: PreDelete}}
${JOB}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: base}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: top, annotations: {argocd.argoproj.io/sync-wave: '2'}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: kept, annotations: {argocd.argoproj.io/sync-options: Delete=false}}
---
apiVersion: batch/v1
kind: Job
metadata: {generateName: bye-, annotations: {argocd.argoproj.io/hook: PostDelete}}
${JOB}
---
apiVersion: batch/v1
kind: Job
metadata:
  name: clean
  annotations: {argocd.argoproj.io/hook: PostDelete, argocd.argoproj.io/hook-delete-policy: HookSucceeded}
${JOB}
`);

const deletion = { cascade: true, propagation: 'Foreground' } as const;
const generated = (text: string): string => text.replace(/(notify|bye)-[\w-]+/g, '$1-…');

/** A world in which the application was synced. */
async function synced(): Promise<World> {
  const place = world();
  await live(place, new MemoryStore(), { objects: APP });
  return place;
}

const remove = (place: World, store: MemoryStore, more: Partial<Life> = {}) =>
  live(place, store, { objects: APP, deletion, ...more });

const standing = ({ cluster }: World): string[] =>
  cluster
    .objects()
    .map((object) => generated(`${kindOf(object)}/${nameOf(object)}`))
    .sort();

test('killed at any step, a deletion that is resumed ends as one that was not, and does nothing twice', async () => {
  const whole = await synced();
  const uninterrupted = await remove(whole, new MemoryStore());
  expect(uninterrupted.result?.operation).toMatchObject({ phase: 'Succeeded', message: 'successfully deleted' });
  expect(uninterrupted.steps).toBeGreaterThan(30);
  const rows = (lived: typeof uninterrupted) =>
    lived.result?.results.map((row) => generated(JSON.stringify({ ...row, message: '' }))).sort();
  for (let diesAt = 0; diesAt < uninterrupted.steps; diesAt++) {
    const place = await synced();
    const store = new MemoryStore();
    const first = await remove(place, store, { diesAt });
    if (first.end !== undefined) continue;
    const [stored] = await store.list();
    await place.clock.sleep(60_000);
    const second = await remove(place, store, { wish: stored && !stored.ended ? 'resume' : 'start' });
    if (stored?.ended) continue;
    expect(second.result?.operation.phase, `at ${diesAt}`).toBe('Succeeded');
    expect(standing(place), `at ${diesAt}`).toEqual(standing(whole));
    if (stored) expect(rows(second), `at ${diesAt}`).toEqual(rows(uninterrupted));
    const sent = [...first.sent, ...second.sent].map((text) => text.split(' ').slice(0, 2).join(' '));
    const unsure = stored?.journal.filter(({ answer }) => !answer).length ?? 0;
    // What was not answered may not have arrived, and is sent again; nothing else is.
    expect(sent.length, `at ${diesAt}`).toBeLessThanOrEqual(uninterrupted.sent.length + unsure);
    const creates = sent.filter((text) => text.startsWith('create'));
    expect(creates.length, `at ${diesAt}`).toBeLessThanOrEqual(4 + unsure);
    expect((await store.list())[0]?.ended?.how).toBe('finished');
  }
});

/** A deletion that dies when its first resources are gone, with what it leaves. */
async function cutOff(): Promise<{ place: World; store: MemoryStore }> {
  for (let diesAt = 10; ; diesAt++) {
    const [place, store] = [await synced(), new MemoryStore()];
    await remove(place, store, { diesAt });
    const [record] = await store.list();
    if (record && !record.ended && record.results.some(({ status }) => status === 'Pruned')) return { place, store };
    if (diesAt === 80) throw new Error('it leaves no record');
  }
}

describe('a deletion that was cut off', () => {
  test('keeps syncs and further deletions out until it is resumed or discarded', async () => {
    const { place, store } = await cutOff();
    for (const more of [{}, { deletion: undefined }]) {
      const refused = await remove(place, store, more as Partial<Life>);
      expect(refused.sent).toEqual([]);
      const text = refused.end?.kind === 'unfinished' ? refused.end.message : '';
      expect(text).toMatch(/^The deletion of shop in namespace shop on \S* ?that began at .* was cut off/);
      expect(text).toContain('To continue it: delete --resume');
      expect(text).toContain('To leave it as it stands: delete --discard');
    }
    const wrong = await live(place, store, { objects: APP, wish: 'resume' });
    expect(wrong.end?.kind === 'not-resumed' ? wrong.end.message : '').toContain(
      'was cut off, which is no sync.\nTo continue it: delete --resume',
    );
    const before = standing(place);
    const discarded = await remove(place, store, { wish: 'discard' });
    expect(discarded.end?.kind === 'discarded' ? discarded.end.message : '').toContain(
      'is marked as ended. Nothing was written: what it has deleted is gone, and nothing more is',
    );
    expect(standing(place)).toEqual(before);
    expect((await live(place, store, { objects: APP })).result?.operation.phase).toBe('Succeeded');
  });

  test('goes on whatever has become of the manifests, but for its hooks', async () => {
    const { place, store } = await cutOff();
    const changed = APP.filter((object) => nameOf(object) !== 'clean');
    const refused = await remove(place, store, { objects: changed, wish: 'resume' });
    expect(refused.end?.kind === 'not-resumed' ? refused.end.message : '').toContain(
      'batch/Job//clean is not there any more',
    );
    const without = APP.filter((object) => kindOf(object) !== 'ConfigMap' || nameOf(object) === 'kept');
    const resumed = await remove(place, store, { objects: without, wish: 'resume' });
    const shown = resumed.events.find((event) => event.type === 'preflight')?.preflight;
    expect(shown?.warnings[0]).toMatch(/^Continues the deletion that began at .*is not done again\.$/);
    expect(resumed.result?.operation.phase).toBe('Succeeded');
  });
});
