import { declaredWave, deletePhases } from '../annotations/classify.ts';
import type { DeletePhase } from '../annotations/keys.ts';
import type { HealthStatus } from '../health/model.ts';
import { worstHealth } from '../health/worst.ts';
import {
  generateNameOf,
  gvkOf,
  isTerminating,
  keyOf,
  nameOf,
  namespaceOf,
  objectIdOf,
  type KubeObject,
} from '../object.ts';
import type { DeletionInput } from './deletion-model.ts';
import { DELETED_RESOURCE, HOOK_TERMINATED, waiting, type Awaited } from './messages.ts';
import type {
  Action,
  BatchStage,
  HookPhase,
  OperationPhase,
  OperationState,
  PassOutcome,
  ResourceResult,
  Response,
  ResultStatus,
  Step,
  TaskPhase,
  TaskView,
} from './model.ts';
import { hasFailed } from './results.ts';

/** One hook of a deletion in one phase. */
export class DeleteHook {
  readonly target: KubeObject;
  readonly phase: DeletePhase;
  live: KubeObject | undefined;
  row: ResourceResult | undefined;

  constructor(target: KubeObject, phase: DeletePhase, live: KubeObject | undefined, row: ResourceResult | undefined) {
    this.target = target;
    this.phase = phase;
    this.live = live;
    this.row = row;
  }

  get name(): string {
    return this.row?.name || nameOf(this.target) || generateNameOf(this.target);
  }
  get message(): string {
    return this.row?.message ?? '';
  }
  get isDone(): boolean {
    return this.row?.hookPhase === 'Succeeded';
  }
  get isFailed(): boolean {
    return this.row !== undefined && hasFailed(this.row);
  }
}

type Named = Parameters<typeof waiting>[0][number];

/** What one pass of a deletion works on: its input, and what it has come to so far. */
export class DeletionState {
  readonly input: DeletionInput;
  readonly #rows: Map<string, ResourceResult>;
  readonly #views = new Map<string, TaskView>();
  #operation: OperationState;
  #batches = 0;

  constructor(input: DeletionInput) {
    this.input = input;
    this.#rows = new Map(input.results.map((row) => [`${keyOf(row)} ${row.syncPhase}`, row]));
    this.#operation = input.operation;
  }

