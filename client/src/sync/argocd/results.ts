import { SYNC_PHASES } from '#core/annotations/keys';
import { textAt } from '#core/fields';
import type { JsonObject } from '#core/object';
import type { Preflight } from '../events.ts';
import type { HookPhase, ResourceResult, ResultStatus } from '#core/sync/model';

const STATUSES: readonly ResultStatus[] = ['Synced', 'SyncFailed', 'Pruned', 'PruneSkipped'];
const STATES: readonly HookPhase[] = ['Running', 'Succeeded', 'Failed', 'Error'];

/**
 * `status.operationState.syncResult.resources`; values that this version does not know count as not there.
 * Source: pkg/apis/application/v1alpha1/types.go `ResourceResult`.
 */
export const resultsOf = (resources: readonly JsonObject[]): ResourceResult[] =>
  resources.map((resource) => {
    const [status, state, phase] = [resource['status'], resource['hookPhase'], resource['syncPhase']];
    return {
      group: textAt(resource, 'group'),
      version: textAt(resource, 'version'),
      kind: textAt(resource, 'kind'),
      namespace: textAt(resource, 'namespace'),
      name: textAt(resource, 'name'),
      status: STATUSES.find((known) => known === status) ?? '',
      message: textAt(resource, 'message'),
      hookType: textAt(resource, 'hookType'),
      hookPhase: STATES.find((known) => known === state) ?? '',
      syncPhase: SYNC_PHASES.find((known) => known === phase) ?? 'Sync',
    };
  });

/**
 * The wave of each result as the preflight has shown it; 0 for what it did not show. A generated name stands there as its
 * prefix.
 * @param keyOf key of a result's object as it stands in the cluster
 */
export function wavesIn(
  { rows }: Pick<Preflight, 'rows'>,
  keyOf: (result: ResourceResult) => string,
): (result: ResourceResult) => number {
  const waves = new Map(rows.map(({ phase, task, wave }) => [`${phase} ${task}`, wave]));
  const prefixes = [...waves].flatMap(([key, wave]) => (key.endsWith('…') ? [[key.slice(0, -1), wave] as const] : []));
  return (result) => {
    const key = `${result.syncPhase} ${keyOf(result)}`;
    return waves.get(key) ?? prefixes.find(([prefix]) => key.startsWith(prefix))?.[1] ?? 0;
  };
}
