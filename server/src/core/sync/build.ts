import { orderTasks } from '../plan/order.ts';
import type { Pair } from '../plan/reconcile.ts';
import { draftTasks, type DraftTask } from '../plan/tasks.ts';
import { keyOf, objectIdOf, type KubeObject, type ObjectId } from '../object.ts';
import { judge } from './discovery.ts';
import type { Steps } from './exchange.ts';
import type { SelectedResource } from './model.ts';
import { createdNamespace } from './namespace.ts';
import type { PassState } from './state.ts';
import { SyncTask, type Live } from './task.ts';

export interface Built {
  /** In their order. */
  readonly tasks: readonly SyncTask[];
  readonly valid: boolean;
}

/** The tasks of a pass with what earlier passes left in the results. Source: sync_context.go `getSyncTasks`. */
export function* buildTasks(state: PassState): Steps<Built> {
  const { input, options, results } = state;
  const created = yield* createdNamespace(state);
  const drafts = draftTasks({
    ...state.reconciliation,
    namespace: input.namespace,
    revision: input.revision,
    startedAt: input.startedAt,
    skipHooks: options.skipHooks,
    pruneLast: options.pruneLast,
    createdNamespace: created,
    accepts: (pair) => isSelected(state, pair),
  });
  const skipped = new Set<DraftTask>();
  const refused = new Map<DraftTask, { status: 'SyncFailed'; hookPhase: ''; message: string }>();
  const judged = judge(state);
  for (const draft of drafts) {
    const verdict = judged(draft);
    if ('invalid' in verdict) {
      const object = draft.target ?? draft.live ?? {};
      refused.set(draft, { status: 'SyncFailed', hookPhase: '', message: verdict.invalid });
      results.put(object, draft.phase, { status: 'SyncFailed', state: '', message: verdict.invalid });
    } else if (verdict.skipDryRun) skipped.add(draft);
  }
  const shared = new Map<KubeObject, Live>();
  const tasks = orderTasks(drafts).map(({ task: draft, phase, wave }, index) => {
    const { target, source } = draft;
    const live = draft.live && share(shared, draft.live);
    // A refused task that was pulled into another phase has no result there.
    const result = results.of(target ?? draft.live ?? {}, phase) ?? refused.get(draft);
    return new SyncTask({ index, phase, wave, target, source, live, skipDryRun: skipped.has(draft), result });
  });
  return { tasks, valid: refused.size === 0 };
}

function share(shared: Map<KubeObject, Live>, object: KubeObject): Live {
  const live = shared.get(object) ?? { object };
  shared.set(object, live);
  return live;
}

/** The resource filter. Source: controller/sync.go, `WithResourcesFilter`. */
function isSelected({ options }: PassState, { target, live }: Pair): boolean {
  const object = live ?? target;
  if (!object) return false;
  if (live && options.notSelfReferenced?.includes(keyOf(objectIdOf(live)))) return false;
  if (!options.selected || options.selected.length === 0) return true;
  const id = objectIdOf(object);
  return options.selected.some((selected) => selects(selected, id));
}

/** Does one entry of the resource filter mean this object? */
export const selects = ({ group = '', kind, name, namespace = '' }: SelectedResource, id: ObjectId): boolean =>
  group === id.group && kind === id.kind && name === id.name && (namespace === '' || namespace === id.namespace);
