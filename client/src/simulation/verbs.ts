import { PatchError } from '#core/apply/patch';
import { nameOf, namespaceOf, type Json, type KubeObject } from '#core/object';
import type { Action, Response, Verb } from '#core/sync/model';
import { ApiError } from '../sync/api-error.ts';
import { cleaned, shownName } from '../sync/kubectl-texts.ts';
import { bodyOf, dryRunOnClient, namelessError } from '../sync/kubectl/body.ts';
import { PlainApply } from '../sync/kubectl/plain-apply.ts';
import { dryRunSuffix, type Mode } from '../sync/kubectl/rbac.ts';
import { replaceObject } from '../sync/kubectl/replace.ts';
import { ServerSideApply } from '../sync/kubectl/server-side-apply.ts';
import type { Signal } from '../sync/signal.ts';
import type { Refusal } from './causes.ts';
import type { ApiResource } from './kinds.ts';
import { mergeSchemaOf } from './merge-schemas.ts';
import type { SimulatedRequests } from './requests.ts';
import type { Server } from './server.ts';
import type { Turns } from './turns.ts';

/** What Argo CD lets kubectl do. */
const BY_KUBECTL: ReadonlySet<string> = new Set<Verb>(['apply', 'create', 'replace']);

export interface VerbsParts {
  readonly server: Server;
  readonly requests: SimulatedRequests;
  readonly turns: Turns;
  /** Why the scenario refuses that an object is written. */
  readonly refuses: (object: KubeObject, resource: ApiResource) => Refusal | undefined;
  /** Waits until a definition is established. */
  readonly waitEstablished: (crd: KubeObject, signal: Signal) => Promise<Response>;
}

/** Argo CD's verbs on the simulated server, by the same commands of kubectl as on a real one. */
export class Verbs {
  readonly #parts: VerbsParts;
  readonly #plain: PlainApply;
  readonly #serverSide: ServerSideApply;

  constructor(parts: VerbsParts) {
    this.#parts = parts;
    this.#plain = new PlainApply(parts.requests, { of: async (mapping) => mergeSchemaOf(mapping) });
    this.#serverSide = new ServerSideApply(parts.requests);
  }

  /** Carries out one request of the engine, or tells (`preview`) what it would come to. */
  answer(action: Action, preview: boolean, signal: Signal): Promise<Response> {
    return this.#parts.turns.take(() => this.#answer(action, preview, signal));
  }

  async #answer(action: Action, preview: boolean, signal: Signal): Promise<Response> {
    try {
      const mapping = this.#parts.server.resource(action.object);
      if ('error' in mapping) return mapping;
      const mode: Mode = action.dryRun === 'client' ? 'client' : preview ? 'preview' : 'write';
      return await this.#do(action, mapping, mode, signal);
    } catch (error) {
      if (!(error instanceof ApiError) && !(error instanceof PatchError)) throw error;
      const reason = error instanceof ApiError ? { reason: error.reason } : {};
      return { error: BY_KUBECTL.has(action.verb) ? cleaned(error.message) : error.message, ...reason };
    }
  }

  async #do(action: Action, mapping: ApiResource, mode: Mode, signal: Signal): Promise<Response> {
    const object = bodyOf(action.object, mapping);
    const { requests } = this.#parts;
    const manager = action.manager ?? 'argocd-controller';
    switch (action.verb) {
      case 'apply':
      case 'create':
      case 'replace':
      case 'update':
        return this.#write(action, mapping, object, mode, signal);
      case 'get':
      case 'get-namespace':
        return { object: await requests.get(mapping, namespaceOf(object), nameOf(object)) };
      case 'patch-managed-fields': {
        const [namespace, name] = [namespaceOf(object), nameOf(object)];
        const options = { dryRun: mode !== 'write', manager };
        return left(await requests.jsonPatch(mapping, namespace, name, (action.patch ?? []) as Json, options));
      }
      case 'update-finalizers':
        if (mode !== 'write') return { object };
        return left(await requests.putFinalizers(mapping, object, manager));
      case 'delete':
      case 'prune':
        return left(await requests.remove(mapping, object, action.propagation, { dryRun: mode !== 'write' }));
      case 'wait-crd':
        return mode === 'write' ? this.#parts.waitEstablished(object, signal) : {};
    }
  }

  async #write(
    action: Action,
    mapping: ApiResource,
    object: KubeObject,
    mode: Mode,
    signal: Signal,
  ): Promise<Response> {
    const { requests, refuses } = this.#parts;
    const { verb } = action;
    // A dry run asks nothing of the scenario: nothing happens.
    const refused = mode === 'write' ? refuses(object, mapping) : undefined;
    if (refused) return refused;
    if (mode === 'client' && (verb === 'create' || verb === 'replace')) return dryRunOnClient(verb, mapping, object);
    const dryRun = mode !== 'write';
    const options = { dryRun, manager: action.manager ?? 'argocd-controller' };
    switch (verb) {
      case 'apply': {
        if (nameOf(object) === '') return { error: namelessError(object) };
        if (action.serverSide !== true || mode === 'client')
          return this.#plain.run(action, mapping, object, { mode, signal });
        return this.#serverSide.run(action, mapping, object, { mode, signal });
      }
      case 'create': {
        const created = await requests.create(mapping, object, options);
        return { message: `${shownName(mapping, nameOf(created))} created${dryRunSuffix(mode)}`, object: created };
      }
      case 'replace':
        return replaceObject(requests, action, mapping, object, { dryRun, signal });
      default:
        return { object: await requests.put(mapping, object, options) };
    }
  }
}

const left = (object: KubeObject | undefined): Response => (object === undefined ? {} : { object });
