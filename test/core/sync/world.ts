import type { HealthResult, HealthStatus } from '#core/health/model';
import {
  finalizersOf,
  isTerminating,
  keyOf,
  kindOf,
  metadataOf,
  nameOf,
  objectIdOf,
  type JsonObject,
  type KubeObject,
} from '#core/object';
import type {
  Action,
  Discovered,
  OperationState,
  PassInput,
  PassOutcome,
  ResourceResult,
  Response,
  Step,
  SyncOptions,
} from '#core/sync/model';
import { syncOptions, type OperationRequest } from '#core/sync/options';
import { syncPass, terminatePass } from '#core/sync/pass';
import { NAMESPACE } from './manifests.ts';

export interface WorldOptions {
  readonly targets?: readonly KubeObject[];
  readonly live?: readonly KubeObject[];
  /** Objects that stand in the cluster and are none of the application's. */
  readonly foreign?: readonly KubeObject[];
  readonly request?: OperationRequest;
  readonly options?: Partial<SyncOptions>;
  readonly revision?: string;
  /** Kinds that the cluster does not know. */
  readonly unknown?: readonly string[];
  readonly modified?: Readonly<Record<string, boolean>>;
}

const NO_CHECK: ReadonlySet<string> = new Set(['ConfigMap', 'Secret', 'Namespace', 'ClusterRole', 'ServiceAccount']);
const CLUSTER_SCOPED: ReadonlySet<string> = new Set(['Namespace', 'ClusterRole', 'CustomResourceDefinition']);

/** A cluster for one operation in a test: what passes write stands there afterwards, health is what the test says. */
export class World {
  readonly live = new Map<string, KubeObject>();
  /** Requests that fail, by `verb Kind/name`. */
  readonly failures = new Map<string, Response>();
  /** Every write of the last pass, as `verb Kind/name`; those of a dry run are left out. */
  writes: string[] = [];
  waveHooks: string[] = [];
  dryRuns: string[] = [];
  operation: OperationState = { phase: 'Running', message: '' };
  results: readonly ResourceResult[] = [];
  discovery: (kind: string) => Discovered | undefined = () => undefined;
  outcome: PassOutcome | undefined;
  readonly #health = new Map<string, HealthResult>();
  readonly #world: WorldOptions;

  constructor(world: WorldOptions) {
    this.#world = world;
    for (const object of [...(world.live ?? []), ...(world.foreign ?? [])]) this.put(object);
  }

  put(object: KubeObject): void {
    this.live.set(keyOf(objectIdOf(object)), object);
  }

  /** Health of `Kind name` from now on. Progressing is what a kind with a check begins with. */
  set(label: string, status: HealthStatus | 'failing check', message = ''): void {
    this.#health.set(label, status === 'failing check' ? { error: message } : { status, message });
  }

  has(label: string): boolean {
    return this.find(label) !== undefined;
  }

  find(label: string): KubeObject | undefined {
    return [...this.live.values()].find((object) => labelOf(object) === label);
  }

