import { gvkOf, keyOf, nameOf, namespaceOf, objectIdOf, type KubeObject } from '#core/object';
import { textAt } from '#core/fields';
import type { AccessRequest, Cluster, ClusterIdentity } from '../cluster.ts';
import { diffLines } from '../diff.ts';
import type { Signal } from '../signal.ts';
import { ApplicationError } from './changes.ts';
import { APPLICATION, PROJECT } from './live-application.ts';

/** What applying an Application would do; shown before anything is written. */
export interface ApplicationQuestion {
  readonly cluster: ClusterIdentity;
  readonly namespace: string;
  readonly name: string;
  readonly change: 'create' | 'change' | 'unchanged';
  readonly diff: readonly string[];
  readonly warnings: readonly string[];
}

/** One JSON object a line of `application --apply --format json`. */
export type ApplicationEvent =
  | { readonly type: 'question'; readonly question: ApplicationQuestion }
  | { readonly type: 'applied'; readonly message: string }
  | { readonly type: 'refused' }
  | { readonly type: 'error'; readonly message: string };

const VERBS: readonly AccessRequest['verb'][] = ['get', 'create', 'patch'];

/**
 * Applies an Application to a cluster with Argo CD in it, as `kubectl apply` would, after a yes to what it comes to.
 * Rejects with a message for a person where it cannot be. The cluster is left open.
 * @returns kubectl's words for what was done; undefined where the answer was no
 */
export async function applyApplication(
  object: KubeObject,
  cluster: Cluster,
  signal: Signal,
  confirm: (question: ApplicationQuestion) => Promise<boolean>,
): Promise<string | undefined> {
  const identity = await cluster.connect(signal);
  const where = identity.context;
  const namespace = namespaceOf(object) || identity.namespace || 'default';
  const placed = { ...object, metadata: { ...(object['metadata'] as KubeObject), namespace } };
  await cluster.discover([APPLICATION, PROJECT], { refresh: false }, signal);
  const { group, version, kind } = gvkOf(object);
  if ('error' in cluster.discovered(group, version, kind))
    throw new ApplicationError(
      `${where} does not know ${kind}.${group}/${version}: Argo CD is not installed there. Choose the context of the cluster that Argo CD runs in.`,
    );
  const requests = VERBS.map((verb) => ({ verb, group, resource: 'applications', namespace }));
  const denied = await cluster.denied(requests, signal);
  if (denied.length > 0)
    throw new ApplicationError(
      `${identity.user || 'You'} may not ${denied.map(({ verb }) => verb).join(', ')} applications.${group} in namespace ${namespace} of ${where}. Ask for these permissions, or use another context.`,
    );
  const action = { verb: 'apply', key: keyOf(objectIdOf(placed)), object: placed } as const;
  const live = await cluster.read({ group, version, kind }, namespace, nameOf(object), signal);
  const preview = await cluster.preview(action, signal);
  if (preview.error !== undefined)
    throw new ApplicationError(`${where} refuses Application ${namespace}/${nameOf(object)}: ${preview.error}`);
  const diff = live && preview.object ? diffLines(live, preview.object) : [];
  const agreed = await confirm({
    cluster: identity,
    namespace,
    name: nameOf(object),
    change: live ? (diff.length > 0 ? 'change' : 'unchanged') : 'create',
    diff,
    warnings: await warningsOf(placed, cluster, signal),
  });
  if (!agreed) return undefined;
  const { error, message } = await cluster.perform(action, signal);
  if (error !== undefined)
    throw new ApplicationError(`Application ${namespace}/${nameOf(object)} was not applied to ${where}: ${error}`);
  return message ?? 'applied';
}

/** What Argo CD would only tell afterwards. */
async function warningsOf(object: KubeObject, cluster: Cluster, signal: Signal): Promise<string[]> {
  const namespace = namespaceOf(object);
  const project = textAt(object, 'spec', 'project') || 'default';
  if ('error' in cluster.discovered(PROJECT.group, PROJECT.version, PROJECT.kind)) return [];
  try {
    if (await cluster.read(PROJECT, namespace, project, signal)) return [];
    return [
      `There is no project ${project} in namespace ${namespace}: Argo CD will not sync the Application until there is. Create it, or choose another.`,
    ];
  } catch {
    return [];
  }
}
