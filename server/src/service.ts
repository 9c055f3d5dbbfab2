import type { Files } from './workspace/files.ts';
import { openIndexed, type Service, type ServiceOptions } from './workspace/service.ts';

/**
 * The façade: a workspace opened once, as the terminal client and the runner use it. It reads through the port `Files`
 * alone, so that it serves Node and the browser. What judges files stands in service-lint.ts: a simulation needs no rule.
 */

export type { ApplicationPlan, PlanProblem } from './core/plan/model.ts';
export { readSettings, type FolderSettings } from './language/folder-settings.ts';
export { configuredApplication, type ConfiguredApplication } from './workspace/configured.ts';
export type { Files } from './workspace/files.ts';
export { treeFiles, type FileTree } from './workspace/tree-files.ts';
export { revisionRenderer } from './workspace/revision-renderer.ts';
export { pairApplications, type Revision } from './workspace/revisions.ts';
export { readBuildOptions } from './workspace/render/build-options.ts';
export type { Renderer } from './workspace/render/model.ts';
export type { Application, SyncObject, SyncSource } from './workspace/model.ts';
export type { RenderProgress, Service, ServiceOptions } from './workspace/service.ts';

/**
 * Opens what stands in some folders or files. Reads everything once; later changes of the files are not seen.
 * @param paths relative to the root of `files`, with `/`; none: the whole root
 */
export const openService = async (files: Files, paths: readonly string[], options: ServiceOptions): Promise<Service> =>
  (await openIndexed(files, paths, options)).service;
