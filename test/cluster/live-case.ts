import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { isObject, type Json, type JsonObject, type KubeObject } from '#core/object';
import type { OperationState, ResourceResult } from '#core/sync/model';
import type { OperationRequest } from '#core/sync/options';
import { realClock } from '../../client/src/cli/real-clock.ts';
import type { RunEvent } from '../../client/src/sync/events.ts';
import { textOf } from '../../client/src/sync/json.ts';
import { runSync } from '../../client/src/sync/runner.ts';
import { Stop } from '../../client/src/sync/signal.ts';
import { documentTexts } from '../../server/src/manifest/split.ts';
import { readForSync } from '../../server/src/manifest/values.ts';
import { get, open, pause, post, until, writesOf, type AuditedWrite } from './plane.ts';

/** What the real Argo CD v3.6.1 was seen to do (`expected/CASE.json`). */
export interface ExpectedCase {
  readonly title: string;
  /** Name of the application. */
  readonly name: string;
  /** Destination namespace. */
  readonly namespace: string;
  /** It is not there at the start. */
  readonly noNamespace?: boolean;
  readonly extraNamespaces?: readonly string[];
  readonly clusterObjects?: readonly string[];
  readonly steps: readonly ExpectedStep[];
}

/** One sync of a case, and what came of it. */
export interface ExpectedStep {
  readonly step: { readonly files?: string; readonly terminateAtMs?: number; readonly sync: OperationRequest };
  readonly phase: string;
  readonly message: string;
  readonly results: readonly Row[];
  readonly writes: readonly Write[];
  readonly left: readonly { readonly object: string; readonly trackingId?: string; readonly conditions?: string[] }[];
}

/** A result of a task, its object as `group/Kind/namespace/name`. */
type Row = Record<string, string>;

interface Write {
  readonly verb: string;
  readonly object: string;
  readonly code: number;
  readonly propagation?: string;
  readonly finalizers?: readonly string[];
  /** What a patch of a plain apply says; in a recording that was made with other objects it is left out. */
  readonly patch?: Json;
}

export const expectedOf = (name: string): ExpectedCase =>
  JSON.parse(readFileSync(path.join(import.meta.dirname, 'expected', `${name}.json`), 'utf8')) as ExpectedCase;

const namespacesOf = (live: ExpectedCase): string[] => [live.namespace, ...(live.extraNamespaces ?? [])];

/** Makes the destination namespace, where the case starts with one. */
export async function prepare({ namespace, noNamespace }: ExpectedCase): Promise<void> {
  if (noNamespace === true) return;
  await post('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  await until('the service account', () => get(`/api/v1/namespaces/${namespace}/serviceaccounts/default`));
}

/** The objects of a manifest file, as a sync reads them. */
export function objectsIn(file: string): KubeObject[] {
  return documentTexts(readFileSync(file, 'utf8')).flatMap((text) => {
    const reading = readForSync(text);
    if ('refused' in reading) throw new Error(`${file}: ${reading.refused}`);
    return isObject(reading.value) ? [reading.value] : [];
  });
}

export interface Outcome {
  readonly operation: OperationState;
  readonly results: readonly ResourceResult[];
  readonly events: readonly RunEvent[];
  /** What this step wrote, dry runs left out. */
  readonly writes: readonly AuditedWrite[];
  /** Why it was refused before anything was asked; none where it ran. */
  readonly blockers: readonly string[];
}

/** Runs one sync of these objects by the runner, in the process, as the user argocd. */
export async function runStep(
  live: ExpectedCase,
  { step }: ExpectedStep,
  objects: readonly KubeObject[],
): Promise<Outcome> {
  const cluster = await open('argocd');
  const writes = () => writesOf(namespacesOf(live), { clusterObjects: live.clusterObjects ?? [] });
  const before = writes().length;
  const events: RunEvent[] = [];
  const terminate = new Stop();
  const over = new Stop();
  if (step.terminateAtMs !== undefined) void realClock.sleep(step.terminateAtMs, over).then(() => terminate.stop());
  const end = await runSync(
    {
      application: live.name,
      namespace: live.namespace,
      objects,
      operation: step.sync,
      revision: { id: createHash('sha1').update(JSON.stringify(objects, bigints)).digest('hex'), text: 'test' },
      retry: 0,
      furtherKinds: [],
      blockers: [],
      warnings: [],
    },
    { cluster, clock: realClock, terminate, confirm: async () => true, emit: (event) => events.push(event) },
  );
  over.stop();
  const written = () =>
    writes()
      .slice(before)
      .filter((write) => !write.uri.searchParams.has('dryRun'));
  if (end.kind === 'blocked') {
    const operation: OperationState = { phase: 'Failed', message: '' };
    return { operation, results: [], events, writes: written(), blockers: end.blockers };
  }
  const result = events.findLast((event) => event.type === 'result');
  if (!result) throw new Error(`the sync of ${live.name} has no result: ${JSON.stringify(events.at(-1), bigints)}`);
  return {
    operation: result.operation,
    results: result.results,
    events,
    writes: written(),
    blockers: [],
  };
}

const bigints = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value);

