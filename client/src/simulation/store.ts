import {
  finalizersOf,
  groupOf,
  isTerminating,
  keyOf,
  kindOf,
  metadataOf,
  nameOf,
  namespaceOf,
  objectIdOf,
  uidOf,
  type JsonObject,
  type KubeObject,
} from '#core/object';
import { equal, objectsOf, textOf, without } from '../sync/json.ts';
import type { Scheduler } from './clock.ts';

/** A change of the store, in the order in which it happened. */
export interface Change {
  readonly type: 'created' | 'changed' | 'gone';
  readonly key: string;
  readonly object: KubeObject;
}

/** `group/Kind/namespace/name` of an object as it stands. */
export const keyOfObject = (object: KubeObject): string => keyOf(objectIdOf(object));

/** RFC 3339 in UTC; milliseconds, which Kubernetes does not write, only where there are some. */
export const timeText = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');

/** The object with other metadata fields; a field that is undefined goes. */
export function withMetadata(
  object: KubeObject,
  fields: Readonly<Record<string, JsonObject[string] | undefined>>,
): KubeObject {
  const metadata = { ...metadataOf(object) };
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined) Reflect.deleteProperty(metadata, key);
    else metadata[key] = value;
  }
  return { ...object, metadata };
}

/**
 * The objects of the simulated cluster with what an API server adds to them: uid, versions, generation, times. Objects
 * are never changed in place: whoever holds one holds it as it was.
 */
export class Store {
  readonly #objects = new Map<string, KubeObject>();
  readonly #dependents = new Map<string, Set<string>>();
  readonly #kinds = new Map<string, Map<string, KubeObject>>();
  readonly #listeners = new Set<(change: Change) => void>();
  readonly #clock: Scheduler;
  #version = 1000;
  #uid = 0;

  constructor(clock: Scheduler) {
    this.#clock = clock;
  }

  /** Calls back on each change, until the answer is called. */
  listen(onChange: (change: Change) => void): () => void {
    this.#listeners.add(onChange);
    return () => this.#listeners.delete(onChange);
  }

  get(key: string): KubeObject | undefined {
    return this.#objects.get(key);
  }

  all(): Iterable<KubeObject> {
    return this.#objects.values();
  }

  /** Now, as Kubernetes writes it: without fractions of a second. */
  time(): string {
    return timeText(Math.floor(this.#clock.now() / 1000) * 1000);
  }

  /** The objects of one kind, in a namespace or in all. */
  ofKind(group: string, kind: string, namespace?: string): KubeObject[] {
    const found = [...(this.#kinds.get(`${group}/${kind}`)?.values() ?? [])];
    return namespace === undefined ? found : found.filter((object) => namespaceOf(object) === namespace);
  }

  /** The objects that name this one as an owner. */
  dependentsOf(owner: KubeObject): KubeObject[] {
    return [...(this.#dependents.get(uidOf(owner)) ?? [])]
      .map((key) => this.#objects.get(key))
      .filter((o) => o !== undefined);
  }

  /** Adds an object that is not there yet. */
  create(object: KubeObject, uid: string): KubeObject {
    const stored = withMetadata(object, {
      uid,
      resourceVersion: this.#nextVersion(),
      generation: 1,
      creationTimestamp: timeText(this.#clock.now()),
      deletionTimestamp: undefined,
    });
    return this.#put('created', stored);
  }

  /** What an object would be after a write of everything but its status; the same object where nothing changes. */
  updated(current: KubeObject, wanted: KubeObject): KubeObject {
    const { uid, resourceVersion, generation, creationTimestamp, deletionTimestamp } = metadataOf(current);
    const kept = withMetadata(wanted, { uid, resourceVersion, generation, creationTimestamp, deletionTimestamp });
    const status = current['status'];
    const next: KubeObject = status === undefined ? without(kept, 'status') : { ...kept, status };
    return equal(next, current) ? current : next;
  }

  /** Writes everything but the status; without a finalizer left a terminating object goes. */
  update(current: KubeObject, wanted: KubeObject): KubeObject {
    const next = this.updated(current, wanted);
    if (next === current) return current;
    if (isTerminating(next) && finalizersOf(next).length === 0) {
      this.#remove(next);
      return next;
    }
    const sameSpec = equal(without(next, 'metadata', 'status'), without(current, 'metadata', 'status'));
    const generation = Number(metadataOf(current)['generation'] ?? 1) + (sameSpec ? 0 : 1);
    return this.#put('changed', withMetadata(next, { generation, resourceVersion: this.#nextVersion() }));
  }

  /** Writes the status alone. */
  setStatus(current: KubeObject, status: JsonObject): void {
    const stored = this.#objects.get(keyOfObject(current));
    if (!stored || uidOf(stored) !== uidOf(current) || equal(stored['status'], status)) return;
    this.#put('changed', withMetadata({ ...stored, status }, { resourceVersion: this.#nextVersion() }));
  }

  /** Deletes an object: it goes at once, or waits for its finalizers; the answer is the object that is left. */
  delete(current: KubeObject, addedFinalizer?: string): KubeObject | undefined {
    const finalizers = finalizersOf(current);
    const wanted =
      addedFinalizer === undefined || finalizers.includes(addedFinalizer)
        ? finalizers
        : [...finalizers, addedFinalizer];
    if (wanted.length === 0) {
      this.#remove(current);
      return undefined;
    }
    if (isTerminating(current)) return current;
    return this.#put(
      'changed',
      withMetadata(current, {
        finalizers: wanted,
        deletionTimestamp: timeText(this.#clock.now()),
        resourceVersion: this.#nextVersion(),
      }),
    );
  }

  /** Takes an object away whatever its finalizers say. */
  #remove(current: KubeObject): void {
    const key = keyOfObject(current);
    this.#objects.delete(key);
    this.#kinds.get(kindKey(current))?.delete(key);
    for (const uid of ownerUids(current)) this.#dependents.get(uid)?.delete(key);
    this.#tell({ type: 'gone', key, object: withMetadata(current, { resourceVersion: this.#nextVersion() }) });
  }

  #put(type: 'created' | 'changed', object: KubeObject): KubeObject {
    const key = keyOfObject(object);
    const before = this.#objects.get(key);
    if (before) for (const uid of ownerUids(before)) this.#dependents.get(uid)?.delete(key);
    this.#objects.set(key, object);
    const kind = this.#kinds.get(kindKey(object));
    if (kind) kind.set(key, object);
    else this.#kinds.set(kindKey(object), new Map([[key, object]]));
    for (const uid of ownerUids(object)) {
      const known = this.#dependents.get(uid);
      if (known) known.add(key);
      else this.#dependents.set(uid, new Set([key]));
    }
    this.#tell({ type, key, object });
    return object;
  }

  #tell(change: Change): void {
    for (const listener of [...this.#listeners]) listener(change);
  }

  #nextVersion(): string {
    return String(++this.#version);
  }

  newUid(): string {
    return `00000000-0000-4000-8000-${String(++this.#uid).padStart(12, '0')}`;
  }
}

/** `Kind/name` for reasons: what a person calls the object. */
export const labelOf = (object: KubeObject): string => `${kindOf(object)} ${nameOf(object)}`;

const kindKey = (object: KubeObject): string => `${groupOf(object)}/${kindOf(object)}`;

const ownerUids = (object: KubeObject): string[] =>
  objectsOf(metadataOf(object)['ownerReferences']).map((reference) => textOf(reference['uid']));
