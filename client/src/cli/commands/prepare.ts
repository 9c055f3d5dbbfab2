import { gvkOf, kindOf, nameOf, namespaceOf, type KubeObject } from '#core/object';
import type { Application } from '#service';
import type { VirtualClock } from '../../simulation/clock.ts';
import { Simulation } from '../../simulation/simulation.ts';
import type { Kind } from '../../sync/cluster.ts';
import { runSync } from '../../sync/runner.ts';
import { Stop } from '../../sync/signal.ts';
import type { Flags } from '../args.ts';
import { scenarioOf } from '../scenario.ts';
import { objectsAt } from '../upgrade.ts';

/** Between the sync that made the first state and the one that is simulated, milliseconds. */
const PAUSE = 60_000;

export interface SimulationRequest {
  readonly application: Application;
  readonly objects: readonly KubeObject[];
  readonly flags: Flags;
  readonly clock: VirtualClock;
  /** The sync makes its namespace itself. */
  readonly createsNamespace: boolean;
}

export interface PreparedSimulation {
  readonly cluster: Simulation;
  readonly furtherKinds: readonly Kind[];
  readonly warnings: readonly string[];
}

/** The namespace that an application goes to; where nothing says, `default`, as in a new context. */
const destinationOf = ({ namespace }: Application): string => namespace || 'default';

/**
 * A simulated cluster in its first state: empty, or with what a sync of an earlier revision leaves.
 * @throws UsageError where the scenario or the revision cannot be read
 */
export async function prepareSimulation(request: SimulationRequest): Promise<PreparedSimulation> {
  const { application, objects, flags, clock } = request;
  const old = flags.has('upgrade') ? await objectsAt(flags.get('upgrade') || 'HEAD', application) : undefined;
  const all = [...(old?.objects ?? []), ...objects];
  const scenario = await scenarioOf(flags, objects);
  const namespaces = namespacesGiven(request, all);
  const namespace = destinationOf(application);
  const start = { ...scenario, objects: [] };
  const cluster = new Simulation({ clock, scenario: start, namespaces, namespace });
  const furtherKinds = (old?.objects ?? []).map(gvkOf);
  const warnings = old ? await leave(cluster, request, old) : [];
  cluster.play(scenario);
  return { cluster, furtherKinds, warnings };
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
  old: { readonly objects: readonly KubeObject[]; readonly id: string },
): Promise<string[]> {
  const end = await runSync(
    {
      application: application.name,
      namespace: destinationOf(application),
      objects: old.objects,
      operation: { syncOptions: application.syncOptions },
      revision: { id: old.id, text: old.id },
      retry: 0,
      horizon: 24 * 3_600_000,
      furtherKinds: [],
      blockers: [],
      warnings: [],
    },
    { cluster, clock, emit: () => undefined, confirm: async () => true, terminate: new Stop() },
  );
  await clock.sleep(PAUSE);
  if (end.kind === 'finished' && end.phase === 'Succeeded') return [];
  const how = end.kind === 'finished' ? end.phase : end.kind;
  return [`The sync of ${old.id.slice(0, 7)} itself does not succeed (${how}): this starts from what it leaves.`];
}
