import { withLivePolicy } from './argocd/policy.ts';
import { withChoices } from './choices.ts';
import type { ClusterIdentity } from './cluster.ts';
import { LeaseHeld } from './lease.ts';
import { rfc3339 } from './progress.ts';
import type { SyncPorts, SyncRequest } from './request.ts';
import { decide, type Decision, resumedRequest } from './resume.ts';
import { Run, type Before, type SyncEnd } from './run.ts';
import { Stop } from './signal.ts';

/**
 * Syncs an application, or deletes what it has (`request.deletion`): looks at the cluster, shows what would happen, and
 * after a yes runs the engine's passes until the operation has ended. Everything that happens is told through `ports.emit`.
 * Rejects only where the cluster cannot be reached at all, with a message for a person.
 */
export async function runSync(request: SyncRequest, ports: SyncPorts): Promise<SyncEnd> {
  const stop = new Stop();
  try {
    ports.cluster.attend?.(
      (notice) => ports.emit({ type: 'notice', time: rfc3339(ports.clock.now()), ...notice }),
      ports.terminate,
    );
    const identity = await ports.cluster.connect(new Stop(ports.terminate));
    const namespace = request.namespace || identity.namespace || 'default';
    const asked = { ...request, namespace };
    const decision = await decided(asked, ports, identity);
    switch (decision.kind) {
      case 'start':
        return await lookAndRun(
          await withLivePolicy(asked, { cluster: ports.cluster, identity, signal: stop }),
          ports,
          stop,
          { identity, before: { gone: decision.gone } },
        );
      case 'resume': {
        const { record, gone } = decision;
        return await lookAndRun(resumedRequest(asked, record), ports, stop, {
          identity,
          before: { resumed: record, gone },
        });
      }
      default:
        return decision;
    }
  } catch (error) {
    if (!(error instanceof LeaseHeld)) throw error;
    return unfinished(ports, error);
  } finally {
    stop.stop();
    ports.cluster.close();
  }
}

/** Looks, and runs; looks anew each time that other options are chosen. */
async function lookAndRun(
  request: SyncRequest,
  ports: SyncPorts,
  stop: Stop,
  { identity, before }: { readonly identity: ClusterIdentity; readonly before: Before },
): Promise<SyncEnd> {
  let asked = request;
  for (let edition = 1; ; edition++) {
    const looking = new Stop(stop);
    const end = await new Run(asked, ports, looking, { ...before, edition }).run(identity);
    if (end.kind !== 'revised') return end;
    looking.stop();
    asked = withChoices(asked, end.choices);
  }
}

async function decided(request: SyncRequest, ports: SyncPorts, identity: ClusterIdentity): Promise<Decision> {
  const { operations, clock } = ports;
  if (!operations || (request.operation.dryRun === true && operations.wish === 'start'))
    return { kind: 'start', gone: [] };
  const decision = await decide(operations, request, identity, clock.now());
  if (decision.kind === 'unfinished') unfinished(ports, { since: decision.startedAt, message: decision.message });
  return decision;
}

/** Another operation runs, or was cut off: this one does not go on. */
function unfinished(ports: SyncPorts, { since, message }: { since: number; message: string }): SyncEnd {
  const time = rfc3339(ports.clock.now());
  ports.emit({ type: 'unfinished', time, startedAt: rfc3339(since), message });
  return { kind: 'unfinished', message };
}
