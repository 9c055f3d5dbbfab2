import type { HealthResult } from '#core/health/model';
import { deletePhases } from '#core/annotations/classify';
import { LAST_APPLIED } from '#core/apply/last-applied';
import { writeJson } from '#core/json';
import { generateNameOf, isObject, keyOf, kindOf, groupOf, objectIdOf, type Json, type KubeObject } from '#core/object';
import type { OperationPhase, OperationState, ResourceResult, Verb } from '#core/sync/model';
import type { OperationRequest } from '#core/sync/options';
import { sha1 } from './content-id.ts';
import { without } from './json.ts';
import type { Backoff, DeletionOptions, Revision, ApplicationSource } from './model.ts';

/** Version of what is stored. A record of another one is left alone. */
export const RECORD_SCHEMA = 1;

/** What stays known of an object as it was before a request: enough for a pass to go the same way, and no content. */
export interface Stub {
  readonly apiVersion: string;
  readonly kind: string;
  /** Those of Argo CD and Helm alone. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly images: readonly string[];
  readonly health: HealthResult;
  /** It had Argo CD's finalizer of hooks. */
  readonly finalizer?: true;
  /** It was being deleted already. */
  readonly terminating?: true;
}

/** One request of the pass that is under way. */
export interface JournalEntry {
  readonly verb: Verb;
  /** `group/Kind/namespace/name` as it stands in the cluster. */
  readonly key: string;
  /** The uid of what stood there before; empty: nothing. */
  readonly seen: string;
  /** The server makes up the name, of which this is the beginning. */
  readonly generateName?: string;
  /** Of what stood there before. */
  readonly stub?: Stub;
  /** Absent: nobody knows what came of it. */
  readonly answer?: { readonly message?: string; readonly error?: string; readonly reason?: string };
}

/** One manifest of the operation, to see whether it is still the same. */
export interface Fingerprint {
  readonly key: string;
  readonly hash: string;
}

/**
 * An operation as it is stored: plain data after every batch, from which it goes on by a new pass. It holds no object
 * and no value of a Secret. Times are milliseconds since 1970.
 */
export interface OperationRecord {
  readonly schema: typeof RECORD_SCHEMA;
  /** Unique, and fit for a file's name. */
  readonly id: string;
  readonly application: string;
  readonly context: string;
  readonly server: string;
  readonly namespace: string;
  readonly revision: Revision;
  readonly startedAt: number;
  readonly updatedAt: number;
  /** The process that runs it. */
  readonly process: number;
  /** What that process holds as long as it lives; absent: its number alone tells. */
  readonly lock?: string;
  /** As that process holds the Lease of the application. */
  readonly holder?: string;
  /** Those that held it before and died; the Lease may still name any of them. */
  readonly earlierHolders?: readonly string[];
  /** Argo CD has run it, for this Application: `namespace/name`. */
  readonly handedTo?: string;
  /** Stored before anything was sent, the Lease among it: no sync has to be gone on with. */
  readonly untouched?: true;
  /** Where the application was read: a folder of this machine, and the path of its source within it. */
  readonly source?: ApplicationSource;
  readonly operation: OperationRequest;
  /** It is a deletion of the application's objects; absent: a sync. */
  readonly deletion?: DeletionOptions;
  readonly retry: number;
  readonly backoff?: Backoff;
  readonly waveDelay?: number;
  readonly timeout?: number;
  readonly fingerprints: readonly Fingerprint[];
  /** The destination namespace was there before. */
  readonly hadNamespace: boolean;
  /** What differed at the start, for ApplyOutOfSyncOnly. */
  readonly modified: readonly (readonly [key: string, differs: boolean])[];
  readonly state: OperationState;
  readonly results: readonly ResourceResult[];
  /** The requests of the pass that is under way, in their order. */
  readonly journal: readonly JournalEntry[];
  readonly terminating?: 'asked' | 'timeout';
  /** Further attempts that were begun, or are waited for. */
  readonly retries: number;
  /** When the next attempt begins. */
  readonly nextAttemptAt?: number;
  readonly ended?: { readonly at: number; readonly how: 'finished' | 'discarded' };
}

/** All processes by which the Lease of a stored operation may be held. */
export const holdersOf = ({ earlierHolders = [], holder }: OperationRecord): readonly string[] =>
  holder === undefined ? earlierHolders : [...new Set([...earlierHolders, holder])];

/** How a stored operation stands; interrupted: it was cut off, and can be resumed or discarded. */
export type Standing = 'running' | 'interrupted' | 'discarded' | 'finished';

/** @param isAlive its process still lives */
export const standingOf = ({ ended }: OperationRecord, isAlive: boolean): Standing =>
  ended?.how ?? (isAlive ? 'running' : 'interrupted');

/** `sync` or `deletion`: what a stored operation is, and what a request asks for. */
export const operationWord = ({
  deletion,
}: {
  readonly deletion?: DeletionOptions | undefined;
}): 'sync' | 'deletion' => (deletion ? 'deletion' : 'sync');

export type OperationWord = ReturnType<typeof operationWord>;

/** The manifests that an operation goes by: of a deletion its hooks alone. */
export const objectsThatCount = (
  objects: readonly KubeObject[],
  { deletion }: { readonly deletion?: DeletionOptions | undefined },
): readonly KubeObject[] => (deletion ? objects.filter((object) => deletePhases(object).length > 0) : objects);

