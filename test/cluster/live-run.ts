import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import type { KubeObject } from '#core/object';
import type { OperationState, ResourceResult } from '#core/sync/model';
import { realClock } from '../../client/src/cli/real-clock.ts';
import { parseDuration } from '#core/duration';
import type { RunEvent } from '../../client/src/sync/events.ts';
import type { SyncPorts, SyncRequest } from '../../client/src/sync/request.ts';
import { runSync } from '../../client/src/sync/runner.ts';
import { Stop, type Signal } from '../../client/src/sync/signal.ts';
import { namespacesOf, type ExpectedCase, type ExpectedStep, type Step } from './live-case.ts';
import { open, pause, plane, until, writesOf, type AuditedWrite } from './plane.ts';

export interface Outcome {
  readonly operation: OperationState;
  readonly results: readonly ResourceResult[];
  readonly events: readonly RunEvent[];
  /** What this step wrote, dry runs left out. */
  readonly writes: readonly AuditedWrite[];
  /** Why it was refused before anything was asked; none where it ran. */
  readonly blockers: readonly string[];
  /** It waited as the recording did, and was terminated then. */
  readonly waited: boolean;
}

/** How long a state has to last before it counts as one that nothing ends. */
const LASTING_MS = 1500;

/** Runs one step with these objects by the runner, in the process, as the user argocd. */
export async function runStep(
  live: ExpectedCase,
  expected: ExpectedStep,
  objects: readonly KubeObject[],
): Promise<Outcome> {
  const { step } = expected;
  const writes = () => writesOf(namespacesOf(live), { clusterObjects: live.clusterObjects ?? [] });
  const before = writes().length;
  const events: RunEvent[] = [];
  const [terminate, approved, over] = [new Stop(), new Stop(), new Stop()];
  const waited = interfere(live, expected, { events, terminate, approved, over });
  const ports: SyncPorts = {
    cluster: await open('argocd'),
    clock: realClock,
    terminate,
    approved,
    confirm: async () => true,
    emit: (event) => events.push(event),
  };
  const request = requestOf(live, step, objects);
  const end =
    step.deleteApplication === true
      ? await runSync({ ...request, ...forDeletion(expected), deletion: deletionOf(live) }, ports)
      : await runSync(request, ports);
  over.stop();
  const written = writes()
    .slice(before)
    .filter((write) => !write.uri.searchParams.has('dryRun'));
  const common = { events, writes: written, waited: await waited };
  if (end.kind === 'blocked')
    return { ...common, operation: { phase: 'Failed', message: '' }, results: [], blockers: end.blockers };
  const result = events.findLast((event) => event.type === 'result');
  if (!result) throw new Error(`${live.name} has no result: ${JSON.stringify(events.at(-1), bigints)}`);
  return { ...common, operation: result.operation, results: result.results, blockers: [] };
}

function requestOf(
  live: ExpectedCase,
  { application, sync, retry }: Step,
  objects: readonly KubeObject[],
): SyncRequest {
  const { duration = '5s', factor = 2, maxDuration = '3m' } = retry?.backoff ?? {};
  return {
    application: application ?? live.name,
    namespace: live.namespace,
    objects,
    operation: sync ?? {},
    revision: { id: createHash('sha1').update(JSON.stringify(objects, bigints)).digest('hex'), text: 'test' },
    retry: retry?.limit ?? 0,
    backoff: { duration: parseDuration(duration) ?? 0, factor, maxDuration: parseDuration(maxDuration) ?? 0 },
    furtherKinds: [],
    blockers: [],
    warnings: [],
  };
}

const deletionOf = (live: ExpectedCase): SyncRequest['deletion'] => ({
  cascade: live.cascade === true,
  propagation: 'Foreground',
});

/** Argo CD runs a failed hook of a deletion again and again. */
const forDeletion = ({ gone }: ExpectedStep): Partial<SyncRequest> =>
  gone === true ? {} : { retry: -1, backoff: { duration: 100, factor: 1, maxDuration: 100 } };

interface Running {
  readonly events: readonly RunEvent[];
  readonly terminate: Stop;
  readonly approved: Stop;
  readonly over: Signal;
}

/** Does meanwhile what was done in the recording; true where it has waited as that did, and was terminated. */
async function interfere(live: ExpectedCase, expected: ExpectedStep, run: Running): Promise<boolean> {
  const { step, timedOut, gone } = expected;
  const { terminate, over } = run;
  if (gone === false) {
    // It would go on for ever: as long as the recording lasts.
    const rounds = new Set(
      expected.writes.map(({ verb, object, t = 0 }) => `${verb} ${object} ${Math.round(t / 1000)}`),
    );
    const written = () => run.events.filter(({ type }) => type === 'write').length;
    await until('the writes of the recording', () => over.aborted || written() >= rounds.size);
    terminate.stop();
  }
  if (step.terminateAtMs !== undefined) void realClock.sleep(step.terminateAtMs, over).then(() => terminate.stop());
  for (const { atMs, kubectl } of step.during ?? []) {
    await realClock.sleep(atMs, over);
    if (kubectl.includes('application')) run.approved.stop();
    else await runKubectl(live.namespace, kubectl);
  }
  if (timedOut === undefined) return false;
  const message = (): string => run.events.findLast((event) => event.type === 'operation')?.message ?? '';
  await until(timedOut.message, () => over.aborted || message() === timedOut.message, step.timeoutMs);
  await pause(LASTING_MS);
  const lasts = !over.aborted && message() === timedOut.message;
  terminate.stop();
  return lasts;
}

/** Runs kubectl as the administrator; what it only reads is left out. */
export function runKubectl(namespace: string, args: readonly string[]): Promise<void> {
  if (args[0] === 'get') return Promise.resolve();
  const program = process.env['ARGOCD_HOOKS_KUBECTL'] ?? '';
  const flags = ['--kubeconfig', plane.kubeconfig, '-n', namespace];
  return new Promise((resolve, reject) =>
    execFile(program, [...flags, ...args], (error, _out, errors) => (error ? reject(new Error(errors)) : resolve())),
  );
}

const bigints = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value);