/** Compares a step with the recording: phase and message, results as a set, writes in their order, what is left. */
export async function expectSame(live: ExpectedCase, expected: ExpectedStep, outcome: Outcome): Promise<void> {
  if (outcome.blockers.length > 0) return expectRefused(expected, outcome);
  expect(plain(outcome.operation.message)).toBe(plain(expected.message));
  expect(outcome.operation.phase).toBe(expected.phase);
  expect(outcome.results.map(rowOf).sort(byText)).toEqual(expected.results.map(plainRow).sort(byText));
  const hooks = new Set(expected.results.filter(({ hookType }) => hookType !== undefined).map(nameIn));
  const told = expected.writes.some(({ patch }) => patch !== undefined);
  const written = outcome.writes
    .flatMap(writeOf)
    .map(({ patch, ...write }) => (told && patch ? { ...write, patch } : write));
  expect(batched(written, hooks)).toEqual(batched(expected.writes.map(plainWrite), hooks));
  // Of other kinds the writes tell enough.
  const wanted = expected.left
    .filter(
      ({ object }) => LISTED.has(object.split('/').slice(0, -2).join('/')) && object !== 'Service/default/kubernetes',
    )
    .map(({ object, trackingId = '' }) => plain(`${object} ${trackingId}`))
    .sort();
  expect(await leftIn(namespacesOf(live), wanted)).toEqual(wanted);
}

/** Where Argo CD fails for want of a namespace, the sync is refused before it writes anything. */
function expectRefused({ phase, message }: ExpectedStep, { blockers, writes }: Outcome): void {
  const missing = /namespaces "([^"]+)" not found$/.exec(message)?.[1] ?? 'none is missing in the recording';
  expect(phase).toBe('Failed');
  expect(blockers).toEqual([expect.stringContaining(`Namespace ${missing} does not exist`)]);
  expect(writes).toEqual([]);
}

/**
 * Without what differs from run to run: uids, the revision and second in generated names; the temporary file that kubectl
 * names; and Go's dump of a value.
 */
function plain(text: string): string {
  return text
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'UID')
    .replace(/-[0-9a-f]{7}-(presync|sync|postsync|syncfail)-\d{10}/g, '-REVISION-$1-TIME')
    .replace(/error when patching "[^"]*": /g, '')
    .replace(/(Invalid value: )\{.*\}(: field is immutable)/s, '$1…$2');
}

const byText = (a: object, b: object): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
const slashed = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('/');

function rowOf(result: ResourceResult): Row {
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
function writeOf({ verb, object, code, sent }: AuditedWrite): Write[] {
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

/** Neighbors of one verb and kind may have gone out together: their order is not fixed. A deletion that was sent twice counts once. */
function batched(writes: readonly Write[], hooks: ReadonlySet<string>): Write[][] {
  const batches: Write[][] = [];
  let last = '';
  for (const write of writes) {
    const [, resource] = /^((?:[^/]+\/)?[^/]+)\/[^/]*\/[^/]*$/.exec(write.object) ?? [];
    // What is there already is patched or replaced in the same batch in which others are created; an update of a hook is
    // the end of its finalizer.
    const applied = write.verb === 'patch' || (write.verb === 'update' && !hooks.has(nameIn(write)));
    const sort = `${applied ? 'create' : write.verb} ${resource}`;
    if (sort !== last) batches.push([]);
    last = sort;
    const batch = batches.at(-1);
    if (batch && !batch.some((other) => other.verb === write.verb && other.object === write.object)) batch.push(write);
  }
  return batches.map((batch) => batch.sort(byText));
}

const nameIn = ({ object = '' }: { readonly object?: string }): string => plain(object).split('/').at(-1) ?? '';

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
const LISTED = new Set([
  'ConfigMap',
  'Secret',
  'Service',
  'PersistentVolumeClaim',
  'ServiceAccount',
  'Pod',
  'apps/Deployment',
  'batch/Job',
]);
const GIVEN = new Set(['Service/kubernetes', 'ConfigMap/kube-root-ca.crt', 'ServiceAccount/default']);

/** What stands in the namespaces, without what a controller owns; deletions in the foreground have a moment to end. */
async function leftIn(namespaces: readonly string[], wanted: readonly string[]): Promise<string[]> {
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
