import { deletePolicies, isHook } from '../annotations/classify.ts';
import type { DeletePolicy, SyncPhase } from '../annotations/keys.ts';
import { gvkOf, nameOf, namespaceOf, type Gvk, type KubeObject } from '../object.ts';
import type { HookPhase, ResourceResult, ResultStatus, TaskView } from './model.ts';

/**
 * A live object as the tasks of one pass see it. Tasks of one object share it, so that a finalizer which one of them
 * removed is gone for the others too.
 */
export interface Live {
  object: KubeObject;
}

/** What a task is made of; it does not change during a pass. */
export interface TaskParts {
  readonly index: number;
  readonly phase: SyncPhase;
  readonly wave: number;
  readonly target: KubeObject | undefined;
  readonly source: KubeObject | undefined;
  readonly live: Live | undefined;
  readonly skipDryRun: boolean;
  /** What earlier passes, or the building of the tasks, came to. */
  readonly result: Pick<ResourceResult, 'status' | 'hookPhase' | 'message'> | undefined;
}

/** One task of a pass with its state. Source: gitops-engine/pkg/sync/sync_task.go. */
export class SyncTask {
  readonly index: number;
  readonly phase: SyncPhase;
  readonly wave: number;
  readonly target: KubeObject | undefined;
  /** The manifest behind the target, as it was given. */
  readonly source: KubeObject | undefined;
  /** The target, or for a prune the live object as it was at the start of the pass. */
  readonly object: KubeObject;
  readonly gvk: Gvk;
  readonly name: string;
  /** The target's namespace, which cluster-scoped targets have too. */
  readonly namespace: string;
  readonly hook: boolean;
  readonly skipDryRun: boolean;
  readonly #policies: readonly DeletePolicy[];
  live: Live | undefined;
  status: ResultStatus;
  state: HookPhase;
  message: string;

  constructor({ index, phase, wave, target, source, live, skipDryRun, result }: TaskParts) {
    this.index = index;
    this.phase = phase;
    this.wave = wave;
    this.target = target;
    this.source = source;
    this.live = live;
    this.skipDryRun = skipDryRun;
    this.object = target ?? live?.object ?? {};
    this.gvk = gvkOf(this.object);
    this.name = nameOf(this.object);
    this.namespace = namespaceOf(this.object);
    this.hook = isHook(this.object);
    this.#policies = deletePolicies(this.object);
    this.status = result?.status ?? '';
    this.state = result?.hookPhase ?? '';
    this.message = result?.message ?? '';
  }

  get group(): string {
    return this.gvk.group;
  }
  get kind(): string {
    return this.gvk.kind;
  }
  get prune(): boolean {
    return this.target === undefined;
  }
  get pending(): boolean {
    return this.state === '';
  }
  get running(): boolean {
    return this.state === 'Running';
  }
  get completed(): boolean {
    return this.state === 'Succeeded' || this.state === 'Failed' || this.state === 'Error';
  }
  get successful(): boolean {
    return this.state === 'Succeeded';
  }
  has(policy: DeletePolicy): boolean {
    return this.#policies.includes(policy);
  }
  /** A left-over of an earlier operation that goes before the hook is created. */
  get deletedBeforeCreation(): boolean {
    return this.live !== undefined && this.pending && this.has('BeforeHookCreation');
  }

  view(): TaskView {
    const { phase, wave, gvk, namespace, name, hook, skipDryRun, status, state } = this;
    const target = this.target !== undefined;
    return {
      phase,
      wave,
      ...gvk,
      namespace,
      name,
      target,
      live: this.live !== undefined,
      hook,
      skipDryRun,
      status,
      state,
    };
  }
}
