import { lastAppliedOf, withoutNulls } from '#core/apply/last-applied';
import { jsonMergePatch } from '#core/apply/json-merge';
import { applyMergePatch } from '#core/apply/merge-patch';
import { PatchError } from '#core/apply/patch';
import { strategicMergePatch } from '#core/apply/strategic';
import { applyStrategicPatch } from '#core/apply/strategic-apply';
import {
  finalizersOf,
  generateNameOf,
  groupOf,
  gvkOf,
  kindOf,
  nameOf,
  namespaceOf,
  resourceVersionOf,
  uidOf,
  type JsonObject,
  type KubeObject,
} from '#core/object';
import type { PropagationPolicy } from '#core/sync/model';
import { textOf, without } from '../sync/json.ts';
import type { PatchKind } from '../sync/kubectl/requests.ts';
import { conflict, notFound, refuseCreate, refuseUpdate, resourceNamed } from './admission.ts';
import type { Refusal } from './causes.ts';
import { asCreated, asWrittenOver } from './created.ts';
import { CRD_FINALIZER } from './controllers/definition.ts';
import { NAMESPACE_FINALIZER } from './controllers/namespace.ts';
import { FOREGROUND, ORPHAN } from './controllers.ts';
import { asStored } from './defaults.ts';
import { GeneratedNames } from './generated-names.ts';
import { isBuiltInGroup, type ApiResource, type Kinds } from './kinds.ts';
import { mergeSchemaOf } from './merge-schemas.ts';
import { withMetadata, type Store } from './store.ts';

/** What a request leaves, or why it is refused. */
export type Answer = { readonly object: KubeObject } | Refusal;

/** What the API server does with one object: the requests that write. `dry`: nothing is kept. */
export class Server {
  readonly #store: Store;
  readonly #kinds: Kinds;
  readonly #names = new GeneratedNames();
  #created = 0;
  /** Manifests of the last server-side apply by uid: what a server keeps in managedFields. */
  readonly #applied = new Map<string, KubeObject>();

  constructor(store: Store, kinds: Kinds) {
    this.#store = store;
    this.#kinds = kinds;
  }

  /** The kind of an object, or the error of a client that looks for it. */
  resource(object: KubeObject): ApiResource | Refusal {
    const gvk = gvkOf(object);
    const found = this.#kinds.find(gvk);
    if (found) return found;
    const version = textOf(object['apiVersion']);
    const error =
      `resource mapping not found for name: "${nameOf(object)}" namespace: "${namespaceOf(object)}" ` +
      `from "STDIN": no matches for kind "${gvk.kind}" in version "${version}"\nensure CRDs are installed first`;
    return { error, reason: 'NotFound' };
  }

  find(resource: ApiResource, namespace: string, name: string): KubeObject | undefined {
    return this.#store.get(`${resource.group}/${resource.kind}/${resource.namespaced ? namespace : ''}/${name}`);
  }

