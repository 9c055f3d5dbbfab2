import { keyOf, nameOf, namespaceOf, resourceVersionOf, type JsonObject, type KubeObject } from '#core/object';
import type { Kind, WatchEvent } from '../sync/cluster.ts';
import { at, objectsOf, textOf } from '../sync/json.ts';
import { Stop, type Signal } from '../sync/signal.ts';
import type { Mapping } from '../sync/kubectl/requests.ts';
import { ApiError } from '../sync/api-error.ts';
import { pathOf } from './discovery.ts';
import { ConnectionError } from './connection.ts';
import { slim } from '../sync/kubectl/fields.ts';
import type { ApiClient } from './request.ts';
import { versionOf, watchEvents } from './stream.ts';
import { Aborted, BackOff, sleep } from './time.ts';

/** Objects of one page of a list. */
const PAGE = 500;
/** A server ends a watch by itself after a while; a time of our own spreads the ends. */
const watchSeconds = (): number => 300 + Math.floor(Math.random() * 300);

type Listener = (event: WatchEvent) => void;

/** One kind in one namespace (or everywhere, for cluster-scoped kinds): a list, then a watch that goes on for ever. */
class Watcher {
  readonly #client: ApiClient;
  readonly #mapping: Mapping;
  readonly #namespace: string;
  readonly listeners = new Set<Listener>();
  readonly objects = new Map<string, KubeObject>();
  readonly first: Promise<void>;
  synced = false;
  #isTold = false;

  constructor(client: ApiClient, mapping: Mapping, namespace: string, signal: Signal) {
    this.#client = client;
    this.#mapping = mapping;
    this.#namespace = namespace;
    this.first = new Promise((resolve, reject) => {
      this.#run(signal, resolve).catch(reject);
    });
  }

  async #run(signal: Signal, listed: () => void): Promise<void> {
    let version = await this.#list(signal);
    this.synced = true;
    listed();
    const backOff = new BackOff(50, 5000);
    for (;;) {
      const begun = Date.now();
      try {
        if (version === '') version = await this.#list(signal);
        version = await this.#follow(version, signal, (seen) => (version = seen));
        this.#isTold = false;
        if (Date.now() - begun > 1000) backOff.reset();
      } catch (error) {
        if (error instanceof Aborted || signal.aborted) return;
        this.#tell(error);
        // Too old a version, or a kind that is gone: list again. Everything else: go on from where we were.
        if (error instanceof ApiError && (error.code === 410 || error.code === 404)) version = '';
        if (error instanceof ApiError && error.code === 404) this.#replace([]);
        if (Date.now() - begun > 10_000) backOff.reset();
      }
      try {
        await sleep(backOff.next(), signal);
      } catch {
        return;
      }
    }
  }

  /** What keeps news from coming: told once, for who waits for an object of this kind would wait for ever. */
  #tell(error: unknown): void {
    const { connection, outage } = this.#client;
    if (error instanceof ConnectionError) return outage.failed(error.message);
    const isRefused = error instanceof ApiError ? error.code === 401 || error.code === 403 : error instanceof Error;
    if (!isRefused || this.#isTold) return;
    this.#isTold = true;
    const { plural, group } = this.#mapping;
    const what = `${plural}${group === '' ? '' : `.${group}`}${this.#namespace === '' ? '' : ` in namespace ${this.#namespace}`}`;
    const why = error instanceof Error ? error.message.replace(/\.$/, '') : '';
    const message = `There is no news of ${what} any more: ${why}. What the sync waits for there is not seen; still trying.`;
    connection.audience.tell({ code: 'unwatched', message });
  }

  /** Lists page by page and reports what differs from what was known; the version to watch from. */
  async #list(signal: Signal): Promise<string> {
    let items: KubeObject[] = [];
    let next = '';
    for (;;) {
      const page = await this.#page(next, signal);
      // The pages that are left have expired: from the first one again.
      if (page === undefined) {
        items = [];
        next = '';
        continue;
      }
      for (const item of objectsOf(page['items'])) items.push(this.#whole(item));
      next = textOf(at(page, 'metadata', 'continue'));
      if (next === '') {
        this.#replace(items);
        return versionOf(page);
      }
    }
  }

  /** One page of the list; undefined where what follows a former page is not kept any more. */
  async #page(next: string, signal: Signal): Promise<JsonObject | undefined> {
    const query = { limit: PAGE, continue: next };
    try {
      return await this.#client.request({ method: 'GET', path: pathOf(this.#mapping, this.#namespace), query }, signal);
    } catch (error) {
      if (next !== '' && error instanceof ApiError && error.code === 410) return undefined;
      throw error;
    }
  }

  /** Follows a watch to its end; tells each version that was seen. */
  async #follow(version: string, signal: Signal, seen: (version: string) => void): Promise<string> {
    const path = pathOf(this.#mapping, this.#namespace);
    const query = { resourceVersion: version, timeoutSeconds: watchSeconds() };
    let latest = version;
    for await (const event of watchEvents(this.#client, path, query, signal)) {
      latest = versionOf(event.object) || latest;
      seen(latest);
      if (event.type === 'BOOKMARK') continue;
      const object = this.#whole(event.object);
      const key = this.#key(object);
      if (event.type === 'DELETED') {
        if (this.objects.delete(key)) this.#emit({ type: 'gone', key, object });
      } else {
        this.objects.set(key, object);
        this.#emit({ type: 'changed', key, object });
      }
    }
    return latest;
  }

  #replace(items: readonly KubeObject[]): void {
    const found = new Set<string>();
    for (const object of items) {
      const key = this.#key(object);
      found.add(key);
      const before = this.objects.get(key);
      if (before && resourceVersionOf(before) === resourceVersionOf(object)) continue;
      this.objects.set(key, object);
      this.#emit({ type: 'changed', key, object });
    }
    for (const [key, object] of [...this.objects]) {
      if (found.has(key)) continue;
      this.objects.delete(key);
      this.#emit({ type: 'gone', key, object });
    }
  }

  /** The items of a list leave out apiVersion and kind. */
  #whole(item: KubeObject): KubeObject {
    const { group, version, kind } = this.#mapping;
    return { apiVersion: group === '' ? version : `${group}/${version}`, kind, ...slim(item) };
  }

  #key(object: KubeObject): string {
    const { group, kind } = this.#mapping;
    return keyOf({ group, kind, namespace: namespaceOf(object), name: nameOf(object) });
  }

  #emit(event: WatchEvent): void {
    for (const listener of this.listeners) listener(event);
  }
}

