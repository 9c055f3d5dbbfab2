import type { PatchSchema } from '#core/apply/patch';
import type { Json, JsonObject, KubeObject } from '#core/object';
import type { PropagationPolicy } from '#core/sync/model';
import type { Kind } from '../cluster.ts';
import type { Signal } from '../signal.ts';

/** A kind as the API server serves it. */
export interface Mapping extends Kind {
  readonly plural: string;
  readonly namespaced: boolean;
}

/** What a write leaves, or (404) that there is nothing. */
export interface WriteOptions {
  readonly dryRun: boolean;
  /** `fieldManager` of the write; absent: the server's choice, as with kubectl replace. */
  readonly manager?: string;
  /** `Strict` or `Ignore`; absent: the server's default (unknown fields are dropped). */
  readonly validation?: string;
}

/** How a patch is merged by the server. */
export type PatchKind = 'merge' | 'strategic';

/** The single requests that kubectl's commands are made of, to a server or to a simulated one. All throw ApiError. */
export interface Requests {
  /** Reads one object; undefined where there is none. */
  read(mapping: Mapping, namespace: string, name: string, signal: Signal): Promise<KubeObject | undefined>;
  /** The same; NotFound is an error. */
  get(mapping: Mapping, namespace: string, name: string, signal: Signal): Promise<KubeObject>;
  create(mapping: Mapping, object: KubeObject, options: WriteOptions, signal: Signal): Promise<KubeObject>;
  /** Patches the object that `object` names. */
  patch(
    mapping: Mapping,
    object: KubeObject,
    patch: { readonly kind: PatchKind; readonly patch: JsonObject },
    options: WriteOptions,
    signal: Signal,
  ): Promise<KubeObject>;
  put(mapping: Mapping, object: KubeObject, options: WriteOptions, signal: Signal): Promise<KubeObject>;
  /** Deletes the object that was seen; undefined where it is gone at once. */
  remove(
    mapping: Mapping,
    seen: KubeObject,
    propagation: PropagationPolicy | undefined,
    options: WriteOptions,
    signal: Signal,
  ): Promise<KubeObject | undefined>;
  /** Milliseconds since 1970. */
  now(): number;
  /** Waits so many milliseconds. */
  sleep(ms: number, signal: Signal): Promise<void>;
}

/** The same, with what a server-side apply is made of. */
export interface ApplyRequests extends Requests {
  /** Server-side apply; with `force` it takes over what others own. */
  applyPatch(
    mapping: Mapping,
    object: KubeObject,
    options: WriteOptions & { readonly force?: boolean },
    signal: Signal,
  ): Promise<KubeObject>;
  /** A JSON patch, whose own tests (or the version it names) guard it. */
  jsonPatch(
    mapping: Mapping,
    namespace: string,
    name: string,
    patch: Json,
    options: WriteOptions,
    signal: Signal,
  ): Promise<KubeObject>;
}

/** How the server merges the objects of a kind; undefined where it takes no strategic merge patch. */
export interface Schemas {
  of(mapping: Mapping, signal: Signal): Promise<PatchSchema | undefined>;
}
