import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { isProtected } from '../../sync/glob.ts';
import type { Call } from '../args.ts';
import { argocdOf } from '../argocd-flags.ts';
import { configOf } from '../config.ts';
import { askOnTerminal, ownTerminal } from '../confirm.ts';
import { requireNodeForCluster } from '../node-version.ts';
import { openCluster } from '../open-cluster.ts';
import type { Output } from '../output.ts';
import { realClock } from '../real-clock.ts';
import { storedOperations } from '../resuming.ts';
import { runDeletion } from '../../sync/deletion.ts';
import { run, type Place } from './run.ts';

/** Runs `sync`. */
export const sync = (call: Call, output: Output): Promise<number> => onCluster(call, output);

/** Runs `delete`. */
export function deleteObjects(call: Call, output: Output): Promise<number> {
  const policies = ['foreground', 'background'] as const;
  const policy = call.flags.oneOf('propagation-policy', policies, 'foreground');
  const propagation = policy === 'foreground' ? 'Foreground' : 'Background';
  return onCluster(call, output, (request, ports) => runDeletion({ ...request, cascade: true, propagation }, ports));
}

/** Runs on the cluster of the flags. @param deletion absent: a sync */
async function onCluster(call: Call, output: Output, deletion?: Place['run']): Promise<number> {
  const { flags } = call;
  requireNodeForCluster(process.versions.node);
  const operations = deletion ? undefined : storedOperations(call, output);
  const [verb, option] = deletion ? (['delete', 'Delete=confirm'] as const) : (['sync', 'Prune=confirm'] as const);
  if (
    !flags.has('yes') &&
    !flags.has('control') &&
    !flags.has('discard') &&
    !(process.stdin.isTTY && process.stderr.isTTY)
  ) {
    output.message(`Refused: there is no terminal to confirm on. Pass --yes to ${verb} without asking.`);
    return 3;
  }
  const confirmed = flags.get('confirm-context');
  const { protectedContexts } = await configOf(flags);
  return run(call, output, async ({ application }) => {
    const cluster = await openCluster(flags);
    return {
      cluster,
      clock: realClock,
      ...(operations ? { operations } : {}),
      ...(deletion ? { run: deletion } : {}),
      holder: `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`,
      asksPerson: !flags.has('yes'),
      slow: 'The API server does not answer yet; still trying…',
      request: { furtherKinds: [], warnings: [], argocd: argocdOf(flags, application) },
      confirm: async (preflight, interrupt) => {
        const { context } = preflight.cluster;
        const asking = preflight.rows.filter(({ asksConfirmation }) => asksConfirmation === true);
        if (flags.has('yes') && !flags.has('confirm-deletion') && asking.length > 0) {
          const names = asking.map(({ task }) => task).join(', ');
          output.message(
            `Refused: ${names} may be deleted only when somebody confirms it (${option}). Pass --confirm-deletion beside --yes${deletion ? '' : ', or leave --prune out'}.`,
          );
          return false;
        }
        const guarded = isProtected(context, protectedContexts);
        if (confirmed !== undefined && confirmed !== context) {
          output.message(`Refused: --confirm-context names ${confirmed}, but the context is ${context}.`);
          return false;
        }
        const byName = guarded && confirmed === undefined;
        if (!flags.has('yes')) return askOnTerminal(preflight, ownTerminal(output.color), interrupt, byName);
        if (guarded && confirmed === undefined)
          output.message(`Refused: ${context} is protected. Pass --confirm-context ${context} beside --yes.`);
        return !guarded || confirmed !== undefined;
      },
    };
  });
}