const slot = (kind: Kind, namespace: string): string => `${kind.group}/${kind.version}/${kind.kind}/${namespace}`;

interface Entry {
  readonly watcher: Watcher;
  readonly stop: Stop;
}

/** The watches in use: one for each kind and namespace, however often it is asked for. */
export class Watches {
  readonly #client: ApiClient;
  readonly #watchers = new Map<string, Entry>();
  readonly #stop = new Stop();

  constructor(client: ApiClient) {
    this.#client = client;
  }

  /**
   * Reports the objects of these kinds and every change of them until the signal aborts; resolves when all that is there
   * now has been reported.
   * @throws ApiError where a kind may not be listed
   */
  async add(
    mappings: readonly Mapping[],
    namespaces: readonly string[],
    onEvent: Listener,
    signal: Signal,
  ): Promise<void> {
    const firsts: Promise<void>[] = [];
    for (const mapping of mappings) {
      for (const namespace of mapping.namespaced ? new Set(namespaces) : ['']) {
        firsts.push(this.#attach(mapping, namespace, onEvent, signal));
      }
    }
    await Promise.all(firsts);
  }

  async #attach(mapping: Mapping, namespace: string, onEvent: Listener, signal: Signal): Promise<void> {
    const key = slot(mapping, namespace);
    let entry = this.#watchers.get(key);
    if (entry === undefined) {
      const stop = new Stop(this.#stop);
      const made = { watcher: new Watcher(this.#client, mapping, namespace, stop), stop };
      this.#watchers.set(key, made);
      made.watcher.first.catch(() => this.#drop(key, made));
      entry = made;
    }
    const { watcher } = entry;
    if (watcher.listeners.has(onEvent)) return watcher.first;
    watcher.listeners.add(onEvent);
    const held = entry;
    signal.addEventListener('abort', () => {
      watcher.listeners.delete(onEvent);
      if (watcher.listeners.size === 0) this.#drop(key, held);
    });
    // Who comes later is told first what the others know already.
    for (const [name, object] of watcher.objects) onEvent({ type: 'changed', key: name, object });
    await watcher.first;
  }

  #drop(key: string, entry: Entry): void {
    entry.stop.stop();
    if (this.#watchers.get(key) === entry) this.#watchers.delete(key);
  }

  /** What a watch has of an object: undefined where there is none, `unknown` where its kind is not watched there. */
  peek(kind: Kind, namespaced: boolean, namespace: string, name: string): KubeObject | undefined | 'unknown' {
    const watcher = this.#watchers.get(slot(kind, namespaced ? namespace : ''))?.watcher;
    if (!watcher?.synced) return 'unknown';
    return watcher.objects.get(keyOf({ ...kind, namespace: namespaced ? namespace : '', name }));
  }

  close(): void {
    this.#stop.stop();
    this.#watchers.clear();
  }
}
