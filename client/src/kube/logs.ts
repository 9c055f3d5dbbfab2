import { kindOf, nameOf, namespaceOf, uidOf, type JsonObject, type KubeObject } from '#core/object';
import type { PodLogLine } from '../sync/cluster.ts';
import { at, numberOf, objectsOf, textOf } from '../sync/json.ts';
import { Stop, type Signal } from '../sync/signal.ts';
import { ApiError, type ApiClient, type Query } from './request.ts';
import { linesOf, versionOf, watchEvents } from './stream.ts';
import { Aborted, BackOff, sleep } from './time.ts';

/** A container that writes nothing for hours is no dead connection: only the socket's own keep-alive ends it. */
const QUIET_MS = 24 * 3_600_000;
/** The last pod of a Job may be told after its end. */
const LAST_POD_MS = 500;

type OnLine = (line: PodLogLine) => void;

/**
 * Follows the logs of all containers of all pods that belong to a hook (a Job, or a Pod itself), from their start to
 * their end; resolves when the hook has ended or is gone and all is read. Other kinds have no logs.
 */
export async function followLogs(client: ApiClient, hook: KubeObject, onLine: OnLine, signal: Signal): Promise<void> {
  const kind = kindOf(hook);
  if (kind !== 'Job' && kind !== 'Pod') return;
  const pods = new PodLogs(client, onLine, signal);
  const namespace = namespaceOf(hook);
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`;
  if (kind === 'Pod') {
    await follow(client, path, { fieldSelector: `metadata.name=${nameOf(hook)}` }, signal, (pod, gone) => {
      if (uidOf(hook) !== '' && uidOf(pod) !== uidOf(hook)) return gone;
      pods.see(pod);
      return gone || podEnded(pod);
    });
  } else {
    const ended = new Stop(signal);
    const watching = follow(client, path, { labelSelector: `job-name=${nameOf(hook)}` }, ended, (pod) => {
      if (ownedBy(pod, hook)) pods.see(pod);
      return false;
    });
    const jobs = `/apis/batch/v1/namespaces/${encodeURIComponent(namespace)}/jobs`;
    await follow(client, jobs, { fieldSelector: `metadata.name=${nameOf(hook)}` }, signal, (job, gone) => {
      if (uidOf(hook) !== '' && uidOf(job) !== uidOf(hook)) return true;
      return gone || jobEnded(job);
    });
    if (!signal.aborted) await sleep(LAST_POD_MS, signal).catch(() => undefined);
    ended.stop();
    await watching;
  }
  await pods.done();
}

/**
 * Lists and watches until `see` says that it has seen enough; goes on after every interruption. An object that is not
 * there any more when it is listed again counts as gone.
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
      const items = objectsOf(list['items']);
      for (const [uid, object] of [...known]) {
        if (items.some((item) => uidOf(item) === uid)) continue;
        known.delete(uid);
        if (see(object, true)) return;
      }
      if (items.length === 0 && known.size === 0 && 'fieldSelector' in selector) return;
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

/** The logs of several pods: each container once, from its start. */
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
    for (const status of statusesOf(pod)) {
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

const statusesOf = (pod: KubeObject): readonly JsonObject[] => [
  ...objectsOf(at(pod, 'status', 'initContainerStatuses')),
  ...objectsOf(at(pod, 'status', 'containerStatuses')),
];

const podEnded = (pod: KubeObject): boolean => ['Succeeded', 'Failed'].includes(textOf(at(pod, 'status', 'phase')));

const jobEnded = (job: KubeObject): boolean =>
  objectsOf(at(job, 'status', 'conditions')).some(
    (item) => (item['type'] === 'Complete' || item['type'] === 'Failed') && item['status'] === 'True',
  );

function ownedBy(pod: KubeObject, owner: KubeObject): boolean {
  const uid = uidOf(owner);
  const owners = objectsOf(at(pod, 'metadata', 'ownerReferences'));
  return uid === '' || owners.some((reference) => reference['uid'] === uid);
}
