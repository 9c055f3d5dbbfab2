import { isHook } from '../annotations/classify.ts';
import type { SyncPhase } from '../annotations/keys.ts';
import { gvkOf, isObject, keyOf, objectIdOf, type Json, type KubeObject } from '../object.ts';
import type { HookPhase, ResourceResult, ResultStatus } from './model.ts';
import type { SyncTask } from './task.ts';

interface Outcome {
  readonly status: ResultStatus;
  readonly state: HookPhase;
  readonly message: string;
}

const keyIn = (object: KubeObject, phase: SyncPhase): string => `${keyOf(objectIdOf(object))}:${phase}`;

/** The results of an operation, in the order in which they came. Source: sync_context.go `setResourceResult`. */
export class Results {
  readonly #rows: Map<string, ResourceResult>;

  constructor(rows: readonly ResourceResult[]) {
    this.#rows = new Map(rows.map((row) => [`${keyOf(row)}:${row.syncPhase}`, row]));
  }

  get started(): boolean {
    return this.#rows.size > 0;
  }

  list(): ResourceResult[] {
    return [...this.#rows.values()];
  }

  of(object: KubeObject, phase: SyncPhase): ResourceResult | undefined {
    return this.#rows.get(keyIn(object, phase));
  }

  /** Writes what came of a task, into the task too. An empty message keeps the one that is there. */
  record(task: SyncTask, status: ResultStatus, state: HookPhase, message: string): void {
    task.status = status;
    task.state = state;
    if (message !== '') task.message = message;
    this.put(task.object, task.phase, { status, state, message: task.message });
  }

  /** Writes the result of an object that is no task yet. */
  put(object: KubeObject, phase: SyncPhase, { status, state, message }: Outcome): void {
    const key = keyIn(object, phase);
    const existing = this.#rows.get(key);
    if (existing) {
      this.#rows.set(key, { ...existing, status, hookPhase: state, message });
      return;
    }
    const { namespace, name } = objectIdOf(object);
    const images = imagesOf(object);
    this.#rows.set(key, {
      ...gvkOf(object),
      namespace,
      name,
      status,
      message,
      hookType: isHook(object) ? phase : '',
      hookPhase: state,
      syncPhase: phase,
      ...(images.length > 0 ? { images } : {}),
    });
  }
}

const CONTAINER_PATHS: readonly (readonly string[])[] = [
  ['spec', 'containers'],
  ['spec', 'template', 'spec', 'containers'],
  ['spec', 'jobTemplate', 'spec', 'template', 'spec', 'containers'],
];

/** Images of an object's containers, init containers left out. Source: utils/kube/kube.go `GetResourceImages`. */
export function imagesOf(object: KubeObject): string[] {
  for (const path of CONTAINER_PATHS) {
    const containers = path.reduce<Json | undefined>((at, key) => (isObject(at) ? at[key] : undefined), object);
    if (!Array.isArray(containers)) continue;
    return containers.flatMap((container) => {
      const image = isObject(container) ? container['image'] : undefined;
      return typeof image === 'string' ? [image] : [];
    });
  }
  return [];
}

/** The apply was refused, or the hook or its health failed. */
export const hasFailed = ({ status, hookPhase }: Pick<ResourceResult, 'status' | 'hookPhase'>): boolean =>
  status === 'SyncFailed' || hookPhase === 'Failed' || hookPhase === 'Error';
