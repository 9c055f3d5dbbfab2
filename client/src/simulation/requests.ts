import { generateNameOf, nameOf, namespaceOf, uidOf, type Json, type KubeObject } from '#core/object';
import type { PropagationPolicy } from '#core/sync/model';
import { ApiError } from '../sync/api-error.ts';
import type { ApplyRequests, Mapping, PatchKind, WriteOptions } from '../sync/kubectl/requests.ts';
import { objectsOf, textOf } from '../sync/json.ts';
import { notFound } from './admission.ts';
import type { Refusal } from './causes.ts';
import type { Server } from './server.ts';

/** One request that would write, as an API server's audit log has it. */
export interface Audited {
  readonly verb: 'create' | 'patch' | 'update' | 'delete';
  readonly mapping: Mapping;
  readonly namespace: string;
  /** Empty where the request was refused before a name was made. */
  readonly name: string;
  readonly code: number;
  /** What was sent: the object, the patch, or the options of a deletion. */
  readonly sent: Json;
}

const CODES: Readonly<Record<string, number>> = {
  BadRequest: 400,
  Forbidden: 403,
  NotFound: 404,
  AlreadyExists: 409,
  Conflict: 409,
  Invalid: 422,
};

/** The clock of the simulation, and how a request that waits lets others have their turn. */
interface Time {
  now(): number;
  wait(ms: number): Promise<void>;
}

/** Requests to the simulated server: what kubectl's commands are made of there. */
export class SimulatedRequests implements ApplyRequests {
  readonly #server: Server;
  readonly #time: Time;
  readonly #audit: (request: Audited) => void;

  constructor(server: Server, time: Time, audit: (request: Audited) => void) {
    this.#server = server;
    this.#time = time;
    this.#audit = audit;
  }

  async read(mapping: Mapping, namespace: string, name: string): Promise<KubeObject | undefined> {
    return this.#server.find(mapping, namespace, name);
  }

  async get(mapping: Mapping, namespace: string, name: string): Promise<KubeObject> {
    const live = this.#server.find(mapping, namespace, name);
    if (!live) throw refused(notFound(mapping, name));
    return live;
  }

  async create(mapping: Mapping, object: KubeObject, { dryRun, manager }: WriteOptions): Promise<KubeObject> {
    const answer = this.#server.create(object, mapping, dryRun, manager);
    return this.#answer('create', mapping, object, answer, object, dryRun);
  }

  async patch(
    mapping: Mapping,
    object: KubeObject,
    patch: { readonly kind: PatchKind; readonly patch: Readonly<Record<string, Json>> },
    { dryRun, manager }: WriteOptions,
  ): Promise<KubeObject> {
    const answer = this.#server.patch(mapping, object, patch, dryRun, manager);
    return this.#answer('patch', mapping, object, answer, patch.patch, dryRun);
  }

  async applyPatch(
    mapping: Mapping,
    object: KubeObject,
    { dryRun, manager = '', force = false }: WriteOptions & { readonly force?: boolean },
  ): Promise<KubeObject> {
    const isNew = !this.#server.find(mapping, namespaceOf(object), nameOf(object));
    const answer = this.#server.apply(mapping, object, { dry: dryRun, manager, force });
    return this.#answer('patch', mapping, object, answer, object, dryRun, isNew);
  }

  /** A JSON patch of managedFields, the only one that is sent. */
  async jsonPatch(
    mapping: Mapping,
    namespace: string,
    name: string,
    patch: Json,
    { dryRun }: WriteOptions,
  ): Promise<KubeObject> {
    const said = new Map(objectsOf(patch).map(({ path, value }) => [textOf(path), value ?? null]));
    const [entries, version] = [said.get('/metadata/managedFields'), textOf(said.get('/metadata/resourceVersion'))];
    const answer = this.#server.putManagers(mapping, namespace, name, { entries: objectsOf(entries), version }, dryRun);
    const target = { kind: mapping.kind, metadata: { namespace, name } };
    return this.#answer('patch', mapping, target, answer, patch, dryRun);
  }

  async put(mapping: Mapping, object: KubeObject, { dryRun, manager }: WriteOptions): Promise<KubeObject> {
    return this.#answer('update', mapping, object, this.#server.put(mapping, object, dryRun, manager), object, dryRun);
  }

  /** A PUT of an object's finalizers; nothing is left where they were what kept it. */
  async putFinalizers(mapping: Mapping, object: KubeObject, manager: string): Promise<KubeObject | undefined> {
    const answer = this.#server.putFinalizers(mapping, object, manager);
    this.#tell('update', mapping, object, 'error' in answer ? answer : undefined, object, false);
    if ('error' in answer) throw refused(answer);
    return answer.object;
  }

  async remove(
    mapping: Mapping,
    seen: KubeObject,
    propagation: PropagationPolicy | undefined,
    { dryRun }: WriteOptions,
  ): Promise<KubeObject | undefined> {
    const live = this.#server.find(mapping, namespaceOf(seen), nameOf(seen));
    const refusal = live ? otherUid(live, seen, mapping) : notFound(mapping, nameOf(seen));
    this.#tell('delete', mapping, seen, refusal, { propagationPolicy: propagation ?? '' }, dryRun);
    if (refusal || !live) throw refused(refusal ?? notFound(mapping, nameOf(seen)));
    return dryRun ? live : this.#server.remove(live, propagation ?? 'Background');
  }

  sleep(ms: number): Promise<void> {
    return this.#time.wait(ms);
  }

  now(): number {
    return this.#time.now();
  }

  #answer(
    verb: Audited['verb'],
    mapping: Mapping,
    object: KubeObject,
    answer: { readonly object: KubeObject } | Refusal,
    sent: Json,
    dryRun: boolean,
    isNew = verb === 'create',
  ): KubeObject {
    const failed = 'error' in answer ? answer : undefined;
    this.#tell(verb, mapping, 'error' in answer ? object : answer.object, failed, sent, dryRun, isNew);
    if ('error' in answer) throw refused(answer);
    return answer.object;
  }

  #tell(
    verb: Audited['verb'],
    mapping: Mapping,
    object: KubeObject,
    refusal: Refusal | undefined,
    sent: Json,
    dryRun: boolean,
    isNew = false,
  ): void {
    if (dryRun) return;
    const [namespace, name] = [mapping.namespaced ? namespaceOf(object) : '', nameOf(object)];
    const code = refusal ? (CODES[refusal.reason] ?? 500) : isNew ? 201 : 200;
    this.#audit({ verb, mapping, namespace, name: name || generateNameOf(object), code, sent });
  }
}

const refused = ({ error, reason, details = {} }: Refusal): ApiError =>
  new ApiError(CODES[reason] ?? 500, { message: error, reason, details }, false);

/** Source: k8s.io/apiserver/pkg/registry/rest/delete.go `BeforeDelete`. */
function otherUid(live: KubeObject, seen: KubeObject, { kind, group }: Mapping): Refusal | undefined {
  if (uidOf(seen) === '' || uidOf(seen) === uidOf(live)) return undefined;
  const what = `${group === '' ? kind : `${kind}.${group}`} "${nameOf(seen)}"`;
  const why = `the UID in the precondition (${uidOf(seen)}) does not match the UID in record (${uidOf(live)})`;
  return {
    error: `Operation cannot be fulfilled on ${what}: ${why}. The object might have been deleted and then recreated`,
    reason: 'Conflict',
  };
}
