import { describe, expect, test } from 'vitest';
import { objects, sync, world } from '../simulated.ts';

const configMap = (name: string, extra = ''): string => `
apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
${extra}
data:
  key: ${name}
`;

const wave = (n: number): string => `  annotations: {argocd.argoproj.io/sync-wave: "${n}"}`;

const job = (name: string, annotations: string, image = 'busybox:1.37'): string => `
apiVersion: batch/v1
kind: Job
metadata:
  name: ${name}
  annotations: {${annotations}}
spec:
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      containers: [{name: main, image: "${image}"}]
`;

const hook = (name: string, phase: string, more = ''): string =>
  job(name, `argocd.argoproj.io/hook: "${phase}"${more === '' ? '' : `, ${more}`}`);

const deployment = (name: string, waveNumber = 0): string => `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
${wave(waveNumber)}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers: [{name: main, image: nginx}]
`;

const all = (...texts: readonly string[]) => objects(texts.join('\n---\n'));

describe('prune', () => {
  const first = all(configMap('a'), configMap('b', wave(1)), configMap('c', wave(2)));
  const rest = all(configMap('a'));

  test('is off unless chosen, and tells what stays', async () => {
    const place = world();
    await sync(place, first);
    const ran = await sync(place, rest);
    expect(ran.writes).toEqual([]);
    expect(ran.preflight.rows.map((row) => `${row.task} ${row.change}: ${row.note}`)).toEqual([
      '/ConfigMap/shop/a unchanged: ',
      '/ConfigMap/shop/c unchanged: not in the application any more; stays, because pruning is off',
      '/ConfigMap/shop/b unchanged: not in the application any more; stays, because pruning is off',
    ]);
    expect(ran.result.left).toEqual(['/ConfigMap/shop/a', '/ConfigMap/shop/b', '/ConfigMap/shop/c']);
  });

  test('deletes in reverse order of the waves', async () => {
    const place = world();
    await sync(place, first);
    const ran = await sync(place, rest, { operation: { prune: true } });
    expect(ran.writes).toEqual(['delete /ConfigMap/shop/c', 'delete /ConfigMap/shop/b']);
    expect(ran.preflight.rows.filter(({ change }) => change === 'prune').map(({ task }) => task)).toEqual([
      '/ConfigMap/shop/c',
      '/ConfigMap/shop/b',
    ]);
    expect(ran.result.left).toEqual(['/ConfigMap/shop/a']);
  });

  test('leaves what belongs to another application', async () => {
    const place = world();
    await sync(place, all(configMap('theirs')), { application: 'other' });
    const ran = await sync(place, rest, { operation: { prune: true } });
    expect(ran.writes).toEqual(['apply /ConfigMap/shop/a']);
  });
});

describe('SyncFail', () => {
  const application = all(hook('bad', 'PreSync'), configMap('a'), hook('tell', 'SyncFail'), hook('after', 'PostSync'));

  test('runs when a hook fails, and nothing else does', async () => {
    const ran = await sync(world({}, [{ name: 'bad', outcome: 'fail' }]), application);
    expect(ran.writes.filter((write) => write.startsWith('apply'))).toEqual([
      'apply batch/Job/shop/bad',
      'apply batch/Job/shop/tell',
    ]);
    expect(ran.result.operation.phase).toBe('Failed');
    expect(ran.preflight.rows.find(({ task }) => task.endsWith('/tell'))?.note).toMatch(/^only if the sync fails/);
  });

  test('does not run when all is well', async () => {
    const ran = await sync(world(), application);
    expect(ran.writes.some((write) => write.includes('/tell'))).toBe(false);
    expect(ran.result.operation.phase).toBe('Succeeded');
  });
});

