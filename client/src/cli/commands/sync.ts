import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { agreed, refusesToAsk } from '../agreement.ts';
import type { Application } from '#service';
import { retryOf, type Retry } from '../../sync/argocd/policy.ts';
import type { SyncRequest } from '../../sync/request.ts';
import type { Call, Flags } from '../args.ts';
import { argocdOf } from '../argocd-flags.ts';
import { askOnTerminal, ownTerminal } from '../confirm.ts';
import { requireNodeForCluster } from '../node-version.ts';
import { backoffOf } from '../operation-flags.ts';
import { openCluster } from '../open-cluster.ts';
import type { Output } from '../output.ts';
import { realClock } from '../real-clock.ts';
import { storedOperations } from '../resuming.ts';
import type { DeletionOptions } from '../../sync/model.ts';
import { run } from './run.ts';

/** Runs `sync`. */
export const sync = (call: Call, output: Output): Promise<number> => onCluster(call, output);

/** Runs `delete`. */
export function deleteObjects(call: Call, output: Output): Promise<number> {
  const policies = ['foreground', 'background'] as const;
  const policy = call.flags.oneOf('propagation-policy', policies, 'foreground');
  const propagation = policy === 'foreground' ? 'Foreground' : 'Background';
  return onCluster(call, output, { cascade: true, propagation });
}

/**
 * How a failed sync is tried again, where no flag says: as the Application of the workspace says, else the one in the
 * cluster, as Argo CD does for a sync that is asked for. In a simulation it would be long to wait for.
 */
export function policyOf(flags: Flags, { policy }: Application): Pick<SyncRequest, 'adopts'> & Partial<Retry> {
  if (policy === undefined) return { adopts: true };
  if (policy.retry === undefined || flags.has('retry')) return {};
  const { retry, backoff } = retryOf(policy.retry);
  return { retry, ...(backoff === undefined || backoffOf(flags) ? {} : { backoff }) };
}

/** Runs on the cluster of the flags. @param deletion absent: a sync */
async function onCluster(call: Call, output: Output, deletion?: DeletionOptions): Promise<number> {
  const { flags } = call;
  requireNodeForCluster(process.versions.node);
  const operations = storedOperations(call, output);
  const [verb, option] = deletion ? (['delete', 'Delete=confirm'] as const) : (['sync', 'Prune=confirm'] as const);
  if (!flags.has('discard') && refusesToAsk(flags, output, verb)) return 3;
  return run(call, output, async ({ application }) => {
    const cluster = await openCluster(flags);
    return {
      cluster,
      clock: realClock,
      operations,
      holder: `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`,
      asksPerson: !flags.has('yes'),
      slow: 'The API server does not answer yet; still trying…',
      request: {
        ...{ furtherKinds: [], warnings: [], deletion, argocd: argocdOf(flags, application) },
        ...(deletion ? {} : policyOf(flags, application)),
      },
      confirm: async (preflight, interrupt) => {
        const asking = preflight.rows.filter(({ asksConfirmation }) => asksConfirmation === true);
        if (flags.has('yes') && !flags.has('confirm-deletion') && asking.length > 0) {
          const names = asking.map(({ task }) => task).join(', ');
          output.message(
            `Refused: ${names} may be deleted only when somebody confirms it (${option}). Pass --confirm-deletion beside --yes${deletion ? '' : ', or leave --prune out'}.`,
          );
          return false;
        }
        return agreed(preflight.cluster.context, flags, output, (typeName) =>
          askOnTerminal(preflight, ownTerminal(output.color), interrupt, typeName),
        );
      },
    };
  });
}
