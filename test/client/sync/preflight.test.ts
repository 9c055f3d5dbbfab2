import { describe, expect, test } from 'vitest';
import type { AccessRequest, ClusterIdentity, Kind } from '../../../client/src/sync/cluster.ts';
import { Simulation } from '../../../client/src/simulation/simulation.ts';
import type { SelectedResource } from '#core/sync/model';
import type { KubeObject } from '#core/object';
import { Stop } from '../../../client/src/sync/signal.ts';
import { objects, sync, world, type Ran, type World } from '../simulated.ts';

/** A simulation that passes for a real cluster: with permissions, and an end to what may be listed. */
class Guarded extends Simulation {
  allowed: (request: AccessRequest) => boolean;
  readonly watched: string[] = [];

  constructor(place: World, allows: (request: AccessRequest) => boolean) {
    super({ clock: place.clock, scenario: place.scenario, namespaces: ['shop'] });
    this.allowed = allows;
  }

  override async connect(): Promise<ClusterIdentity> {
    return { ...(await super.connect()), kind: 'kubernetes', context: 'kind-dev', user: 'alice' };
  }

  override async denied(requests: readonly AccessRequest[] = []): Promise<readonly AccessRequest[]> {
    return requests.filter((request) => !this.allowed(request));
  }

  override async watch(...args: Parameters<Simulation['watch']>): Promise<void> {
    const kinds: readonly Kind[] = args[0];
    this.watched.push(...kinds.map(({ kind }) => kind));
    await super.watch(...args);
  }
}

const guarded = (allows: (request: AccessRequest) => boolean): World & { cluster: Guarded } => {
  const place = world();
  return { ...place, cluster: new Guarded(place, allows) };
};

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {key: "1"}';
const HOOK = `
apiVersion: batch/v1
kind: Job
metadata:
  name: pre
  annotations: {argocd.argoproj.io/hook: PreSync}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: main, image: busybox}]}}}
`;

