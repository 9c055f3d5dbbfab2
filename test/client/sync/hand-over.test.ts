import { describe, expect, test } from 'vitest';
import { at, textMapAt } from '#core/fields';
import { keyOf, metadataOf, objectIdOf, resourceVersionOf, type JsonObject, type KubeObject } from '#core/object';
import type { Action, Discovered, Response } from '#core/sync/model';
import { withoutOperation } from '../../../client/src/sync/argocd/operation.ts';
import { retryOf, retryWords } from '../../../client/src/sync/argocd/policy.ts';
import type { ObjectRule } from '../../../client/src/simulation/scenario.ts';
import { Simulation } from '../../../client/src/simulation/simulation.ts';
import type { AccessRequest, ClusterIdentity, WatchEvent } from '../../../client/src/sync/cluster.ts';
import type { ArgoRequest } from '../../../client/src/sync/request.ts';
import type { RunEvent } from '../../../client/src/sync/events.ts';
import { Stop, type Signal } from '../../../client/src/sync/signal.ts';
import { argoApplication, reconciled, type Reported } from '../argocd.ts';
import { MemoryStore } from '../killed.ts';
import { objects, sync, world, type Ran, type SyncOptions, type World } from '../simulated.ts';

const KEY = 'argoproj.io/Application/argocd/shop';
const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {key: "1"}';
const HOOK = `
apiVersion: batch/v1
kind: Job
metadata:
  generateName: migrate-
  annotations: {argocd.argoproj.io/hook: PreSync, argocd.argoproj.io/sync-wave: "-3"}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: main, image: busybox}]}}}
`;

/** A cluster with Argo CD in it: one Application, whose controller goes through a script, a second a state. */
class WithArgo extends Simulation {
  readonly #place: World;
  readonly #listeners = new Set<(event: WatchEvent) => void>();
  #version = 1;
  application: KubeObject;
  script: readonly Reported[];
  /** Nobody takes up operations while it sleeps. */
  asleep = false;
  denies: (request: AccessRequest) => boolean = () => false;
  /** Changes the Application between a read and the write that follows, so often. */
  interfere = 0;
  /** What the runner sent. */
  readonly sent: KubeObject[] = [];

  constructor(place: World, application: KubeObject, script: readonly Reported[]) {
    super({ clock: place.clock, scenario: place.scenario, namespaces: ['shop', 'argocd'] });
    this.#place = place;
    this.script = script;
    this.application = this.#versioned(application);
  }

  override async connect(): Promise<ClusterIdentity> {
    return { ...(await super.connect()), kind: 'kubernetes', context: 'kind-dev', user: 'alice' };
  }

  override async denied(requests: readonly AccessRequest[] = []): Promise<readonly AccessRequest[]> {
    return requests.filter((request) => this.denies(request));
  }

  override discovered(group: string, version: string, kind: string): Discovered {
    const isOurs = group === 'argoproj.io' && kind === 'Application';
    return isOurs ? { plural: 'applications', namespaced: true } : super.discovered(group, version, kind);
  }

  override async read(...args: Parameters<Simulation['read']>): Promise<KubeObject | undefined> {
    const [kind, namespace, name] = args;
    if (kind.kind !== 'Application') return super.read(...args);
    return keyOf({ ...kind, namespace, name }) === keyOf(objectIdOf(this.application)) ? this.application : undefined;
  }

