import { withoutNulls } from '#core/apply/last-applied';
import { applyMergePatch } from '#core/apply/merge-patch';
import { PatchError } from '#core/apply/patch';
import { applyStrategicPatch } from '#core/apply/strategic-apply';
import {
  finalizersOf,
  generateNameOf,
  groupOf,
  gvkOf,
  kindOf,
  metadataOf,
  nameOf,
  namespaceOf,
  resourceVersionOf,
  type JsonObject,
  type KubeObject,
} from '#core/object';
import type { PropagationPolicy } from '#core/sync/model';
import { without } from '../sync/json.ts';
import { noMapping } from '../sync/kubectl-texts.ts';
import type { PatchKind } from '../sync/kubectl/requests.ts';
import { conflict, notFound, refuseCreate, refuseUpdate, resourceNamed } from './admission.ts';
import type { Refusal } from './causes.ts';
import { asCreated, asWrittenOver } from './created.ts';
import { CRD_FINALIZER } from './controllers/definition.ts';
import { NAMESPACE_FINALIZER } from './controllers/namespace.ts';
import { FOREGROUND, ORPHAN } from './controllers/garbage.ts';
import { asStored } from './defaults.ts';
import { GeneratedNames } from './generated-names.ts';
import { isBuiltInGroup, type ApiResource, type Kinds } from './kinds.ts';
import { appliedBy, createdBy, updatedBy, type Writer } from './managed-fields.ts';
import { mergeSchemaOf } from './merge-schemas.ts';
import { withMetadata, type Store } from './store.ts';

/** Who writes where a request does not say it. */
const KUBECTL = 'kubectl';

/** What a request leaves, or why it is refused. */
export type Answer = { readonly object: KubeObject } | Refusal;

/** What the API server does with one object: the requests that write. `dry`: nothing is kept. */
export class Server {
  readonly #store: Store;
  readonly #kinds: Kinds;
  readonly #names = new GeneratedNames();
  #created = 0;

  constructor(store: Store, kinds: Kinds) {
    this.#store = store;
    this.#kinds = kinds;
  }

  /** The kind of an object, or the error of a client that looks for it. */
  resource(object: KubeObject): ApiResource | Refusal {
    const gvk = gvkOf(object);
    const found = this.#kinds.find(gvk);
    if (found) return found;
    return { error: noMapping(object, nameOf(object), namespaceOf(object)), reason: 'NotFound' };
  }

  find(resource: ApiResource, namespace: string, name: string): KubeObject | undefined {
    return this.#store.get(`${resource.group}/${resource.kind}/${resource.namespaced ? namespace : ''}/${name}`);
  }

  /**
   * POST: with what the server adds, a generated name and the first status.
   * @param manager who owns its fields then; absent: a controller
   * @param applied the manifest, where this is a server-side apply of it
   */
  create(object: KubeObject, resource: ApiResource, dry: boolean, manager?: string, applied?: KubeObject): Answer {
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
    const plain = asStored(fresh);
    const schema = mergeSchemaOf(resource);
    const stored = manager === undefined ? plain : createdBy(plain, schema, this.#writer(manager), applied);
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
    manager = KUBECTL,
  ): Answer {
    const live = this.find(resource, namespaceOf(target), nameOf(target));
    if (!live) return notFound(resource, nameOf(target));
    const schema = mergeSchemaOf(resource);
    try {
      const merged =
        kind === 'strategic' && schema ? applyStrategicPatch(live, patch, schema) : applyMergePatch(live, patch);
      return this.#change(resource, live, merged, dry, manager);
    } catch (error) {
      if (!(error instanceof PatchError)) throw error;
      return { error: error.message, reason: 'BadRequest' };
    }
  }

  /** PUT: refused where the object has changed since the version that is named. */
  put(resource: ApiResource, object: KubeObject, dry: boolean, manager = KUBECTL): Answer {
    const live = this.find(resource, namespaceOf(object), nameOf(object));
    if (!live) return notFound(resource, nameOf(object));
    const version = resourceVersionOf(object);
    if (version !== '' && version !== resourceVersionOf(live)) return conflict(resource, object);
    return this.#change(resource, live, withoutNulls(object) as KubeObject, dry, manager);
  }

  /** A server-side apply. */
  apply(
    resource: ApiResource,
    object: KubeObject,
    { dry, manager, force }: { readonly dry: boolean; readonly manager: string; readonly force: boolean },
  ): Answer {
    const manifest = withoutNulls(object) as KubeObject;
    const live = this.find(resource, namespaceOf(object), nameOf(object));
    if (!live) return this.create(manifest, resource, dry, manager, manifest);
    try {
      const applied = appliedBy(live, manifest, mergeSchemaOf(resource), { ...this.#writer(manager), force });
      return 'error' in applied ? applied : this.#change(resource, live, applied.object, dry, undefined);
    } catch (error) {
      if (!(error instanceof PatchError)) throw error;
      return { error: error.message, reason: 'BadRequest' };
    }
  }

  /** Says anew who owns which fields, of the version that is named. */
  putManagers(
    resource: ApiResource,
    namespace: string,
    name: string,
    { entries, version }: { readonly entries: readonly JsonObject[]; readonly version: string },
    dry: boolean,
  ): Answer {
    const live = this.find(resource, namespace, name);
    if (!live) return notFound(resource, name);
    if (version !== resourceVersionOf(live)) return conflict(resource, live);
    const object = withMetadata(live, { managedFields: [...entries] });
    return { object: dry ? object : this.#store.update(live, object) };
  }

  #writer(manager: string): Writer {
    return { manager, time: this.#store.time() };
  }

  /** @param manager whose the changed fields are then; undefined: the object says it already */
  #change(
    resource: ApiResource,
    live: KubeObject,
    target: KubeObject,
    dry: boolean,
    manager: string | undefined,
  ): Answer {
    const { managedFields } = metadataOf(manager === undefined ? target : live);
    const wanted = withMetadata(asStored(asWrittenOver(live, target)), { managedFields });
    const next = this.#store.updated(live, wanted);
    if (next === live) return { object: live };
    const refused = refuseUpdate(live, next);
    if (refused) return refused;
    const owned =
      manager === undefined ? wanted : updatedBy(live, next, mergeSchemaOf(resource), this.#writer(manager));
    return { object: dry ? next : this.#store.update(live, owned) };
  }

  /** DELETE with a propagation policy; the answer is what still stands. */
  remove(live: KubeObject, propagation: PropagationPolicy): KubeObject | undefined {
    const finalizer = propagation === 'Foreground' ? FOREGROUND : propagation === 'Orphan' ? ORPHAN : undefined;
    return this.#store.delete(live, ownFinalizer(live) ?? finalizer);
  }

  /** A PUT of an object's finalizers. */
  putFinalizers(resource: ApiResource, sent: KubeObject, manager: string): { readonly object?: KubeObject } | Refusal {
    const live = this.find(resource, namespaceOf(sent), nameOf(sent));
    if (!live) return notFound(resource, nameOf(sent));
    const version = resourceVersionOf(sent);
    if (version !== '' && version !== resourceVersionOf(live)) return conflict(resource, sent);
    const finalizers = finalizersOf(sent);
    const wanted = withMetadata(live, { finalizers: finalizers.length > 0 ? finalizers : undefined });
    const object = this.#store.update(live, updatedBy(live, wanted, mergeSchemaOf(resource), this.#writer(manager)));
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
