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
  type KubeObject,
} from '#core/object';
import type { Action, PropagationPolicy, Response } from '#core/sync/model';
import { textOf, without } from '../sync/json.ts';
import { generatedNameError } from '../sync/kubectl-texts.ts';
import { notFound, refuseCreate, refuseUpdate, resourceNamed, type Refusal } from './admission.ts';
import { CRD_FINALIZER } from './controllers/definition.ts';
import { NAMESPACE_FINALIZER } from './controllers/namespace.ts';
import { FOREGROUND, ORPHAN } from './controllers.ts';
import { withDefaults } from './defaults.ts';
import { isBuiltInGroup, type ApiResource, type Kinds } from './kinds.ts';
import { applied } from './merge.ts';
import { withMetadata, type Store } from './store.ts';

/** Limit of all annotations together; a plain apply keeps the whole manifest in one. */
const ANNOTATION_LIMIT = 262_144;

/** Letters of generated names, as Kubernetes takes them. */
const LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

type Outcome = { readonly object: KubeObject; readonly message: string } | Refusal;

/** What the API server and kubectl do with one object: the verbs that write. */
export class Api {
  readonly #store: Store;
  readonly #kinds: Kinds;
  /** Manifests of the last apply by uid: what kubectl keeps in an annotation and the server in managedFields. */
  readonly #lastApplied = new Map<string, KubeObject>();
  readonly #refuses: (object: KubeObject, resource: ApiResource) => Refusal | undefined;
  #suffix = 0;

  /** @param refuses why an object must not be written, beside what every server refuses */
  constructor(
    store: Store,
    kinds: Kinds,
    refuses: (object: KubeObject, resource: ApiResource) => Refusal | undefined = () => undefined,
  ) {
    this.#store = store;
    this.#kinds = kinds;
    this.#refuses = refuses;
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

  /** Applies, creates or replaces; `preview` writes nothing. */
  write(action: Action, preview: boolean): Response {
    const resource = this.resource(action.object);
    if ('error' in resource) return resource;
    const target = addressed(action.object, resource);
    // kubectl's own dry run asks no server, and a preview is nothing that happens.
    const refused = preview || action.dryRun === 'client' ? undefined : this.#refuses(target, resource);
    if (refused) return refused;
    const live = this.find(resource, namespaceOf(target), nameOf(target));
    const dry = preview || action.dryRun !== undefined;
    const outcome = this.#write(action, resource, target, live, dry);
    if ('error' in outcome) return outcome;
    const suffix = action.dryRun === undefined ? '' : ' (dry run)';
    const message = outcome.message
      .split('\n')
      .map((line) => line + suffix)
      .join('\n');
    return { message, object: outcome.object };
  }

  #write(
    action: Action,
    resource: ApiResource,
    target: KubeObject,
    live: KubeObject | undefined,
    dry: boolean,
  ): Outcome {
    const name = `${singular(resource)}/${nameOf(target)}`;
    switch (action.verb) {
      case 'apply':
        return this.#apply(action, resource, target, live, dry);
      case 'create': {
        if (live)
          return { error: `${resourceNamed(resource, nameOf(target))} already exists`, reason: 'AlreadyExists' };
        const made = this.create(target, resource, dry);
        return 'error' in made ? made : { object: made.object, message: `${name} created` };
      }
      default:
        break;
    }
    if (!live) return notFound(resource, nameOf(target));
    if (action.verb === 'replace' && action.force === true && !dry) {
      this.remove(live, 'Background');
      const made = this.create(target, resource, dry);
      if ('error' in made) return made;
      const deleted = `${singular(resource)} "${nameOf(target)}" deleted from ${namespaceOf(target)} namespace`;
      return { object: made.object, message: `${deleted}\n${name} replaced` };
    }
    const sent = resourceVersionOf(target);
    if (sent !== '' && sent !== resourceVersionOf(live)) return conflict(resource, target);
    const next = action.dryRun === 'client' ? { object: target } : this.#change(live, target, dry);
    return 'error' in next ? next : { object: next.object, message: `${name} replaced` };
  }

