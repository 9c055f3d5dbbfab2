import { gvkOf, type KubeObject } from '#core/object';
import type { Discovered } from '#core/sync/model';
import type { Kind } from '../sync/cluster.ts';
import { objectsOf, textOf } from '../sync/json.ts';
import type { Signal } from '../sync/signal.ts';
import { kindNotFound, NOT_SERVED, notDiscovered } from '../sync/kubectl-texts.ts';
import { ApiError } from '../sync/api-error.ts';
import type { Mapping } from '../sync/kubectl/requests.ts';
import type { ApiClient } from './request.ts';
import { inParallel } from '../sync/in-parallel.ts';
import { sleep } from './time.ts';

type GroupVersion =
  { readonly kinds: ReadonlyMap<string, Mapping> } | { readonly error: string; readonly reason: string };

/** A new kind is served a moment after its definition is established. */
const NEW_KIND_MS = 1500;
const NEW_KIND_EVERY_MS = 100;

const groupVersionOf = ({ group, version }: { group: string; version: string }): string =>
  group === '' ? version : `${group}/${version}`;

/**
 * What the API server knows of kinds, asked for one group and version at a time as Argo CD does
 * (gitops-engine/pkg/utils/kube/kube.go `ServerResourceForGroupVersionKind`), and remembered until a refresh.
 */
export class Discovery {
  readonly #client: ApiClient;
  readonly #known = new Map<string, GroupVersion>();
  #definitionsChangedAt = -Infinity;

  constructor(client: ApiClient) {
    this.#client = client;
  }

  /** Asks for the group versions of these kinds: those not asked for yet or, with `refresh`, all of them. */
  async ask(kinds: readonly Kind[], refresh: boolean, signal: Signal): Promise<void> {
    const wanted = new Set(kinds.map(groupVersionOf));
    const missing = [...wanted].filter((groupVersion) => refresh || !this.#known.has(groupVersion));
    await inParallel(missing, 8, async (groupVersion) => {
      this.#known.set(groupVersion, await this.#fetch(groupVersion, signal));
    });
    const unknown = new Set(kinds.filter((kind) => kind.group !== '' && !this.known(kind)).map(({ group }) => group));
    await inParallel([...unknown], 8, (group) => this.#askOthers(group, signal));
  }

  /** Asks for the other versions of a group, in one of which a kind may be served after all. */
  async #askOthers(group: string, signal: Signal): Promise<void> {
    try {
      const answer = await this.#client.request({ method: 'GET', path: `/apis/${group}` }, signal);
      const served = objectsOf(answer['versions']).map((item) => textOf(item['groupVersion']));
      for (const groupVersion of served.filter((name) => !this.#known.has(name)))
        this.#known.set(groupVersion, await this.#fetch(groupVersion, signal));
    } catch (error) {
      // Nobody serves the group.
      if (!(error instanceof ApiError)) throw error;
    }
  }

  /** A version of its group in which a kind is served. */
  #installed({ group, kind }: Kind): string | undefined {
    for (const known of this.#known.values()) {
      const mapping = 'kinds' in known ? known.kinds.get(kind) : undefined;
      if (mapping?.group === group) return mapping.version;
    }
    return undefined;
  }

  /** What the last answer said; texts as Argo CD shows them. */
  discovered(kind: Kind): Discovered {
    const known = this.#known.get(groupVersionOf(kind));
    if (known === undefined) return { error: `${groupVersionOf(kind)} has not been asked for` };
    const mapping = 'kinds' in known ? known.kinds.get(kind.kind) : undefined;
    if (mapping) return { plural: mapping.plural, namespaced: mapping.namespaced };
    const installed = this.#installed(kind);
    const error = 'error' in known ? known : { error: kindNotFound(kind), reason: 'NotFound' };
    return installed === undefined ? error : { ...error, installed };
  }

  /** The mapping of a kind that is known already. */
  known(kind: Kind): Mapping | undefined {
    const known = this.#known.get(groupVersionOf(kind));
    return known !== undefined && 'kinds' in known ? known.kinds.get(kind.kind) : undefined;
  }

  /** A definition was written: for a moment, a kind that is not there yet is waited for. */
  definitionsChanged(): void {
    this.#definitionsChangedAt = Date.now();
  }

  /**
   * The mapping of an object's kind; asks the server when it is not known.
   * @returns undefined where the server does not serve the kind
   */
  async mappingOf(object: KubeObject, signal: Signal): Promise<Mapping | undefined> {
    const kind = gvkOf(object);
    let mapping = this.known(kind);
    if (mapping) return mapping;
    const end = Math.max(this.#definitionsChangedAt + NEW_KIND_MS, Date.now());
    for (;;) {
      await this.ask([kind], true, signal);
      mapping = this.known(kind);
      if (mapping || Date.now() >= end) return mapping;
      await sleep(NEW_KIND_EVERY_MS, signal);
    }
  }

  async #fetch(groupVersion: string, signal: Signal): Promise<GroupVersion> {
    const [group = '', version = ''] = groupVersion.includes('/') ? groupVersion.split('/') : ['', groupVersion];
    try {
      const list = await this.#client.request(
        { method: 'GET', path: group === '' ? `/api/${version}` : `/apis/${group}/${version}` },
        signal,
      );
      const kinds = new Map<string, Mapping>();
      for (const resource of objectsOf(list['resources'])) {
        const plural = textOf(resource['name']);
        // A name with a slash is a subresource.
        if (plural.includes('/')) continue;
        const kind = textOf(resource['kind']);
        if (!kinds.has(kind))
          kinds.set(kind, { group, version, kind, plural, namespaced: resource['namespaced'] === true });
      }
      return { kinds };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const why = error.code === 404 ? NOT_SERVED : error.message;
      return { error: notDiscovered(groupVersion, why), reason: error.reason };
    }
  }
}

/** The path of a kind's list, or of one object. */
export function pathOf(mapping: Mapping, namespace: string, name = '', subresource = ''): string {
  const root = mapping.group === '' ? `/api/${mapping.version}` : `/apis/${mapping.group}/${mapping.version}`;
  const parts = [
    ...(mapping.namespaced && namespace !== '' ? ['namespaces', namespace] : []),
    mapping.plural,
    ...(name === '' ? [] : [name]),
    ...(subresource === '' ? [] : [subresource]),
  ];
  return `${root}/${parts.map(encodeURIComponent).join('/')}`;
}
