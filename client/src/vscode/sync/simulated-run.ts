import { openService, readSettings, treeFiles, type Application, type FileTree, type SyncSource } from '#service';
import { VirtualClock } from '../../simulation/clock.ts';
import { HORIZON, prepareSimulation } from '../../simulation/prepare.ts';
import { runSyncAndNext } from '../../simulation/next-sync.ts';
import { DEFAULT_SCENARIO, type ObjectRule } from '../../simulation/scenario.ts';
import { leftOutTexts } from '../../sync/before.ts';
import { contentRevision } from '../../sync/content-id.ts';
import type { RunEvent } from '../../sync/events.ts';
import { Decisions } from '../../sync/decisions.ts';
import { exitCodeOf } from '../../sync/exit-code.ts';
import { refusedText } from '../../sync/refused.ts';
import type { SyncPorts } from '../../sync/request.ts';
import { runSync } from '../../sync/runner.ts';
import { Stop } from '../../sync/signal.ts';
import type { Run, RunHandlers, RunRequest, RunScenario } from './run.ts';

/** Why a run does not come to its first event, line by line. */
class NotStarted extends Error {}

/** @param speed so many seconds of the simulation in one real second; undefined: it waits for nothing */
const clockOf = (speed: number | undefined): VirtualClock =>
  new VirtualClock({
    start: Date.now(),
    turn: () => sleep(0),
    ...(speed === undefined ? {} : { pace: { speed, now: () => performance.now(), sleep } }),
  });

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Simulates a sync where it is called, without a process: the run of the browser, and of folders that no process can
 * reach. It reads the files as they were saved.
 * @param rootName name of the folder, for an application whose source is the folder itself
 */
export function startSimulatedRun(tree: FileTree, rootName: string, request: RunRequest, handlers: RunHandlers): Run {
  const clock = clockOf(request.speed);
  const stop = new Stop();
  const decisions = new Decisions();
  let over = false;
  let killer: ReturnType<typeof setTimeout> | undefined;
  const end = (code: number | undefined): void => {
    if (over) return;
    over = true;
    clearTimeout(killer);
    clock.stop();
    handlers.ended(code);
  };
  const message = (text: string): void => text.split('\n').forEach((line) => handlers.message(line));
  const emit = (event: RunEvent): void => {
    if (!over) handlers.event(event);
  };
  const terminate = (): void => {
    decisions.refuse();
    stop.stop();
  };
  const simulated = async (): Promise<number> => {
    const { application, source, leftOut } = await read(tree, rootName, request);
    const objects = source.objects.map(({ object }) => object);
    const { syncOptions } = application;
    const createsNamespace = syncOptions.includes('CreateNamespace=true');
    const scenario = { ...DEFAULT_SCENARIO, objects: rulesOf(request.scenario) };
    const deletes = request.scenario?.deletes === true;
    const earlier = deletes ? { objects, id: 'now' } : undefined;
    const start = { application, objects, scenario, clock, createsNamespace, earlier };
    const { cluster, furtherKinds, warnings } = await prepareSimulation(start);
    const found = deletes ? [] : ((await handlers.findings?.()) ?? []);
    const { waveDelay } = request;
    const sync = {
      application: application.name,
      namespace: application.namespace,
      objects,
      operation: { syncOptions },
      ...(application.policy ? { ignoreDifferences: application.policy.ignoreDifferences } : {}),
      revision: contentRevision(objects),
      retry: 0,
      ...(waveDelay === undefined ? {} : { waveDelay: waveDelay * 1000 }),
      ...(deletes ? { deletion: { cascade: true, propagation: 'Foreground' as const } } : {}),
      blockers: [],
      leftOut,
      horizon: HORIZON,
      // Whoever watches decides when it has been enough.
      waitsForever: request.speed !== undefined,
    };
    const asking: Pick<SyncPorts, 'confirm' | 'revised'> = {
      confirm: ({ edition }) => decisions.answer(edition),
      revised: ({ edition }) => decisions.revised(edition),
    };
    const ports = { cluster, clock, emit, terminate: stop, ...asking };
    const all = { ...sync, furtherKinds, warnings: [...warnings, ...found] };
    const ended = await (request.scenario?.next === true
      ? runSyncAndNext(all, ports, { cluster, clock, scenario })
      : runSync(all, ports));
    if (ended.kind === 'blocked') message(ended.blockers.join('\n'));
    return exitCodeOf(ended);
  };
  simulated().then(end, (error: unknown) => {
    const text = error instanceof Error ? error.message : 'an unknown error';
    if (error instanceof NotStarted) message(text);
    else emit({ type: 'error', time: new Date().toISOString(), message: text, exitCode: 2 });
    end(2);
  });
  return {
    send(message) {
      if (message.type === 'terminate') terminate();
      else decisions.take(message);
    },
    close(ms) {
      terminate();
      killer ??= setTimeout(() => end(undefined), ms);
    },
  };
}

const rulesOf = ({ fail, hang }: RunScenario = {}): ObjectRule[] => [
  ...(fail === undefined ? [] : [{ name: fail, outcome: 'fail' as const }]),
  ...(hang === undefined ? [] : [{ name: hang, outcome: 'hang' as const }]),
];

/** Reads the application as it was saved. @throws NotStarted where it is not there, or cannot be read for certain */
async function read(
  tree: FileTree,
  rootName: string,
  request: RunRequest,
): Promise<{ application: Application; source: SyncSource; leftOut: string[] }> {
  if (request.scenario?.upgrade !== undefined)
    throw new NotStarted('There is no Git here, so no earlier revision can be simulated. Simulate a first install.');
  const { section, filesExclude } = request.settings;
  const { applications, exclude } = readSettings(section, filesExclude);
  const service = await openService(treeFiles(tree), [], { rootName, applications, exclude });
  const application = service
    .applications()
    .find(({ name, path }) => name === request.application && path === request.path);
  if (!application)
    throw new NotStarted(
      `${request.application} (${request.path}) is not among the saved files any more. Refresh the plan.`,
    );
  const source = service.source(application);
  const refused = refusedText(application.name, source.refused);
  if (refused !== undefined) throw new NotStarted(refused);
  return { application, source, leftOut: leftOutTexts(service.plan(application).skipped) };
}
