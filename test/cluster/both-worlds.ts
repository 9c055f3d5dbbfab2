import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import {
  annotationOf,
  groupOf,
  gvkOf,
  keyOf,
  kindOf,
  metadataOf,
  nameOf,
  namespaceOf,
  objectIdOf,
  type JsonObject,
  type KubeObject,
} from '#core/object';
import type { Action } from '#core/sync/model';
import type { OperationRequest } from '#core/sync/options';
import { realClock } from '../../client/src/cli/real-clock.ts';
import { VirtualClock } from '../../client/src/simulation/clock.ts';
import type { Audited } from '../../client/src/simulation/requests.ts';
import { DEFAULT_SCENARIO, type Scenario } from '../../client/src/simulation/scenario.ts';
import { Simulation } from '../../client/src/simulation/simulation.ts';
import type { Clock, Cluster } from '../../client/src/sync/cluster.ts';
import type { RunEvent } from '../../client/src/sync/events.ts';
import { objectsOf } from '../../client/src/sync/json.ts';
import { runSync } from '../../client/src/sync/runner.ts';
import { Stop } from '../../client/src/sync/signal.ts';
import { rulesOf } from '../client/simulation/recorded.ts';
import type { Row, Write } from './live-case.ts';
import { byText, GIVEN, isNeeded, leftIn, LISTED, nameIn, plain, rowOf, slashed, writeOf } from './live-compare.ts';
import { ownersOf } from './owners.ts';
import { get, open, post, until, writesOf } from './plane.ts';

/** What somebody else applies, under a name of their own. */
export interface Foreign {
  readonly manager: string;
  readonly object: KubeObject;
  readonly serverSide?: boolean;
}

/** One sync: the manifests, and how they are synced. */
export interface Step {
  /** Done before by others. */
  readonly before?: readonly Foreign[];
  readonly objects: readonly KubeObject[];
  readonly sync?: OperationRequest;
  /** Terminates so many milliseconds after the start. */
  readonly terminateAt?: number;
}

export interface Story {
  readonly namespace: string;
  /** It is not there at the start. */
  readonly noNamespace?: boolean;
  readonly clusterObjects?: readonly string[];
  /** Who owns which fields of the synced objects is compared, too. */
  readonly owners?: boolean;
  readonly steps: readonly Step[];
}

/** What one sync came to, without what differs from run to run. */
export interface Told {
  readonly phase: string;
  readonly message: string;
  readonly results: readonly Row[];
  /** In batches: neighbors of one verb and kind. */
  readonly writes: readonly (readonly Write[])[];
  /** Objects with their tracking annotation, and how Jobs ended. */
  readonly left: readonly string[];
  /** Fields by object and manager, where they are compared. */
  readonly owners: readonly string[];
}

/** A sync that takes longer than this hangs, milliseconds. */
const LONGEST = 90_000;

const hashOf = (objects: readonly KubeObject[]): string =>
  createHash('sha1')
    .update(JSON.stringify(objects, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value)))
    .digest('hex');

interface World {
  readonly cluster: Cluster;
  readonly clock: Clock;
  writes(): readonly Write[];
}

/** Runs one sync to its end. */
async function run(
  world: World,
  { namespace }: Story,
  { objects, sync = {}, terminateAt }: Step,
  before: readonly KubeObject[],
): Promise<Omit<Told, 'left' | 'owners'>> {
  const { cluster, clock } = world;
  const terminate = new Stop();
  const over = new Stop();
  let hung = false;
  // Counted from the confirmation: what is asked before it takes its own time.
  const confirm = async (): Promise<boolean> => {
    void clock.sleep(terminateAt ?? LONGEST, over).then(() => {
      hung = terminateAt === undefined && !over.aborted;
      terminate.stop();
    });
    return true;
  };
  const events: RunEvent[] = [];
  const written = world.writes().length;
  const end = await runSync(
    {
      application: namespace,
      namespace,
      objects,
      operation: sync,
      revision: { id: hashOf(objects), text: 'test' },
      retry: 0,
      waitsForever: true,
      furtherKinds: before.map(gvkOf),
      blockers: [],
      warnings: [],
    },
    { cluster, clock, terminate, confirm, emit: (event) => events.push(event) },
  );
  over.stop();
  if (end.kind === 'blocked')
    return { phase: 'blocked', message: plain(end.blockers.join('\n')), results: [], writes: [] };
  const result = events.findLast((event) => event.type === 'result');
  if (!result) throw new Error(`no result: ${JSON.stringify(events.at(-1))}`);
  const hooks = new Set(result.results.filter(({ hookType }) => hookType !== '').map(({ name }) => plain(name)));
  return {
    phase: hung ? 'hangs' : result.operation.phase,
    message: undiffed(plain(result.operation.message)),
    results: result.results.map(rowOf).map(plainRow).sort(byText),
    writes: batched(withoutRaces(world.writes().slice(written)).filter(isNeeded), hooks),
  };
}

