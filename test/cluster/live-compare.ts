import { expect } from 'vitest';
import { isObject, type Json, type JsonObject } from '#core/object';
import type { ResourceResult } from '#core/sync/model';
import { textOf } from '../../client/src/sync/json.ts';
import { namespacesOf, type ExpectedCase, type ExpectedStep, type Row, type Write } from './live-case.ts';
import type { Outcome } from './live-run.ts';
import { get, pause, type AuditedWrite } from './plane.ts';

/** Compares a step with the recording: phase and message, results as a set, writes in their order, what is left. */
export async function expectSame(live: ExpectedCase, expected: ExpectedStep, outcome: Outcome): Promise<void> {
  if (outcome.blockers.length > 0) return expectRefused(expected, outcome);
  expect(outcome.waited).toBe(expected.timedOut !== undefined);
  if (expected.step.deleteApplication === true) {
    expect(outcome.operation.phase).toBe(expected.gone === true ? 'Succeeded' : 'Failed');
  } else {
    expectSameOperation(expected, outcome);
  }
  await expectSameWrites(live, expected, outcome);
}

function expectSameOperation(expected: ExpectedStep, outcome: Outcome): void {
  expect(plain(outcome.operation.message)).toBe(plain(expected.message));
  expect(outcome.operation.phase).toBe(expected.phase);
  const rows = expected.results.map(plainRow).sort(byText);
  expect(outcome.results.map(rowOf).sort(byText).map(slower(rows))).toEqual(rows);
}

async function expectSameWrites(live: ExpectedCase, expected: ExpectedStep, outcome: Outcome): Promise<void> {
  const hooks = new Set(expected.results.filter(({ hookType }) => hookType !== undefined).map(nameIn));
  const told = expected.writes.some(({ patch }) => patch !== undefined);
  const written = outcome.writes
    .flatMap(writeOf)
    .map(({ patch, ...write }) => (told && patch ? { ...write, patch } : write));
  const all = written.filter((write) => !isRaced(live, write));
  // A deletion that goes on for ever is terminated here, which takes away the hook that runs.
  const ending = expected.gone === false && all.at(-1)?.verb === 'delete' ? all.at(-1) : undefined;
  const own = ending ? all.slice(0, -1) : all;
  const batches = batched(expected.writes.filter(isNeeded).map(plainWrite), hooks);
  expect(cutLike(batches, own)).toEqual(batches.map(({ writes }) => writes.map(untimed).sort(byText)));
  // Of other kinds the writes tell enough.
  const wanted = expected.left
    .filter(({ object }) => ![RACED[live.name], ending?.object.split('/').at(-1)].includes(object.split('/').at(-1)))
    .filter(
      ({ object }) => LISTED.has(object.split('/').slice(0, -2).join('/')) && object !== 'Service/default/kubernetes',
    )
    .map(({ object, trackingId = '' }) => plain(`${object} ${trackingId}`))
    .sort();
  expect(await leftIn(namespacesOf(live), wanted)).toEqual(wanted);
}

/** Where Argo CD fails for want of a namespace or by a shared resource, the sync is refused before it writes anything. */
function expectRefused({ phase, message }: ExpectedStep, { blockers, writes }: Outcome): void {
  expect(writes).toEqual([]);
  if (message.startsWith('Shared resource found')) {
    expect(blockers).toEqual([message.replace('argocd/', '')]);
    return;
  }
  const missing = /namespaces "([^"]+)" not found$/.exec(message)?.[1] ?? 'none is missing in the recording';
  expect(phase).toBe('Failed');
  expect(blockers).toEqual([expect.stringContaining(`Namespace ${missing} does not exist`)]);
}

/**
 * Without what differs from run to run: uids, the revision and second in generated names; the temporary file that kubectl
 * names; and Go's dump of a value.
 */
export function plain(text: string): string {
  return text
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'UID')
    .replace(/-[0-9a-f]{7}-(presync|sync|postsync|syncfail)-\d{10}/g, '-REVISION-$1-TIME')
    .replace(/ from "\/dev\/shm\/[^"]*"/g, '')
    .replace(/error when patching "[^"]*": /g, '')
    .replace(/(Invalid value: )\{.*\}(: field is immutable)/s, '$1…$2');
}

