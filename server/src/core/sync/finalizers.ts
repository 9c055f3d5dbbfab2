import { HOOK_FINALIZER } from '../annotations/keys.ts';
import { finalizersOf, metadataOf } from '../object.ts';
import type { Exchange } from './exchange.ts';
import { ATTEMPTS, Failure, getLive, send } from './requests.ts';
import type { PassState } from './state.ts';
import type { Live, SyncTask } from './task.ts';

/**
 * Takes Argo CD's finalizer off a hook's live object, again after a conflict; an object that the watch cache does not
 * show is read first. Undefined when nothing is left to do. Source: sync_context.go `removeHookFinalizer`.
 */
export function* removeFinalizer(state: PassState, task: SyncTask): Exchange<Failure | undefined> {
  if (!task.live) {
    const found = yield* getLive(state, task);
    if (found instanceof Failure) return found.notFound ? undefined : found.wrapped('failed to get resource');
    task.live = { object: found };
  }
  let last: Failure | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (!dropFinalizer(task.live)) return undefined;
    const failed = 'failed to update resource';
    const answer = yield* send(state, task, { verb: 'update-finalizers', object: task.live.object, failed });
    if (!(answer instanceof Failure) || answer.notFound) return undefined;
    last = answer.wrapped(failed);
    if (!answer.conflict) return last;
    const fresh = yield* getLive(state, task);
    if (fresh instanceof Failure) return fresh.notFound ? undefined : fresh.wrapped('failed to get resource');
    task.live = { object: fresh };
  }
  return last;
}

/** Takes the finalizer off the object that tasks share; false where it is not there. */
function dropFinalizer(live: Live): boolean {
  const finalizers = finalizersOf(live.object);
  const at = finalizers.indexOf(HOOK_FINALIZER);
  if (at < 0) return false;
  const left = finalizers.toSpliced(at, 1);
  const metadata = { ...metadataOf(live.object), finalizers: left };
  if (left.length === 0) Reflect.deleteProperty(metadata, 'finalizers');
  live.object = { ...live.object, metadata };
  return true;
}
