import { nodeRevisions } from '#git-node';
import { revisionRenderer, type Revision, type Service } from '#service';
import { UsageError } from './args.ts';
import type { Config } from './config.ts';
import { rendererOf } from './rendering.ts';
import { openFiles } from './workspace.ts';

/**
 * The working folder as it was at a revision.
 * @param flag that names the revision, for messages
 * @param paths that are read; `.` for the whole folder
 * @throws UsageError where there is no such revision
 */
export async function openRevision(
  flag: string,
  name: string,
  paths: readonly string[],
  config: Config,
): Promise<{ readonly service: Service; readonly revision: Revision }> {
  const revisions = nodeRevisions(process.cwd(), { maxFileSize: () => config.maxFileSize });
  const revision = await revisions.resolve(name);
  if ('problem' in revision) throw new UsageError(`${flag} ${name}: ${revision.problem}`);
  const now = rendererOf(config);
  const renderer = now && revisionRenderer(now, revisions.tree(revision));
  return { service: await openFiles(revisions.files(revision), paths, config, renderer), revision };
}
