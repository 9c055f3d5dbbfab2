import { keyOf } from '#core/object';
import { hasFailed } from '#core/sync/results';
import { withChoices } from '../sync/choices.ts';
import type { OperationChoices } from '../sync/model.ts';
import type { NextSync, Preflight, RunEvent } from '../sync/events.ts';
import type { SyncPorts, SyncRequest } from '../sync/request.ts';
import type { SyncEnd } from '../sync/run.ts';
import { runSync } from '../sync/runner.ts';
import type { VirtualClock } from './clock.ts';
import type { Scenario } from './scenario.ts';
import type { Simulation } from './simulation.ts';

/** Between the repair and the next sync, milliseconds: longer than any back-off of what starts again by itself. */
const PAUSE = 600_000;

/** Where a sync is simulated. */
export interface SimulatedRun {
  readonly cluster: Simulation;
  readonly clock: VirtualClock;
  readonly scenario: Scenario;
}

type Result = Extract<RunEvent, { type: 'result' }>;

/**
 * Runs a sync in a simulation, and where it fails the same sync once more after what failed has been repaired. What that
 * one came to is told with the result of the first; its own events are told to nobody.
 */
export async function runSyncAndNext(
  request: SyncRequest,
  ports: SyncPorts,
  { cluster, clock, scenario }: SimulatedRun,
): Promise<SyncEnd> {
  let result: Result | undefined;
  const emit = (event: RunEvent): void => {
    if (event.type === 'result') result = event;
    else ports.emit(event);
  };
  let asked = request;
  const { revised: asks } = ports;
  const revises = asks && {
    revised: async (preflight: Preflight): Promise<OperationChoices> => {
      const choices = await asks(preflight);
      asked = withChoices(asked, choices);
      return choices;
    },
  };
  const end = await runSync(request, { ...ports, ...revises, emit });
  if (!result) return end;
  const endedBadly = end.kind === 'finished' && !end.terminated && ['Failed', 'Error'].includes(end.phase);
  if (!endedBadly) {
    ports.emit(result);
    return end;
  }
  cluster.play({ ...scenario, objects: scenario.objects.map(repaired) });
  // Nobody watches it.
  const next = await clock.hurry(async () => {
    await clock.sleep(PAUSE, ports.terminate);
    return nextSync(asked, ports);
  });
  ports.emit(next ? { ...result, next } : result);
  return end;
}

/** Times stay as they are; nothing fails or hangs. */
const repaired = ({ name, after }: Scenario['objects'][number]): Scenario['objects'][number] =>
  after === undefined ? { name } : { name, after };

async function nextSync(request: SyncRequest, ports: SyncPorts): Promise<NextSync | undefined> {
  let result: Result | undefined;
  await runSync(
    { ...request, retry: 0, waitsForever: false },
    {
      ...ports,
      revised: undefined,
      confirm: async () => true,
      emit: (event) => {
        if (event.type === 'result') result = event;
      },
    },
  );
  if (!result || ports.terminate.aborted) return undefined;
  const { phase, message } = result.operation;
  const failed = result.results.filter(hasFailed);
  return {
    phase,
    message,
    failed: failed.map((one) => ({ task: keyOf(one), message: one.message })),
  };
}
