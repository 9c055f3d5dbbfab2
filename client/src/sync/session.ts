import {
  groupOf,
  gvkOf,
  isTerminating,
  keyOf,
  kindOf,
  metadataOf,
  nameOf,
  namespaceOf,
  objectIdOf,
  uidOf,
  type KubeObject,
} from '#core/object';
import { deletePhases, isHook } from '#core/annotations/classify';
import { normalizeTargets } from '#core/plan/normalize';
import type { Action, Discovered, PassInput, Response, SyncOptions, TaskView } from '#core/sync/model';
import type { Cluster, Inventory, Kind, WatchEvent } from './cluster.ts';
import { textOf } from './json.ts';
import { liveIgnoreRules } from './argocd/owner.ts';
import { Ignoring } from './ignoring.ts';
import { LiveCache } from './live.ts';
import { clusterKey } from './preflight.ts';
import type { Redactor } from './redact.ts';
import type { SyncRequest } from './request.ts';
import type { Signal } from './signal.ts';
import { isSelfReferenced, trackingOf, withTracking } from './tracking.ts';

const NAMESPACE: Kind = { group: '', version: 'v1', kind: 'Namespace' };
/** Key of a namespace. */
export const namespaceKey = (name: string): string => keyOf({ group: '', kind: 'Namespace', namespace: '', name });
const kindKey = ({ group, version, kind }: Kind): string => `${group}/${version}/${kind}`;

async function answerOf(request: Promise<Response>): Promise<Response> {
  try {
    return await request;
  } catch (error) {
    return { error: error instanceof Error ? error.message : 'the request failed' };
  }
}

/** One application in one cluster while a sync of it goes on: its targets as they are sent, and its live objects. */
export class Session {
  readonly cache: LiveCache;
  /** What counts for nothing where live objects are compared with their manifests. */
  ignoring: Ignoring;
  readonly #cluster: Cluster;
  readonly #request: SyncRequest;
  readonly #redactor: Redactor;
  readonly #signal: Signal;
  readonly #watched = new Set<string>();
  #targets: readonly KubeObject[] = [];
  /** Their keys. */
  #wanted: ReadonlySet<string> = new Set();
  #deleteHooks: readonly KubeObject[] = [];
  #duplicates: readonly string[] = [];
  #stale = true;
  #further: readonly Kind[] = [];

  constructor(
    cluster: Cluster,
    request: SyncRequest,
    redactor: Redactor,
    signal: Signal,
    news: { now(): number; changed(): void },
  ) {
    this.#cluster = cluster;
    this.#request = request;
    this.#redactor = redactor;
    this.#signal = signal;
    this.ignoring = new Ignoring([], cluster, signal);
    this.cache = new LiveCache(
      () => news.now(),
      () => news.changed(),
    );
  }

  /** Manifests after normalization, with the tracking annotation. */
  get targets(): readonly KubeObject[] {
    return this.#targets;
  }

  /** Manifests that are hooks of the application's deletion, in their order. */
  get deleteHooks(): readonly KubeObject[] {
    return this.#deleteHooks;
  }

  /** Kind and name of manifests that a later one with the same identity replaces. */
  get duplicates(): readonly string[] {
    return this.#duplicates;
  }

