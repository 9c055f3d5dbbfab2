import { resolveContext } from '#core/kubeconfig/resolve';
import type { ResolvedContext } from '#core/kubeconfig/model';
import { healthOf } from '#core/health/health';
import type { HealthResult } from '#core/health/model';
import { gvkOf, type KubeObject } from '#core/object';
import type { Action, Discovered, Response } from '#core/sync/model';
import type {
  AccessRequest,
  Cluster,
  ClusterIdentity,
  Inventory,
  Kind,
  Notice,
  PodLogLine,
  WatchEvent,
} from '../sync/cluster.ts';
import { at, textOf } from '../sync/json.ts';
import type { Signal } from '../sync/signal.ts';
import type { Circumstances } from '../sync/reasons.ts';
import type { Mapping } from '../sync/kubectl/requests.ts';
import { ApiError } from '../sync/api-error.ts';
import { ActionSignal } from './action-signal.ts';
import { Audience } from './audience.ts';
import { deniedOf } from './access.ts';
import { circumstancesOf } from './circumstances.ts';
import { Connection } from './connection.ts';
import type { CredentialOptions } from './credentials.ts';
import { Discovery } from './discovery.ts';
import { inventoryOf } from './inventory.ts';
import { loadKubeconfig, type KubeconfigSource } from './kubeconfig.ts';
import { followLogs } from './logs.ts';
import { ApiClient, type Limits } from './request.ts';
import { Verbs } from './verbs.ts';
import { Watches } from './watch.ts';
import { Writes } from './writes.ts';

export interface KubernetesOptions extends CredentialOptions {
  /** Takes the place of the context's namespace. */
  readonly namespace?: string;
  /** How long is waited for what. */
  readonly limits?: Partial<Limits>;
}

/**
 * Argo CD's verbs on a real cluster. Context, server, user and namespace are pinned when it is made: no later change of
 * a kubeconfig redirects a run.
 */
export class KubernetesCluster implements Cluster {
  readonly #context: ResolvedContext;
  readonly #options: KubernetesOptions;
  readonly #audience = new Audience();
  readonly #client: ApiClient;
  readonly #discovery: Discovery;
  readonly #watches: Watches;
  readonly #writes: Writes;
  readonly #verbs: Verbs;
  /** The latest request for each object, by key. */
  readonly #last = new Map<string, Promise<void>>();

  constructor(context: ResolvedContext, options: KubernetesOptions) {
    this.#context = context;
    this.#options = options;
    this.#client = new ApiClient(new Connection(context, options, this.#audience), options.limits);
    this.#discovery = new Discovery(this.#client);
    this.#watches = new Watches(this.#client);
    this.#writes = new Writes(this.#client, this.#discovery);
    this.#verbs = new Verbs(this.#writes, this.#discovery, this.#watches);
  }

  attend(tell: (notice: Notice) => void, terminate: Signal): void {
    this.#audience.attend(tell, terminate);
  }

  async connect(signal: Signal): Promise<ClusterIdentity> {
    const [version, user] = await Promise.all([
      this.#client.request({ method: 'GET', path: '/version' }, signal),
      this.#whoAmI(signal),
    ]);
    return {
      kind: 'kubernetes',
      context: this.#context.context,
      server: this.#context.cluster.server,
      namespace: this.#options.namespace ?? this.#context.namespace,
      user,
      origin: this.#context.origin,
      version: textOf(version['gitVersion']),
    };
  }

  /** The name that the API server knows the user by; the kubeconfig's name for servers before Kubernetes 1.28. */
  async #whoAmI(signal: Signal): Promise<string> {
    try {
      const review = await this.#client.request(
        {
          method: 'POST',
          path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
          body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
          idempotent: true,
        },
        signal,
      );
      return textOf(at(review, 'status', 'userInfo', 'username')) || this.#context.user.name;
    } catch (error) {
      if (error instanceof ApiError) return this.#context.user.name;
      throw error;
    }
  }

  discover(kinds: readonly Kind[], { refresh }: { refresh: boolean }, signal: Signal): Promise<void> {
    return this.#discovery.ask(kinds, refresh, signal);
  }

  discovered(group: string, version: string, kind: string): Discovered {
    return this.#discovery.discovered({ group, version, kind });
  }

  async read(kind: Kind, namespace: string, name: string, signal: Signal): Promise<KubeObject | undefined> {
    const mapping = await this.#mapping(kind, signal);
    return mapping && this.#writes.read(mapping, namespace, name, signal);
  }

  inventory(application: string, namespaces: readonly string[], signal: Signal): Promise<Inventory> {
    return inventoryOf(this.#client, application, namespaces, signal);
  }

  async watch(
    kinds: readonly Kind[],
    namespaces: readonly string[],
    onEvent: (event: WatchEvent) => void,
    signal: Signal,
  ): Promise<void> {
    await this.#discovery.ask(kinds, false, signal);
    const mappings = kinds.map((kind) => this.#discovery.known(kind)).filter((mapping) => mapping !== undefined);
    await this.#watches.add(mappings, namespaces, onEvent, signal);
  }

  /** Requests for one object go one after the other, in their order; those for different objects side by side. */
  async perform(action: Action, signal: Signal): Promise<Response> {
    const before = this.#last.get(action.key) ?? Promise.resolve();
    const own = new ActionSignal(signal, this.#audience.terminate);
    const answer = before.then(() => this.#verbs.perform(action, own));
    const done = answer.then(
      () => undefined,
      () => undefined,
    );
    this.#last.set(action.key, done);
    void done.then(() => {
      if (this.#last.get(action.key) === done) this.#last.delete(action.key);
    });
    return answer;
  }

  preview(action: Action, signal: Signal): Promise<Response> {
    return this.#verbs.preview(action, signal);
  }

  denied(requests: readonly AccessRequest[], signal: Signal): Promise<readonly AccessRequest[]> {
    return deniedOf(this.#client, requests, signal);
  }

  async logs(hook: KubeObject, onLine: (line: PodLogLine) => void, signal: Signal): Promise<void> {
    const mapping = await this.#mapping(gvkOf(hook), signal);
    if (mapping) await followLogs(this.#client, mapping, hook, onLine, signal);
  }

  circumstances(object: KubeObject, signal: Signal): Promise<Circumstances> {
    return circumstancesOf(this.#client, object, signal);
  }

  health(object: KubeObject): HealthResult {
    return healthOf(object);
  }

  close(): void {
    this.#watches.close();
    this.#client.connection.close();
  }

  async #mapping(kind: Kind, signal: Signal): Promise<Mapping | undefined> {
    await this.#discovery.ask([kind], false, signal);
    return this.#discovery.known(kind);
  }
}

/**
 * The cluster of a context: the one named, else the current one of the kubeconfig chain. Reads files only; the first
 * request is `connect`.
 * @throws KubeconfigError fit for a person
 */
export async function openKubernetes(
  source: KubeconfigSource,
  context: string,
  options: KubernetesOptions,
): Promise<KubernetesCluster> {
  return new KubernetesCluster(resolveContext(await loadKubeconfig(source), context), options);
}

export { listContexts } from './kubeconfig.ts';
