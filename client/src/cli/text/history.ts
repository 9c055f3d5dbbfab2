import { operationWord, standingOf, type OperationRecord, type Standing } from '../../sync/record.ts';
import { harmless, styled, type Output } from '../output.ts';
import { aligned, fit, oneLine } from './columns.ts';
import { stateStyle } from './run.ts';

/** One operation of the past, as `history --format json` writes it. */
export interface HistoryRow {
  readonly id: string;
  readonly operation: ReturnType<typeof operationWord>;
  readonly application: string;
  readonly context: string;
  readonly server: string;
  readonly namespace: string;
  readonly revision: string;
  readonly state: Standing;
  readonly phase: string;
  readonly message: string;
  readonly startedAt: string;
  /** The end; of what was cut off the last that is known of it. */
  readonly finishedAt: string;
  readonly seconds: number;
}

/** What a stored operation comes to. @param isAlive its process still lives */
export function historyRow(record: OperationRecord, isAlive: boolean): HistoryRow {
  const { id, application, context, server, namespace, revision, startedAt, updatedAt, ended, state } = record;
  const finishedAt = ended?.how === 'finished' ? ended.at : updatedAt;
  return {
    ...{ id, operation: operationWord(record), application, context, server, namespace, revision: revision.text },
    state: standingOf(record, isAlive),
    phase: state.phase,
    message: state.message,
    startedAt: new Date(startedAt).toISOString(),
    finishedAt: new Date(finishedAt).toISOString(),
    seconds: Math.round(finishedAt - startedAt) / 1000,
  };
}

const STATES = { running: 'Running', interrupted: 'Interrupted', discarded: 'Discarded' } as const;
const HEAD = ['STARTED (UTC)', 'APPLICATION', 'CONTEXT', 'PHASE', 'DURATION', 'MESSAGE'];

/** `1h2m3s`; tenths of a second below a minute. */
function durationText(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds * 10) / 10}s`;
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return `${hours > 0 ? `${hours}h` : ''}${minutes}m${Math.floor(seconds % 60)}s`;
}

/** The operations as a table, one a line. */
export function historyText(rows: readonly HistoryRow[], output: Pick<Output, 'color' | 'live' | 'columns'>): string {
  if (rows.length === 0) return 'No sync or deletion is known of the last 30 days.';
  const phases = rows.map(({ state, phase }) => (state === 'finished' ? phase : STATES[state]));
  const lines = aligned([
    HEAD,
    ...rows.map((row, i) => [
      row.startedAt.slice(0, 19).replace('T', ' '),
      ...[`${row.application}${row.operation === 'deletion' ? ' (deletion)' : ''}`, row.context, phases[i] ?? ''].map(
        harmless,
      ),
      durationText(row.seconds),
      harmless(oneLine(row.message)),
    ]),
  ]);
  return lines
    .map((line) => (output.live ? fit(line, output.columns) : line))
    .map((line, i) => (i === 0 ? styled(output, 'bold', line) : styled(output, stateStyle(phases[i - 1] ?? ''), line)))
    .join('\n');
}