/** What tells the manifests of an operation apart. The values of Secrets are left out, for a hash of a short one tells it. */
export function fingerprintsOf(objects: readonly KubeObject[]): Fingerprint[] {
  return objects.map((object) => {
    const id = objectIdOf(object);
    const key = keyOf({ ...id, name: id.name || `${generateNameOf(object)}…` });
    return { key, hash: sha1(writeJson(withoutValues(object))) };
  });
}

function withoutValues(object: KubeObject): KubeObject {
  if (kindOf(object) !== 'Secret' || groupOf(object) !== '') return object;
  const names = (value: Json | undefined): Json => (isObject(value) ? Object.keys(value).sort() : null);
  const { data, stringData, metadata, ...rest } = object;
  return { ...rest, metadata: withoutLastApplied(metadata), data: names(data), stringData: names(stringData) };
}

/** kubectl keeps a whole Secret in one annotation. */
function withoutLastApplied(metadata: Json | undefined): Json {
  if (!isObject(metadata) || !isObject(metadata['annotations'])) return metadata ?? null;
  return { ...metadata, annotations: without(metadata['annotations'], LAST_APPLIED) };
}

/** What differs between the manifests of a stored operation and those of now, for a person; empty: nothing. */
export function differences(then: readonly Fingerprint[], now: readonly Fingerprint[]): string[] {
  const hashes = (list: readonly Fingerprint[]): Map<string, string> => {
    const all = new Map<string, string>();
    for (const { key, hash } of list) all.set(key, `${all.get(key) ?? ''} ${hash}`);
    return all;
  };
  const [before, after] = [hashes(then), hashes(now)];
  return [
    ...[...after].flatMap(([key, hash]) => {
      const old = before.get(key);
      return old === hash ? [] : [`${key} ${old === undefined ? 'is new' : 'has changed'}`];
    }),
    ...[...before.keys()].filter((key) => !after.has(key)).map((key) => `${key} is not there any more`),
  ].sort();
}

const PHASES: ReadonlySet<string> = new Set<OperationPhase>(['Running', 'Terminating', 'Succeeded', 'Failed', 'Error']);
const TEXTS = ['id', 'application', 'context', 'server', 'namespace'] as const;
const NUMBERS = ['startedAt', 'updatedAt', 'process', 'retry', 'retries'] as const;
const LISTS = ['fingerprints', 'modified', 'results', 'journal'] as const;

/** Reads a stored operation. A text: why it cannot be read. */
export function readRecord(text: string): OperationRecord | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'it is no JSON';
  }
  if (!isRecord(value)) return 'it holds no operation';
  const { schema } = value;
  if (typeof schema === 'number' && schema > RECORD_SCHEMA) return 'a newer version of argocd-hooks has written it';
  const { state, revision, operation, ended } = value;
  const whole =
    schema === RECORD_SCHEMA &&
    TEXTS.every((name) => typeof value[name] === 'string') &&
    NUMBERS.every((name) => isTime(value[name])) &&
    LISTS.every((name) => Array.isArray(value[name])) &&
    (value['earlierHolders'] === undefined || Array.isArray(value['earlierHolders'])) &&
    ['lock', 'holder', 'handedTo'].every((name) => value[name] === undefined || typeof value[name] === 'string') &&
    (value['deletion'] === undefined || isDeletion(value['deletion'])) &&
    (value['source'] === undefined || hasTexts(value['source'], ['folder', 'path'])) &&
    (value['results'] as unknown[]).every(isResult) &&
    (value['journal'] as unknown[]).every(isEntry) &&
    (value['fingerprints'] as unknown[]).every((item) => hasTexts(item, ['key', 'hash'])) &&
    (value['modified'] as unknown[]).every((pair) => Array.isArray(pair) && typeof pair[0] === 'string') &&
    hasTexts(state, ['phase', 'message']) &&
    PHASES.has(String(state['phase'])) &&
    hasTexts(revision, ['id', 'text']) &&
    isRecord(operation) &&
    (ended === undefined || (isRecord(ended) && isTime(ended['at']) && typeof ended['how'] === 'string'));
  return whole ? (value as unknown as OperationRecord) : 'it does not hold what this version writes';
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isDeletion = (value: unknown): boolean =>
  hasTexts(value, ['propagation']) && typeof value['cascade'] === 'boolean';
const isTime = (value: unknown): boolean => typeof value === 'number' && Math.abs(value) <= 8.64e15;
const hasTexts = (value: unknown, names: readonly string[]): value is Record<string, unknown> =>
  isRecord(value) && names.every((name) => typeof value[name] === 'string');
const isResult = (value: unknown): boolean =>
  hasTexts(value, ['group', 'version', 'kind', 'namespace', 'name', 'status', 'message', 'hookPhase', 'syncPhase']);
const isEntry = (value: unknown): boolean =>
  hasTexts(value, ['verb', 'key', 'seen']) &&
  (value['generateName'] === undefined || typeof value['generateName'] === 'string') &&
  (value['answer'] === undefined || isRecord(value['answer'])) &&
  (value['stub'] === undefined ||
    (hasTexts(value['stub'], ['apiVersion', 'kind']) &&
      isRecord(value['stub']['annotations']) &&
      Array.isArray(value['stub']['images'])));
