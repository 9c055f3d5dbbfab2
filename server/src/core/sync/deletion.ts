import { declaredWave, deletePhases, deletePolicies, isHook } from '../annotations/classify.ts';
import type { DeletePhase, DeletePolicy } from '../annotations/keys.ts';
import { groupOf, isTerminating, keyOf, kindOf, nameOf, namespaceOf, objectIdOf, type KubeObject } from '../object.ts';
import { DeletionState, type DeleteHook } from './deletion-state.ts';
import type { DeletionInput, DeletionPass } from './deletion-model.ts';
import { whyKept, wantsConfirmation } from './deletion-rules.ts';
import * as say from './messages.ts';
import type { Action, Response, Step } from './model.ts';

type Steps<T> = Generator<Step, T, readonly Response[]>;

/**
 * One pass of the deletion of an application: PreDelete hooks, its resources from the highest wave to the lowest, PostDelete
 * hooks, and the hooks whose policy lets them go. It keeps nothing between passes but operation and results: a stage whose
 * results are there is over. Source: controller/appcontroller.go `finalizeApplicationDeletion`; controller/hook.go.
 */
export function* deletionPass(input: DeletionInput): DeletionPass {
  const state = new DeletionState(input);
  if (yield* stages(state)) state.set('Succeeded', say.DELETED);
  return state.outcome();
}

/** True where all is done; where something has to be waited for, or has failed, the state says so. */
function* stages(state: DeletionState): Steps<boolean> {
  if (!(yield* runHooks(state, 'PreDelete'))) return false;
  // As soon as the hooks after it have begun the resources are gone, and the hooks are not among them.
  if (state.input.cascade && !state.hasBegun('PostDelete') && !(yield* deleteResources(state))) return false;
  if (!(yield* runHooks(state, 'PostDelete'))) return false;
  for (const phase of ['PreDelete', 'PostDelete'] as const) if (!(yield* cleanUp(state, phase))) return false;
  return true;
}

const isOfPhase = (object: KubeObject, phase: DeletePhase): boolean => deletePhases(object).includes(phase);

/**
 * Creates the hooks that are not there, as they are written, without waves; then waits for them. Anything but Progressing
 * and Degraded counts as done. Source: controller/hook.go `executeHooks`.
 */
function* runHooks(state: DeletionState, phase: DeletePhase): Steps<boolean> {
  const hooks = state.hooksOf(phase);
  const missing = hooks.filter((hook) => !hook.isDone && hook.live === undefined);
  if (missing.length > 0) {
    const answers = yield* state.together(
      'create',
      missing.map(({ target }): Action => ({
        verb: 'create',
        key: keyOf(objectIdOf(target)),
        object: target,
        validate: false,
      })),
    );
    const made = missing.filter((hook, i) => state.created(hook, answers[i]));
    const refused = missing.filter((hook) => hook.isFailed);
    if (refused.length > 0) {
      const reasons = refused.map(({ message }) => message);
      return state.fail(`error executing ${hooksText(phase)}: ${say.withReasons('failed to create', reasons)}`);
    }
    // How they are, the next pass sees.
    if (made.length > 0) return awaitHooks(state, made);
  }
  for (const hook of hooks) state.observe(hook);
  const failed = hooks.filter((hook) => hook.isFailed);
  if (failed.length > 0) {
    const objects = failed.flatMap(({ live }) => (live && !isTerminating(live) ? [live] : []));
    // Another attempt creates them anew.
    yield* state.together(
      'delete',
      objects.map((object) => state.deletionOf(object, 'delete')),
    );
    const names = failed.map(({ target, name }) => `${namespaceOf(target)}/${name}`);
    return state.fail(`error executing ${hooksText(phase)}: ${phase} hook(s) failed: ${names.join(', ')}`);
  }
  const running = hooks.filter((hook) => !hook.isDone);
  return running.length === 0 || awaitHooks(state, running);
}

const awaitHooks = (state: DeletionState, hooks: readonly DeleteHook[]): false =>
  state.wait(
    hooks.map(({ target, name }) => named(target, name, true)),
    'completion',
  );

const hooksText = (phase: DeletePhase): string => (phase === 'PreDelete' ? 'pre-delete hooks' : 'post-delete hooks');

const named = (
  object: KubeObject,
  name = nameOf(object),
  hook = isHook(object) || deletePhases(object).length > 0,
) => ({
  group: groupOf(object),
  kind: kindOf(object),
  name,
  hook,
});

/**
 * Deletes what stands in the highest wave, once nothing of the application is on its way out any more.
 * Source: appcontroller.go `finalizeApplicationDeletion`; controller/sort_delete.go `FilterObjectsForDeletion`.
 */
function* deleteResources(state: DeletionState): Steps<boolean> {
  const { input } = state;
  state.observeGone();
  const live = [...input.live.values()];
  const going = live.filter(isTerminating);
  if (going.length > 0)
    return state.wait(
      going.map((object) => named(object)),
      'deletion',
    );
  for (const object of live) {
    const kept = whyKept(object, input.defaultDelete);
    if (kept !== undefined) state.resource(object, 'PruneSkipped', 'Succeeded', kept);
  }
  const doomed = live.filter((object) => whyKept(object, input.defaultDelete) === undefined);
  const asking = input.confirmed ? [] : doomed.filter((object) => wantsConfirmation(object, input.defaultDelete));
  if (asking.length > 0)
    return state.wait(
      asking.map((object) => named(object)),
      'deletion confirmation',
    );
  if (doomed.length === 0) return true;
  const wave = Math.max(...doomed.map((object) => declaredWave(object).wave));
  const group = doomed.filter((object) => declaredWave(object).wave === wave);
  const answers = yield* state.together(
    'prune',
    group.map((object) => state.deletionOf(object, 'prune')),
  );
  const failures = group.flatMap((object, i) => {
    const answer = answers[i];
    const error = answer?.reason === 'NotFound' ? undefined : answer?.error;
    if (error === undefined) state.resource(object, 'Pruned', 'Running', say.DELETING_RESOURCE);
    else state.resource(object, 'SyncFailed', 'Failed', error);
    return error === undefined ? [] : [error];
  });
  if (failures.length > 0) return state.fail(say.withReasons(say.DELETION_FAILED, failures));
  return state.wait(
    group.map((object) => named(object)),
    'deletion',
  );
}

/**
 * Deletes the hooks of a phase whose policy says so, by the worst health among them all, and waits until they are gone.
 * Source: controller/hook.go `cleanupHooks`.
 */
function* cleanUp(state: DeletionState, phase: DeletePhase): Steps<boolean> {
  const hooks = [...state.input.live.values()].filter((object) => isOfPhase(object, phase));
  const worst = state.worstOf(hooks);
  const policy: DeletePolicy | undefined =
    worst === 'Healthy' ? 'HookSucceeded' : worst === 'Degraded' ? 'HookFailed' : undefined;
  const doomed = hooks.filter((hook) => policy !== undefined && deletePolicies(hook).includes(policy));
  if (doomed.length === 0) return true;
  const standing = doomed.filter((hook) => !isTerminating(hook));
  const answers = yield* state.together(
    'delete',
    standing.map((object) => state.deletionOf(object, 'delete')),
  );
  const failures = answers.flatMap(({ error, reason }) =>
    error === undefined || reason === 'NotFound' ? [] : [error],
  );
  if (failures.length > 0) return state.fail(say.withReasons(say.DELETION_FAILED, failures));
  return state.wait(
    doomed.map((object) => named(object)),
    'deletion',
  );
}