  /** Source of the behavior: kubectl apply; Force deletes and creates again where the change is refused. */
  #apply(
    action: Action,
    resource: ApiResource,
    target: KubeObject,
    live: KubeObject | undefined,
    dry: boolean,
  ): Outcome {
    const name = `${singular(resource)}/${nameOf(target)}`;
    if (nameOf(target) === '') return { error: generatedNameError(target), reason: '' };
    const serverSide = action.serverSide === true;
    if (!serverSide && !dry && JSON.stringify(target, withDigits).length > ANNOTATION_LIMIT) {
      const why = `metadata.annotations: Too long: may not be more than ${ANNOTATION_LIMIT} bytes`;
      return { error: `${kindOf(target)} "${nameOf(target)}" is invalid: ${why}`, reason: 'Invalid' };
    }
    if (!live) {
      const made = action.dryRun === 'client' ? { object: target } : this.create(target, resource, dry);
      if ('error' in made) return made;
      if (!dry) this.#lastApplied.set(uidOf(made.object), target);
      return { object: made.object, message: `${name} ${serverSide ? 'serverside-applied' : 'created'}` };
    }
    const merged = applied(live, this.#lastApplied.get(uidOf(live)), target);
    // A dry run on the client asks the server nothing: what is refused shows only later.
    const next =
      action.dryRun === 'client'
        ? { object: this.#store.updated(live, withDefaults(merged)) }
        : this.#change(live, merged, dry);
    if ('error' in next) {
      if (action.force !== true || serverSide || dry) return next;
      this.remove(live, 'Background');
      const made = this.create(target, resource, dry);
      return 'error' in made ? made : { object: made.object, message: `${name} configured` };
    }
    if (!dry) this.#lastApplied.set(uidOf(live), target);
    const word = serverSide ? 'serverside-applied' : next.object === live ? 'unchanged' : 'configured';
    return { object: next.object, message: `${name} ${word}` };
  }

  #change(live: KubeObject, target: KubeObject, dry: boolean): { readonly object: KubeObject } | Refusal {
    const wanted = withDefaults(target);
    const next = this.#store.updated(live, wanted);
    if (next === live) return { object: live };
    const refused = refuseUpdate(live, next);
    if (refused) return refused;
    return { object: dry ? next : this.#store.update(live, wanted) };
  }

  /** Creates an object with what the server adds: a generated name, the first status. */
  create(object: KubeObject, resource: ApiResource, dry: boolean): { readonly object: KubeObject } | Refusal {
    const refused = refuseCreate(object, resource, this.#store);
    if (refused) return refused;
    const name = nameOf(object) || generateNameOf(object) + (dry ? '' : this.#newSuffix());
    const named = withMetadata(object, { name });
    const builtIn = isBuiltInGroup(resource.group);
    const fresh = builtIn ? withDefaults(firstStatus(without(named, 'status'))) : named;
    return { object: dry ? fresh : this.#store.create(fresh) };
  }

  /** Deletes with a propagation policy; the answer is what still stands. */
  remove(live: KubeObject, propagation: PropagationPolicy): KubeObject | undefined {
    const finalizer = propagation === 'Foreground' ? FOREGROUND : propagation === 'Orphan' ? ORPHAN : undefined;
    return this.#store.delete(live, ownFinalizer(live) ?? finalizer);
  }

  /** A PUT of an object's finalizers: refused when the object has changed since it was read. */
  putFinalizers(sent: KubeObject): Response {
    const resource = this.resource(sent);
    if ('error' in resource) return resource;
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

  #newSuffix(): string {
    let number = (++this.#suffix * 2_654_435_761) % LETTERS.length ** 5;
    let text = '';
    for (let i = 0; i < 5; i++) {
      text += LETTERS[number % LETTERS.length] ?? '';
      number = Math.floor(number / LETTERS.length);
    }
    return text;
  }
}

const withDigits = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value);

function conflict(resource: ApiResource, object: KubeObject): Refusal {
  const why = 'the object has been modified; please apply your changes to the latest version and try again';
  return {
    error: `Operation cannot be fulfilled on ${resourceNamed(resource, nameOf(object))}: ${why}`,
    reason: 'Conflict',
  };
}

/** `job.batch`, `configmap`: how kubectl names a kind in its messages. */
const singular = ({ kind, group }: ApiResource): string => `${kind.toLowerCase()}${group === '' ? '' : `.${group}`}`;

/** The object as it is addressed: cluster-scoped ones have no namespace. */
const addressed = (object: KubeObject, resource: ApiResource): KubeObject =>
  resource.namespaced || namespaceOf(object) === '' ? object : withMetadata(object, { namespace: undefined });

/** The finalizer by which a namespace or a definition waits for what belongs to it. */
function ownFinalizer(object: KubeObject): string | undefined {
  if (kindOf(object) === 'Namespace' && groupOf(object) === '') return NAMESPACE_FINALIZER;
  return kindOf(object) === 'CustomResourceDefinition' ? CRD_FINALIZER : undefined;
}

/** The status that the server itself gives a new object, and what it makes of a Secret's plain texts. */
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
