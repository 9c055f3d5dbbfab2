import type {
  OperationState,
  Pass,
  PassInput,
  PassOutcome,
  ResourceResult,
  Response,
  SyncOptions,
} from '#core/sync/model';
import { syncOptions } from '#core/sync/options';
import { syncPass, terminatePass } from '#core/sync/pass';
import type { Case, RecordedPass, RecordedTask } from './case.ts';
import { RecordedCluster, type HealthSource } from './cluster.ts';
import {
  compareBatches,
  compareOperation,
  compareResults,
  compareTasks,
  compareValid,
  completeResult,
  type Finding,
} from './compare.ts';
import { canonical } from './canonical.ts';
import { Trace } from './trace.ts';

/** One difference between a case and what our engine did. */
export interface Difference extends Finding {
  readonly pass: number;
  readonly way: string;
}

/** The ways in which a case is replayed: with what was recorded, and with what we work out ourselves. */
export const WAYS = [
  { name: 'recorded health and options', health: 'recorded', options: 'recorded' },
  { name: 'own health and options', health: 'own', options: 'own' },
] as const satisfies readonly { name: string; health: HealthSource; options: HealthSource }[];

type Way = (typeof WAYS)[number];

/** Replays a case in both ways; empty when our engine does in every pass what Argo CD's did. */
export const replay = (recorded: Case): Difference[] =>
  WAYS.flatMap((way) => replayIn(recorded, way)).concat(compareOptions(recorded));

/** As `replay`; a case that breaks the replay itself, because a field is missing or of another sort, is a difference. */
export function replaySafely(recorded: Case): Difference[] {
  try {
    return replay(recorded);
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return [{ pass: 0, way: 'replay', part: 'engine', text: `the case could not be replayed: ${text}` }];
  }
}

/** Recorded options that follow from the cluster, not from the request. */
const BEYOND_REQUEST = ['notSelfReferenced', 'project', 'waveHookError'];

/** Options that follow from the request against the recorded ones, which leave managed metadata to the request. */
function compareOptions(recorded: Case): Difference[] {
  const pick = (options: object, left: readonly string[]): string =>
    canonical(Object.fromEntries(Object.entries(options).filter(([name]) => !left.includes(name))));
  const wanted = pick(recorded.options, BEYOND_REQUEST);
  const got = pick(syncOptions(recorded.operation), ['managedNamespaceMetadata']);
  if (wanted === got) return [];
  return [{ pass: 0, way: 'options', part: 'engine', text: `options: recorded ${wanted}, got ${got}` }];
}

function optionsOf({ operation, options }: Case, way: Way): SyncOptions {
  const managed = operation.managedNamespaceMetadata;
  return {
    ...options,
    ...(managed ? { managedNamespaceMetadata: managed } : {}),
    ...(way.options === 'own' ? syncOptions(operation) : {}),
  };
}

function replayIn(recorded: Case, way: Way): Difference[] {
  const cluster = new RecordedCluster(recorded, way.health);
  const options = optionsOf(recorded, way);
  const startedAt = Math.floor(Date.parse(recorded.startedAt) / 1000);
  const differences: Difference[] = [];
  let operation: OperationState = { phase: 'Running', message: '' };
  let results: readonly ResourceResult[] = [];
  let tasks: readonly RecordedTask[] = [];
  for (const pass of recorded.passes) {
    cluster.begin(pass);
    if (pass.action === 'terminate') operation = { phase: 'Terminating', message: 'operation is terminating' };
    const modified = pass.modified && new Map(Object.entries(pass.modified));
    const run = runPass(cluster, pass.action, {
      targets: pass.targets ?? recorded.targets,
      live: cluster.live,
      namespace: recorded.namespace,
      revision: recorded.revision,
      startedAt,
      options,
      operation,
      results,
      health: (object) => cluster.health(object),
      discover: (group, version, kind) => cluster.discover(group, version, kind),
      ...(modified ? { modified } : {}),
    });
    tasks = pass.sameTasks ? tasks : (pass.tasks ?? []);
    const before = results;
    operation = pass.operation;
    results = pass.sameResults ? before : (pass.results ?? []).map(completeResult);
    const findings = compare(pass, tasks, results, run);
    differences.push(...findings.map((finding) => ({ ...finding, pass: pass.n, way: way.name })));
  }
  return differences;
}

interface Run {
  readonly outcome: PassOutcome | undefined;
  readonly trace: Trace;
  readonly findings: readonly Finding[];
}

/** Drives one pass with recorded answers. */
function runPass(cluster: RecordedCluster, action: RecordedPass['action'], input: PassInput): Run {
  const trace = new Trace();
  const findings: Finding[] = [];
  const pass: Pass = action === 'terminate' ? terminatePass(input) : syncPass(input);
  try {
    let step = pass.next();
    while (!step.done) {
      trace.add(step.value);
      const actions = 'actions' in step.value ? step.value.actions : [];
      const responses = actions.map((request): Response => {
        const answer = cluster.answer(request);
        if (answer) return answer;
        findings.push({ part: 'batches', text: `no recorded answer to ${request.verb} ${request.key}` });
        return { error: 'the recording has no answer to this request' };
      });
      step = pass.next(responses);
    }
    return { outcome: step.value, trace, findings };
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { outcome: undefined, trace, findings: [...findings, { part: 'engine', text: `the pass threw: ${text}` }] };
  }
}

function compare(
  pass: RecordedPass,
  tasks: readonly RecordedTask[],
  results: readonly ResourceResult[],
  { outcome, trace, findings }: Run,
): Finding[] {
  const batches = compareBatches(pass.batches ?? [], trace.batches);
  if (!outcome) return [...findings, ...batches];
  return [
    ...findings,
    ...compareValid(pass.valid, outcome.valid),
    ...compareTasks(tasks, outcome.tasks),
    ...batches,
    ...compareOperation(pass.operation, outcome.operation),
    ...compareResults(results, outcome.results),
  ];
}