  /** One pass; gives `Phase: message` of the operation. */
  pass(action: 'sync' | 'terminate' = 'sync'): string {
    this.writes = [];
    this.waveHooks = [];
    this.dryRuns = [];
    if (action === 'terminate') this.operation = { phase: 'Terminating', message: 'operation is terminating' };
    const input = this.#input();
    const pass = action === 'terminate' ? terminatePass(input) : syncPass(input);
    let step = pass.next();
    while (!step.done) step = pass.next(this.#perform(step.value));
    this.outcome = step.value;
    this.operation = step.value.operation;
    this.results = step.value.results;
    return `${this.operation.phase}: ${this.operation.message}`;
  }

  /** Results as `Kind/name@Phase: status hookPhase message`. */
  rows(): string[] {
    return this.results.map(
      ({ kind, name, syncPhase, status, hookPhase, message }) =>
        `${kind}/${name}@${syncPhase}: ${status} ${hookPhase} ${message}`,
    );
  }

  #input(): PassInput {
    const foreign = new Set((this.#world.foreign ?? []).map((object) => keyOf(objectIdOf(object))));
    const { targets = [], request = {}, options = {}, revision = 'a1b2c3d4e5f6', modified } = this.#world;
    return {
      targets,
      live: new Map([...this.live].filter(([key]) => !foreign.has(key))),
      namespace: NAMESPACE,
      revision,
      startedAt: 1_700_000_000,
      options: { ...syncOptions(request), ...options },
      operation: this.operation,
      results: this.results,
      health: (object) => this.#healthOf(object),
      discover: (_group, _version, kind) => this.#discover(kind),
      ...(modified ? { modified: new Map(Object.entries(modified)) } : {}),
    };
  }

  #healthOf(object: KubeObject): HealthResult {
    const known = this.#health.get(labelOf(object));
    if (known !== undefined) return known;
    return NO_CHECK.has(kindOf(object)) ? null : { status: 'Progressing', message: '' };
  }

  #discover(kind: string): Discovered {
    const asked = this.discovery(kind);
    if (asked) return asked;
    if (this.#world.unknown?.includes(kind)) return { error: `${kind} "" not found`, reason: 'NotFound' };
    return { plural: `${kind.toLowerCase()}s`, namespaced: !CLUSTER_SCOPED.has(kind) };
  }

  #perform(step: Step): Response[] {
    if (step.stage === 'run') return [];
    if (step.stage === 'waveHook') {
      this.waveHooks.push(`${step.phase} ${step.wave}${step.final ? ' final' : ''}`);
      return [];
    }
    return step.actions.map((action) => this.#request(action));
  }

  #request(action: Action): Response {
    const name = `${kindOf(action.object)}/${nameOf(action.object)}`;
    const label = `${action.verb} ${name}`;
    if (action.dryRun) this.dryRuns.push(label);
    else if (!['get', 'get-namespace', 'wait-crd'].includes(action.verb)) this.writes.push(label);
    const failure = this.failures.get(`${label}${action.dryRun ? ' (dry run)' : ''}`);
    return failure ?? (action.dryRun ? { message: `${name} valid` } : this.#carryOut(action, name));
  }

  #carryOut({ verb, key, object }: Action, name: string): Response {
    const at = this.live.has(key) ? key : keyOf({ ...objectIdOf(object), namespace: '' });
    const standing = this.live.get(at);
    switch (verb) {
      case 'apply':
      case 'create':
      case 'replace':
      case 'update':
        return this.#write(object, standing, name);
      case 'update-finalizers':
        if (standing) this.live.set(at, object);
        return standing ? {} : { error: `${name} not found`, reason: 'NotFound' };
      case 'delete':
      case 'prune':
        return this.#remove(at, standing, name);
      case 'get':
      case 'get-namespace':
        return standing ? { object: standing } : { error: `${name} not found`, reason: 'NotFound' };
      default:
        return {};
    }
  }

  #write(object: KubeObject, standing: KubeObject | undefined, name: string): Response {
    const metadata: JsonObject = { ...metadataOf(object) };
    if (CLUSTER_SCOPED.has(kindOf(object))) delete metadata['namespace'];
    this.put({ ...object, metadata: { ...metadata, uid: `uid ${name}` } });
    return { message: `${name} ${standing ? 'configured' : 'created'}` };
  }

  #remove(key: string, standing: KubeObject | undefined, name: string): Response {
    if (!standing) return { error: `${name} not found`, reason: 'NotFound' };
    if (finalizersOf(standing).length === 0) this.live.delete(key);
    else if (!isTerminating(standing))
      this.live.set(key, {
        ...standing,
        metadata: { ...metadataOf(standing), deletionTimestamp: '2026-01-01T00:00:00Z' },
      });
    return {};
  }
}

const labelOf = (object: KubeObject): string => `${kindOf(object)} ${nameOf(object)}`;
