import { SYNC_OPTIONS } from '../annotations/keys.ts';
import { listOf, optionValue } from '../annotations/parse.ts';
import type { SyncOptions } from './model.ts';
import type { SyncTask } from './task.ts';

/** The `Prune` option that holds for a prune: the live object's own, else the application's. */
export function pruneOption(task: SyncTask, options: SyncOptions): string | undefined {
  const own = task.live && optionValue(listOf(task.live.object, SYNC_OPTIONS), 'Prune');
  return own ?? options.defaultPruneOption ?? undefined;
}

export const requiresConfirmation = (task: SyncTask, options: SyncOptions): boolean =>
  pruneOption(task, options) === 'confirm';