describe('retry', () => {
  test('tries again after the back-off, with the words of Argo CD', async () => {
    const place = world({}, [{ name: 'pre', outcome: 'fail', after: 1000 }]);
    const ran = await sync(place, all(hook('pre', 'PreSync')), { retry: 2 });
    const failed = 'one or more synchronization tasks completed unsuccessfully';
    expect(ran.messages).toEqual([
      'Running ',
      'Running waiting for completion of hook batch/Job/pre',
      `Failed ${failed}`,
      `Running ${failed}. Retrying attempt #1 at 2026-11-26T03:00:06Z.`,
      'Running Retrying operation. Attempt #1',
      'Running waiting for deletion of hook batch/Job/pre',
      'Running waiting for completion of hook batch/Job/pre',
      `Failed ${failed}`,
      `Running ${failed}. Retrying attempt #2 at 2026-11-26T03:00:22Z.`,
      'Running Retrying operation. Attempt #2',
      'Running waiting for deletion of hook batch/Job/pre',
      'Running waiting for completion of hook batch/Job/pre',
      `Failed ${failed}`,
      `Failed ${failed} (retried 2 times).`,
    ]);
    // Ten seconds, and twenty, though the messages say five and ten.
    expect(ran.result.waited.seconds).toBe(1 + 10 + 1 + 20 + 1);
  });

  test('ends when an attempt succeeds', async () => {
    const place = world({}, [{ name: 'pre', outcome: 'succeed', failTimes: 1 }]);
    const ran = await sync(place, all(hook('pre', 'PreSync')), { retry: 5 });
    // BeforeHookCreation deletes the failed Job, and with it what is known of its failures.
    expect(ran.result.operation.phase).toBe('Failed');
    const mended = await sync(world(), all(hook('pre', 'PreSync')), { retry: 5 });
    expect(mended.result.operation).toMatchObject({
      phase: 'Succeeded',
      message: 'successfully synced (no more tasks)',
    });
  });

  test('can be terminated while it waits', async () => {
    const place = world({}, [{ name: 'pre', outcome: 'fail', after: 1000 }]);
    const ran = await sync(place, all(hook('pre', 'PreSync')), { retry: 2, terminateAt: 5000 });
    expect(ran.result.operation.message).toBe('Operation terminated (retried 1 times).');
    expect(ran.result.waited.seconds).toBe(5);
  });
});