export const byText = (a: object, b: object): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
export const slashed = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('/');

export function rowOf(result: ResourceResult): Row {
  const { group, kind, namespace, name, version, status, message, syncPhase, hookType, hookPhase } = result;
  return plainRow({
    object: slashed(group, kind, namespace, name),
    version,
    status,
    message,
    syncPhase,
    hookType,
    hookPhase,
  });
}

function plainRow(row: Row): Row {
  const told = Object.entries(row).filter(([, value]) => value !== '');
  const texts = told.map(([key, value]) => [key, key === 'object' ? plain(value).replace(/\/$/, '') : plain(value)]);
  return Object.fromEntries(texts.sort(byText)) as Row;
}

/**
 * One of our writes as the recording has it. Handing the fields of our own plain writes over to a server-side apply changes
 * nothing of the object and is left out: here it comes before the apply, there between two.
 */
export function writeOf({
  verb,
  object,
  code,
  sent,
}: Pick<AuditedWrite, 'verb' | 'object' | 'code' | 'sent'>): Write[] {
  const patches = Array.isArray(sent) ? (sent as JsonObject[]) : [];
  if (patches.some((patch) => patch['path'] === '/metadata/managedFields')) return [];
  const metadata = isObject(sent['metadata']) ? sent['metadata'] : {};
  const finalizers = metadata['finalizers'];
  return [
    plainWrite({
      verb,
      object,
      code,
      ...(verb === 'delete' ? { propagation: textOf(sent['propagationPolicy']) } : {}),
      ...(Array.isArray(finalizers) && finalizers.length > 0 ? { finalizers: finalizers as string[] } : {}),
      // A server-side apply sends the whole object, which says its kind.
      ...(verb === 'patch' && sent['kind'] === undefined ? { patch: sent } : {}),
    }),
  ];
}

function plainWrite({ finalizers, patch, ...write }: Write): Write {
  const told = write.verb === 'patch' || finalizers === undefined ? {} : { finalizers };
  const said = patch === undefined ? {} : { patch: JSON.parse(plain(JSON.stringify(patch))) as Json };
  // A request that was refused for its content names no object.
  return { ...write, object: plain(write.object).replace(/\/$/, ''), ...told, ...said };
}

/**
 * A hook that Argo CD left by a race with its own cache (it took it for done while it ran); without the race it deletes it,
 * as the other recordings show, and so do we.
 */
const RACED: Readonly<Record<string, string>> = { 'delete-hooks-no-finalizer': 'post-del' };
const isRaced = (live: ExpectedCase, { verb, object }: Write): boolean =>
  verb === 'delete' && object.endsWith(`/${RACED[live.name] ?? ''}`);

/** Argo CD deletes again what it does not know to be gone, and creates again a hook that it does not see yet. */
export const isNeeded = ({ verb, code }: Write): boolean =>
  (verb !== 'delete' || code !== 404) && (verb !== 'create' || code !== 409);

interface Batch {
  readonly sort: string;
  readonly writes: Write[];
}

/** Argo CD's pause between waves, and what lies between two requests of one batch, milliseconds. */
const WAVE_MS = 2000;
const TOGETHER_MS = 100;

/**
 * Neighbors of one verb and kind may have gone out together: their order is not fixed, but where the recording shows that
 * a wave lay between. Deletions of one wave go out together, of whatever kind. One that was sent twice counts once.
 */
function batched(writes: readonly Write[], hooks: ReadonlySet<string>): Batch[] {
  const batches: Batch[] = [];
  let before: Write | undefined;
  for (const write of writes) {
    const [, resource] = /^((?:[^/]+\/)?[^/]+)\/[^/]*\/[^/]*$/.exec(write.object) ?? [];
    // What is there already is patched or replaced in the same batch in which others are created; an update of a hook is
    // the end of its finalizer.
    const applied = write.verb === 'patch' || (write.verb === 'update' && !hooks.has(nameIn(write)));
    const sort = `${applied ? 'create' : write.verb} ${resource}`;
    const last = batches.at(-1);
    const passed = write.t === undefined || before?.t === undefined ? 0 : write.t - before.t;
    const together =
      write.verb === 'delete' && before?.verb === 'delete' && write.t !== undefined && passed < TOGETHER_MS;
    before = write;
    if (last?.writes.some((other) => isSame(other, write)) === true) continue;
    if (last && (together || (sort === last.sort && passed < WAVE_MS))) last.writes.push(write);
    else batches.push({ sort, writes: [write] });
  }
  return batches;
}

