import { homedir } from 'node:os';
import type { Cluster } from '../sync/cluster.ts';
import { UsageError, type Flags } from './args.ts';

/** The cluster of the flags. The adapter is loaded only now, for it is large. */
export async function openCluster(flags: Flags): Promise<Cluster> {
  const { openKubernetes } = await import('../kube/kubernetes.ts');
  const user = flags.get('as');
  const groups = flags.all('as-group');
  const uid = flags.get('as-uid');
  if (groups.length > 0 && user === undefined) throw new UsageError('--as-group needs --as: a group alone is nobody');
  if (uid !== undefined && user === undefined) throw new UsageError('--as-uid needs --as: a UID alone is nobody');
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
      ...(flags.proxy ? { proxy: flags.proxy } : {}),
      ...(user === undefined
        ? {}
        : { impersonate: { user, ...(groups.length > 0 ? { groups } : {}), ...(uid === undefined ? {} : { uid }) } }),
    },
  );
}