/** Others apply what they apply. */
async function foreign(cluster: Cluster, { namespace }: Story, { before = [] }: Step): Promise<void> {
  for (const { manager, object, serverSide = false } of before) {
    const placed = { ...object, metadata: { ...metadataOf(object), namespace } };
    await cluster.discover([gvkOf(placed)], { refresh: false }, new Stop());
    const action = { verb: 'apply', key: keyOf(objectIdOf(placed)), object: placed, manager, serverSide } as const;
    const { error } = await cluster.perform(action, new Stop());
    if (error !== undefined) throw new Error(error);
  }
}

/** One of our writes; that a manager's fields are handed over to another counts here. */
const toldWrite = (write: Parameters<typeof writeOf>[0]): Write[] => {
  const handsOver = objectsOf(write.sent).some(({ path }) => path === '/metadata/managedFields');
  return handsOver ? [{ verb: 'patch', object: `${write.object} managedFields`, code: write.code }] : writeOf(write);
};

/** A pod that its controller has named, and left. */
const unnamed = (left: string): string =>
  left
    .replace(/^(Pod\/\S+?(?:-[a-z0-9]{6,10})?)-[a-z0-9]{5} /, '$1-NAME ')
    .replace(/-[a-z0-9]{6,10}-NAME /, '-SET-NAME ');

const shown = (object: KubeObject): string => {
  const key = slashed(groupOf(object), kindOf(object), namespaceOf(object), nameOf(object));
  return plain(`${key} ${annotationOf(object, 'argocd.argoproj.io/tracking-id') ?? ''}`);
};

/** The API server shows a difference of two Go values beside some refusals: the simulation does not. */
const undiffed = (text: string): string =>
  text.replace(/(\n[ +\-@].*)+\n?(?=\n|$)/g, '').replace(/( for pod \S+)-[a-z0-9]{5} /g, '$1-NAME ');

/** How far a hook's rollout was seen to be is a matter of moments. */
const plainRow = (row: Row): Row => {
  const seen = row['hookType'] !== undefined && row['object']?.startsWith('apps/') && row['hookPhase'] === 'Succeeded';
  return { ...row, message: seen ? 'rolled out' : undiffed(row['message'] ?? '') };
};

/**
 * A controller may write the status of an object between the moment at which it was seen and our update of it: the server
 * says that it has been modified, and the update is sent again. Of the two the last one counts.
 */
const withoutRaces = (writes: readonly Write[]): Write[] =>
  writes.filter(
    ({ verb, object, code }, index) =>
      verb !== 'update' ||
      code !== 409 ||
      !writes.slice(index + 1).some((later) => later.verb === verb && later.object === object),
  );

/**
 * Neighbors of one verb and kind may have gone out together, and deletions of one wave whatever their kinds: their order is
 * not fixed. One that was sent twice counts once.
 */
function batched(writes: readonly Write[], hooks: ReadonlySet<string>): Write[][] {
  const batches: Write[][] = [];
  let before = '';
  for (const write of writes) {
    // What is there already is patched or replaced in the batch in which others are created; an update of a hook is the
    // end of its finalizer.
    const applied = write.verb === 'patch' || (write.verb === 'update' && !hooks.has(nameIn(write)));
    const kind = write.object.split('/').slice(0, -2).join('/');
    const sort = write.verb === 'delete' ? 'delete' : `${applied ? 'create' : write.verb} ${kind}`;
    if (sort !== before) batches.push([]);
    before = sort;
    const batch = batches.at(-1);
    if (batch && !batch.some(({ verb, object }) => verb === write.verb && object === write.object)) batch.push(write);
  }
  return batches.map((batch) => batch.sort(byText));
}