describe('permissions', () => {
  test('that are missing to write block the sync, and are told by resource', async () => {
    const place = guarded(({ verb, resource }) => resource !== 'jobs' || ['get', 'list', 'watch'].includes(verb));
    const ran = await sync(place, objects(`${CONFIG_MAP}\n---\n${HOOK}`));
    expect(ran.end).toMatchObject({ kind: 'blocked', denied: true });
    expect(ran.preflight.blockers).toEqual([
      'alice may not create, update, delete jobs.batch in namespace shop. Ask for this rule of a Role in namespace shop: {apiGroups: [batch], resources: [jobs], verbs: [create, update, delete]}, or use another context.',
    ]);
    expect(ran.preflight.rows).toHaveLength(2);
    expect(ran.writes).toEqual([]);
  });

  test('that are missing to look are told before anything is looked at', async () => {
    const place = guarded(({ resource }) => resource !== 'configmaps');
    const ran = await sync(place, objects(CONFIG_MAP));
    expect(ran.end).toMatchObject({ kind: 'blocked', denied: true });
    expect(ran.preflight.rows).toEqual([]);
    expect(place.cluster.watched).toEqual([]);
  });

  test('are those of what the run really sends: changes are patched, and only what is new is created', async () => {
    const place = guarded(({ verb }) => verb !== 'create');
    expect((await sync(place, objects(CONFIG_MAP))).preflight.blockers).toHaveLength(1);
    place.cluster.allowed = () => true;
    await sync(place, objects(CONFIG_MAP));
    place.cluster.allowed = ({ verb }) => verb !== 'create' && verb !== 'patch';
    expect((await sync(place, objects(CONFIG_MAP))).preflight.blockers).toEqual([]);
    const changed = objects(CONFIG_MAP.replace('"1"', '"2"'));
    expect((await sync(place, changed)).preflight.blockers).toEqual([
      'alice may not patch configmaps in namespace shop. Ask for this rule of a Role in namespace shop: {apiGroups: [""], resources: [configmaps], verbs: [patch]}, or use another context.',
    ]);
  });

  test.each([
    ['Replace=true', 'data: {key: "2"}', 'update'],
    ['Replace=true,Force=true', 'data: {key: "2"}', 'delete, create'],
    ['ServerSideApply=true', 'data: {key: "1"}', 'patch'],
  ])('of %s are its own', async (options, data, verbs) => {
    const place = guarded(() => true);
    const manifest = CONFIG_MAP.replace(
      'metadata: {name: a}',
      `metadata: {name: a, annotations: {argocd.argoproj.io/sync-options: "${options}"}}`,
    );
    await sync(place, objects(manifest));
    place.cluster.allowed = ({ verb }) => ['get', 'list', 'watch'].includes(verb);
    const { preflight } = await sync(place, objects(manifest.replace('data: {key: "1"}', data)));
    expect(preflight.blockers).toEqual([
      `alice may not ${verbs} configmaps in namespace shop. Ask for this rule of a Role in namespace shop: {apiGroups: [""], resources: [configmaps], verbs: [${verbs}]}, or use another context.`,
    ]);
  });

  test('to delete are asked for where the change is refused and Force replaces it, and where something is pruned', async () => {
    const place = guarded(() => true);
    const forced = HOOK.replace('argocd.argoproj.io/hook: PreSync', 'argocd.argoproj.io/sync-options: Force=true');
    await sync(place, objects(`${CONFIG_MAP}\n---\n${forced}`));
    place.cluster.allowed = ({ verb }) => verb !== 'delete';
    const options = { operation: { prune: true }, furtherKinds: [{ group: '', version: 'v1', kind: 'ConfigMap' }] };
    const { preflight } = await sync(place, objects(forced.replace('busybox', 'busybox:2')), options);
    expect(preflight.blockers).toEqual([
      'alice may not delete configmaps in namespace shop. Ask for this rule of a Role in namespace shop: {apiGroups: [""], resources: [configmaps], verbs: [delete]}, or use another context.',
      'alice may not delete jobs.batch in namespace shop. Ask for this rule of a Role in namespace shop: {apiGroups: [batch], resources: [jobs], verbs: [delete]}, or use another context.',
    ]);
  });

  test('of a binding that binds another role are to delete it and create it anew', async () => {
    const place = guarded(() => true);
    const binding = `
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: readers}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects: [{kind: User, apiGroup: rbac.authorization.k8s.io, name: bob}]
`;
    await sync(place, objects(binding));
    place.cluster.allowed = ({ verb }) => ['get', 'list', 'watch'].includes(verb);
    const { preflight } = await sync(place, objects(binding.replace('name: reader}', 'name: writer}')));
    expect(preflight.blockers).toEqual([
      'alice may not delete, create rolebindings.rbac.authorization.k8s.io in namespace shop. Ask for this rule of a Role in namespace shop: {apiGroups: [rbac.authorization.k8s.io], resources: [rolebindings], verbs: [delete, create]}, or use another context.',
    ]);
  });

  test('to read logs are no condition: that those of hooks are not shown is a warning', async () => {
    const place = guarded(({ subresource }) => subresource !== 'log');
    const { preflight, result } = await sync(place, objects(HOOK));
    expect(preflight.warnings).toEqual([
      'alice may not read the logs of pods in namespace shop: those of hooks are not shown.',
    ]);
    expect(result.operation.phase).toBe('Succeeded');
  });

  test('to make a namespace are asked for only where it has to be made', async () => {
    const place = guarded(({ verb, resource }) => resource !== 'namespaces' || verb === 'get');
    const operation = { syncOptions: ['CreateNamespace=true'] };
    expect((await sync(place, objects(CONFIG_MAP), { operation })).result.operation.phase).toBe('Succeeded');
    const elsewhere = await sync(place, objects(CONFIG_MAP), { operation, namespace: 'new' });
    expect(elsewhere.preflight.blockers).toEqual([
      'alice may not create namespaces. Ask for this rule of a ClusterRole: {apiGroups: [""], resources: [namespaces], verbs: [create]}, or use another context.',
    ]);
  });

  test('namespaces themselves are not watched', async () => {
    const place = guarded(() => true);
    await sync(place, objects(CONFIG_MAP));
    expect(place.cluster.watched).toEqual(['ConfigMap']);
  });
});

