import { writeJson } from '#core/json';
import type { Json } from '#core/object';
import type { Application, Service } from '#service';
import { refusedText } from '../../sync/refused.ts';
import type { SyncRequest } from '../../sync/request.ts';
import { Stop } from '../../sync/signal.ts';
import { isFine, statusOf } from '../../sync/status.ts';
import type { ApplicationStatus } from '../../sync/status-model.ts';
import { UsageError, type Call, type Flags } from '../args.ts';
import { argocdOf } from '../argocd-flags.ts';
import { configOf } from '../config.ts';
import { requireNodeForCluster } from '../node-version.ts';
import { openCluster } from '../open-cluster.ts';
import { harmless, type Output } from '../output.ts';
import { realClock } from '../real-clock.ts';
import { revisionOf } from '../revision.ts';
import { statusText } from '../text/status.ts';
import { openApplications, refuseUnreadable } from '../workspace.ts';

/** Runs `status`: how the applications of a call stand in the cluster. The answer is the exit code. */
export async function status({ flags, paths }: Call, output: Output): Promise<number> {
  const format = flags.oneOf('format', ['text', 'json'], 'text');
  requireNodeForCluster(process.versions.node);
  const wanted = flags.get('application');
  const opened = await openApplications(paths, await configOf(flags), wanted);
  refuseUnreadable(opened);
  const { applications, service } = opened;
  if (applications.length === 0)
    throw new UsageError(
      wanted === undefined ? 'No application here: no manifest was found' : `No application here is called ${wanted}`,
    );
  const interrupted = new Stop();
  process.once('SIGINT', () => interrupted.stop());
  const found: ApplicationStatus[] = [];
  for (const application of applications) {
    const request = await requestOf(service, application, flags);
    const ports = { cluster: await openCluster(flags), clock: realClock, signal: interrupted };
    found.push(await statusOf(request, ports));
    if (interrupted.aborted) return 130;
  }
  if (format === 'json') output.data(`${writeJson({ version: 1, applications: found } as unknown as Json, 2)}\n`);
  else output.data(found.map((one) => statusText(one, output, flags.has('diff'))).join('\n'));
  return found.every(isFine) ? 0 : 1;
}

/** @throws UsageError where the manifests cannot be read for certain */
async function requestOf(service: Service, application: Application, flags: Flags): Promise<SyncRequest> {
  const source = service.source(application);
  const refused = refusedText(application.name, source.refused);
  if (refused !== undefined) throw new UsageError(harmless(refused));
  const objects = source.objects.map(({ object }) => object);
  return {
    application: application.name,
    namespace: flags.get('namespace') ?? application.namespace,
    objects,
    operation: { syncOptions: application.syncOptions, prune: true, dryRun: true },
    ...(application.policy ? { ignoreDifferences: application.policy.ignoreDifferences } : {}),
    revision: await revisionOf(process.cwd(), application.files, objects),
    retry: 0,
    furtherKinds: [],
    blockers: [],
    warnings: [],
    argocd: argocdOf(flags, application),
  };
}
