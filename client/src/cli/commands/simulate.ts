import type { VirtualClock } from '../../simulation/clock.ts';
import { HORIZON, prepareSimulation } from '../../simulation/prepare.ts';
import { runSyncAndNext } from '../../simulation/next-sync.ts';
import { UsageError, type Call } from '../args.ts';
import { positive } from '../operation-flags.ts';
import type { Output } from '../output.ts';
import { scenarioOf } from '../scenario.ts';
import { immediate, paced } from '../simulated-time.ts';
import { objectsAt } from '../upgrade.ts';
import { run, type Open, type Place } from './run.ts';

/** Runs `simulate`. */
export async function simulate(call: Call, output: Output): Promise<number> {
  const { flags } = call;
  const speed = positive(flags, 'speed');
  if (speed === 0) throw new UsageError('--speed is more than 0');
  if (flags.has('delete') && flags.has('next')) throw new UsageError('--delete and --next cannot go together');
  let used: VirtualClock | undefined;
  const open: Open = async ({ application, source, operation, all, config }) => {
    const clock = (used = speed === undefined ? immediate() : paced(speed));
    const objects = source.objects.map(({ object }) => object);
    const revision = flags.has('upgrade') ? flags.get('upgrade') || 'HEAD' : undefined;
    const deletes = flags.has('delete');
    const before = revision === undefined ? undefined : await objectsAt(revision, application, all, config);
    const earlier = deletes ? (before ?? { objects, id: 'now' }) : before;
    const scenario = await scenarioOf(flags, objects);
    const { cluster, furtherKinds, warnings } = await prepareSimulation({
      application,
      objects,
      scenario,
      clock,
      earlier,
      createsNamespace: operation.syncOptions?.includes('CreateNamespace=true') === true,
    });
    // Whoever watches in real time decides when it has been enough.
    const waitsForever = speed !== undefined && (flags.has('control') || process.stdin.isTTY);
    const deletion = deletes ? { cascade: true, propagation: 'Foreground' as const } : undefined;
    const request = { furtherKinds, warnings, horizon: HORIZON, waitsForever, deletion };
    const again: Pick<Place, 'run'> = flags.has('next')
      ? { run: (sync, ports) => runSyncAndNext(sync, ports, { cluster, clock, scenario }) }
      : {};
    return { cluster, clock, request, confirm: async () => true, ...again };
  };
  try {
    return await run(call, output, open);
  } finally {
    used?.stop();
  }
}
