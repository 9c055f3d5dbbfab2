import type { KubeObject } from '#core/object';
import type { Cluster, Kind } from './cluster.ts';
import { at } from './json.ts';
import { counted } from '#core/plan/words';
import type { Signal } from './signal.ts';
import { trackingOf } from './tracking.ts';

const APPLICATION: Kind = { group: 'argoproj.io', version: 'v1alpha1', kind: 'Application' };
/** Where Argo CD stands unless somebody has chosen otherwise. */
const NAMESPACE = 'argocd';

/** What is known of an Argo CD application in the cluster: it is there and heals itself or not; it is not there; nobody knows. */
type Owner = 'heals' | 'there' | 'absent' | 'unknown';

async function look(cluster: Cluster, name: string, signal: Signal): Promise<Owner> {
  try {
    await cluster.discover([APPLICATION], { refresh: false }, signal);
    if ('error' in cluster.discovered(APPLICATION.group, APPLICATION.version, APPLICATION.kind)) return 'absent';
    const application = await cluster.read(APPLICATION, NAMESPACE, name, signal);
    if (!application) return 'absent';
    return at(application['spec'], 'syncPolicy', 'automated', 'selfHeal') === true ? 'heals' : 'there';
  } catch {
    return 'unknown';
  }
}

/**
 * What a person must know of Argo CD's own applications: who owns the live objects by their tracking annotation, and
 * would take this sync back.
 */
export async function ownerWarnings(
  cluster: Cluster,
  application: string,
  live: Iterable<KubeObject>,
  signal: Signal,
): Promise<string[]> {
  const owned = new Map<string, number>();
  for (const object of live) {
    const owner = trackingOf(object)?.application;
    if (owner !== undefined) owned.set(owner, (owned.get(owner) ?? 0) + 1);
  }
  const found: string[] = [];
  for (const [owner, count] of owned) {
    const state = await look(cluster, owner, signal);
    const objects = `${counted(count, 'object')} in the cluster ${count === 1 ? 'belongs' : 'belong'}`;
    if (state === 'heals')
      found.push(
        `${objects} to the Argo CD application ${owner}, which has selfHeal: it takes back what this sync changes.`,
      );
    else if (state === 'there' && owner === application)
      found.push(`${objects} to the Argo CD application ${owner}: it does not know of this sync, and may undo it.`);
    else if (owner !== application)
      found.push(`${objects} to another application, ${owner}: this sync takes ${count === 1 ? 'it' : 'them'} over.`);
  }
  return found;
}