describe('the owners of what is there', () => {
  const DEFINITION = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: applications.argoproj.io}
spec:
  group: argoproj.io
  names: {kind: Application, plural: applications}
  scope: Namespaced
  versions: [{name: v1alpha1, served: true, storage: true}]
`;
  const application = (selfHeal: boolean): string => `
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argocd}
spec: {syncPolicy: {automated: {selfHeal: ${selfHeal}}}}
`;
  const withArgo = async (selfHeal: boolean): Promise<World> => {
    const place = world({}, [], ['shop', 'argocd']);
    await sync(place, objects(DEFINITION), { application: 'argo' });
    await sync(place, objects(application(selfHeal)), { application: 'argo' });
    await sync(place, objects(CONFIG_MAP));
    return place;
  };

  test('an application of Argo CD that heals itself would take it back', async () => {
    const { preflight } = await sync(await withArgo(true), objects(CONFIG_MAP));
    expect(preflight.warnings).toEqual([
      '1 object in the cluster belongs to the Argo CD application shop, which has selfHeal: it takes back what this sync changes.',
    ]);
  });

  test('one that does not heal itself does not know of it', async () => {
    const { preflight } = await sync(await withArgo(false), objects(CONFIG_MAP));
    expect(preflight.warnings).toEqual([
      '1 object in the cluster belongs to the Argo CD application shop: it does not know of this sync, and may undo it.',
    ]);
  });

  test('another application loses what this one takes', async () => {
    const place = world();
    await sync(place, objects(CONFIG_MAP), { application: 'theirs' });
    const { preflight } = await sync(place, objects(CONFIG_MAP));
    expect(preflight.warnings).toEqual([
      '1 object in the cluster belongs to another application, theirs: this sync takes it over.',
    ]);
    expect((await sync(place, objects(CONFIG_MAP))).preflight.warnings).toEqual([]);
  });
});

test('a kind whose health is only approximated is named, one whose check is known is not', async () => {
  const custom = (apiVersion: string, kind: string): string =>
    `{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: a, annotations: {argocd.argoproj.io/sync-options: SkipDryRunOnMissingResource=true}}}`;
  const texts = [custom('solr.apache.org/v1beta1', 'SolrCloud'), custom('cert-manager.io/v1', 'Certificate')];
  const { preflight } = await sync(world(), objects(texts.join('\n---\n')));
  expect(preflight.warnings).toEqual([
    'Argo CD has a health check of its own for SolrCloud, which is only approximated here: by the condition Ready. Where Argo CD would fail the sync, this one may wait.',
  ]);
});

test('what stands twice is told', async () => {
  const { preflight } = await sync(world(), objects(`${CONFIG_MAP}\n---\n${CONFIG_MAP}`));
  expect(preflight.warnings).toEqual([
    'ConfigMap a stands twice in the application: the last one is taken, the others are ignored.',
  ]);
});

test('a dry run that fails is told, for the sync will fail in the same way', async () => {
  const nameless = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: a-}';
  const ran = await sync(world(), objects(nameless));
  expect(ran.preflight.warnings).toEqual([
    'The dry run fails, and so will the sync before it writes anything: one or more objects failed to apply (dry run)',
  ]);
  expect(ran.result.operation.phase).toBe('Failed');
});

test('what the server would refuse is told in its row', async () => {
  const place = world();
  await sync(place, objects(HOOK.replace('annotations: {argocd.argoproj.io/hook: PreSync}', 'labels: {}')));
  const changed = HOOK.replace('annotations: {argocd.argoproj.io/hook: PreSync}', 'labels: {}').replace(
    'busybox',
    'busybox:2',
  );
  const { preflight } = await sync(place, objects(changed), { confirm: async () => false });
  expect(preflight.rows[0]).toMatchObject({ change: 'unknown' });
  expect(preflight.rows[0]?.note).toMatch(/^as things stand the server would refuse it: .*field is immutable$/);
});

test('what the server would refuse and Force writes all the same is told in its row', async () => {
  const place = world();
  const forced = HOOK.replace('argocd.argoproj.io/hook: PreSync', 'argocd.argoproj.io/sync-options: Force=true');
  await sync(place, objects(forced));
  const { preflight } = await sync(place, objects(forced.replace('busybox', 'busybox:2')), {
    confirm: async () => false,
  });
  expect(preflight.rows[0]).toMatchObject({ change: 'change' });
  expect(preflight.rows[0]?.note).toMatch(
    /^the server refuses the change, so Force deletes it and creates it anew: .*field is immutable$/,
  );
});

test('what is applied on the server is asked as such, and gets no last-applied annotation', async () => {
  const asked: (boolean | undefined)[] = [];
  class Asked extends Simulation {
    override preview(...args: Parameters<Simulation['preview']>): ReturnType<Simulation['preview']> {
      asked.push(args[0].serverSide);
      return super.preview(...args);
    }
  }
  const place = world();
  const cluster = new Asked({ clock: place.clock, scenario: place.scenario, namespaces: ['shop'] });
  const annotated = (option: string): string =>
    CONFIG_MAP.replace(
      '{name: a}',
      `{name: ${option.slice(0, 4).toLowerCase()}, annotations: {argocd.argoproj.io/sync-options: ${option}}}`,
    );
  const { preflight } = await sync(
    { ...place, cluster },
    objects([CONFIG_MAP, annotated('ServerSideApply=true'), annotated('Replace=true')].join('\n---\n')),
  );
  expect(asked.filter((serverSide) => serverSide === true)).toHaveLength(1);
  expect(preflight.additions.filter((text) => text.includes('last-applied'))).toEqual([
    'annotation kubectl.kubernetes.io/last-applied-configuration on 1 object: the manifest itself, by which the next apply knows what was taken out of it (kubectl apply keeps the same)',
  ]);
});

describe('a selection that would sync nothing', () => {
  const ROLE = 'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: web, namespace: other}';
  const select = (...resources: readonly SelectedResource[]): Promise<Ran> =>
    sync(world({}, [], ['shop', 'other']), objects([CONFIG_MAP, HOOK, ROLE].join('\n---\n')), {
      operation: { resources },
    });

  test('is refused, by its name and with what there is', async () => {
    const ran = await select({ kind: 'ConfigMap', name: 'a' }, { group: 'apps', kind: 'Deployment', name: 'nope' });
    expect(ran.end).toMatchObject({ kind: 'blocked', denied: false });
    expect(ran.preflight.blockers).toEqual([
      '--resource apps:Deployment:nope matches nothing. There are :ConfigMap:a, rbac.authorization.k8s.io:Role:web.',
    ]);
    expect(ran.writes).toEqual([]);
  });

  test('is refused where it names a hook, which such a sync does not run', async () => {
    const ran = await select({ group: 'batch', kind: 'Job', name: 'pre' });
    expect(ran.preflight.blockers).toEqual([
      '--resource batch:Job:pre names a hook alone, and a sync of selected resources runs no hooks. Leave --resource out to sync the whole application.',
    ]);
  });

  test('counts its namespace', async () => {
    const web = { group: 'rbac.authorization.k8s.io', kind: 'Role', name: 'web' };
    expect((await select({ ...web, namespace: 'shop' })).preflight.blockers).toHaveLength(1);
    const ran = await select({ ...web, namespace: 'other' });
    expect(ran.result.operation.phase).toBe('Succeeded');
    expect(ran.writes).toEqual(['apply rbac.authorization.k8s.io/Role/other/web']);
    expect(ran.preflight.warnings).toContain(
      'Only 1 of 2 resources are synced, and no hook runs, as in Argo CD: Job pre.',
    );
  });
});

describe('a namespace that is not there', () => {
  const somewhere = (namespace: string): string =>
    CONFIG_MAP.replace('{name: a}', `{name: a, namespace: ${namespace}}`);

  test('blocks a sync to a cluster before anything is asked', async () => {
    const ran = await sync(
      guarded(() => true),
      objects(CONFIG_MAP),
      { namespace: 'nowhere' },
    );
    expect(ran.end).toMatchObject({ kind: 'blocked', denied: false });
    expect(ran.preflight.blockers).toEqual([
      'Namespace nowhere does not exist, and this sync does not make it. Let this sync create it (--create-namespace), add it to the application, or give its Argo CD Application the sync option CreateNamespace=true.',
    ]);
    expect(ran.writes).toEqual([]);
  });

  test('also where it is not the destination', async () => {
    const { preflight } = await sync(
      guarded(() => true),
      objects(`${CONFIG_MAP}\n---\n${somewhere('nowhere')}`),
    );
    expect(preflight.blockers).toEqual([
      'Namespace nowhere does not exist, and this sync does not make it. Create it, or add it to the application.',
    ]);
  });

  test('blocks nothing where the sync makes it', async () => {
    const made = `apiVersion: v1\nkind: Namespace\nmetadata: {name: new}\n---\n${somewhere('new')}`;
    const ran = await sync(
      guarded(() => true),
      objects(made),
    );
    expect([ran.preflight.blockers, ran.result.operation.phase]).toEqual([[], 'Succeeded']);
    const operation = { syncOptions: ['CreateNamespace=true'] };
    const created = await sync(
      guarded(() => true),
      objects(CONFIG_MAP),
      { namespace: 'new', operation },
    );
    expect([created.preflight.blockers, created.result.operation.phase]).toEqual([[], 'Succeeded']);
  });
});

test('the namespace that a sync makes is told as left, and is not where it was there before', async () => {
  const place = world();
  const options = { namespace: 'new', operation: { syncOptions: ['CreateNamespace=true'] } };
  const first = await sync(place, objects(CONFIG_MAP), options);
  expect(first.result.left).toEqual(['/ConfigMap/new/a', '/Namespace//new']);
  await place.clock.sleep(5000);
  expect((await sync(place, objects(CONFIG_MAP), options)).result.left).toEqual(['/ConfigMap/new/a']);
  const tried = await sync(world(), objects(CONFIG_MAP), {
    ...options,
    operation: { ...options.operation, dryRun: true },
  });
  expect(tried.result.left).toEqual([]);
});

describe('fields that others own', () => {
  const manifest = (data: string) => objects(`apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {${data}}`);
  const serverSide = { syncOptions: ['ServerSideApply=true'] };

  /** A cluster in which `a` was applied on the server, and alice has taken a field over. */
  async function takenOver(): Promise<World> {
    const place = world();
    await sync(place, manifest('x: "1", y: "1"'), { operation: serverSide });
    const [object] = manifest('x: "2"');
    const action = { verb: 'apply', key: '/ConfigMap/shop/a', serverSide: true, forceConflicts: true } as const;
    const answer = await place.cluster.perform(
      { ...action, object: inShop(object ?? {}), manager: 'alice' },
      new Stop(),
    );
    expect(answer.error).toBeUndefined();
    return place;
  }
  const inShop = (object: KubeObject): KubeObject => ({ ...object, metadata: { name: 'a', namespace: 'shop' } });
  const dataOf = async ({ cluster }: World) => {
    const live = await cluster.read({ group: '', version: 'v1', kind: 'ConfigMap' }, 'shop', 'a');
    return live?.['data'];
  };

  test('are told with their owner before the sync, and left alone by it', async () => {
    const place = await takenOver();
    const { preflight, result } = await sync(place, manifest('x: "3", y: "3"'), { operation: serverSide });
    expect(preflight.conflicts).toBe(true);
    expect(preflight.warnings).toEqual([
      'Others own fields that the manifests set (ConfigMap a: "alice" owns .data.x). The sync leaves such an object as it is, and fails. To take the fields over, as Argo CD does, choose Force conflicts (--force-conflicts); else leave them out of the manifest.',
    ]);
    expect(result.results[0]).toMatchObject({ status: 'SyncFailed' });
    expect(result.results[0]?.message).toContain('"alice" owns .data.x');
    expect(await dataOf(place)).toEqual({ x: '2', y: '1' });
  });

  test('are taken over where that was asked for, and the preflight says from whom', async () => {
    const place = await takenOver();
    const operation = { ...serverSide, forceConflicts: true };
    const { preflight, result } = await sync(place, manifest('x: "3", y: "3"'), { operation });
    expect([preflight.conflicts, preflight.warnings]).toEqual([undefined, []]);
    expect(preflight.rows[0]?.note).toBe('takes over fields of others: "alice" owns .data.x');
    expect(preflight.options).toContain('Force conflicts: fields that others own are taken over');
    expect(result.operation.phase).toBe('Succeeded');
    expect(await dataOf(place)).toEqual({ x: '3', y: '3' });
  });
});
