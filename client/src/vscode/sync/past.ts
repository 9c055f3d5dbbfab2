import { hasFailed } from '#core/sync/results';
import type { ResourceResult } from '#core/sync/model';
import type { ApplicationRef } from '#protocol';
import type { OperationRecord, Standing } from '../../sync/record.ts';
import { clockText, startOf, tasksOfResults, type RunState } from './run-state.ts';

/** Milliseconds after which a sync that was cut off is shown in the plan alone, and no more told by itself. */
export const FRESH = 24 * 3_600_000;

/** Where an application lies on this machine. */
export interface Place {
  /** Path of its workspace folder in the file system. */
  readonly folder: string;
  readonly path: string;
  readonly name: string;
}

/** Is this an operation of that application? Two roots may hold equal names. */
export const isOf = ({ application, source }: OperationRecord, { folder, path, name }: Place): boolean =>
  application === name && source?.folder === folder && source.path === path;

/** What failed in an operation, hooks and resources apart: a sync of selected resources runs no hooks. */
export function failedIn({ results }: OperationRecord): {
  readonly hooks: readonly ResourceResult[];
  readonly resources: readonly ResourceResult[];
} {
  const failed = results.filter(hasFailed);
  return {
    hooks: failed.filter(({ hookType }) => hookType !== ''),
    resources: failed.filter(({ hookType }) => hookType === ''),
  };
}

/** As `sync --resource` takes it. */
export const resourceText = ({
  group = '',
  kind,
  namespace = '',
  name,
}: {
  readonly group?: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}): string => `${group}:${kind}:${namespace === '' ? '' : `${namespace}/`}${name}`;

/** An operation that was cut off, as the plan shows it. */
export function interruptedState(record: OperationRecord, application: ApplicationRef): RunState {
  const { context, state, results, startedAt, updatedAt, terminating } = record;
  return {
    ...startOf(application, context, record.deletion !== undefined),
    stage: 'interrupted',
    phase: state.phase,
    message: terminating === undefined ? state.message : 'it was being terminated',
    startedAt,
    finishedAt: updatedAt,
    tasks: tasksOfResults(results),
    terminated: terminating !== undefined,
  };
}

/** One line of a list, with a codicon in its label. */
export interface Entry {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
}

const ICONS = { running: 'sync~spin', interrupted: 'debug-disconnect', discarded: 'trash' } as const;

/** An operation in the history. @param time a moment for a person */
export function historyEntry(record: OperationRecord, standing: Standing, time: (ms: number) => string): Entry {
  const { application, context, namespace, state, startedAt, updatedAt, ended, revision } = record;
  const succeeded = state.phase === 'Succeeded';
  const icon = standing === 'finished' ? (succeeded ? 'pass' : 'error') : ICONS[standing];
  const how = standing === 'finished' ? state.phase : standing;
  const took = clockText((ended?.how === 'finished' ? ended.at : updatedAt) - startedAt);
  return {
    label: `$(${icon}) ${application}: ${record.deletion ? 'deletion ' : ''}${how.toLowerCase()}`,
    description: `${time(startedAt)} · ${took} · ${context}, namespace ${namespace}`,
    detail: [revision.text, state.message].filter((text) => text !== '').join(' · '),
  };
}

/** One that stands for what a task came to. */
export interface ResultEntry extends Entry {
  readonly result: ResourceResult;
}

/** What an operation came to for each task, failures first. */
export function resultEntries({ results }: OperationRecord): ResultEntry[] {
  const entries = results.map((result) => {
    const { kind, name, syncPhase, status, hookPhase, message } = result;
    const failed = hasFailed(result);
    const icon = failed ? 'error' : hookPhase === 'Running' && result.hookType !== '' ? 'circle-outline' : 'pass';
    const state = [status, hookPhase].filter((part) => part !== '').join(', ');
    return {
      failed,
      entry: { label: `$(${icon}) ${kind} ${name}`, description: `${syncPhase} · ${state}`, detail: message, result },
    };
  });
  return [...entries.filter(({ failed }) => failed), ...entries.filter(({ failed }) => !failed)].map(
    ({ entry }) => entry,
  );
}
