import type { RegistryChart } from '../../../server/src/workspace/registry-charts.ts';
import type {
  Cancellation,
  ChartOutput,
  Renderer,
  RenderJob,
  RenderOutput,
} from '../../../server/src/workspace/render/model.ts';
import { comparePaths, isWithin } from '../../../server/src/workspace/paths.ts';

/** A renderer whose disk is a map and whose tool is a function. */
export class MemoryRenderer implements Renderer {
  readonly network: boolean;
  readonly texts: Map<string, string>;
  readonly jobs: RenderJob[] = [];
  /** What registries hold, by name and address of a chart; and what was asked of them. */
  readonly charts = new Map<string, ChartOutput>();
  readonly asked: RegistryChart[] = [];
  readonly #tool: (job: RenderJob, cancellation: Cancellation) => RenderOutput | Promise<RenderOutput>;

  constructor(
    texts: Map<string, string>,
    tool: (job: RenderJob, cancellation: Cancellation) => RenderOutput | Promise<RenderOutput>,
    network = false,
  ) {
    this.texts = texts;
    this.#tool = tool;
    this.network = network;
  }

  async render(job: RenderJob, cancellation: Cancellation): Promise<RenderOutput> {
    this.jobs.push(job);
    return this.#tool(job, cancellation);
  }

  async chart(chart: RegistryChart): Promise<ChartOutput> {
    this.asked.push(chart);
    const known = this.charts.get(chart.name);
    return known ?? { kind: 'failed', message: `Error: chart "${chart.name}" not found in ${chart.repository}` };
  }

  async entry(path: string) {
    if (this.texts.has(path)) return 'file' as const;
    return [...this.texts.keys()].some((file) => isWithin(file, path)) ? ('folder' as const) : undefined;
  }

  async read(path: string): Promise<string | undefined> {
    return this.texts.get(path);
  }

  async list(folder: string): Promise<readonly string[]> {
    return [...this.texts.keys()].filter((file) => isWithin(file, folder)).sort(comparePaths);
  }
}

export const rendered = (output: string, traced?: string): RenderOutput => ({
  kind: 'rendered',
  output,
  ...(traced === undefined ? {} : { traced }),
});

/** A chart as a registry gives it, from texts by their paths below its folder. */
export const fetched = (texts: Readonly<Record<string, string>>): ChartOutput => ({
  kind: 'fetched',
  files: new Map(Object.entries(texts)),
});
