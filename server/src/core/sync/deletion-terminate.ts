import { DELETE_PHASES } from '../annotations/keys.ts';
import { isTerminating } from '../object.ts';
import { DeletionState } from './deletion-state.ts';
import type { DeletionInput, DeletionPass } from './deletion-model.ts';
import * as say from './messages.ts';

/**
 * Ends a deletion on request, which Argo CD itself cannot: a hook that runs, or has just failed, is deleted, as the
 * termination of a sync and a failed deletion do (sync_context.go `terminateHooksPreemptively`, hook.go `executeHooks`);
 * what has completed keeps its outcome and stays. Resources whose deletion was asked for go all the same.
 */
export function* terminateDeletion(input: DeletionInput): DeletionPass {
  const state = new DeletionState(input);
  state.observeGone();
  const begun = DELETE_PHASES.flatMap((phase) => state.hooksOf(phase)).filter(
    (hook) => hook.row !== undefined && !hook.isDone && !hook.isFailed,
  );
  for (const hook of begun) state.observe(hook);
  const open = begun.filter((hook) => !hook.isDone);
  const standing = open.flatMap((hook) => (hook.live && !isTerminating(hook.live) ? [{ hook, live: hook.live }] : []));
  const answers = yield* state.together(
    'delete',
    standing.map(({ live }) => state.deletionOf(live, 'delete')),
  );
  const errors = new Map(
    standing.flatMap(({ hook }, i) => {
      const { error, reason } = answers[i] ?? {};
      return error === undefined || reason === 'NotFound' ? [] : [[hook, error] as const];
    }),
  );
  for (const hook of open) if (!hook.isFailed || errors.has(hook)) state.ended(hook, errors.get(hook));
  if (errors.size > 0) state.set('Error', say.TERMINATED_WITH_ERRORS);
  else state.set('Failed', say.TERMINATED);
  return state.outcome();
}
