import { gvkOf, kindOf, nameOf, namespaceOf, type KubeObject } from '#core/object';
import type { Kind } from '../sync/cluster.ts';
import { runSync } from '../sync/runner.ts';
import { Stop } from '../sync/signal.ts';
import { assumedKinds, assumedText } from './assumed-kinds.ts';
import type { VirtualClock } from './clock.ts';
import type { Scenario } from './scenario.ts';
import { Simulation } from './simulation.ts';

/** No simulation waits longer than this, in milliseconds of its own time. */
export const HORIZON = 24 * 3_600_000;

/** Between the sync that made the first state and the one that is simulated, milliseconds. */
const PAUSE = 60_000;

export interface SimulationRequest {
  readonly application: {
    readonly name: string;
    readonly namespace: string;
    readonly syncOptions: readonly string[];
  };
  readonly objects: readonly KubeObject[];
  readonly scenario: Scenario;
  readonly clock: VirtualClock;
  /** The sync makes its namespace itself. */
  readonly createsNamespace: boolean;
  /** What was synced before, and its revision; absent: the cluster is empty. */
  readonly earlier?: { readonly objects: readonly KubeObject[]; readonly id: string } | undefined;
}

export interface PreparedSimulation {
  readonly cluster: Simulation;
  readonly furtherKinds: readonly Kind[];
  readonly warnings: readonly string[];
}

/** The namespace that an application goes to; where nothing says, `default`, as in a new context. */
const destinationOf = ({ namespace }: SimulationRequest['application']): string => namespace || 'default';

/** A simulated cluster in its first state: empty, or with what a sync of an earlier revision leaves. */
export async function prepareSimulation(request: SimulationRequest): Promise<PreparedSimulation> {
  const { application, objects, clock, earlier } = request;
  const all = [...(earlier?.objects ?? []), ...objects];
  const namespaces = namespacesGiven(request, all);
  const assumed = request.scenario.kinds === undefined ? assumedKinds(all) : [];
  const scenario = { ...request.scenario, kinds: request.scenario.kinds ?? assumed };
  const start = { ...scenario, objects: [] };
  const cluster = new Simulation({ clock, scenario: start, namespaces, namespace: destinationOf(application) });
  const furtherKinds = (earlier?.objects ?? []).map(gvkOf);
  // Nobody watches what was there before.
  const warnings = earlier ? await clock.hurry(() => leave(cluster, request, earlier)) : [];
  cluster.play(scenario);
  return { cluster, furtherKinds, warnings: [...warnings, ...assumedText(assumed)] };
}

/** Namespaces that the application uses and does not make are taken to exist. */
function namespacesGiven(
  { application, createsNamespace }: SimulationRequest,
  objects: readonly KubeObject[],
): string[] {
  const made = new Set(objects.filter((object) => kindOf(object) === 'Namespace').map(nameOf));
  const used = objects.map(namespaceOf).filter((namespace) => namespace !== '');
  if (!createsNamespace) used.push(destinationOf(application));
  return [...new Set(used)].filter(
    (name) => !made.has(name) && (!createsNamespace || name !== destinationOf(application)),
  );
}

/** Runs the sync of the earlier revision, without a failure of the scenario; says so where it does not succeed. */
async function leave(
  cluster: Simulation,
  { application, clock }: SimulationRequest,
  earlier: NonNullable<SimulationRequest['earlier']>,
): Promise<string[]> {
  const end = await runSync(
    {
      application: application.name,
      namespace: destinationOf(application),
      objects: earlier.objects,
      operation: { syncOptions: application.syncOptions },
      revision: { id: earlier.id, text: earlier.id },
      retry: 0,
      horizon: HORIZON,
      furtherKinds: [],
      blockers: [],
      warnings: [],
    },
    { cluster, clock, emit: () => undefined, confirm: async () => true, terminate: new Stop() },
  );
  await clock.sleep(PAUSE);
  if (end.kind === 'finished' && end.phase === 'Succeeded') return [];
  const how = end.kind === 'finished' ? end.phase : end.kind;
  return [`The sync of ${earlier.id.slice(0, 7)} itself does not succeed (${how}): this starts from what it leaves.`];
}