  outcome(): PassOutcome {
    const results = [...this.#rows.values()];
    const views = results.map((row) => this.#views.get(`${keyOf(row)} ${row.syncPhase}`) ?? viewOf(row));
    return { valid: true, tasks: views, operation: this.#operation, results };
  }

  set(phase: OperationPhase, message: string): void {
    this.#operation = { phase, message };
  }

  fail(message: string): false {
    this.set('Failed', message);
    return false;
  }

  wait(objects: readonly Named[], awaited: Awaited): false {
    this.set('Running', waiting(objects, awaited));
    return false;
  }

  hasBegun(phase: DeletePhase): boolean {
    return [...this.#rows.values()].some(({ syncPhase }) => syncPhase === phase);
  }

  /** The hooks of a phase, each with its live object and what came of it. A generated name is found by its prefix. */
  hooksOf(phase: DeletePhase): DeleteHook[] {
    const free = new Set([...this.#rows.values()].filter(({ syncPhase }) => syncPhase === phase));
    return this.input.hooks
      .filter((hook) => deletePhases(hook).includes(phase))
      .map((target) => {
        const row = [...free].find((candidate) => isRowOf(candidate, target));
        if (row) free.delete(row);
        const key = keyOf({ ...objectIdOf(target), name: row?.name || nameOf(target) });
        const live = this.input.live.get(key);
        return new DeleteHook(target, phase, live && deletePhases(live).includes(phase) ? live : undefined, row);
      });
  }

  /** Requests that go out together. */
  *together(stage: BatchStage, actions: readonly Action[]): Generator<Step, readonly Response[], readonly Response[]> {
    if (actions.length === 0) return [];
    return yield { stage, dryRun: false, batch: this.#batches++, actions };
  }

  /** The deletion of a live object: of this very one, by its uid. */
  deletionOf(object: KubeObject, verb: 'prune' | 'delete'): Action {
    return { verb, key: keyOf(objectIdOf(object)), object, propagation: this.input.propagation };
  }

  /** A hook was sent; true where it was created. One that is there already is taken for done, as Argo CD takes it. */
  created(hook: DeleteHook, answer: Response | undefined): boolean {
    const { error, reason, message = '', object } = answer ?? { error: 'the request was not answered' };
    hook.live = object;
    if (error === undefined) this.#hook(hook, 'Synced', 'Running', message, object && nameOf(object));
    else if (reason === 'AlreadyExists') this.#hook(hook, 'Synced', 'Succeeded', `not run: ${error}`);
    else this.#hook(hook, 'SyncFailed', 'Failed', error);
    return error === undefined;
  }

  /** Reads how a hook is. */
  observe(hook: DeleteHook): void {
    if (hook.isDone || hook.isFailed || !hook.live) return;
    const health = this.input.health(hook.live);
    if (health === null) return this.#hook(hook, 'Synced', 'Succeeded', `${hook.name} created`);
    if ('error' in health) return this.#hook(hook, 'Synced', 'Error', health.error);
    const states: Partial<Record<HealthStatus, HookPhase>> = { Progressing: 'Running', Degraded: 'Failed' };
    this.#hook(hook, 'Synced', states[health.status] ?? 'Succeeded', health.message || hook.message);
  }

  /** A hook was ended on request; what could not be deleted says why. */
  ended(hook: DeleteHook, error?: string): void {
    this.#hook(hook, 'Synced', 'Failed', error === undefined ? HOOK_TERMINATED : `Failed to delete: ${error}`);
  }

  /** What came of a resource. */
  resource(object: KubeObject, status: ResultStatus, hookPhase: HookPhase, message: string): void {
    const { wave } = declaredWave(object);
    this.#put({ ...rowOf(object, 'Delete', ''), status, hookPhase, message, wave });
  }

  /** Of what was to be deleted: what is gone now. */
  observeGone(): void {
    for (const [key, row] of this.#rows) {
      if (row.syncPhase !== 'Delete' || row.hookPhase !== 'Running' || this.input.live.has(keyOf(row))) continue;
      this.#rows.set(key, { ...row, hookPhase: 'Succeeded', message: DELETED_RESOURCE });
    }
  }

  /** The worst health of objects; what has no check, or fails in it, counts as healthy. */
  worstOf(objects: readonly KubeObject[]): HealthStatus {
    const standing = objects.filter((object) => !isTerminating(object)).map((object) => this.input.health(object));
    return worstHealth(standing.flatMap((health) => (health && 'status' in health ? [health.status] : [])));
  }

  #hook(hook: DeleteHook, status: ResultStatus, hookPhase: HookPhase, message: string, name = hook.name): void {
    const row = { ...rowOf(hook.target, hook.phase, hook.phase), name, status, hookPhase, message };
    if (hook.row && hook.row.name !== name) this.#rows.delete(`${keyOf(hook.row)} ${hook.phase}`);
    hook.row = row;
    this.#put(row);
  }

  #put(row: ResourceResult): void {
    const key = `${keyOf(row)} ${row.syncPhase}`;
    this.#rows.set(key, row);
    this.#views.set(key, viewOf(row));
  }
}

const rowOf = (object: KubeObject, syncPhase: TaskPhase, hookType: string) => ({
  ...gvkOf(object),
  namespace: namespaceOf(object),
  name: nameOf(object),
  hookType,
  syncPhase,
});

function isRowOf(row: ResourceResult, target: KubeObject): boolean {
  const { group, kind, namespace, name } = objectIdOf(target);
  if (row.group !== group || row.kind !== kind || row.namespace !== namespace) return false;
  return name === '' ? row.name.startsWith(generateNameOf(target)) : row.name === name;
}

const viewOf = (row: ResourceResult): TaskView => ({
  phase: row.syncPhase,
  wave: row.wave ?? 0,
  group: row.group,
  version: row.version,
  kind: row.kind,
  namespace: row.namespace,
  name: row.name,
  target: row.syncPhase !== 'Delete',
  live: true,
  hook: row.hookType !== '',
  skipDryRun: false,
  status: row.status,
  state: row.hookPhase,
});
