import { beforeAll, describe, expect, test } from 'vitest';
import { LAST_APPLIED } from '#core/apply/last-applied';
import { keyOf, metadataOf, objectIdOf, type KubeObject } from '#core/object';
import type { Action } from '#core/sync/model';
import { objectsOf } from '../../client/src/sync/json.ts';
import type { KubernetesCluster } from '../../client/src/kube/kubernetes.ts';
import { admin, freshNamespace, get, open, running, until, writesOf } from './plane.ts';

let cluster: KubernetesCluster;
let ns: string;
beforeAll(async () => {
  cluster = await open();
  ns = await freshNamespace('verbs');
});

const action = (verb: Action['verb'], object: KubeObject, more: Partial<Action> = {}): Action => ({
  verb,
  key: keyOf(objectIdOf(object)),
  object,
  manager: 'argocd-controller',
  ...more,
});
const perform = (verb: Action['verb'], object: KubeObject, more: Partial<Action> = {}) =>
  cluster.perform(action(verb, object, more), running);
const configMap = (name: string, data: Record<string, string>, metadata: KubeObject = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: ns, ...metadata },
  data,
});
const deployment = (name: string, spec: KubeObject = {}): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: ns },
  spec: {
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image: 'nginx:1.29' }] } },
    ...spec,
  },
});
const job = (name: string, logs = 'one'): KubeObject => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name, namespace: ns },
  spec: {
    backoffLimit: 0,
    template: {
      metadata: { annotations: { 'test.argocd-hooks.dev/logs': logs } },
      spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox:1.37' }] },
    },
  },
});
/** Somebody else takes fields over. */
const takeOver = (name: string, data: Record<string, string>) =>
  admin.request(
    'PATCH',
    `/api/v1/namespaces/${ns}/configmaps/${name}?fieldManager=alice&force=true`,
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data },
    'application/apply-patch+yaml',
  );
const real = (name: string) =>
  writesOf(ns)
    .filter((write) => write.object.endsWith(`/${name}`) && !write.uri.searchParams.has('dryRun'))
    .map((write) => `${write.verb} ${write.code}`);