const isSame = (a: Write, b: Write): boolean => a.verb === b.verb && a.object === b.object;
const untimed = ({ t: _t, ...write }: Write): Write => write;

/** Our writes in batches as large as those of the recording; what is too many comes at the end. */
function cutLike(batches: readonly Batch[], writes: readonly Write[]): Write[][] {
  const ours = writes.map(untimed);
  const cut = batches.map(({ writes: { length } }) => {
    const batch: Write[] = [];
    while (ours.length > 0 && batch.length < length) {
      const next = ours.shift();
      if (next && !batch.some((other) => isSame(other, next))) batch.push(next);
    }
    return batch.sort(byText);
  });
  const rest = ours.filter((write) => cut.at(-1)?.some((other) => isSame(other, write)) !== true);
  return rest.length > 0 ? [...cut, rest] : cut;
}

/**
 * Argo CD looks at most every two seconds, and may miss what we see: the message of a hook that is not ready yet, which
 * stays when its health has none. Which kinds of other groups the server knows is another matter here than it was there.
 */
const slower =
  (rows: readonly Row[]) =>
  (row: Row, index: number): Row => {
    const message = rows[index]?.['message'] ?? '';
    const ours = row['message'] ?? '';
    const missed = message.endsWith(' created') && ours.startsWith('Waiting for rollout to finish');
    const unknown = [message, ours].every((text) => text.startsWith('The Kubernetes API could not find'));
    return missed || unknown ? { ...row, message } : row;
  };

export const nameIn = ({ object = '' }: { readonly object?: string }): string => plain(object).split('/').at(-1) ?? '';

const KINDS: readonly (readonly [string, string])[] = [
  ['/api/v1', 'configmaps'],
  ['/api/v1', 'secrets'],
  ['/api/v1', 'services'],
  ['/api/v1', 'persistentvolumeclaims'],
  ['/api/v1', 'serviceaccounts'],
  ['/api/v1', 'pods'],
  ['/apis/apps/v1', 'deployments'],
  ['/apis/batch/v1', 'jobs'],
];
export const LISTED = new Set([
  'ConfigMap',
  'Secret',
  'Service',
  'PersistentVolumeClaim',
  'ServiceAccount',
  'Pod',
  'apps/Deployment',
  'batch/Job',
]);
export const GIVEN = new Set(['Service/kubernetes', 'ConfigMap/kube-root-ca.crt', 'ServiceAccount/default']);

/** What stands in the namespaces, without what a controller owns; deletions in the foreground have a moment to end. */
export async function leftIn(namespaces: readonly string[], wanted: readonly string[]): Promise<string[]> {
  let left: string[] = [];
  for (const end = Date.now() + 10_000; Date.now() < end; await pause(100)) {
    const lists = namespaces.flatMap((namespace) => KINDS.map(([root, plural]) => list(namespace, root, plural)));
    left = (await Promise.all(lists)).flat().sort();
    if (left.length === wanted.length) break;
  }
  return left;
}

async function list(namespace: string, root: string, plural: string): Promise<string[]> {
  const found = (await get(`${root}/namespaces/${namespace}/${plural}`)) as unknown as {
    kind: string;
    items: {
      metadata: { name: string; ownerReferences?: unknown[]; annotations?: Record<string, string> };
    }[];
  };
  const kind = found.kind.replace(/List$/, '');
  const group = root.startsWith('/apis/') ? (root.split('/')[2] ?? '') : '';
  return found.items
    .filter(({ metadata }) => !metadata.ownerReferences?.length && !GIVEN.has(`${kind}/${metadata.name}`))
    .map(({ metadata }) =>
      plain(
        `${slashed(group, kind, namespace, metadata.name)} ${metadata.annotations?.['argocd.argoproj.io/tracking-id'] ?? ''}`,
      ),
    );
}
