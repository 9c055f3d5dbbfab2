import { SYNC_OPTIONS } from '../annotations/keys.ts';
import { listOf } from '../annotations/parse.ts';
import { keyOf, metadataOf, objectIdOf, resourceVersionOf, type KubeObject } from '../object.ts';
import { isDefinition } from '../plan/order.ts';
import type { Exchange } from './exchange.ts';
import * as say from './messages.ts';
import { migrate } from './migration.ts';
import type { Action, SyncOptions } from './model.ts';
import type { Done } from './prune.ts';
import { failureOf } from './requests.ts';
import type { PassState } from './state.ts';
import type { SyncTask } from './task.ts';

/**
 * Writes one target, or tries it as a dry run on the client: apply, create, replace or update, as options of the
 * operation, the target and the live object say. Source: sync_context.go `applyObject`.
 */
export function* applyTask(state: PassState, task: SyncTask, target: KubeObject, dryRun: boolean): Exchange<Done> {
  const { options } = state;
  const serverSide = usesServerSideApply(options, target, dryRun);
  if (serverSide && options.clientSideApplyMigration) {
    const failure = yield* migrate(state, task);
    if (failure) return { status: 'SyncFailed', message: failure };
  }
  const action = writeAction(options, task, target, { dryRun, serverSide });
  const response = yield action;
  const failure = failureOf(response);
  if (failure) return { status: 'SyncFailed', message: failure.error };
  if (isDefinition(target) && !dryRun) yield waitAction(task, target);
  const message = action.verb === 'update' ? say.updated(task.kind, task.name) : (response.message ?? '');
  return { status: 'Synced', message };
}

function writeAction(
  options: SyncOptions,
  task: SyncTask,
  target: KubeObject,
  { dryRun, serverSide }: { dryRun: boolean; serverSide: boolean },
): Action {
  const has = (option: string): boolean => isAsked(option, target, task.live?.object);
  const validate = options.validate && !listOf(target, SYNC_OPTIONS).includes('Validate=false');
  const force = options.force || has('Force=true');
  const common = {
    key: keyOf(objectIdOf(target)),
    object: target,
    ...(task.source ? { source: task.source } : {}),
    task: task.index,
    ...(dryRun ? { dryRun: 'client' as const } : {}),
  };
  if (!options.replace && !has('Replace=true')) {
    const manager = options.serverSideApplyManager;
    return { verb: 'apply', ...common, force, validate, serverSide, manager };
  }
  if (!task.live) return { verb: 'create', ...common, validate };
  // A replacement may delete and create again, which would take all resources of a CRD, and everything in a namespace.
  if (isDefinition(target) || task.kind === 'Namespace') {
    const metadata = { ...metadataOf(target), resourceVersion: resourceVersionOf(task.live.object) };
    return { verb: 'update', ...common, object: { ...target, metadata } };
  }
  return { verb: 'replace', ...common, force };
}

/** An option of the manifest or, for one more sync, of the object as it was applied before. */
const isAsked = (option: string, target: KubeObject, live: KubeObject | undefined): boolean =>
  listOf(target, SYNC_OPTIONS).includes(option) || (live !== undefined && listOf(live, SYNC_OPTIONS).includes(option));

/** Is the target written by a plain apply, neither on the server nor as a replacement? */
export const isAppliedPlainly = (options: SyncOptions, target: KubeObject, live: KubeObject | undefined): boolean =>
  !options.replace && !isAsked('Replace=true', target, live) && !usesServerSideApply(options, target, false);

/** Is the target applied on the server? Never in a dry run. Source: sync_context.go `shouldUseServerSideApply`. */
export function usesServerSideApply(options: SyncOptions, target: KubeObject, dryRun: boolean): boolean {
  const own = listOf(target, SYNC_OPTIONS);
  if (dryRun || own.includes('ServerSideApply=false')) return false;
  return options.serverSideApply || own.includes('ServerSideApply=true');
}

/** Is the definition established? The answer changes nothing; asking gives the server time. Source: `ensureCRDReady`. */
const waitAction = (task: SyncTask, target: KubeObject): Action => ({
  verb: 'wait-crd',
  key: keyOf({ ...objectIdOf(target), namespace: '' }),
  object: target,
  task: task.index,
});
