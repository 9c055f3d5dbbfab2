import { syncOptions } from '#core/sync/options';
import { deletionWork } from './deletion.ts';
import { syncEngine } from './engine.ts';
import { rehearse } from './rehearse.ts';
import type { SyncRequest } from './request.ts';
import { namespaceKey } from './session.ts';
import type { Work } from './work.ts';

/** What is to be done. */
export const workOf = (request: SyncRequest): Work =>
  request.deletion ? deletionWork(request, request.deletion) : syncWork(request);

function syncWork({ operation, namespace }: SyncRequest): Work {
  const options = syncOptions(operation);
  return {
    dryRun: options.dryRun,
    look: (looking) => rehearse({ ...looking, options }),
    engine: (session, { startedAt, modified }) => syncEngine(session, options, startedAt, modified),
    left(session, hadNamespace) {
      const key = namespaceKey(namespace);
      const made = !hadNamespace && session.cache.get(key) !== undefined;
      return [...new Set([...session.live().keys(), ...(made ? [key] : [])])].sort();
    },
  };
}
