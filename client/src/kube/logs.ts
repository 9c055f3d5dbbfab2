import { nameOf, namespaceOf, uidOf, type KubeObject } from '#core/object';
import type { PodLogLine } from '../sync/cluster.ts';
import { containerStatuses } from '../sync/containers.ts';
import { at, numberOf, objectsOf, textOf } from '../sync/json.ts';
import { Stop, type Signal } from '../sync/signal.ts';
import type { Mapping } from '../sync/kubectl/requests.ts';
import { ApiError } from '../sync/api-error.ts';
import { pathOf } from './discovery.ts';
import { hasEnded, podsOf } from './pods.ts';
import type { ApiClient, Query } from './request.ts';
import { linesOf, versionOf, watchEvents } from './stream.ts';
import { Aborted, BackOff, sleep } from './time.ts';

/** A container that writes nothing for hours is no dead connection: only the socket's own keep-alive ends it. */
const QUIET_MS = 24 * 3_600_000;
/** The last pod of a Job may be told after its end. */
const LAST_POD_MS = 500;

type OnLine = (line: PodLogLine) => void;

/**
 * Follows the logs of all containers of all pods that belong to an object, from their start to their end; resolves when
 * the object has ended or is gone and all is read. Kinds without pods have no logs.
 * @param mapping of the object's kind
 * @throws ApiError where the pods may not be listed
 */
export async function followLogs(
  client: ApiClient,
  mapping: Mapping,
  object: KubeObject,
  onLine: OnLine,
  signal: Signal,
): Promise<void> {
  const search = podsOf(object);
  if (search === undefined) return;
  const logs = new PodLogs(client, onLine, signal);
  const ended = new Stop(signal);
  const pods = `/api/v1/namespaces/${encodeURIComponent(namespaceOf(object))}/pods`;
  const watching = follow(client, pods, search.query, ended, (pod) => {
    if (search.owns(pod)) logs.see(pod);
    return false;
  });
  // Told when it is waited for; until then it must not count as unhandled.
  watching.catch(() => ended.stop());
  const itself = { fieldSelector: `metadata.name=${nameOf(object)}` };
  await follow(client, pathOf(mapping, namespaceOf(object)), itself, ended, (latest, gone) => {
    if (uidOf(object) !== '' && uidOf(latest) !== uidOf(object)) return true;
    return gone || hasEnded(latest);
  });
  if (!ended.aborted) await sleep(LAST_POD_MS, ended).catch(() => undefined);
  ended.stop();
  await watching;
  await logs.done();
}

/**
 * Lists and watches until `see` says that it has seen enough; goes on after every interruption. An object that is not
 * there any more when it is listed again counts as gone; one that is named and was never there ends it.
 */
async function follow(
  client: ApiClient,
  path: string,
  selector: Query,
  signal: Signal,
  see: (object: KubeObject, gone: boolean) => boolean,
): Promise<void> {
  const backOff = new BackOff(100, 3000);
  const known = new Map<string, KubeObject>();
  while (!signal.aborted) {
    try {
      const list = await client.request({ method: 'GET', path, query: selector }, signal);
      const items = objectsOf(list['items']).map((item) => withKind(item, list));
      for (const [uid, object] of [...known]) {
        if (items.some((item) => uidOf(item) === uid)) continue;
        known.delete(uid);
        if (see(object, true)) return;
      }
      if (items.length === 0 && known.size === 0 && selector['fieldSelector'] !== undefined) return;
      for (const item of items) {
        known.set(uidOf(item), item);
        if (see(item, false)) return;
      }
      const query = { ...selector, resourceVersion: versionOf(list), timeoutSeconds: 600 };
      for await (const event of watchEvents(client, path, query, signal)) {
        if (event.type === 'BOOKMARK') continue;
        backOff.reset();
        known.set(uidOf(event.object), event.object);
        if (event.type === 'DELETED') known.delete(uidOf(event.object));
        if (see(event.object, event.type === 'DELETED')) return;
      }
    } catch (error) {
      if (error instanceof Aborted) return;
      if (error instanceof ApiError && error.code === 403) throw error;
    }
    await sleep(backOff.next(), signal).catch(() => undefined);
  }
}

/** The items of a list leave out their kind. */
const withKind = (item: KubeObject, list: KubeObject): KubeObject => ({
  kind: textOf(list['kind']).replace(/List$/, ''),
  ...item,
});

/** The logs of several pods: each run of a container once, from its start. */
class PodLogs {
  readonly #client: ApiClient;
  readonly #onLine: OnLine;
  readonly #signal: Signal;
  readonly #streams = new Map<string, Promise<void>>();
  readonly #ended = new Set<string>();

  constructor(client: ApiClient, onLine: OnLine, signal: Signal) {
    this.#client = client;
    this.#onLine = onLine;
    this.#signal = signal;
  }

  /** A pod as it is now: opens the logs of its containers that have started. */
  see(pod: KubeObject): void {
    const uid = uidOf(pod);
    for (const status of containerStatuses(pod)) {
      const container = textOf(status['name']);
      const run = `${uid}/${container}/${numberOf(status['restartCount'], 0)}`;
      if (at(status, 'state', 'terminated') !== undefined) this.#ended.add(run);
      const started = at(status, 'state', 'running') !== undefined || this.#ended.has(run);
      if (started && !this.#streams.has(run)) this.#streams.set(run, this.#stream(pod, container, run));
    }
  }

  /** Resolves when everything that was opened has been read. */
  async done(): Promise<void> {
    await Promise.all(this.#streams.values());
  }

  async #stream(pod: KubeObject, container: string, run: string): Promise<void> {
    const name = nameOf(pod);
    const path = `/api/v1/namespaces/${encodeURIComponent(namespaceOf(pod))}/pods/${encodeURIComponent(name)}/log`;
    const backOff = new BackOff(100, 3000);
    let last = '';
    while (!this.#signal.aborted) {
      try {
        // Stamps tell where to go on after an interruption; the server counts in seconds, so the rest is skipped here.
        const since = last === '' ? {} : { sinceTime: `${last.slice(0, 19)}Z` };
        const query = { container, follow: true, timestamps: true, ...since };
        const response = await this.#client.open({ method: 'GET', path, query }, QUIET_MS, this.#signal);
        for await (const line of linesOf(response)) {
          const space = line.indexOf(' ');
          const stamp = space < 0 ? line : line.slice(0, space);
          if (last !== '' && stamp <= last) continue;
          last = stamp;
          this.#onLine({ pod: name, container, line: space < 0 ? '' : line.slice(space + 1) });
        }
        return;
      } catch (error) {
        if (this.#signal.aborted || error instanceof Aborted) return;
        // The pod is gone, its logs with it; or they cannot be had at all.
        if (error instanceof ApiError && error.code !== 400 && error.code < 500) return;
        if (error instanceof ApiError && this.#ended.has(run)) return;
      }
      await sleep(backOff.next(), this.#signal).catch(() => undefined);
    }
  }
}
