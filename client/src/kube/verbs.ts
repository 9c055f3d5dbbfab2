import { PatchError } from '#core/apply/patch';
import { gvkOf, isTerminating, nameOf, namespaceOf, type Json, type KubeObject } from '#core/object';
import type { Action, Response, Verb } from '#core/sync/model';
import { at, objectsOf } from '../sync/json.ts';
import { cleaned, noMapping, shownName } from '../sync/kubectl-texts.ts';
import type { Signal } from '../sync/signal.ts';
import { replaceObject } from '../sync/kubectl/replace.ts';
import type { Mapping, WriteOptions } from '../sync/kubectl/requests.ts';
import { ApiError } from '../sync/api-error.ts';
import { bodyOf, dryRunOnClient } from '../sync/kubectl/body.ts';
import { Apply } from './apply.ts';
import type { Discovery } from './discovery.ts';
import { slim, slimmed, withoutManagedFields } from '../sync/kubectl/fields.ts';
import { MergeSchemas } from './openapi.ts';
import { sleep } from './time.ts';
import type { Watches } from './watch.ts';
import type { Writes } from './writes.ts';

const MANAGER = 'argocd-controller';
/** What Argo CD lets kubectl do. */
const BY_KUBECTL: ReadonlySet<string> = new Set<Verb>(['apply', 'create', 'replace']);
const ESTABLISHED_MS = 3000;
const ESTABLISHED_EVERY_MS = 100;

/** Argo CD's verbs on a real cluster. What one object meets is in the answer; only what makes all impossible is thrown. */
export class Verbs {
  readonly #writes: Writes;
  readonly #discovery: Discovery;
  readonly #watches: Watches;
  readonly #apply: Apply;

  constructor(writes: Writes, discovery: Discovery, watches: Watches) {
    this.#writes = writes;
    this.#discovery = discovery;
    this.#watches = watches;
    this.#apply = new Apply(writes, new MergeSchemas(writes.client));
  }

  /** Carries out one request of the engine. */
  perform(action: Action, signal: Signal): Promise<Response> {
    return this.#answer(action, false, signal);
  }

  /** The same as a server-side dry run: the object is what would stand there. */
  preview(action: Action, signal: Signal): Promise<Response> {
    return this.#answer(action, true, signal);
  }

