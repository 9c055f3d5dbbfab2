import { keyOf } from '#core/object';
import type { OperationState, ResourceResult, TaskView } from '#core/sync/model';
import { canonical } from './canonical.ts';
import type { RecordedBatch, RecordedResult, RecordedTask } from './case.ts';
import type { Op, TracedBatch } from './trace.ts';

/** Where a pass and its recording differ. */
export interface Finding {
  readonly part: 'valid' | 'tasks' | 'batches' | 'operation' | 'results' | 'engine';
  readonly text: string;
}

const differ = (part: Finding['part'], what: string, expected: unknown, actual: unknown): Finding[] => {
  const [wanted, got] = [canonical(expected), canonical(actual)];
  return wanted === got ? [] : [{ part, text: `${what}: recorded ${wanted}, got ${got}` }];
};

export const compareValid = (expected: boolean, actual: boolean): Finding[] =>
  differ('valid', 'valid', expected, actual);

/** Tasks in order; fields that are false, empty or of length zero are left out in a recording, the wave never. */
export function compareTasks(expected: readonly RecordedTask[], actual: readonly TaskView[]): Finding[] {
  const tasks = actual.map((task) =>
    Object.fromEntries(Object.entries(task).filter(([key, v]) => key === 'wave' || v)),
  );
  const findings = differ('tasks', 'number of tasks', expected.length, tasks.length);
  const length = Math.max(expected.length, tasks.length);
  for (let i = 0; i < length; i++) findings.push(...differ('tasks', `task ${i}`, expected[i], tasks[i]));
  return findings;
}

export function compareBatches(expected: readonly RecordedBatch[], actual: readonly TracedBatch[]): Finding[] {
  const done = actual.filter(({ stage, ops }) => stage === 'run' || stage === 'waveHook' || ops.length > 0);
  const heads = { expected: expected.map(headOf), actual: done.map(headOf) };
  const findings = differ('batches', 'number of batches', heads.expected.length, heads.actual.length);
  const length = Math.max(expected.length, done.length);
  for (let i = 0; i < length; i++) {
    findings.push(...differ('batches', `batch ${i}`, heads.expected[i], heads.actual[i]));
    const ops = (expected[i]?.ops ?? []).map(({ response: _answer, ...op }): Op => op);
    const serial = expected[i]?.stage === 'serial';
    findings.push(...compareOps(`batch ${i}`, ops, done[i]?.ops ?? [], serial));
  }
  return findings;
}

const headOf = ({ stage, dryRun, tasks, phase, wave, final }: Omit<RecordedBatch, 'ops'>): unknown => ({
  stage,
  dryRun: dryRun ?? false,
  tasks: stage === 'run' ? (tasks ?? []) : undefined,
  phase,
  wave,
  final,
});

/** Serial requests in their order, those of a parallel batch in any. */
function compareOps(where: string, expected: readonly Op[], actual: readonly Op[], serial: boolean): Finding[] {
  if (serial) return differ('batches', `${where}, requests in order`, expected, actual);
  const left = actual.map(canonical);
  const findings: Finding[] = [];
  for (const op of expected.map(canonical)) {
    const found = left.indexOf(op);
    if (found >= 0) left.splice(found, 1);
    else findings.push({ part: 'batches', text: `${where}: recorded and not made: ${op}` });
  }
  return [
    ...findings,
    ...left.map((op): Finding => ({ part: 'batches', text: `${where}: made and not recorded: ${op}` })),
  ];
}

const REASON = ', reason: ';

/** A message with the reasons of each line sorted: their order does not count. */
function normalized(message: string): string {
  return message
    .split('\n')
    .map((line) => {
      const start = line.indexOf(REASON);
      if (start < 0) return line;
      const reasons = line.slice(start + REASON.length).split(',');
      return line.slice(0, start) + REASON + [...new Set(reasons)].sort().join(',');
    })
    .join('\n');
}

export function compareOperation(expected: OperationState, actual: OperationState): Finding[] {
  return [
    ...differ('operation', 'phase of the operation', expected.phase, actual.phase),
    ...differ('operation', 'message of the operation', normalized(expected.message), normalized(actual.message)),
  ];
}

/** A recorded result with its empty fields. */
export const completeResult = (result: RecordedResult): ResourceResult => ({
  group: '',
  version: '',
  namespace: '',
  name: '',
  status: '',
  message: '',
  hookType: '',
  hookPhase: '',
  ...result,
});

/** Results by group, kind, namespace, name and phase; their order does not count. */
export function compareResults(expected: readonly ResourceResult[], actual: readonly ResourceResult[]): Finding[] {
  const byKey = (results: readonly ResourceResult[]): Map<string, ResourceResult> =>
    new Map(results.map((result) => [`${keyOf(result)}:${result.syncPhase}`, result]));
  const wanted = byKey(expected);
  const got = byKey(actual);
  const findings = differ('results', 'number of results', expected.length, actual.length);
  for (const key of new Set([...wanted.keys(), ...got.keys()]))
    findings.push(...differ('results', `result ${key}`, wanted.get(key), got.get(key)));
  return findings;
}
