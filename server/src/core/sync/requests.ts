import { keyOf, type KubeObject } from '../object.ts';
import type { Exchange } from './exchange.ts';
import type { Action, Response, Verb } from './model.ts';
import type { PassState } from './state.ts';
import type { SyncTask } from './task.ts';

/** A request that did not work, in the engine's words. */
export class Failure {
  readonly error: string;
  readonly reason: string;

  constructor(error: string, reason = '') {
    this.error = error;
    this.reason = reason;
  }

  wrapped(prefix: string): Failure {
    return new Failure(`${prefix}: ${this.error}`, this.reason);
  }
  get notFound(): boolean {
    return this.reason === 'NotFound';
  }
  get conflict(): boolean {
    return this.reason === 'Conflict';
  }
}

/** So often at most a request is made while the server answers `Conflict` or `Unauthorized`. Source: client-go retry.DefaultRetry. */
export const ATTEMPTS = 5;

export const failureOf = ({ error, reason }: Response): Failure | undefined =>
  error === undefined ? undefined : new Failure(error, reason);

interface Request extends Partial<Pick<Action, 'propagation' | 'patch'>> {
  readonly verb: Verb;
  readonly object: KubeObject;
  /** What a failure of the request itself is called; absent: its own text. */
  readonly failed?: string;
}

/**
 * One request of the dynamic client for a task's object, which is addressed without namespace where its kind is
 * cluster-scoped. Source: sync_context.go `getResourceIf`.
 */
export function* send(state: PassState, task: SyncTask, { failed, ...request }: Request): Exchange<Response | Failure> {
  const { group, version, kind } = task.gvk;
  const known = state.input.discover(group, version, kind);
  if ('error' in known) return new Failure(`failed to get api resource: ${known.error}`, known.reason);
  const key = keyOf({ group, kind, namespace: known.namespaced ? task.namespace : '', name: task.name });
  const response = yield { ...request, key, task: task.index };
  const failure = failureOf(response);
  if (!failure) return response;
  return failed === undefined ? failure : failure.wrapped(failed);
}

const seen = (task: SyncTask): KubeObject => task.live?.object ?? task.object;

/** Reads the task's object. Source: sync_context.go `getResource`. */
export function* getLive(state: PassState, task: SyncTask): Exchange<KubeObject | Failure> {
  const answer = yield* send(state, task, { verb: 'get', object: seen(task), failed: 'failed to get resource' });
  return answer instanceof Failure ? answer : (answer.object ?? {});
}

/** Deletes the task's object; undefined when that worked. Source: sync_context.go `deleteResource`. */
export function* deleteLive(state: PassState, task: SyncTask): Exchange<Failure | undefined> {
  const propagation = state.options.prunePropagationPolicy;
  const failed = 'failed to delete resource';
  const answer = yield* send(state, task, { verb: 'delete', object: seen(task), propagation, failed });
  return answer instanceof Failure ? answer : undefined;
}
