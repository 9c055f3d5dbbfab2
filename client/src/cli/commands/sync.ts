import { homedir } from 'node:os';
import type { Application } from '#service';
import { ARGOCD_NAMESPACE } from '../../sync/argocd/live-application.ts';
import type { Cluster } from '../../sync/cluster.ts';
import { isProtected } from '../../sync/glob.ts';
import type { ArgoRequest } from '../../sync/request.ts';
import { UsageError, type Call, type Flags } from '../args.ts';
import { configOf } from '../config.ts';
import { askOnTerminal, ownTerminal } from '../confirm.ts';
import { requireNodeForCluster } from '../node-version.ts';
import type { Output } from '../output.ts';
import { realClock } from '../real-clock.ts';
import { storedOperations } from '../resuming.ts';
import { run } from './run.ts';

/** Runs `sync`. */
export async function sync(call: Call, output: Output): Promise<number> {
  const { flags } = call;
  requireNodeForCluster(process.versions.node);
  const operations = storedOperations(call, output);
  if (
    !flags.has('yes') &&
    !flags.has('control') &&
    !flags.has('discard') &&
    !(process.stdin.isTTY && process.stderr.isTTY)
  ) {
    output.message('Refused: there is no terminal to confirm on. Pass --yes to sync without asking.');
    return 3;
  }
  const confirmed = flags.get('confirm-context');
  const { protectedContexts } = await configOf(flags);
  return run(call, output, async ({ application }) => {
    const cluster = await openCluster(flags);
    return {
      cluster,
      clock: realClock,
      operations,
      asksPerson: !flags.has('yes'),
      slow: 'The API server does not answer yet; still trying…',
      request: { furtherKinds: [], warnings: [], argocd: argocdOf(flags, application) },
      confirm: async (preflight, interrupt) => {
        const { context } = preflight.cluster;
        const asking = preflight.rows.filter(({ asksConfirmation }) => asksConfirmation === true);
        if (flags.has('yes') && !flags.has('confirm-deletion') && asking.length > 0) {
          const names = asking.map(({ task }) => task).join(', ');
          output.message(
            `Refused: ${names} may be deleted only when somebody confirms it (Prune=confirm). Pass --confirm-deletion beside --yes, or leave --prune out.`,
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

/** What the flags and the Application's own manifest say about the Application in the cluster. */
function argocdOf(flags: Flags, { policy }: Application): ArgoRequest {
  const named = flags.get('argocd-namespace');
  const declared = policy === undefined || policy.namespace === '' ? [] : [policy.namespace];
  return {
    namespaces: named === undefined ? [...declared, ARGOCD_NAMESPACE] : [named],
    by: flags.has('hand-over') ? 'argocd' : flags.has('control') ? 'asked' : 'here',
    // A controlling program shows what runs, and its yes means that, too.
    terminates: flags.has('terminate-running') || flags.has('control'),
  };
}

/** The cluster of the flags. The adapter is loaded only now, for it is large. */
export async function openCluster(flags: Flags): Promise<Cluster> {
  const { openKubernetes } = await import('../../kube/kubernetes.ts');
  const user = flags.get('as');
  const groups = flags.all('as-group');
  if (groups.length > 0 && user === undefined) throw new UsageError('--as-group needs --as: a group alone is nobody');
  const explicit = flags.get('kubeconfig');
  const namespace = flags.get('namespace');
  return openKubernetes(
    { env: process.env, home: homedir(), ...(explicit === undefined ? {} : { explicit }) },
    flags.get('context') ?? '',
    {
      // A person at a terminal, or the editor in a workspace that its user trusts, has chosen this kubeconfig.
      allowExec: true,
      env: process.env,
      ...(namespace === undefined ? {} : { namespace }),
      ...(user === undefined ? {} : { impersonate: { user, groups } }),
    },
  );
}