  /** Asks what the cluster knows of the kinds, and what is not to be compared. */
  async discover(): Promise<void> {
    const { ignoreDifferences } = this.#request;
    await this.#cluster.discover(this.#kinds(), { refresh: false }, this.#signal);
    this.#normalize();
    const rules = ignoreDifferences ?? (await liveIgnoreRules(this.#cluster, this.#request, this.#signal));
    this.ignoring = new Ignoring(rules, this.#cluster, this.#signal);
  }

  /** Looks for objects of the application of kinds that its manifests do not have; the places that may not be seen. */
  async takeInventory(): Promise<Inventory['unseen']> {
    const { application } = this.#request;
    const found = await this.#cluster.inventory?.(application, this.#places(), this.#signal);
    if (!found) return [];
    const known = new Set(this.#watchedKinds().map(({ group, kind }) => `${group}/${kind}`));
    this.#further = found.kinds.filter(({ group, kind }) => !known.has(`${group}/${kind}`));
    return found.unseen;
  }

  /** Asks again where a kind was not known, for a definition of it may have been applied meanwhile. */
  async refresh(): Promise<void> {
    if (this.#respectsIgnored) await this.ignoring.read(this.live());
    if (!this.#stale) return;
    const unknown = this.#kinds().filter((kind) => 'error' in this.discovered(kind));
    if (unknown.length > 0) await this.#cluster.discover(unknown, { refresh: true }, this.#signal);
    // A write may have learned a kind before: it is watched from now on, too.
    this.#normalize();
    await this.watch();
    this.#stale = false;
  }

  discovered({ group, version, kind }: Kind): Discovered {
    return this.#cluster.discovered(group, version, kind);
  }

  /** Does a kind stand in namespaces? One that the cluster does not know is taken to. */
  isNamespaced(kind: Kind): boolean {
    const found = this.discovered(kind);
    return 'error' in found || found.namespaced;
  }

  /** Key of a task's object as it stands in the cluster. */
  keyOf(view: Pick<TaskView, 'group' | 'version' | 'kind' | 'namespace' | 'name'>): string {
    return clusterKey(view, this.isNamespaced(view));
  }

  /** Key of a request's object as it stands in the cluster; of one whose name the server made up only the answer tells. */
  keyOfAction({ object, key }: Action, answer: Response = {}): string {
    if (nameOf(object) === '' && answer.object) return keyOf(objectIdOf(answer.object));
    if (this.isNamespaced(gvkOf(object))) return key;
    return keyOf({ ...objectIdOf(object), namespace: '' });
  }

  /** The application's live objects that were created since that moment (milliseconds since 1970), by the beginning of their keys. */
  madeSince(prefix: string, since: number): readonly KubeObject[] {
    const created = (object: KubeObject): number => Date.parse(textOf(metadataOf(object)['creationTimestamp'])) + 1000;
    return [...this.live()].flatMap(([key, object]) =>
      key.startsWith(prefix) && created(object) > since ? [object] : [],
    );
  }

  /** Carries out a request and keeps what it shows of the live objects. Never rejects: what went wrong is its error. */
  async perform(action: Action): Promise<Response> {
    const isNew = 'error' in this.discovered(gvkOf(action.object));
    const response = await answerOf(this.#cluster.perform(this.#asAsked(action), this.#signal));
    if (action.verb === 'wait-crd' || (isNew && response.object !== undefined)) this.#stale = true;
    if (!this.cache.answered(action, response))
      await this.#read(gvkOf(action.object), this.keyOfAction(action), action.object);
    return response;
  }

  /** Which of these namespaces are not there? One that may not be read counts as there. */
  async missingNamespaces(names: readonly string[]): Promise<string[]> {
    const missing = names.map(async (name) => {
      const key = namespaceKey(name);
      const object: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
      const { error, reason } = await this.perform({ verb: 'get-namespace', key, object });
      return error !== undefined && reason === 'NotFound' ? [name] : [];
    });
    return (await Promise.all(missing)).flat();
  }

  /** What a write would come to on the server; a dry run of the client becomes one of the server. */
  preview({ dryRun: _client, ...action }: Action): Promise<Response> {
    return answerOf(this.#cluster.preview(this.#asAsked(action), this.#signal));
  }

  /** The engine leaves open what becomes of fields that others own. */
  #asAsked(action: Action): Action {
    const forces = action.serverSide === true && this.#request.operation.forceConflicts === true;
    return forces ? { ...action, forceConflicts: true } : action;
  }

  /** The application's live objects: those of the manifests, and those that carry its tracking. */
  live(): ReadonlyMap<string, KubeObject> {
    const found = new Map<string, KubeObject>();
    for (const [key, object] of this.cache.entries())
      if (this.#wanted.has(key) || this.#isTracked(object)) found.set(key, object);
    return found;
  }

  /** Of the live objects those that carry the application's own tracking: what its deletion deletes. */
  owned(): ReadonlyMap<string, KubeObject> {
    const all = [...this.cache.entries()];
    // Of a hook whose name was generated the annotation leaves the name open.
    const isOwn = (object: KubeObject): boolean => isSelfReferenced(object) || trackingOf(object)?.name === '';
    return new Map(all.filter(([, object]) => this.#isTracked(object) && isOwn(object)));
  }

  /**
   * What a pass reads, beside the state of the operation.
   * @param view the live objects as the pass is to see them
   */
  passInput(
    options: SyncOptions,
    view: (live: ReadonlyMap<string, KubeObject>) => ReadonlyMap<string, KubeObject> = (live) => live,
  ): Pick<PassInput, 'targets' | 'live' | 'namespace' | 'revision' | 'options' | 'health' | 'discover'> {
    const live = view(this.live());
    const foreign = [...live].filter(([, object]) => !isSelfReferenced(object)).map(([key]) => key);
    return {
      targets: this.#respectsIgnored ? this.#keepingIgnored(live) : this.#targets,
      live,
      namespace: this.#request.namespace,
      revision: this.#request.revision.id,
      options: foreign.length > 0 ? { ...options, notSelfReferenced: foreign } : options,
      health: (object) => this.#cluster.health(object),
      discover: (group, version, kind) => this.#cluster.discovered(group, version, kind),
    };
  }

  get #respectsIgnored(): boolean {
    return this.#request.operation.syncOptions?.includes('RespectIgnoreDifferences=true') === true;
  }

  /** Hooks are applied as they are. */
  #keepingIgnored(live: ReadonlyMap<string, KubeObject>): readonly KubeObject[] {
    return this.#targets.map((target) => {
      const known = isHook(target) ? undefined : live.get(keyOf(objectIdOf(target)));
      return known ? this.ignoring.keeping(target, known) : target;
    });
  }

  /**
   * What a deletion is answered without being sent: the object is gone, which a watch may have told while the request was
   * still being stored, or was asked to go already and only waits for its finalizers.
   */
  goingAlready(action: Action): Response | undefined {
    const { verb, object } = action;
    if (verb !== 'delete' && verb !== 'prune') return undefined;
    if (this.cache.isGone(uidOf(object))) return {};
    const known = this.cache.get(this.keyOfAction(action));
    return known && isTerminating(known) && uidOf(known) === uidOf(object) ? { object: known } : undefined;
  }

  #isTracked(object: KubeObject): boolean {
    if (trackingOf(object)?.application !== this.#request.application) return false;
    const owners = metadataOf(object)['ownerReferences'];
    return !Array.isArray(owners) || owners.length === 0;
  }

  /** Kinds of the manifests, and those that are looked for beside them. */
  #watchedKinds(): Kind[] {
    const all = [...this.#request.objects.map(gvkOf), ...this.#request.furtherKinds, ...this.#further];
    return [...new Map(all.map((kind) => [kindKey(kind), kind])).values()];
  }

  /** The destination namespace may have to be made. */
  #kinds(): Kind[] {
    return [...this.#watchedKinds(), NAMESPACE];
  }

  #normalize(): void {
    const versions = new Map(
      this.#request.objects.map((object) => [`${groupOf(object)}/${kindOf(object)}`, gvkOf(object)]),
    );
    const { namespace, application, objects } = this.#request;
    const { kept, replaced, deleteHooks } = normalizeTargets(objects, namespace, (group, kind) => {
      const gvk = versions.get(`${group}/${kind}`);
      const found = gvk && this.discovered(gvk);
      return !found || 'error' in found ? undefined : found.namespaced;
    });
    this.#targets = kept.map(({ object }) => withTracking(object, application, namespace));
    this.#wanted = new Set(this.#targets.map((target) => keyOf(objectIdOf(target))));
    this.#deleteHooks = [...kept, ...deleteHooks]
      .filter(({ object }) => deletePhases(object).length > 0)
      .sort((a, b) => a.index - b.index)
      .map(({ object }) => withTracking(object, application, namespace));
    this.#duplicates = replaced.map(({ source }) => `${kindOf(source)} ${nameOf(source)}`);
    for (const target of [...this.#targets, ...this.#deleteHooks]) this.#redactor.learn(target);
  }

  /** Watches the kinds that the cluster knows, where the application has or may have objects. */
  async watch(): Promise<void> {
    const kinds = this.#watchedKinds().filter(
      (kind) => !this.#watched.has(kindKey(kind)) && !('error' in this.discovered(kind)),
    );
    if (kinds.length === 0) return;
    for (const kind of kinds) this.#watched.add(kindKey(kind));
    await this.#cluster.watch(kinds, this.#places(), (event) => this.#observe(event), this.#signal);
  }

  /** Namespaces in which the application has or may have objects. */
  #places(): string[] {
    const all = [this.#request.namespace, ...this.#targets.map(namespaceOf)];
    return [...new Set(all.filter((namespace) => namespace !== ''))];
  }

  #observe(event: WatchEvent): void {
    if (event.type === 'changed') this.#redactor.learn(event.object);
    if (this.cache.observe(event)) return;
    const known = this.cache.get(event.key);
    if (known) void this.#read(gvkOf(known), event.key, known);
  }

  async #read(kind: Kind, key: string, object: KubeObject): Promise<void> {
    const name = key.slice(key.lastIndexOf('/') + 1);
    try {
      this.cache.read(key, await this.#cluster.read(kind, namespaceOf(object), name, this.#signal));
    } catch {
      // The next news of a watch will tell.
    }
  }
}
