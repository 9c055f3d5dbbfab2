import { isObject, keyOf, metadataOf, objectIdOf, resourceVersionOf, uidOf, type KubeObject } from '#core/object';
import type { Action, Response } from '#core/sync/model';
import type { WatchEvent } from './cluster.ts';

/** Versions can be compared where they are numbers, as they are wherever etcd is behind them. */
function versionOf(object: KubeObject | undefined): bigint | undefined {
  const text = object ? resourceVersionOf(object) : '';
  return /^\d+$/.test(text) ? BigInt(text) : undefined;
}

const READS: ReadonlySet<string> = new Set(['get', 'get-namespace', 'wait-crd']);

/**
 * The live objects as far as they are known: what watches report, and on top of it what the cluster answered to our own
 * requests, so that nothing acts on an older state than one that was seen. News that is older than what is known is
 * dropped, by version, and so is any of an object that we know to be gone.
 */
export class LiveCache {
  readonly #objects = new Map<string, KubeObject>();
  readonly #newest = new Map<string, bigint>();
  readonly #gone = new Set<string>();
  /** Written by us, and not yet seen by a watch. */
  readonly #unconfirmed = new Set<string>();
  readonly #changedAt = new Map<string, number>();
  readonly #now: () => number;
  readonly #onChange: () => void;

  constructor(now: () => number, onChange: () => void) {
    this.#now = now;
    this.#onChange = onChange;
  }

  get(key: string): KubeObject | undefined {
    return this.#objects.get(key);
  }

  entries(): Iterable<[string, KubeObject]> {
    return this.#objects.entries();
  }

  /** Is an object of this uid known to be gone for good? */
  isGone(uid: string): boolean {
    return uid !== '' && this.#gone.has(uid);
  }

  /** When the last news of an object came, in milliseconds since 1970. */
  changedAt(key: string): number | undefined {
    return this.#changedAt.get(key);
  }

  /** News of a watch. False where it leaves open how the object is now: it has to be read. */
  observe(event: WatchEvent): boolean {
    if (event.type === 'changed') {
      if (!this.#isOld(event.key, event.object)) this.#unconfirmed.delete(event.key);
      this.#put(event.key, event.object);
      return true;
    }
    const known = this.#objects.get(event.key);
    if (!known) return true;
    // Without the object nobody knows whether it is the one that we have just written, or an older one of its name.
    if (!event.object) {
      if (this.#unconfirmed.has(event.key)) return false;
      this.#remove(event.key, known);
    } else if (uidOf(event.object) === uidOf(known) || !this.#isOld(event.key, event.object)) {
      this.#remove(event.key, known);
    }
    return true;
  }

  /** The answer to one of our own requests. False where it leaves open how the object is now: it has to be read. */
  answered(action: Action, response: Response): boolean {
    if (action.dryRun !== undefined || action.verb === 'wait-crd') return true;
    if (response.object && uidOf(response.object) !== '') {
      const key = keyOf(objectIdOf(response.object));
      if (!READS.has(action.verb)) this.#unconfirmed.add(key);
      this.#put(key, response.object);
      return true;
    }
    if (response.error !== undefined) {
      if (response.reason === 'NotFound') this.#notFound(action);
      return true;
    }
    if (action.verb === 'delete' || action.verb === 'prune') {
      const known = this.#objects.get(action.key);
      if (known) this.#remove(action.key, known);
      return true;
    }
    return READS.has(action.verb);
  }

  /** What a read found; undefined: nothing. */
  read(key: string, object: KubeObject | undefined): void {
    const known = this.#objects.get(key);
    if (object) this.#put(key, object);
    else if (known) this.#remove(key, known);
  }

  /** The object that a request spoke of is not there: what is known of it is old. */
  #notFound({ verb, key, object }: Action): void {
    if (!['get', 'delete', 'prune', 'update-finalizers'].includes(verb)) return;
    const known = this.#objects.get(key);
    if (known && (uidOf(object) === '' || uidOf(object) === uidOf(known))) this.#remove(key, known);
  }

  #isOld(key: string, object: KubeObject): boolean {
    const version = versionOf(object);
    const newest = this.#newest.get(key);
    return version !== undefined && newest !== undefined && version < newest;
  }

  #put(key: string, object: KubeObject): void {
    if (this.#gone.has(uidOf(object)) || this.#isOld(key, object)) return;
    const version = versionOf(object);
    const known = this.#objects.get(key);
    if (known && version !== undefined && version === versionOf(known)) return;
    if (known && uidOf(known) !== uidOf(object)) this.#gone.add(uidOf(known));
    if (version !== undefined) this.#newest.set(key, version);
    this.#objects.set(key, withoutManagedFields(object));
    this.#changed(key);
  }

  #remove(key: string, known: KubeObject): void {
    this.#gone.add(uidOf(known));
    this.#unconfirmed.delete(key);
    this.#objects.delete(key);
    this.#changed(key);
  }

  #changed(key: string): void {
    this.#changedAt.set(key, this.#now());
    this.#onChange();
  }
}

/** Nothing here reads managedFields but the migration, which needs to know only that a manager is among them. */
function withoutManagedFields(object: KubeObject): KubeObject {
  const metadata = metadataOf(object);
  const fields = metadata['managedFields'];
  if (!Array.isArray(fields)) return object;
  const slim = fields.map((field) => (isObject(field) ? { ...field, fieldsV1: {} } : field));
  return { ...object, metadata: { ...metadata, managedFields: slim } };
}