/** A storage class that the control plane has; every other one waits for the first pod. */
const IMMEDIATE: Action = {
  verb: 'apply',
  key: 'storage.k8s.io/StorageClass//immediate',
  object: {
    ...{ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'immediate' } },
    volumeBindingMode: 'Immediate',
  },
};

/** Tells the story in the simulation. */
export async function simulate(story: Story): Promise<Told[]> {
  const clock = new VirtualClock({ start: Date.now(), turn: () => turn() });
  const scenario: Scenario = { ...DEFAULT_SCENARIO, run: 300, ready: 200, loadBalancer: null, ingress: null };
  const namespaces = story.noNamespace === true ? [] : [story.namespace];
  const cluster = new Simulation({ clock, scenario, namespaces });
  const written: Write[] = [];
  const clusterObjects = new Set(story.clusterObjects ?? []);
  cluster.audit((request) => {
    const { namespace, name, mapping } = request;
    const own = mapping.group === '' && mapping.kind === 'Namespace' ? name : namespace;
    if (own === story.namespace || clusterObjects.has(name)) written.push(...toldWrite(auditedOf(request)));
  });
  const told: Told[] = [];
  const before: KubeObject[] = [];
  await cluster.perform(IMMEDIATE, new Stop());
  for (const step of story.steps) {
    await clock.sleep(5000);
    cluster.play({ ...scenario, objects: rulesOf(step.objects) });
    await foreign(cluster, story, step);
    const outcome = await run({ cluster, clock, writes: () => written }, story, step, before);
    before.push(...step.objects);
    await clock.sleep(20_000);
    const owners = story.owners === true ? await ownersOf(cluster, story.namespace, step.objects) : [];
    const left = cluster
      .objects()
      .filter(
        (object) => namespaceOf(object) === story.namespace && LISTED.has(slashed(groupOf(object), kindOf(object))),
      )
      .filter((object) => !isOwned(object) && !GIVEN.has(`${kindOf(object)}/${nameOf(object)}`));
    told.push({ ...outcome, left: left.map(shown).map(unnamed).sort(), owners });
  }
  clock.stop();
  return told;
}

const isOwned = (object: KubeObject): boolean => objectsOf(metadataOf(object)['ownerReferences']).length > 0;

const auditedOf = ({ verb, mapping, namespace, name, code, sent }: Audited) => ({
  verb,
  object: slashed(mapping.group, mapping.plural, namespace, name),
  code,
  sent: sent as JsonObject,
});

/** Tells the story on the control plane; what is left is waited for as the simulation has it. */
export async function play(story: Story, expected: readonly Told[]): Promise<Told[]> {
  const { namespace, clusterObjects = [] } = story;
  if (story.noNamespace !== true) {
    await post('/api/v1/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace },
    });
    await until('the service account', () => get(`/api/v1/namespaces/${namespace}/serviceaccounts/default`));
  }
  const writes = (): Write[] =>
    writesOf(namespace, { clusterObjects })
      .filter((write) => !write.uri.searchParams.has('dryRun'))
      .flatMap(toldWrite);
  const told: Told[] = [];
  const before: KubeObject[] = [];
  for (const [index, step] of story.steps.entries()) {
    const cluster = await open('argocd');
    // A generated name holds the second in which the sync began: no two begin in one.
    if (index > 0) await realClock.sleep(1000 - (Date.now() % 1000));
    if (step.before) await foreign(await open('admin'), story, step);
    const outcome = await run({ cluster, clock: realClock, writes }, story, step, before);
    before.push(...step.objects);
    const left = await leftIn([namespace], expected[index]?.left ?? []);
    const owners = story.owners === true ? await ownersOf(cluster, namespace, step.objects) : [];
    told.push({ ...outcome, left: left.map(unnamed).sort(), owners });
    cluster.close();
  }
  return told;
}

/** The same as lines, so that a difference can be read. */
export const linesOf = (told: readonly Told[]): string[] =>
  told.flatMap(({ phase, message, results, writes, left, owners }, index) => [
    `step ${index + 1}: ${phase} ${message}`,
    ...results.map((row) => `result ${JSON.stringify(row)}`),
    ...writes.flatMap((batch, number) => batch.map((write) => `write ${number} ${JSON.stringify(write)}`)),
    ...left.map((object) => `left ${object}`),
    ...owners,
  ]);