  async #answer(action: Action, dryRun: boolean, signal: Signal): Promise<Response> {
    try {
      const name = nameIn(action);
      const mapping = await this.#discovery.mappingOf(action.object, signal);
      if (mapping === undefined) return this.#unmapped(action);
      if (action.dryRun === 'client') return await this.#client(action, mapping, signal);
      return await this.#do(action, mapping, name, dryRun, signal);
    } catch (error) {
      if (!(error instanceof ApiError) && !(error instanceof PatchError)) throw error;
      const reason = error instanceof ApiError && error.reason !== '' ? { reason: error.reason } : {};
      return { error: BY_KUBECTL.has(action.verb) ? cleaned(error.message) : error.message, ...reason };
    }
  }

  #unmapped(action: Action): Response {
    const { namespace, name } = nameIn(action);
    const found = this.#discovery.discovered(gvkOf(action.object));
    if (action.verb === 'apply' || action.verb === 'create' || action.verb === 'replace') {
      return { error: noMapping(action.object, name, namespace), reason: 'NotFound' };
    }
    const { error, reason } = 'error' in found ? found : { error: 'the kind is not known', reason: 'NotFound' };
    return { error, ...(reason === undefined ? {} : { reason }) };
  }

  /**
   * kubectl's client-side dry run: is there a kind for it, has it a name, is it there already? Reads at most.
   * Source: k8s.io/kubectl/pkg/cmd/apply/apply.go `applyOneObject`; create.go, replace.go.
   */
  async #client(action: Action, mapping: Mapping, signal: Signal): Promise<Response> {
    const object = bodyOf(action.object, mapping);
    switch (action.verb) {
      case 'create':
      case 'replace':
        return dryRunOnClient(action.verb, mapping, object);
      case 'apply':
        return this.#apply.run(action, mapping, { mode: 'client', known: this.#known(mapping, object), signal });
      default:
        return {};
    }
  }

  /** What a watch has of an object; undefined where its kind is not watched there. */
  #known(mapping: Mapping, object: KubeObject): { readonly live: KubeObject | undefined } | undefined {
    const live = this.#watches.peek(mapping, mapping.namespaced, namespaceOf(object), nameOf(object));
    return live === 'unknown' ? undefined : { live };
  }

  async #do(
    action: Action,
    mapping: Mapping,
    { namespace, name }: { namespace: string; name: string },
    dryRun: boolean,
    signal: Signal,
  ): Promise<Response> {
    const options = { dryRun, manager: action.manager ?? MANAGER };
    const object = bodyOf(action.object, mapping);
    switch (action.verb) {
      case 'apply':
        return this.#apply.run(action, mapping, {
          mode: dryRun ? 'preview' : 'write',
          known: this.#known(mapping, object),
          signal,
        });
      case 'create': {
        const validation = action.validate === false ? 'Ignore' : 'Strict';
        const created = await this.#writes.create(mapping, object, { ...options, validation }, signal);
        return told(`${shownName(mapping, nameOf(created))} created`, created, dryRun);
      }
      case 'replace':
        return slimmed(await replaceObject(this.#writes, action, mapping, object, { dryRun, signal }));
      case 'update':
        return left(await this.#writes.put(mapping, object, options, signal));
      case 'update-finalizers':
        // The object is as the watch saw it, its managedFields cut down: the server keeps those that it has.
        return this.#finalizers(mapping, withoutManagedFields(object), options, signal);
      case 'delete':
      case 'prune':
        return left(await this.#writes.remove(mapping, object, action.propagation, options, signal));
      case 'get':
      case 'get-namespace':
        return { object: await this.#writes.get(mapping, namespace, name, signal) };
      case 'patch-managed-fields': {
        const patch = (action.patch ?? []) as Json;
        return left(await this.#writes.jsonPatch(mapping, namespace, name, patch, options, signal));
      }
      case 'wait-crd':
        return dryRun ? {} : { message: await this.#established(mapping, name, signal) };
    }
  }

  /** Where the answer was lost and the object is gone, its last finalizer was taken off as it should. */
  async #finalizers(mapping: Mapping, object: KubeObject, options: WriteOptions, signal: Signal): Promise<Response> {
    try {
      return left(await this.#writes.put(mapping, object, options, signal));
    } catch (error) {
      if (error instanceof ApiError && error.code === 404 && error.repeated && isTerminating(object)) return {};
      throw error;
    }
  }

  /** Waits up to three seconds until a definition is established, as Argo CD does after it has applied one. */
  async #established(mapping: Mapping, name: string, signal: Signal): Promise<string> {
    const end = Date.now() + ESTABLISHED_MS;
    for (;;) {
      const live = await this.#writes.get(mapping, '', name, signal);
      const condition = objectsOf(at(live, 'status', 'conditions')).find((item) => item['type'] === 'Established');
      if (condition?.['status'] === 'True') {
        this.#discovery.definitionsChanged();
        return 'established';
      }
      if (Date.now() >= end) return condition ? 'not established' : 'no condition';
      await sleep(ESTABLISHED_EVERY_MS, signal);
    }
  }
}

const told = (message: string, object: KubeObject, dryRun: boolean): Response => ({
  message: dryRun ? `${message} (server dry run)` : message,
  object: slim(object),
});

const left = (object: KubeObject | undefined): Response => (object === undefined ? {} : { object: slim(object) });

/** The key tells where an object is, also where the action carries none that is complete. */
function nameIn(action: Action): { namespace: string; name: string } {
  const [, , namespace = '', ...name] = action.key.split('/');
  return { namespace, name: name.join('/') || nameOf(action.object) };
}