describe('apply', () => {
  test('creates with a POST of what is written and the last-applied annotation, as argocd-controller', async () => {
    const object = configMap('fresh', { a: '1' }, { annotations: { note: 'mine' } });
    expect(await perform('apply', object)).toMatchObject({ message: 'configmap/fresh created' });
    const [write] = writesOf(ns).filter((item) => item.object.endsWith('/fresh'));
    expect([
      write?.verb,
      write?.uri.searchParams.get('fieldManager'),
      write?.uri.searchParams.get('fieldValidation'),
    ]).toEqual(['create', 'argocd-controller', null]);
    expect(write?.sent).toMatchObject(object);
    expect(metadataOf(write?.sent ?? {})['annotations']).toEqual({
      note: 'mine',
      [LAST_APPLIED]: `{"apiVersion":"v1","data":{"a":"1"},"kind":"ConfigMap","metadata":{"annotations":{"note":"mine"},"name":"fresh","namespace":"${ns}"}}\n`,
    });
  });

  test('says unchanged and writes nothing where nothing differs, defaults of the server included', async () => {
    const object = deployment('same', { replicas: 1 });
    await perform('apply', object);
    expect(await perform('apply', object)).toMatchObject({ message: 'deployment.apps/same unchanged' });
    expect(real('same')).toEqual(['create 201']);
  });

  test('changes what differs, and the next apply needs one request', async () => {
    await perform('apply', deployment('change', { replicas: 1 }));
    expect(await perform('apply', deployment('change', { replicas: 2 }))).toMatchObject({
      message: 'deployment.apps/change configured',
    });
    const before = real('change').length;
    expect(await perform('apply', deployment('change', { replicas: 3 }))).toMatchObject({
      message: 'deployment.apps/change configured',
    });
    expect(real('change').slice(before)).toEqual(['patch 200']);
    expect((await get(`/apis/apps/v1/namespaces/${ns}/deployments/change`))['spec']).toMatchObject({ replicas: 3 });
  });

  test('takes away what the manifest does not say any more', async () => {
    await perform('apply', configMap('less', { a: '1', b: '2' }, { labels: { x: 'y' } }));
    expect(await perform('apply', configMap('less', { a: '1' }))).toMatchObject({
      message: 'configmap/less configured',
    });
    const live = await get(`/api/v1/namespaces/${ns}/configmaps/less`);
    expect([live['data'], metadataOf(live)['labels']]).toEqual([{ a: '1' }, undefined]);
  });

  test('of an unchanged hook that is there adds the finalizer with one patch', async () => {
    const hook = job('hook');
    await perform('apply', hook);
    const again = { ...hook, metadata: { ...metadataOf(hook), finalizers: ['argocd.argoproj.io/hook-finalizer'] } };
    expect(await perform('apply', again)).toMatchObject({ message: 'job.batch/hook configured' });
    expect(real('hook')).toEqual(['create 201', 'patch 200']);
  });

  test('sets back what somebody else has set, whoever owns it', async () => {
    await perform('apply', configMap('shared', { a: '1', b: '1' }));
    await takeOver('shared', { a: 'theirs' });
    expect(await perform('apply', configMap('shared', { a: '1', b: '1' }))).toMatchObject({
      message: 'configmap/shared configured',
    });
    expect((await get(`/api/v1/namespaces/${ns}/configmaps/shared`))['data']).toEqual({ a: '1', b: '1' });
  });

  test('server-side: says who owns what where somebody else has set a field, and takes it over only when told to', async () => {
    const serverSide = { serverSide: true };
    await perform('apply', configMap('owned', { a: '1', b: '1' }), serverSide);
    await takeOver('owned', { a: 'theirs' });
    const response = await perform('apply', configMap('owned', { a: 'ours', b: '2' }), serverSide);
    expect(response.reason).toBe('Conflict');
    expect(response.error).toContain('configmap/owned was left as it is');
    expect(response.error).toContain('"alice" owns .data.a');
    expect((await get(`/api/v1/namespaces/${ns}/configmaps/owned`))['data']).toEqual({ a: 'theirs', b: '1' });
    const forced = { serverSide: true, forceConflicts: true };
    const ours = configMap('owned', { a: 'ours', b: '2' });
    const preview = await cluster.preview(action('apply', ours, forced), running);
    expect([preview.owners, preview.object?.['data']]).toEqual([
      [{ manager: 'alice', fields: ['.data.a'] }],
      { a: 'ours', b: '2' },
    ]);
    expect(await perform('apply', ours, forced)).toMatchObject({ message: 'configmap/owned serverside-applied' });
    expect((await get(`/api/v1/namespaces/${ns}/configmaps/owned`))['data']).toEqual({ a: 'ours', b: '2' });
  });

  test('server-side: takes over what plain applies have set, and takes away what the manifest says no more', async () => {
    await perform('apply', configMap('moved', { a: '1', b: '1' }));
    await perform('apply', configMap('moved', { a: '2', b: '1' }));
    const now = configMap('moved', { a: '3' });
    const preview = await cluster.preview(action('apply', now, { serverSide: true }), running);
    expect(preview.object?.['data']).toEqual({ a: '3' });
    expect(await perform('apply', now, { serverSide: true })).toMatchObject({
      message: 'configmap/moved serverside-applied',
    });
    const live = await get(`/api/v1/namespaces/${ns}/configmaps/moved`);
    expect(live['data']).toEqual({ a: '3' });
    expect(objectsOf(metadataOf(live)['managedFields']).map((entry) => entry['operation'])).toEqual(['Apply']);
  });

  test('keeps what others have set beside it', async () => {
    await perform('apply', configMap('beside', { a: '1' }));
    const path = `/api/v1/namespaces/${ns}/configmaps/beside`;
    await admin.request('PATCH', path, { data: { theirs: 'x' } }, 'application/merge-patch+json');
    await perform('apply', configMap('beside', { a: '2' }));
    expect((await get(path))['data']).toEqual({ a: '2', theirs: 'x' });
  });

  test('reports an immutable field in the server’s words; force deletes and creates', async () => {
    await perform('apply', job('immutable'));
    const response = await perform('apply', job('immutable', 'two'));
    expect(response.error).toMatch(/^Job\.batch "immutable" is invalid: spec\.template: .*field is immutable/s);
    expect(response.reason).toBe('Invalid');
    expect(await perform('apply', job('immutable', 'two'), { force: true })).toMatchObject({
      message: 'job.batch/immutable configured',
    });
    expect(real('immutable').slice(-2)).toEqual(['delete 200', 'create 201']);
  });

  test('sends every digit of big integers', async () => {
    const object = job('digits');
    const spec = { ...(object['spec'] as KubeObject), activeDeadlineSeconds: 9007199254740993n };
    const { object: created } = await perform('apply', { ...object, spec });
    expect((created?.['spec'] as KubeObject)['activeDeadlineSeconds']).toBe(9007199254740993n);
  });

  test('of a Secret with stringData writes it each time, as kubectl does', async () => {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'plain', namespace: ns },
      stringData: { password: 'p\u00e4ss' },
    };
    await perform('apply', secret);
    expect(await perform('apply', secret)).toMatchObject({ message: 'secret/plain configured' });
    expect(real('plain')).toEqual(['create 201', 'patch 200']);
    await perform('apply', { ...secret, stringData: { password: 'new' } });
    const { data } = (await get(`/api/v1/namespaces/${ns}/secrets/plain`)) as { data: KubeObject };
    expect(data).toEqual({ password: Buffer.from('new').toString('base64') });
  });

  test('drops a field that its kind does not have, and tries again each time', async () => {
    await perform('apply', deployment('typo', { replcas: 3 }));
    expect(await perform('apply', deployment('typo', { replcas: 3 }))).toMatchObject({
      message: 'deployment.apps/typo configured',
    });
    const [, write] = writesOf(ns).filter((item) => item.object.endsWith('/typo'));
    expect([write?.sent, write?.uri.searchParams.get('fieldValidation')]).toEqual([{ spec: { replcas: 3 } }, null]);
  });

  test('server-side: drops nothing silently', async () => {
    const response = await perform('apply', deployment('typed', { replcas: 3 }), { serverSide: true });
    expect(response.error).toBe(
      `failed to create typed patch object (${ns}/typed; apps/v1, Kind=Deployment): .spec.replcas: field not declared in schema`,
    );
    expect(await perform('apply', configMap('typed', { a: '1' }), { serverSide: true })).toMatchObject({
      message: 'configmap/typed serverside-applied',
    });
  });

  test('into a namespace that is not there fails in the server’s words', async () => {
    const object = { ...configMap('lost', {}), metadata: { name: 'lost', namespace: 'nowhere' } };
    expect(await perform('apply', object)).toEqual({ error: 'namespaces "nowhere" not found', reason: 'NotFound' });
  });

  test('of a cluster-scoped kind leaves out the namespace that the engine gave it', async () => {
    const role = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: `reader-${ns}`, namespace: ns },
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
    };
    const shown = `clusterrole.rbac.authorization.k8s.io/reader-${ns}`;
    const first = await perform('apply', role);
    expect(first.message?.startsWith(`${shown} reconciled. reconciliation required create`)).toBe(true);
    expect(first.message).toContain(`${shown} configured. Warning: resource clusterroles/reader-${ns} is missing`);
    expect(await perform('apply', role)).toMatchObject({ message: `${shown} reconciled${shown} unchanged` });
  });
});

