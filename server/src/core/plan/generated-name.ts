import type { SyncPhase } from '../annotations/keys.ts';
import { groupOf, kindOf, type KubeObject } from '../object.ts';

const SHORT_REVISION = 7;

/**
 * The name that a hook without one gets for one operation: `generateName`, then in lower case the revision (shortened
 * to 7 where it has 8 or more), the phase, and the start of the operation in Unix seconds.
 * Source: sync_context.go `getSyncTasks`.
 */
export function generatedName(prefix: string, revision: string, phase: SyncPhase, startedAt: number): string {
  const short = revision.length > SHORT_REVISION ? revision.slice(0, SHORT_REVISION) : revision;
  return `${prefix}${`${short}-${phase}-${startedAt}`.toLowerCase()}`;
}

/** Longest name of an object; of one whose name becomes a label or a part of a host name. */
const LONGEST_NAME = 253;
const LONGEST_LABEL = 63;

/** Kinds whose names are used nowhere else, by group and kind. */
const FREELY_NAMED: ReadonlySet<string> = new Set([
  ...['ConfigMap', 'Secret', 'ServiceAccount', 'Pod', 'PersistentVolumeClaim', 'PersistentVolume'].map(
    (kind) => `/${kind}`,
  ),
  ...['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'].map((kind) => `rbac.authorization.k8s.io/${kind}`),
]);

/**
 * How long the name of an object may be. Custom resources are taken for what controllers mostly do with their names:
 * to label pods with them.
 */
export const nameLimit = (object: KubeObject): number =>
  FREELY_NAMED.has(`${groupOf(object)}/${kindOf(object)}`) ? LONGEST_NAME : LONGEST_LABEL;
