import { deletionPass } from '#core/sync/deletion';
import type { DeletionInput } from '#core/sync/deletion-model';
import { terminateDeletion } from '#core/sync/deletion-terminate';
import { hasFailed } from '#core/sync/results';
import { deniedTexts } from './access.ts';
import { ownership } from './argocd/owner.ts';
import {
  deletionAccess,
  deletionBlockers,
  deletionLooks,
  deletionPreflight,
  type DeletionQuestion,
} from './deletion-preflight.ts';
import type { Given } from './engine.ts';
import type { Rehearsed } from './rehearse.ts';
import type { SyncRequest } from './request.ts';
import type { DeletionOptions } from './model.ts';
import type { Looking, Work } from './work.ts';

/** The value of the application's own option `Delete=…`; null: none. */
function defaultDelete({ operation }: SyncRequest): string | null {
  const option = operation.syncOptions?.find((text) => text.startsWith('Delete='));
  return option?.slice('Delete='.length) ?? null;
}

/**
 * The deletion of what an application has in a cluster, as Argo CD does when its Application is deleted: PreDelete hooks,
 * the resources from the highest wave to the lowest, PostDelete hooks. Every object is shown by name first.
 */
export function deletionWork(request: SyncRequest, { cascade, propagation }: DeletionOptions): Work {
  const byDefault = defaultDelete(request);
  return {
    dryRun: false,
    look: (looking) => look(looking, cascade, byDefault),
    engine(session) {
      const input = ({ view, approved, ...given }: Given): DeletionInput => ({
        ...{ cascade, propagation, defaultDelete: byDefault, confirmed: approved },
        ...given,
        hooks: session.deleteHooks,
        live: view(session.owned()),
      });
      return {
        dryRun: false,
        pass: (given) => deletionPass(input(given)),
        terminate: (given) => terminateDeletion(input(given)),
        // A failed hook was deleted, and runs anew; one that has succeeded does not.
        kept: (results) => results.filter((row) => !hasFailed(row)),
      };
    },
    left: (session) => [...session.owned().keys()].sort(),
  };
}

async function look(looking: Looking, cascade: boolean, byDefault: string | null): Promise<Rehearsed> {
  const { request, cluster, identity, session, redactor, signal, resumes } = looking;
  const hidden = await cluster.denied(deletionLooks(request, session), signal);
  const unseen = hidden.length > 0 ? [] : await session.takeInventory();
  if (hidden.length === 0) await session.watch();
  const question: DeletionQuestion = { request, identity, session, cascade, defaultDelete: byDefault };
  const denied = hidden.length > 0 ? hidden : await cluster.denied(deletionAccess(question), signal);
  const owners = await ownership({ cluster, identity, request, signal }, session.owned().values());
  const preflight = deletionPreflight(question, {
    warnings: owners.warnings.map((text) => redactor.hide(text)),
    blockers: [
      ...owners.blockers,
      // One that goes on may have nothing left to do but to end.
      ...(hidden.length > 0 || resumes ? [] : deletionBlockers(question, unseen)),
      ...deniedTexts(denied, identity.user),
    ],
    unseen,
  });
  return { preflight, denied: denied.length > 0 };
}