describe('client-side dry run', () => {
  test.each([
    ['a new object', () => configMap('never', {}), 'configmap/never created (dry run)'],
    [
      'one that is there',
      () => configMap('fresh', { a: '1' }, { annotations: { note: 'mine' } }),
      'configmap/fresh unchanged (dry run)',
    ],
    ['one that differs', () => configMap('fresh', { a: '2' }), 'configmap/fresh configured (dry run)'],
  ])('of %s', async (_title, object, message) => {
    expect(await perform('apply', object(), { dryRun: 'client' })).toEqual({ message });
  });

  test('refuses a generated name without a hook, and an unknown kind', async () => {
    const nameless = { ...job('x'), metadata: { generateName: 'plain-', namespace: ns } };
    expect(await perform('apply', nameless, { dryRun: 'client' })).toEqual({
      error: 'from plain-: cannot use generate name with apply',
    });
    const widget = { apiVersion: 'nowhere.example.com/v1', kind: 'Widget', metadata: { name: 'one', namespace: ns } };
    expect(await perform('apply', widget, { dryRun: 'client' })).toEqual({
      error: `resource mapping not found for name: "one" namespace: "${ns}": no matches for kind "Widget" in version "nowhere.example.com/v1"\nensure CRDs are installed first`,
      reason: 'NotFound',
    });
  });

  test('writes nothing', () => {
    expect(writesOf(ns).filter((write) => write.object.endsWith('/never'))).toEqual([]);
  });
});

describe('create, replace, update', () => {
  test('create is strict unless validation is off', async () => {
    expect(await perform('create', deployment('strict', { replcas: 3 }), { validate: true })).toEqual({
      error:
        'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.replcas"',
      reason: 'BadRequest',
    });
    expect(await perform('create', deployment('loose', { replcas: 3 }), { validate: false })).toMatchObject({
      message: 'deployment.apps/loose created',
    });
  });

  test('replace puts what is written; with force it deletes and creates', async () => {
    await perform('create', configMap('r', { a: '1', b: '1' }), { validate: true });
    expect(await perform('replace', configMap('r', { a: '2' }))).toMatchObject({ message: 'configmap/r replaced' });
    expect((await get(`/api/v1/namespaces/${ns}/configmaps/r`))['data']).toEqual({ a: '2' });
    expect(await perform('replace', configMap('r', { a: '3' }), { force: true })).toMatchObject({
      message: `configmap "r" deleted from ${ns} namespace\nconfigmap/r replaced`,
    });
    expect(await perform('replace', configMap('none', {}))).toEqual({
      error: 'configmaps "none" not found',
      reason: 'NotFound',
    });
  });
});