  /** POST: with what the server adds, a generated name and the first status. */
  create(object: KubeObject, resource: ApiResource, dry: boolean): Answer {
    const standing = nameOf(object) === '' ? undefined : this.find(resource, namespaceOf(object), nameOf(object));
    if (standing) {
      const refused = refuseCreate(object, resource, this.#store);
      if (refused?.reason === 'NotFound' || refused?.reason === 'Invalid') return refused;
      return { error: `${resourceNamed(resource, nameOf(object))} already exists`, reason: 'AlreadyExists' };
    }
    const refused = refuseCreate(object, resource, this.#store);
    if (refused) return refused;
    const name = nameOf(object) || generateNameOf(object) + (dry ? '' : this.#names.next());
    const named = withMetadata(withoutNulls(object) as KubeObject, { name });
    const fresh = isBuiltInGroup(resource.group) ? firstStatus(without(named, 'status')) : named;
    const stored = asStored(fresh);
    if (dry) return { object: stored };
    const uid = this.#store.newUid();
    return { object: this.#store.create(asCreated(stored, uid, ++this.#created), uid) };
  }

  /** PATCH of the object that is there. */
  patch(
    resource: ApiResource,
    target: KubeObject,
    { kind, patch }: { readonly kind: PatchKind; readonly patch: JsonObject },
    dry: boolean,
  ): Answer {
    const live = this.find(resource, namespaceOf(target), nameOf(target));
    if (!live) return notFound(resource, nameOf(target));
    const schema = mergeSchemaOf(resource);
    try {
      const merged =
        kind === 'strategic' && schema ? applyStrategicPatch(live, patch, schema) : applyMergePatch(live, patch);
      return this.#change(live, merged, dry);
    } catch (error) {
      if (!(error instanceof PatchError)) throw error;
      return { error: error.message, reason: 'BadRequest' };
    }
  }

  /** PUT: refused where the object has changed since the version that is named. */
  put(resource: ApiResource, object: KubeObject, dry: boolean): Answer {
    const live = this.find(resource, namespaceOf(object), nameOf(object));
    if (!live) return notFound(resource, nameOf(object));
    const version = resourceVersionOf(object);
    if (version !== '' && version !== resourceVersionOf(live)) return conflict(resource, object);
    return this.#change(live, withoutNulls(object) as KubeObject, dry);
  }

  /** A server-side apply, which never conflicts here: nobody else applies. */
  apply(resource: ApiResource, object: KubeObject, dry: boolean): Answer {
    const target = withoutNulls(object) as KubeObject;
    const live = this.find(resource, namespaceOf(object), nameOf(object));
    if (!live) {
      const made = this.create(target, resource, dry);
      if (!('error' in made) && !dry) this.#applied.set(uidOf(made.object), target);
      return made;
    }
    const schema = mergeSchemaOf(resource);
    try {
      // Fields of a plain apply are handed over first; its annotation stays.
      const ways = { original: this.#applied.get(uidOf(live)) ?? lastAppliedOf(live), modified: target, current: live };
      const merged = schema
        ? applyStrategicPatch(live, strategicMergePatch(ways, schema), schema)
        : applyMergePatch(live, jsonMergePatch(ways));
      const left = this.#change(live, merged, dry);
      if (!('error' in left) && !dry) this.#applied.set(uidOf(live), target);
      return left;
    } catch (error) {
      if (!(error instanceof PatchError)) throw error;
      return { error: error.message, reason: 'BadRequest' };
    }
  }

  #change(live: KubeObject, target: KubeObject, dry: boolean): Answer {
    const wanted = asStored(asWrittenOver(live, target));
    const next = this.#store.updated(live, wanted);
    if (next === live) return { object: live };
    const refused = refuseUpdate(live, next);
    if (refused) return refused;
    return { object: dry ? next : this.#store.update(live, wanted) };
  }

  /** DELETE with a propagation policy; the answer is what still stands. */
  remove(live: KubeObject, propagation: PropagationPolicy): KubeObject | undefined {
    const finalizer = propagation === 'Foreground' ? FOREGROUND : propagation === 'Orphan' ? ORPHAN : undefined;
    return this.#store.delete(live, ownFinalizer(live) ?? finalizer);
  }

  /** A PUT of an object's finalizers. */
  putFinalizers(resource: ApiResource, sent: KubeObject): { readonly object?: KubeObject } | Refusal {
    const live = this.find(resource, namespaceOf(sent), nameOf(sent));
    if (!live) return notFound(resource, nameOf(sent));
    const version = resourceVersionOf(sent);
    if (version !== '' && version !== resourceVersionOf(live)) return conflict(resource, sent);
    const finalizers = finalizersOf(sent);
    const object = this.#store.update(
      live,
      withMetadata(live, { finalizers: finalizers.length > 0 ? finalizers : undefined }),
    );
    return this.find(resource, namespaceOf(sent), nameOf(sent)) ? { object } : {};
  }
}

/** The finalizer by which a namespace or a definition waits for what belongs to it. */
function ownFinalizer(object: KubeObject): string | undefined {
  if (kindOf(object) === 'Namespace' && groupOf(object) === '') return NAMESPACE_FINALIZER;
  return kindOf(object) === 'CustomResourceDefinition' ? CRD_FINALIZER : undefined;
}

/** The status that the server itself gives a new object. */
function firstStatus(object: KubeObject): KubeObject {
  switch (`${groupOf(object)}/${kindOf(object)}`) {
    case '/Pod':
    case '/PersistentVolumeClaim':
      return { ...object, status: { phase: 'Pending' } };
    case '/Namespace':
      return { ...object, status: { phase: 'Active' } };
    default:
      return object;
  }
}
