import { SYNC_OPTIONS } from '../annotations/keys.ts';
import { listOf } from '../annotations/parse.ts';
import { gvkOf, namespaceOf, type Gvk, type KubeObject } from '../object.ts';
import { definedKind } from '../plan/order.ts';
import type { DraftTask } from '../plan/tasks.ts';
import type { Discovered, PassInput, ProjectRules } from './model.ts';
import { ATTEMPTS } from './requests.ts';
import type { PassState } from './state.ts';

/** What discovery and the project say of one task. */
export type Verdict = { readonly skipDryRun: boolean } | { readonly invalid: string };

/**
 * Gives a function that judges tasks: a kind that the cluster does not know makes a task invalid, or lets it skip the
 * dry run where its CustomResourceDefinition is part of the sync or an option says so; a kind or namespace that the
 * project denies makes it invalid. Every kind is asked for once. Source: sync_context.go `getSyncTasks`.
 */
export function judge(state: PassState): (draft: DraftTask) => Verdict {
  const known = new Map<string, Discovered>();
  const defined = definedKinds(state);
  return (draft) => {
    const object = draft.target ?? draft.live ?? {};
    const gvk = gvkOf(object);
    const key = `${gvk.group}/${gvk.version}/${gvk.kind}`;
    const found = known.get(key) ?? discover(state.input, gvk);
    known.set(key, found);
    if ('error' in found) {
      const excused =
        state.options.skipDryRunOnMissingResource ||
        (draft.target !== undefined && listOf(draft.target, SYNC_OPTIONS).includes(SKIP_DRY_RUN)) ||
        defined.has(`${gvk.group}/${gvk.kind}`);
      return found.reason === 'NotFound' && excused ? { skipDryRun: true } : { invalid: found.error };
    }
    const denied = denial(state.options.project, gvk, namespaceOf(object), found.namespaced);
    return denied === undefined ? { skipDryRun: false } : { invalid: denied };
  };
}
const SKIP_DRY_RUN = 'SkipDryRunOnMissingResource=true';

function discover(input: PassInput, { group, version, kind }: Gvk): Discovered {
  let found = input.discover(group, version, kind);
  for (let attempt = 1; attempt < ATTEMPTS && 'error' in found && found.reason === 'Unauthorized'; attempt++)
    found = input.discover(group, version, kind);
  return found;
}

function definedKinds({ reconciliation }: PassState): Set<string> {
  const targets: readonly (KubeObject | undefined)[] = [
    ...reconciliation.hooks,
    ...reconciliation.pairs.map((pair) => pair.target),
  ];
  return new Set(
    targets.flatMap((target) => {
      const defined = target && definedKind(target);
      return defined ? [`${defined.group}/${defined.kind}`] : [];
    }),
  );
}

/** Source: controller/sync.go, the permission validator. */
function denial(
  project: ProjectRules | undefined,
  { group, kind }: Gvk,
  namespace: string,
  namespaced: boolean,
): string | undefined {
  if (!project) return undefined;
  if (project.deniedKinds?.some((denied) => denied === `${group}/${kind}` || (group === '' && denied === kind)))
    return `resource ${group}:${kind} is not permitted in project ${project.name}`;
  if (namespaced && project.deniedNamespaces?.includes(namespace))
    return `namespace ${namespace} is not permitted in project '${project.name}'`;
  return undefined;
}