describe('get, finalizers, delete', () => {
  test('get reads, and says NotFound in the server’s words', async () => {
    const { object } = await perform('get', configMap('fresh', {}));
    expect(object?.['data']).toEqual({ a: '1' });
    expect(await perform('get', job('nothing'))).toEqual({
      error: 'jobs.batch "nothing" not found',
      reason: 'NotFound',
    });
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: ns } };
    expect((await perform('get-namespace', namespace)).object).toMatchObject({ kind: 'Namespace' });
  });

  test('update-finalizers puts the object; an old version is a Conflict', async () => {
    const finalizers = ['argocd.argoproj.io/hook-finalizer'];
    const { object: held } = await perform('apply', configMap('held', { a: '1' }, { finalizers }));
    if (!held) throw new Error('nothing was created');
    const free = { ...held, metadata: { ...metadataOf(held), finalizers: [] } };
    expect((await perform('update-finalizers', free)).error).toBeUndefined();
    expect(await perform('update-finalizers', { ...free, data: { a: '2' } })).toEqual({
      error:
        'Operation cannot be fulfilled on configmaps "held": the object has been modified; please apply your changes to the latest version and try again',
      reason: 'Conflict',
    });
    expect((await get(`/api/v1/namespaces/${ns}/configmaps/held`))['data']).toEqual({ a: '1' });
  });

  test('delete carries the uid that was seen, and tells what still stands', async () => {
    const finalizers = ['argocd.argoproj.io/hook-finalizer'];
    const { object: first } = await perform('apply', configMap('gone', { a: '1' }, { finalizers }));
    if (!first) throw new Error('nothing was created');
    const standing = await perform('delete', first, { propagation: 'Foreground' });
    expect(metadataOf(standing.object ?? {})['deletionTimestamp']).toBeDefined();
    await until('its end', async () => {
      const { object: latest } = await perform('get', first);
      if (latest === undefined) return true;
      await perform('update-finalizers', { ...latest, metadata: { ...metadataOf(latest), finalizers: [] } });
      return false;
    });
    expect(await perform('delete', first, { propagation: 'Foreground' })).toEqual({
      error: 'configmaps "gone" not found',
      reason: 'NotFound',
    });
    await perform('apply', configMap('gone', { a: '2' }));
    const other = await perform('delete', first, { propagation: 'Foreground' });
    expect(other.reason).toBe('Conflict');
    expect(other.error).toContain('UID in the precondition');
    expect((await get(`/api/v1/namespaces/${ns}/configmaps/gone`))['data']).toEqual({ a: '2' });
  });

  test('delete of a Job in the foreground takes its pods along', async () => {
    const { object } = await perform('apply', job('withpods'));
    const pods = `/api/v1/namespaces/${ns}/pods?labelSelector=job-name%3Dwithpods`;
    await until('its pod', async () => ((await get(pods))['items'] as unknown[]).length === 1);
    await perform('delete', object ?? {}, { propagation: 'Foreground' });
    await until('its end', async () => ((await get(pods))['items'] as unknown[]).length === 0);
    const [write] = writesOf(ns).filter((item) => item.verb === 'delete' && item.object.endsWith('/withpods'));
    expect(write?.sent['propagationPolicy']).toBe('Foreground');
  });
});

describe('preview', () => {
  test('tells what would stand there and writes nothing', async () => {
    const version = metadataOf(await get(`/api/v1/namespaces/${ns}/configmaps/fresh`))['resourceVersion'];
    const changed = await cluster.preview(action('apply', configMap('fresh', { a: '9' })), running);
    expect(changed.message).toBe('configmap/fresh configured (server dry run)');
    expect(changed.object?.['data']).toEqual({ a: '9' });
    expect(Object.keys(metadataOf(changed.object ?? {})['annotations'] ?? {})).toEqual([LAST_APPLIED]);
    const fresh = await cluster.preview(action('apply', configMap('notyet', { a: '1' })), running);
    expect(fresh.message).toBe('configmap/notyet created (server dry run)');
    const same = await cluster.preview(
      action('apply', configMap('fresh', { a: '1' }, { annotations: { note: 'mine' } })),
      running,
    );
    expect(same.message).toBe('configmap/fresh unchanged (server dry run)');
    expect(metadataOf(await get(`/api/v1/namespaces/${ns}/configmaps/fresh`))['resourceVersion']).toBe(version);
    expect((await perform('get', configMap('notyet', {}))).reason).toBe('NotFound');
  });
});
