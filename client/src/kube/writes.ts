import { LAST_APPLIED } from '#core/apply/last-applied';
import {
  annotationOf,
  isTerminating,
  kindOf,
  metadataOf,
  nameOf,
  namespaceOf,
  uidOf,
  type JsonObject,
  type KubeObject,
} from '#core/object';
import type { PropagationPolicy } from '#core/sync/model';
import type { Signal } from '../sync/signal.ts';
import { ApiError } from '../sync/api-error.ts';
import type { ApplyRequests, Mapping, PatchKind, WriteOptions } from '../sync/kubectl/requests.ts';
import { pathOf, type Discovery } from './discovery.ts';
import { without } from '../sync/json.ts';
import { covers } from '../sync/kubectl/fields.ts';
import type { ApiClient, Query } from './request.ts';
import { sleep } from './time.ts';

/** A pod may come before its namespace's service account, and an object before its new kind is served. */
const SOON_MS = 1200;
const SOON_EVERY_MS = 100;

const dryRunQuery = ({ dryRun, manager, validation }: WriteOptions): Query => ({
  dryRun: dryRun ? 'All' : undefined,
  fieldManager: manager,
  fieldValidation: validation,
});

/** The single requests that the verbs are made of. All throw what `ApiClient.request` throws. */
export class Writes implements ApplyRequests {
  readonly client: ApiClient;
  readonly #discovery: Discovery;

  constructor(client: ApiClient, discovery: Discovery) {
    this.client = client;
    this.#discovery = discovery;
  }

  /** Waits so many milliseconds. @throws Aborted */
  readonly sleep = sleep;

  now(): number {
    return Date.now();
  }

  /** Reads one object, managedFields and all; undefined where there is none. */
  async read(mapping: Mapping, namespace: string, name: string, signal: Signal): Promise<KubeObject | undefined> {
    try {
      return await this.get(mapping, namespace, name, signal);
    } catch (error) {
      if (error instanceof ApiError && error.code === 404) return undefined;
      throw error;
    }
  }

  /** The same; NotFound is an error. */
  get(mapping: Mapping, namespace: string, name: string, signal: Signal): Promise<KubeObject> {
    return this.client.request({ method: 'GET', path: pathOf(mapping, namespace, name) }, signal);
  }

  /** POST. Tried again for a moment where the object comes too early for the server. */
  async create(mapping: Mapping, object: KubeObject, options: WriteOptions, signal: Signal): Promise<KubeObject> {
    const end = Date.now() + SOON_MS;
    for (;;) {
      try {
        const created = await this.client.request(
          {
            method: 'POST',
            path: pathOf(mapping, namespaceOf(object)),
            query: dryRunQuery(options),
            body: object,
            idempotent: true,
          },
          signal,
        );
        if (mapping.kind === 'CustomResourceDefinition') this.#discovery.definitionsChanged();
        return created;
      } catch (error) {
        const created = await this.#createdBefore(mapping, object, error, signal);
        if (created) return created;
        if (Date.now() >= end || !isTooEarly(error, object)) throw error;
        await sleep(SOON_EVERY_MS, signal);
      }
    }
  }

