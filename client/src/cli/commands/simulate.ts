import type { VirtualClock } from '../../simulation/clock.ts';
import { UsageError, type Call } from '../args.ts';
import { positive } from '../operation-flags.ts';
import type { Output } from '../output.ts';
import { immediate, paced } from '../simulated-time.ts';
import { prepareSimulation } from './prepare.ts';
import { run, type Open } from './run.ts';

/** No simulation waits longer than this, in its own time. */
const HORIZON = 24 * 3_600_000;

/** Runs `simulate`. */
export async function simulate(call: Call, output: Output): Promise<number> {
  const { flags } = call;
  const speed = positive(flags, 'speed');
  if (speed === 0) throw new UsageError('--speed is more than 0');
  let used: VirtualClock | undefined;
  const open: Open = async (application, source, operation) => {
    const clock = (used = speed === undefined ? immediate() : paced(speed));
    const { cluster, furtherKinds, warnings } = await prepareSimulation({
      application,
      objects: source.objects.map(({ object }) => object),
      flags,
      clock,
      createsNamespace: operation.syncOptions?.includes('CreateNamespace=true') === true,
    });
    // Whoever watches in real time decides when it has been enough.
    const waitsForever = speed !== undefined && (flags.has('control') || process.stdin.isTTY);
    const request = { furtherKinds, warnings, horizon: HORIZON, waitsForever };
    return { cluster, clock, request, confirm: async () => true };
  };
  try {
    return await run(call, output, open);
  } finally {
    used?.stop();
  }
}
