import { setImmediate as turn } from 'node:timers/promises';
import { loadAll } from 'js-yaml';
import type { KubeObject } from '#core/object';
import type { IgnoreRule } from '#core/ignore/rules';
import type { OperationRequest } from '#core/sync/options';
import { VirtualClock } from '../../client/src/simulation/clock.ts';
import { DEFAULT_SCENARIO, type ObjectRule, type Scenario } from '../../client/src/simulation/scenario.ts';
import { Simulation } from '../../client/src/simulation/simulation.ts';
import type { Kind } from '../../client/src/sync/cluster.ts';
import type { Preflight, RunEvent } from '../../client/src/sync/events.ts';
import type { Answer, ArgoRequest } from '../../client/src/sync/request.ts';
import type { StoredOperations } from '../../client/src/sync/recorder.ts';
import type { SyncEnd } from '../../client/src/sync/run.ts';
import { runSync } from '../../client/src/sync/runner.ts';
import { Stop, type Signal } from '../../client/src/sync/signal.ts';

/** Start of every simulated operation. */
export const START = Date.parse('2026-11-26T03:00:00Z');
export const REVISION = '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d';

export const objects = (text: string): KubeObject[] =>
  (loadAll(text) as (KubeObject | null | undefined)[]).filter((object) => object !== null && object !== undefined);

/** A cluster with its clock, on which one sync after the other runs. */
export interface World {
  readonly clock: VirtualClock;
  readonly cluster: Simulation;
  readonly scenario: Scenario;
}

export function world(
  scenario: Partial<Scenario> = {},
  rules: readonly ObjectRule[] = [],
  namespaces: readonly string[] = ['shop'],
): World {
  const clock = new VirtualClock({ start: START, turn: () => turn() });
  const all = { ...DEFAULT_SCENARIO, ...scenario, objects: [...(scenario.objects ?? []), ...rules] };
  return { clock, scenario: all, cluster: new Simulation({ clock, scenario: all, namespaces }) };
}

export interface SyncOptions {
  readonly operation?: OperationRequest;
  readonly retry?: number;
  readonly timeout?: number;
  readonly waveDelay?: number;
  /** Waits on where nothing more will happen. */
  readonly waitsForever?: boolean;
  readonly application?: string;
  readonly namespace?: string;
  readonly furtherKinds?: readonly Kind[];
  readonly confirm?: (preflight: Preflight) => Promise<Answer>;
  readonly argocd?: ArgoRequest;
  readonly ignoreDifferences?: readonly IgnoreRule[];
  /** No manifest says how it is synced. */
  readonly adopts?: boolean;
  readonly retryIsChosen?: boolean;
  readonly operations?: StoredOperations;
  /** Somebody has agreed to a deletion that Argo CD asks about. */
  readonly argocdApproved?: Signal;
  /** What runs; absent: a sync. */
  readonly run?: typeof runSync;
  /** What asks for a confirmation of its own has it so many milliseconds after the start. */
  readonly approveAt?: number;
  /** Terminates so many milliseconds after the start. */
  readonly terminateAt?: number;
  /** Is given what terminates the operation. */
  readonly onTerminate?: (terminate: () => void) => void;
  readonly onEvent?: (event: RunEvent) => unknown;
}

export interface Ran {
  readonly end: SyncEnd;
  readonly events: readonly RunEvent[];
  readonly result: Extract<RunEvent, { type: 'result' }>;
  readonly preflight: Preflight;
  /** `verb key` of each write, in order. */
  readonly writes: readonly string[];
  /** Messages of the operation, in order. */
  readonly messages: readonly string[];
}

const NO_RESULT: Ran['result'] = {
  type: 'result',
  time: '',
  operation: { phase: 'Error', message: 'no result', startedAt: '', finishedAt: '' },
  results: [],
  left: [],
  criticalPath: { seconds: 0, tasks: [] },
  waited: { seconds: 0 },
};

/** Runs one sync to its end. */
export async function sync(
  { clock, cluster }: World,
  targets: readonly KubeObject[],
  options: SyncOptions = {},
): Promise<Ran> {
  const events: RunEvent[] = [];
  const terminate = new Stop();
  options.onTerminate?.(() => terminate.stop());
  const approved = new Stop();
  if (options.approveAt !== undefined) clock.schedule(options.approveAt, () => approved.stop());
  if (options.terminateAt !== undefined) clock.schedule(options.terminateAt, () => terminate.stop());
  const end = await (options.run ?? runSync)(
    {
      application: options.application ?? 'shop',
      namespace: options.namespace ?? 'shop',
      objects: targets,
      operation: options.operation ?? {},
      revision: { id: REVISION, text: 'HEAD 1a2b3c4' },
      retry: options.retry ?? 0,
      ...(options.timeout === undefined ? {} : { timeout: options.timeout }),
      ...(options.waveDelay === undefined ? {} : { waveDelay: options.waveDelay }),
      ...(options.argocd === undefined ? {} : { argocd: options.argocd }),
      ...(options.ignoreDifferences === undefined ? {} : { ignoreDifferences: options.ignoreDifferences }),
      ...(options.adopts === undefined ? {} : { adopts: options.adopts }),
      ...(options.retryIsChosen === undefined ? {} : { retryIsChosen: options.retryIsChosen }),
      waitsForever: options.waitsForever,
      horizon: 24 * 3_600_000,
      furtherKinds: options.furtherKinds ?? [],
      blockers: [],
      warnings: [],
    },
    {
      cluster,
      clock,
      emit: (event) => {
        events.push(event);
        options.onEvent?.(event);
      },
      confirm: options.confirm ?? (async () => true),
      terminate,
      approved,
      operations: options.operations,
      argocdApproved: options.argocdApproved,
    },
  );
  const preflight = events.find((event) => event.type === 'preflight')?.preflight;
  if (!preflight) throw new Error('no preflight');
  return {
    end,
    events,
    preflight,
    result: events.find((event) => event.type === 'result') ?? NO_RESULT,
    writes: events.flatMap((event) => (event.type === 'write' ? [`${event.verb} ${event.object}`] : [])),
    messages: events.flatMap((event) => (event.type === 'operation' ? [`${event.phase} ${event.message}`] : [])),
  };
}
