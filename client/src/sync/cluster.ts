import type { HealthResult } from '#core/health/model';
import type { KubeObject } from '#core/object';
import type { Action, Discovered, Response } from '#core/sync/model';
import type { Signal } from './signal.ts';
import type { Circumstances } from './reasons.ts';

/** Where operations run. What a person must see before they confirm. */
export interface ClusterIdentity {
  readonly kind: 'kubernetes' | 'simulation';
  /** Kube context; empty for the simulation. */
  readonly context: string;
  /** Address of the API server; empty for the simulation. */
  readonly server: string;
  /** Namespace of the context. */
  readonly namespace: string;
  readonly user: string;
  /** Where the context was read, in words: "current context of ~/.kube/config". */
  readonly origin: string;
  /** Kubernetes version, as `v1.36.3`; empty for the simulation. */
  readonly version: string;
}

export interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

export interface PodLogLine {
  readonly pod: string;
  readonly container: string;
  readonly line: string;
}

/**
 * What a person should know of the connection while a run goes on. `login`: a log-in waits for them; `away`: the API
 * server does not answer, or not as it should; `back`: it does again; `unwatched`: news of a kind does not come;
 * `approval`: Argo CD waits until somebody agrees to a deletion.
 */
export interface Notice {
  readonly code: 'login' | 'away' | 'back' | 'unwatched' | 'approval';
  readonly message: string;
}

/**
 * A change of a live object. `gone` carries the object as it was last, where the watch tells it: its uid and version
 * show whether the news is older than an answer to one of our own writes.
 */
export type WatchEvent =
  | { readonly type: 'changed'; readonly key: string; readonly object: KubeObject }
  | { readonly type: 'gone'; readonly key: string; readonly object?: KubeObject };

export interface AccessRequest {
  readonly verb: 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete';
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace: string;
  /** The one object that is meant; absent: any. */
  readonly name?: string;
}

/** What was found of an application's objects by their tracking annotation. */
export interface Inventory {
  /** Kinds of which the application has at least one object. */
  readonly kinds: readonly Kind[];
  /** Where it could not be looked: a resource (`secrets`, `widgets.example.com`) in a namespace (empty: outside of any). */
  readonly unseen: readonly { readonly resource: string; readonly namespace: string }[];
}

/**
 * Argo CD's verbs on a cluster: the port between the runner and where an operation runs. Implementations:
 * `client/src/kube` (Kubernetes) and `client/src/simulation` (memory).
 *
 * Methods reject only for what makes the operation impossible (no connection, no credentials), with an Error whose
 * message is fit for a person; what one object meets comes back as a `Response` with an `error`.
 */
export interface Cluster {
  /**
   * Names who is told of the connection, and the signal by which the operation is terminated: what was to be sent, or sent
   * again, then is not, and a log-in is given up. Before anything else.
   */
  attend?(tell: (notice: Notice) => void, terminate: Signal): void;
  /** Connects and tells who and where we are. Reads only. */
  connect(signal: Signal): Promise<ClusterIdentity>;
  /** Asks (again, with `refresh`) what the server knows of these kinds; afterwards `discovered` answers at once. */
  discover(kinds: readonly Kind[], options: { refresh: boolean }, signal: Signal): Promise<void>;
  /** What the last discovery said. */
  discovered(group: string, version: string, kind: string): Discovered;
  /** Reads one object; undefined where there is none. Key: `group/Kind/namespace/name`. */
  read(kind: Kind, namespace: string, name: string, signal: Signal): Promise<KubeObject | undefined>;
  /**
   * Looks for what carries the tracking annotation of an application, of any kind, in these namespaces and outside of any.
   * Absent: there is nothing but what the manifests and an earlier revision name.
   */
  inventory?(application: string, namespaces: readonly string[], signal: Signal): Promise<Inventory>;
  /**
   * Watches these kinds in these namespaces (cluster-scoped ones everywhere) and reports changes until `signal` aborts.
   * Resolves when the first list of every kind has been reported. Calling it again adds kinds.
   */
  watch(
    kinds: readonly Kind[],
    namespaces: readonly string[],
    onEvent: (event: WatchEvent) => void,
    signal: Signal,
  ): Promise<void>;
  /**
   * Carries out one request of the engine. The answer to a write that leaves an object standing (a delete that waits for
   * finalizers too) carries that object as the server now has it, so that the next pass does not act on an older state.
   */
  perform(action: Action, signal: Signal): Promise<Response>;
  /** What a request would come to, without writing anything: a server-side dry run, and the object that would stand there. */
  preview(action: Action, signal: Signal): Promise<Response>;
  /** Which of these may the user not do? Empty: all allowed. */
  denied(requests: readonly AccessRequest[], signal: Signal): Promise<readonly AccessRequest[]>;
  /** Follows the logs of the pods that belong to a hook object until they end or `signal` aborts. */
  logs(hook: KubeObject, onLine: (line: PodLogLine) => void, signal: Signal): Promise<void>;
  /** Health of a live object; `core/health` unless the cluster knows better. */
  health(object: KubeObject): HealthResult;
  /** What stands around an object that is not healthy or complete: its pods, claims and events. Reads only. */
  circumstances?(object: KubeObject, signal: Signal): Promise<Circumstances>;
  close(): void;
}

/** Time and chance, so that the runner has none of its own. The simulation's clock may be virtual. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after so many milliseconds, or at once when `signal` aborts. */
  sleep(ms: number, signal?: Signal): Promise<void>;
  /**
   * Resolves when nothing will happen any more by itself: no timer is left and no work is under way; or nothing before
   * `until` (milliseconds since 1970). A real clock has no such moment and leaves it out.
   */
  quiet?(signal: Signal, until?: number): Promise<void>;
}