  override async watch(...args: Parameters<Simulation['watch']>): Promise<void> {
    const [kinds, , onEvent, signal] = args;
    if (!kinds.some(({ kind }) => kind === 'Application')) return super.watch(...args);
    onEvent({ type: 'changed', key: KEY, object: this.application });
    this.#listeners.add(onEvent);
    signal.addEventListener('abort', () => this.#listeners.delete(onEvent));
  }

  override async perform(action: Action, signal: Signal): Promise<Response> {
    if (action.key !== KEY) return super.perform(action, signal);
    if (this.interfere-- > 0) this.put({ ...this.application, touched: String(this.interfere) });
    if (resourceVersionOf(action.object) !== resourceVersionOf(this.application))
      return { error: 'the object has been modified', reason: 'Conflict' };
    this.sent.push(action.object);
    this.put(action.object);
    this.wake();
    return { object: this.application };
  }

  put(object: KubeObject): void {
    this.application = this.#versioned(object);
    for (const listener of this.#listeners) listener({ type: 'changed', key: KEY, object: this.application });
  }

  /** The controller looks at the Application in a second. */
  wake(): void {
    if (this.asleep) return;
    this.#place.clock.schedule(1000, () => {
      const now = new Date(this.#place.clock.now()).toISOString();
      const next = this.asleep ? undefined : reconciled(this.application, this.script, now);
      if (!next) return;
      this.put(next);
      this.wake();
    });
  }

  #versioned(object: KubeObject): KubeObject {
    return { ...object, metadata: { ...metadataOf(object), resourceVersion: String(++this.#version) } };
  }
}

type Place = Omit<World, 'cluster'> & { readonly cluster: WithArgo };

function withArgo(
  application: KubeObject = argoApplication('shop'),
  script: readonly Reported[] = SCRIPT,
  rules: readonly ObjectRule[] = [],
): Place {
  const place = world({}, rules);
  return { ...place, cluster: new WithArgo(place, application, script) };
}

const resource = (kind: string, more: JsonObject): JsonObject => ({
  ...{ group: '', version: 'v1', kind, namespace: 'shop', name: 'a', status: 'Synced', syncPhase: 'Sync' },
  ...more,
});
const job = (hookPhase: string, message: string): JsonObject =>
  resource('Job', {
    ...{ group: 'batch', name: 'migrate-1a2b3c4-presync-1', syncPhase: 'PreSync', hookType: 'PreSync' },
    ...{ hookPhase, message },
  });
const SCRIPT: readonly Reported[] = [
  { phase: 'Running' },
  {
    phase: 'Running',
    message: 'waiting for completion of hook batch/Job/migrate',
    resources: [job('Running', 'created')],
  },
  {
    phase: 'Succeeded',
    message: 'successfully synced (all tasks run)',
    resources: [
      job('Succeeded', 'done'),
      resource('ConfigMap', { hookPhase: 'Running', message: 'configmap/a created' }),
    ],
  },
];

const asked = (by: ArgoRequest['by'], terminates = false): Pick<SyncOptions, 'argocd'> => ({
  argocd: { namespaces: [], by, terminates },
});
const run = (place: Place, options: SyncOptions = {}): Promise<Ran> =>
  sync(place, objects(`${CONFIG_MAP}\n---\n${HOOK}`), options);
const told = ({ events }: Ran): string[] =>
  events.flatMap((event) =>
    event.type === 'task'
      ? [`${event.phase} ${event.wave} ${event.task} ${event.hookPhase || event.status} ${event.message}`]
      : [],
  );

describe('handing a sync over to Argo CD', () => {
  test('writes the operation, follows its state, and tells it on the same rows as a sync from here', async () => {
    const place = withArgo();
    const operation = { syncOptions: ['CreateNamespace=true', 'Replace=true'], prune: true, force: true };
    const ran = await run(place, { ...asked('argocd'), operation, retry: 2 });
    expect(ran.end).toEqual({ kind: 'finished', phase: 'Succeeded', terminated: false });
    expect(ran.writes).toEqual([`update ${KEY}`]);
    expect(ran.messages).toEqual([
      'Running waiting for Argo CD to begin the operation on argocd/shop',
      'Running ',
      'Running waiting for completion of hook batch/Job/migrate',
      'Succeeded successfully synced (all tasks run)',
    ]);
    expect(told(ran)).toEqual([
      'PreSync -3 batch/Job/shop/migrate-1a2b3c4-presync-1 Running created',
      'PreSync -3 batch/Job/shop/migrate-1a2b3c4-presync-1 Succeeded done',
      'Sync 0 /ConfigMap/shop/a Running configmap/a created',
    ]);
    expect(ran.result.operation).toMatchObject({ phase: 'Succeeded', message: 'successfully synced (all tasks run)' });
    expect(ran.result.results).toHaveLength(2);
    expect(ran.result.criticalPath).toEqual({ seconds: 1, tasks: ['batch/Job/shop/migrate-1a2b3c4-presync-1'] });
    const [sent] = place.cluster.sent;
    expect(sent?.['operation']).toMatchObject({
      sync: {
        source: { repoURL: 'https://example.com/shop.git', path: 'apps/shop', targetRevision: 'main' },
        prune: true,
        syncOptions: ['CreateNamespace=true', 'Replace=true'],
        syncStrategy: { hook: { force: true } },
      },
      initiatedBy: { username: 'alice' },
      retry: { limit: 2 },
    });
    expect(at(place.cluster.application, 'operation')).toBeUndefined();
  });

  test('says what is different, and that it can be done', async () => {
    const { preflight } = await run(withArgo(), { confirm: async () => false });
    expect(preflight.owner).toEqual({
      ...{ namespace: 'argocd', name: 'shop', isChosen: false, obstacles: [] },
      notes: [
        'Argo CD would sync https://example.com/shop.git path apps/shop at main: the target revision of its Application, as it stands in the repository then. The saved files (HEAD 1a2b3c4) are not sent: what is not committed and pushed there is not in it.',
        'Its controller does the work, with its own permissions; no Lease is taken. How it ended is kept in the history, but where this process is cut off Argo CD goes on alone.',
      ],
    });
  });

  test('the answer to the preflight may ask for it, even where a sync from here is impossible', async () => {
    const place = withArgo();
    place.cluster.denies = ({ resource: kind, verb }) => kind === 'configmaps' && verb === 'create';
    const ran = await run(place, { ...asked('asked'), confirm: async () => 'argocd' });
    expect(ran.preflight.blockers).toHaveLength(1);
    expect(ran.end).toMatchObject({ kind: 'finished', phase: 'Succeeded' });
    const own = await run(place, { ...asked('asked'), confirm: async () => true });
    expect(own.end).toMatchObject({ kind: 'blocked', denied: true });
  });

  test('somebody else’s change in between is kept: the write is made on the newest version', async () => {
    const place = withArgo();
    place.cluster.interfere = 2;
    const ran = await run(place, asked('argocd'));
    expect(ran.end).toMatchObject({ kind: 'finished', phase: 'Succeeded' });
    expect(at(place.cluster.application, 'touched')).toBe('0');
  });

  test('an operation that another one asks for meanwhile is left alone', async () => {
    const place = withArgo();
    const other = { sync: {}, initiatedBy: { username: 'bob' } };
    place.cluster.asleep = true;
    const ran = run(place, {
      ...asked('argocd'),
      confirm: async () => {
        place.cluster.put({ ...place.cluster.application, operation: other });
        return true;
      },
    });
    await expect(ran).rejects.toThrow('Another operation of The Application argocd/shop has begun meanwhile (bob)');
    expect(at(place.cluster.application, 'operation')).toEqual(other);
  });

  test('terminating asks Argo CD to, and follows to the end', async () => {
    const place = withArgo(argoApplication('shop'), [
      { phase: 'Running' },
      { phase: 'Running', message: 'waiting for migrate' },
    ]);
    const ran = await run(place, { ...asked('argocd'), terminateAt: 5000 });
    expect(ran.end).toEqual({ kind: 'finished', phase: 'Failed', terminated: true });
    expect(ran.messages.slice(-2)).toEqual(['Terminating waiting for migrate', 'Failed Operation terminated']);
    expect(ran.writes).toEqual([`update ${KEY}`, `update ${KEY}`]);
  });

  test('an operation that nobody begins is told, and taken back', async () => {
    const place = withArgo();
    place.cluster.asleep = true;
    const ran = await run(place, { ...asked('argocd'), terminateAt: 60_000 });
    expect(ran.messages[1]).toContain(
      'Argo CD has not begun the operation on argocd/shop yet. Is its application controller running',
    );
    expect(ran.end).toEqual({ kind: 'finished', phase: 'Failed', terminated: true });
    expect(at(place.cluster.application, 'operation')).toBeUndefined();
  });

  test('what keeps it from being asked for is said', async () => {
    const place = withArgo();
    place.cluster.denies = ({ resource: kind, verb }) => kind === 'applications' && verb === 'update';
    const ran = await run(place, asked('argocd'));
    expect(ran.end.kind).toBe('blocked');
    expect(ran.preflight.blockers).toEqual(['alice may not update applications.argoproj.io in namespace argocd.']);
    const nowhere = await run(withArgo(argoApplication('other')), asked('argocd'));
    expect(nowhere.preflight.blockers).toEqual([
      'There is no Argo CD Application shop in kind-dev (namespace argocd), so Argo CD cannot run this sync. Create it (argocd-hooks application --apply), or name its namespace (--argocd-namespace).',
    ]);
    const elsewhere = argoApplication('shop');
    const far = { ...elsewhere, spec: { destination: { server: 'https://far.example.com' } } };
    const { preflight } = await run(withArgo(far), asked('argocd'));
    expect(preflight.blockers).toEqual([
      'The Application argocd/shop deploys to https://far.example.com, not to the cluster that it stands in.',
    ]);
  });
});

describe('a deletion that Argo CD asks about', () => {
  const asks = {
    phase: 'Running',
    message: 'waiting for pruning confirmation of /ConfigMap/old and 1 more resources',
  } as const;
  const WAITING: readonly Reported[] = [
    { phase: 'Running' },
    asks,
    asks,
    asks,
    { phase: 'Succeeded', message: 'done' },
  ];
  const approvedIn = ({ cluster }: Place): string[] =>
    cluster.sent.flatMap(
      (object) => textMapAt(object, 'metadata', 'annotations')['argocd.argoproj.io/deletion-approved'] ?? [],
    );
  const notices = ({ events }: Ran): string[] =>
    events.flatMap((event) => (event.type === 'notice' && event.code === 'approval' ? [event.message] : []));

  test('is told once with what it is about, and agreed to when a person does', async () => {
    const place = withArgo(undefined, WAITING);
    const approved = new Stop();
    const onEvent = (event: RunEvent): void => {
      if (event.type === 'notice') place.clock.schedule(1500, () => approved.stop());
    };
    const ran = await run(place, { ...asked('argocd'), argocdApproved: approved, onEvent });
    expect(notices(ran)).toEqual([
      'Argo CD waits until somebody agrees that it deletes /ConfigMap/old and 1 more resources. Agree here, or in a terminal: kubectl -n argocd annotate application shop --overwrite argocd.argoproj.io/deletion-approved=$(date -u +%Y-%m-%dT%H:%M:%SZ)',
    ]);
    expect(approvedIn(place)).toEqual(['2026-11-26T03:00:04Z']);
    expect(ran.result.operation.phase).toBe('Succeeded');
  });

  test('is not agreed to by the yes to the preflight alone', async () => {
    const place = withArgo(undefined, WAITING);
    expect(notices(await run(place, { ...asked('argocd'), approveAt: 0 }))).toHaveLength(1);
    expect(approvedIn(place)).toEqual([]);
  });

  test('needs no question where somebody has agreed beforehand', async () => {
    const place = withArgo(undefined, WAITING);
    const approved = new Stop();
    approved.stop();
    expect(notices(await run(place, { ...asked('argocd'), argocdApproved: approved }))).toEqual([]);
    expect(approvedIn(place)).toHaveLength(1);
  });
});

describe('what Argo CD has run is kept in the history', () => {
  const HASH = '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d';
  const kept = (): { store: MemoryStore; operations: NonNullable<SyncOptions['operations']> } => {
    const store = new MemoryStore();
    const commands = { sync: { resume: '', discard: '' }, deletion: { resume: '', discard: '' } };
    return { store, operations: { store, wish: 'start', commands } };
  };

  test('with its results, its end, and the commit that it has synced', async () => {
    const { store, operations } = kept();
    const script = SCRIPT.map((state) => ({ ...state, revision: HASH }));
    await run(withArgo(undefined, script), { ...asked('argocd'), operations });
    const [record, ...more] = await store.list();
    expect(more).toEqual([]);
    expect(record).toMatchObject({
      ...{ application: 'shop', context: 'kind-dev', handedTo: 'argocd/shop', retries: 0 },
      revision: { id: HASH, text: '1a2b3c4, by Argo CD' },
      state: { phase: 'Succeeded', message: 'successfully synced (all tasks run)' },
      ended: { how: 'finished' },
    });
    expect(record?.results.map(({ kind }) => kind)).toEqual(['Job', 'ConfigMap']);
    // It ended, and is no sync that somebody would have to resume.
    expect((await run(withArgo(), { ...asked('argocd'), operations })).end).toMatchObject({ kind: 'finished' });
  });

  test('also where its end got lost', async () => {
    const { store, operations } = kept();
    const place = withArgo();
    place.cluster.asleep = true;
    const ran = run(place, { ...asked('argocd'), operations }).catch((error: unknown) => error);
    await place.clock.sleep(2000);
    place.cluster.put(withoutOperation(place.cluster.application));
    await ran;
    const [record] = await store.list();
    expect(record?.state).toMatchObject({ phase: 'Error' });
    expect(record?.state.message).toContain('was replaced by another one');
  });
});

describe('the sync policy of the Application in the cluster', () => {
  const POLICY = {
    syncOptions: ['PruneLast=true'],
    retry: { limit: 2, backoff: { duration: '20', factor: 3, maxDuration: '1m' } },
  };
  const FAILING: SyncOptions = { adopts: true };
  const failing = (policy: JsonObject, more: { destination?: string } = {}): Place => {
    const rules = [{ name: '*', outcome: 'fail' as const }];
    return withArgo(argoApplication('shop', { policy, ...more }), SCRIPT, rules);
  };
  const attempts = ({ messages }: Ran): string[] => messages.filter((text) => text.includes('Retrying operation'));

  test('is taken over by a sync from here, where no manifest says any, and shown before', async () => {
    const ran = await run(failing(POLICY), FAILING);
    expect(attempts(ran)).toHaveLength(2);
    expect(ran.preflight.options).toContain('PruneLast=true');
    expect(ran.preflight.options).toContain(
      'Retry: at most 2 further attempts, 1 min after the first failure, at most 1 min apart',
    );
    expect(ran.preflight.warnings).toContain(
      'Taken over from the Application argocd/shop in the cluster, as Argo CD does: PruneLast=true, its retry.',
    );
  });

  test('does not count where the workspace has its Application, or somebody has said how often', async () => {
    expect(attempts(await run(failing(POLICY), {}))).toEqual([]);
    const ran = await run(failing(POLICY), { ...FAILING, retry: 0, retryIsChosen: true });
    expect(attempts(ran)).toEqual([]);
    expect(ran.preflight.options).toContain('PruneLast=true');
  });

  test('is another one’s where the Application deploys to another namespace', async () => {
    const ran = await run(failing(POLICY, { destination: 'elsewhere' }), FAILING);
    expect([attempts(ran), ran.preflight.options]).toEqual([[], ['Prune is off']]);
  });

  test('holds for what is handed over, unless somebody has said otherwise', async () => {
    const retryIn = async (options: SyncOptions): Promise<unknown> => {
      const place = withArgo(argoApplication('shop', { policy: POLICY }));
      await run(place, { ...asked('argocd'), ...options });
      return at(place.cluster.sent[0], 'operation', 'retry');
    };
    expect(await retryIn({})).toEqual(POLICY.retry);
    expect(await retryIn({ retryIsChosen: true })).toMatchObject({ limit: 0 });
  });
});

test('durations of a retry are read as Argo CD reads them', () => {
  const backoffOf = (duration: string, maxDuration: string): unknown =>
    retryOf({ limit: 1, duration, factor: undefined, maxDuration }).backoff;
  expect(backoffOf('', '')).toEqual({ duration: 5000, factor: 2, maxDuration: 180_000 });
  expect(backoffOf('7', '1h')).toEqual({ duration: 7000, factor: 2, maxDuration: 3_600_000 });
  expect(backoffOf('1m30s', '0')).toEqual({ duration: 90_000, factor: 2, maxDuration: 0 });
  expect(backoffOf('soon', '-')).toEqual({ duration: 5000, factor: 2, maxDuration: 180_000 });
  expect(retryWords({ retry: -1 })).toEqual([
    'Retry: until it succeeds, 10 s after the first failure, at most 3 min apart',
  ]);
  expect(retryWords({ retry: 1 })).toEqual(['Retry: 1 further attempt, 10 s after the first failure']);
});

describe('an operation of Argo CD that runs', () => {
  const running = async (): Promise<Place> => {
    const place = withArgo(argoApplication('shop'), [
      { phase: 'Running', message: 'waiting for completion of hook batch/Job/migrate' },
    ]);
    const operation = { sync: {}, initiatedBy: { username: 'bob' } };
    place.cluster.put({ ...place.cluster.application, operation });
    place.cluster.wake();
    await place.clock.sleep(1500);
    return place;
  };

  test('stands in the way of a sync from here, and is named', async () => {
    const ran = await run(await running());
    expect(ran.end.kind).toBe('blocked');
    expect(ran.writes).toEqual([]);
    expect(ran.preflight.blockers).toEqual([
      "Argo CD is syncing argocd/shop right now: Running since 03:00:01 UTC, asked for by bob: waiting for completion of hook batch/Job/migrate. Two syncs at once delete each other's hooks: wait for its end, or terminate it first (--terminate-running).",
    ]);
  });

  test('does not stand in the way of a dry run', async () => {
    const ran = await run(await running(), { operation: { dryRun: true } });
    expect(ran.end).toMatchObject({ kind: 'finished', phase: 'Succeeded' });
    expect(ran.preflight.warnings[0]).toContain('Argo CD is syncing it right now');
  });

  test('is terminated first where that is asked for, and then the sync runs from here', async () => {
    const place = await running();
    const ran = await run(place, asked('here', true));
    expect(ran.preflight.warnings[0]).toContain('This is terminated first.');
    expect(ran.end).toMatchObject({ kind: 'finished', phase: 'Succeeded' });
    expect(ran.writes[0]).toBe(`update ${KEY}`);
    expect(place.cluster.sent.map((object) => at(object, 'status', 'operationState', 'phase'))).toEqual([
      'Terminating',
    ]);
    expect(ran.messages[0]).toContain('waiting until Argo CD has terminated its operation on argocd/shop');
  });

  test('is terminated first, and a fresh one started by Argo CD', async () => {
    const place = await running();
    const ran = await run(place, {
      ...asked('argocd', true),
      confirm: async () => {
        place.cluster.script = SCRIPT;
        return true;
      },
    });
    expect(ran.end).toMatchObject({ kind: 'finished', phase: 'Succeeded' });
    expect(place.cluster.sent).toHaveLength(2);
    expect(at(place.cluster.sent[1], 'status', 'operationState')).toBeUndefined();
  });

  test('that does not end is told after a minute, and nothing is synced', async () => {
    const place = await running();
    place.cluster.asleep = true;
    await expect(run(place, asked('here', true))).rejects.toThrow(
      'Argo CD was asked to terminate its operation on argocd/shop, and has not within a minute. Nothing was synced.',
    );
  });
});