describe('waves', () => {
  test('each begins when the one before is healthy, without a pause where health tells its state', async () => {
    const ran = await sync(world({ ready: 3000 }), all(deployment('web', 0), configMap('last', wave(1))));
    expect(ran.result.waited.seconds).toBe(3);
    expect(ran.result.criticalPath).toEqual({ seconds: 3, tasks: ['apps/Deployment/shop/web'] });
  });

  test('a pause of two seconds follows kinds whose health may be of an older state', async () => {
    const ingress = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec: {}
`;
    const ran = await sync(world({ ingress: 500 }), all(ingress, configMap('last', wave(1))));
    expect(ran.result.waited.seconds).toBe(2);
  });

  test('the pause that is asked for follows every wave but the last', async () => {
    const targets = all(configMap('a'), configMap('b', wave(1)), configMap('c', wave(2)));
    expect((await sync(world(), targets, { waveDelay: 2000 })).result.waited.seconds).toBe(4);
    expect((await sync(world(), targets)).result.waited.seconds).toBe(0);
  });
});

describe('what waits for ever', () => {
  test('a PreSync hook that mounts a ConfigMap of the Sync phase', async () => {
    const mounting = hook('migrate', 'PreSync').replace(
      'containers:',
      'volumes: [{name: v, configMap: {name: settings}}]\n      containers:',
    );
    const ran = await sync(world(), all(mounting, configMap('settings')));
    expect(ran.result.operation).toMatchObject({
      phase: 'Running',
      message: 'waiting for completion of hook batch/Job/migrate',
    });
    const stuck = ran.events.find((event) => event.type === 'stuck');
    expect(stuck?.waitsFor).toEqual([
      {
        task: 'batch/Job/shop/migrate',
        reasons: [
          expect.stringMatching(
            /^Pod migrate-\w+: FailedMount: MountVolume.SetUp failed: configmap "settings" not found$/,
          ),
        ],
        advice: [
          'ConfigMap settings is in this application, but comes only later (Sync, wave 0), when Job migrate is done: move it to an earlier phase or wave. To get this sync going, create it by hand.',
          'If that cannot be repaired now, terminate the sync: that removes Job migrate properly. Do not delete it by hand: its finalizer would keep it, and the sync would wait for ever.',
        ],
      },
    ]);
    expect(ran.result.left).toEqual(['batch/Job/shop/migrate']);
  });

  test('a PreSync hook that runs as a ServiceAccount of the Sync phase', async () => {
    const running = hook('migrate', 'PreSync').replace(
      'containers:',
      'serviceAccountName: migrator\n      containers:',
    );
    const account = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: migrator}';
    const ran = await sync(world(), all(running, account));
    const stuck = ran.events.find((event) => event.type === 'stuck');
    expect(stuck?.waitsFor[0]?.reasons).toEqual([
      'Job migrate: FailedCreate: Error creating: pods "migrate-" is forbidden: error looking up service account shop/migrator: serviceaccount "migrator" not found',
    ]);
  });

  test('a claim that is bound only when its pod of a later wave comes', async () => {
    const claim = `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
`;
    const user = deployment('db', 1).replace(
      'containers:',
      'volumes: [{name: v, persistentVolumeClaim: {claimName: data}}]\n      containers:',
    );
    const ran = await sync(world(), all(claim, user));
    expect(ran.result.operation.message).toBe('waiting for healthy state of /PersistentVolumeClaim/data');
    const immediate = await sync(world({ storage: 'Immediate' }), all(claim, user));
    expect(immediate.result.operation.phase).toBe('Succeeded');
  });

  test('a claim that nobody uses, beside a pod that crashes and restarts without end', async () => {
    const claim =
      'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data}\nspec: {accessModes: [ReadWriteOnce]}';
    const crashing = world({}, [{ name: 'web', outcome: 'fail', after: 0 }]);
    const ran = await sync(crashing, all(claim, deployment('web'), configMap('last', wave(1))));
    expect(ran.result.operation).toMatchObject({
      phase: 'Running',
      message: 'waiting for healthy state of /PersistentVolumeClaim/data',
    });
    expect(ran.events.filter(({ type }) => type === 'stuck')).toHaveLength(1);
  });

  test('a load balancer that gives no address', async () => {
    const service =
      'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {type: LoadBalancer, ports: [{port: 80}]}';
    const targets = all(service, configMap('last', wave(1)));
    const never = await sync(world({ loadBalancer: null }), targets);
    expect(never.result.operation).toMatchObject({
      phase: 'Running',
      message: 'waiting for healthy state of /Service/web',
    });
    expect((await sync(world({ loadBalancer: 5000 }), targets)).result.operation.phase).toBe('Succeeded');
  });

  test('is told and waited for, where somebody watches who can terminate it', async () => {
    let terminate: (() => void) | undefined;
    const place = world({}, [{ name: 'pre', outcome: 'hang' }]);
    const ran = await sync(place, all(hook('pre', 'PreSync')), {
      waitsForever: true,
      onTerminate: (stop) => (terminate = stop),
      onEvent: (event) => event.type === 'stuck' && place.clock.schedule(60_000, () => terminate?.()),
    });
    expect(ran.events.filter(({ type }) => type === 'stuck')).toHaveLength(1);
    expect(ran.result.operation).toMatchObject({ phase: 'Failed', message: 'Operation terminated' });
    expect(ran.result.waited.seconds).toBe(60);
  });

  test('is left after a day where pods are started again and again', async () => {
    const pod = `
apiVersion: v1
kind: Pod
metadata:
  name: pre
  annotations: {argocd.argoproj.io/hook: PreSync}
spec:
  restartPolicy: OnFailure
  containers: [{name: main, image: busybox}]
`;
    const ran = await sync(world({}, [{ name: 'pre', outcome: 'fail' }]), all(pod, configMap('a')));
    expect(ran.result.operation.phase).toBe('Running');
    expect(ran.result.waited.seconds).toBeGreaterThanOrEqual(24 * 3600);
    expect(ran.result.left).toEqual(['/Pod/shop/pre']);
  });
});

describe('nothing is written', () => {
  test('by a dry run, not even where an old hook could be cleaned up', async () => {
    const place = world();
    const targets = all(hook('pre', 'PreSync', 'argocd.argoproj.io/hook-delete-policy: HookFailed'), configMap('a'));
    await sync(place, targets);
    const before = place.cluster.objects();
    const cleaning = all(
      hook('pre', 'PreSync', 'argocd.argoproj.io/hook-delete-policy: HookSucceeded'),
      configMap('b'),
    );
    const ran = await sync(place, cleaning, { operation: { dryRun: true, prune: true } });
    expect(ran.writes).toEqual([]);
    expect(place.cluster.objects()).toEqual(before);
    expect(ran.result.operation.phase).toBe('Succeeded');
  });

  test('before the confirmation', async () => {
    const place = world();
    await sync(place, all(hook('pre', 'PreSync'), configMap('a'), configMap('gone')));
    const before = place.cluster.objects();
    await sync(place, all(hook('pre', 'PreSync'), configMap('a', wave(1))), {
      operation: { prune: true, force: true },
      confirm: async () => false,
    });
    expect(place.cluster.objects()).toEqual(before);
  });

  test('more once it is terminated in the middle of a wave', async () => {
    const place = world();
    let writes = 0;
    const targets = all(...Array.from({ length: 40 }, (_, i) => configMap(`m${i}`)), hook('tell', 'SyncFail'));
    let terminate: (() => void) | undefined;
    const ran = await sync(place, targets, {
      onTerminate: (stop) => (terminate = stop),
      onEvent: (event) => {
        if (event.type === 'write' && ++writes === 3) terminate?.();
      },
    });
    expect(ran.result.operation).toMatchObject({ phase: 'Failed', message: 'Operation terminated' });
    // What was under way is finished; nothing new is begun, and no SyncFail hook either.
    expect(ran.writes.length).toBeLessThanOrEqual(3 + 16);
    expect(ran.writes.some((write) => write.includes('/tell'))).toBe(false);
    expect(ran.result.left).toHaveLength(ran.writes.length);
    const unsent = ran.result.results.filter(({ status }) => status === 'SyncFailed');
    expect(unsent.length).toBe(41 - ran.writes.length);
    expect(new Set(unsent.map(({ message }) => message))).toEqual(
      new Set(['not sent: the operation was terminated before']),
    );
  });
});

describe('options', () => {
  test('ApplyOutOfSyncOnly writes only what differs', async () => {
    const place = world();
    await sync(place, all(configMap('a'), configMap('b')));
    const changed = all(configMap('a'), configMap('b').replace('key: b', 'key: other'));
    const ran = await sync(place, changed, { operation: { syncOptions: ['ApplyOutOfSyncOnly=true'] } });
    expect(ran.writes).toEqual(['apply /ConfigMap/shop/b']);
    expect(ran.preflight.rows.map((row) => [row.task, row.change, row.diff])).toEqual([
      ['/ConfigMap/shop/a', 'unchanged', []],
      ['/ConfigMap/shop/b', 'change', ['- data.key: "b"', '+ data.key: "other"']],
    ]);
  });

  test('a selective sync runs no hooks', async () => {
    const resources = [{ group: '', kind: 'ConfigMap', name: 'a' }];
    const ran = await sync(world(), all(hook('pre', 'PreSync'), configMap('a'), configMap('b')), {
      operation: { resources },
    });
    expect(ran.writes).toEqual(['apply /ConfigMap/shop/a']);
  });

  test('CreateNamespace makes the namespace; without it the sync fails', async () => {
    const bare = world({}, [], []);
    const failed = await sync(bare, all(configMap('a')));
    expect(failed.result.operation.message).toBe(
      'one or more objects failed to apply, reason: namespaces "shop" not found',
    );
    const ran = await sync(world({}, [], []), all(configMap('a')), {
      operation: { syncOptions: ['CreateNamespace=true'] },
    });
    expect(ran.writes).toEqual(['apply /Namespace//shop', 'apply /ConfigMap/shop/a']);
    expect(ran.result.left).toEqual(['/ConfigMap/shop/a', '/Namespace//shop']);
  });
});

test('a kind that nobody knows fails the sync; one whose definition comes with it does not', async () => {
  const widget = 'apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: one}\nspec: {size: 1}';
  const definition = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  names: {kind: Widget, plural: widgets}
  scope: Cluster
  versions: [{name: v1, served: true, storage: true}]
`;
  const unknown = await sync(world(), all(widget));
  expect(unknown.result.operation.message).toMatch(
    /^one or more synchronization tasks are not valid: failed to discover/,
  );
  const ran = await sync(world(), all(widget, definition));
  expect(ran.result.operation.phase).toBe('Succeeded');
  expect(ran.writes).toEqual([
    'apply apiextensions.k8s.io/CustomResourceDefinition//widgets.example.com',
    'apply example.com/Widget//one',
  ]);
});

test('custom resources with a health check become healthy as the scenario says', async () => {
  const certificate = 'apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: tls}\nspec: {}';
  const kinds = [
    { group: 'cert-manager.io', version: 'v1', kind: 'Certificate', plural: 'certificates', namespaced: true },
  ];
  const targets = all(certificate, configMap('last', wave(1)));
  const ran = await sync(world({ kinds, custom: 7000 }), targets);
  expect(ran.result.criticalPath).toEqual({ seconds: 7, tasks: ['cert-manager.io/Certificate/shop/tls'] });
  const failed = await sync(world({ kinds }, [{ name: 'Certificate/tls', outcome: 'fail' }]), targets);
  expect(failed.result.operation.phase).toBe('Failed');
});

test('1,000 ConfigMaps are synced', async () => {
  const targets = all(...Array.from({ length: 1000 }, (_, i) => configMap(`m${i}`, wave(i % 10))));
  const ran = await sync(world(), targets);
  expect(ran.writes).toHaveLength(1000);
  expect(ran.result.left).toHaveLength(1000);
});
