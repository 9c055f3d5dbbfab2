import type { Application } from '#service';
import { ARGOCD_NAMESPACE } from '../sync/argocd/live-application.ts';
import type { ArgoRequest } from '../sync/request.ts';
import type { Flags } from './args.ts';

/** What the flags and the Application's own manifest say about the Application in the cluster. */
export function argocdOf(flags: Flags, { policy }: Application): ArgoRequest {
  const named = flags.get('argocd-namespace');
  const declared = policy === undefined || policy.namespace === '' ? [] : [policy.namespace];
  return {
    namespaces: named === undefined ? [...declared, ARGOCD_NAMESPACE] : [named],
    by: flags.has('hand-over') ? 'argocd' : flags.has('control') ? 'asked' : 'here',
    // A controlling program shows what runs, and its yes means that, too.
    terminates: flags.has('terminate-running') || flags.has('control'),
  };
}
