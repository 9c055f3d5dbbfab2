import { pairApplications, type Application } from '#service';
import type { KubeObject } from '#core/object';
import { UsageError } from './args.ts';
import type { Config } from './config.ts';
import { openRevision } from './earlier.ts';
import { renderAll } from './rendering.ts';

/**
 * The objects of an application in an earlier revision; none where it was not there yet.
 * @param all applications of now, of which it is one
 * @throws UsageError where there is no such revision, or its manifests cannot be read for certain
 */
export async function objectsAt(
  name: string,
  application: Application,
  all: readonly Application[],
  config: Config,
): Promise<{ readonly objects: readonly KubeObject[]; readonly id: string }> {
  const { service, revision } = await openRevision('--upgrade', name, ['.'], config);
  const id = revision.commit;
  const { pairs } = pairApplications(service.applications(), all);
  const old = pairs.find((pair) => pair.now === application)?.before;
  if (!old) return { objects: [], id };
  await renderAll(service, [old]);
  const source = service.source(old);
  const [refused] = source.refused;
  if (refused)
    throw new UsageError(
      `The manifests of ${name} cannot be synced: ${refused.file}:${refused.line}: ${refused.message}`,
    );
  return { objects: source.objects.map(({ object }) => object), id };
}
