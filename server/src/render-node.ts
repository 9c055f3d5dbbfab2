import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { runTool, toolFinder, type ToolPaths } from './render-node/tools.ts';
import { Layout, LayoutError } from './render-node/layout.ts';
import { OutputCache } from './render-node/cache.ts';
import { ChartStore } from './render-node/charts.ts';
import { Turns } from './render-node/turns.ts';
import { entryAt, walk } from './render-node/walk.ts';
import type { Cancellation, Renderer, RenderJob, RenderOutput } from './workspace/render/model.ts';

export type { ToolPaths } from './render-node/tools.ts';

export interface NodeRendererOptions {
  readonly paths: ToolPaths;
  /** Remote bases and charts of registries may be fetched. */
  readonly network: boolean;
  /** Environment of this process, of which the tools see a part. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Options of every `kustomize build`. */
  readonly kustomizeBuildOptions?: string;
  /** How many renders run at a time; two where nothing is said, so that whoever types has cores left. */
  readonly atATime?: number;
}

const AT_A_TIME = 2;
/** Charts that are fetched at a time. */
const FETCHES = 4;

/**
 * Renders with the tools of this machine. They see a copy of the files that they need, in a folder for temporary files
 * which is gone afterwards, so that they cannot change the user's; they get no shell and a reduced environment.
 * @param root the workspace's folder, which paths are relative to
 */
export function nodeRenderer(root: string, options: NodeRendererOptions): Renderer {
  const find = toolFinder(options.paths, options.env);
  const cache = new OutputCache();
  const turns = new Turns(options.atATime ?? AT_A_TIME);
  const charts = new ChartStore({ find: () => find('helm'), env: options.env, turns: new Turns(FETCHES) });

  const render = async (job: RenderJob, cancellation: Cancellation): Promise<RenderOutput> => {
    const tool = await find(job.tool);
    if (!tool) return { kind: 'missing', tool: job.tool };
    let layout: Layout;
    try {
      layout = await Layout.of(root, job);
    } catch (error) {
      if (error instanceof LayoutError) return { kind: 'failed', message: error.message };
      throw error;
    }
    const { helm } = options.paths;
    const key = layout.digest(`${tool.program} ${tool.version} ${options.network ? 'network' : ''} ${helm}`);
    const known = cache.get(key);
    if (known) return known;
    const output = await turns.take(async (): Promise<RenderOutput> => {
      if (cancellation.cancelled) return { kind: 'cancelled' };
      return runTool({ tool, job, layout, cancellation, helm, network: options.network, env: options.env });
    });
    if (output.kind === 'rendered' || output.kind === 'failed') cache.set(key, output);
    return output;
  };

  return {
    network: options.network,
    kustomizeBuildOptions: options.kustomizeBuildOptions ?? '',
    render: (job, cancellation) =>
      render(job, cancellation).catch((error: unknown): RenderOutput => ({
        kind: 'failed',
        message: error instanceof Error ? error.message : String(error),
      })),
    chart: (chart, cancellation) => charts.get(chart, cancellation),
    entry: (file) => entryAt(path.resolve(root, file)),
    read: (file) => readFile(path.resolve(root, file), 'utf8').catch(() => undefined),
    list: async (folder) => {
      const found = await walk(path.resolve(root, folder));
      return found.map((file) => path.relative(root, file).split(path.sep).join('/')).sort();
    },
  };
}