  /** An answer was lost, and the object is there now: it is ours if it says what we sent. */
  async #createdBefore(
    mapping: Mapping,
    object: KubeObject,
    error: unknown,
    signal: Signal,
  ): Promise<KubeObject | undefined> {
    if (!(error instanceof ApiError) || error.code !== 409 || !error.repeated || nameOf(object) === '')
      return undefined;
    const live = await this.read(mapping, namespaceOf(object), nameOf(object), signal);
    if (!live || isTerminating(live)) return undefined;
    const applied = annotationOf(object, LAST_APPLIED);
    const same = applied === undefined ? covers(live, object) : annotationOf(live, LAST_APPLIED) === applied;
    return same ? live : undefined;
  }

  /** A merge patch of what an apply found to differ: sent twice it does what it does once. */
  async patch(
    mapping: Mapping,
    object: KubeObject,
    { kind, patch }: { readonly kind: PatchKind; readonly patch: JsonObject },
    options: WriteOptions,
    signal: Signal,
  ): Promise<KubeObject> {
    const patched = await this.client.request(
      {
        method: 'PATCH',
        path: pathOf(mapping, namespaceOf(object), nameOf(object)),
        query: dryRunQuery(options),
        body: patch,
        contentType: `application/${kind === 'merge' ? 'merge-patch' : 'strategic-merge-patch'}+json`,
        idempotent: true,
      },
      signal,
    );
    if (mapping.kind === 'CustomResourceDefinition') this.#discovery.definitionsChanged();
    return patched;
  }

  /** Server-side apply; with `force` it takes over what others own. */
  async applyPatch(
    mapping: Mapping,
    object: KubeObject,
    options: WriteOptions & { force?: boolean },
    signal: Signal,
  ): Promise<KubeObject> {
    const applied = await this.client.request(
      {
        method: 'PATCH',
        path: pathOf(mapping, namespaceOf(object), nameOf(object)),
        query: { ...dryRunQuery(options), force: options.force === true ? true : undefined },
        body: object,
        contentType: 'application/apply-patch+yaml',
        idempotent: true,
      },
      signal,
    );
    if (mapping.kind === 'CustomResourceDefinition') this.#discovery.definitionsChanged();
    return applied;
  }

  /** PUT. Where the answer was lost, a conflict of the second attempt is looked into: the first may have done it. */
  async put(mapping: Mapping, object: KubeObject, options: WriteOptions, signal: Signal): Promise<KubeObject> {
    try {
      return await this.client.request(
        {
          method: 'PUT',
          path: pathOf(mapping, namespaceOf(object), nameOf(object)),
          query: dryRunQuery(options),
          body: object,
          // With a version a second time is a conflict, without one it writes the same content.
          idempotent: true,
        },
        signal,
      );
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 409 || !error.repeated) throw error;
      const live = await this.read(mapping, namespaceOf(object), nameOf(object), signal);
      if (live === undefined || !saysTheSame(live, object)) throw error;
      return live;
    }
  }

  /** A JSON patch, whose own tests (or the version it names) guard it. */
  jsonPatch(
    mapping: Mapping,
    namespace: string,
    name: string,
    patch: KubeObject[string],
    options: WriteOptions,
    signal: Signal,
  ): Promise<KubeObject> {
    return this.client.request(
      {
        method: 'PATCH',
        path: pathOf(mapping, namespace, name),
        query: dryRunQuery(options),
        body: patch,
        contentType: 'application/json-patch+json',
        // Every patch of ours names the version that it is meant for.
        idempotent: true,
      },
      signal,
    );
  }

  /**
   * DELETE of the object that was seen: its uid goes along, so that no later object of that name is hit.
   * @returns the object where it still stands (finalizers, foreground deletion), undefined where it is gone
   */
  async remove(
    mapping: Mapping,
    seen: KubeObject,
    propagation: PropagationPolicy | undefined,
    options: WriteOptions,
    signal: Signal,
  ): Promise<KubeObject | undefined> {
    const uid = uidOf(seen);
    try {
      const answer = await this.client.request(
        {
          method: 'DELETE',
          path: pathOf(mapping, namespaceOf(seen), nameOf(seen)),
          body: {
            kind: 'DeleteOptions',
            apiVersion: 'v1',
            ...(propagation === undefined ? {} : { propagationPolicy: propagation }),
            ...(uid === '' ? {} : { preconditions: { uid } }),
            ...(options.dryRun ? { dryRun: ['All'] } : {}),
          },
          idempotent: true,
        },
        signal,
      );
      return kindOf(answer) === 'Status' || !isTerminating(answer) ? undefined : answer;
    } catch (error) {
      // The answer to the first attempt was lost, and it did what it should.
      if (error instanceof ApiError && error.code === 404 && error.repeated) return undefined;
      throw error;
    }
  }
}

/** Does the live object say what was put, finalizers taken off included? */
function saysTheSame(live: KubeObject, put: KubeObject): boolean {
  const metadata = without(metadataOf(put), 'resourceVersion', 'generation', 'managedFields');
  const finalizers = (object: KubeObject): string => JSON.stringify(metadataOf(object)['finalizers'] ?? []);
  return finalizers(live) === finalizers(put) && covers(live, { ...put, metadata });
}

/** Refused now, and probably not in a moment. */
function isTooEarly(error: unknown, object: KubeObject): boolean {
  if (!(error instanceof ApiError)) return false;
  if (error.code === 403) return kindOf(object) === 'Pod' && /serviceaccount "[^"]*" not found/.test(error.message);
  return error.code === 404 && error.message === 'the server could not find the requested resource';
}
