import { mkdir, mkdtemp, readFile, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cancellation } from '../workspace/render/cancellation.ts';
import type { Cancellation, ChartOutput } from '../workspace/render/model.ts';
import { isExact, shownAddress, type RegistryChart } from '../workspace/registry-charts.ts';
import { execute, NETWORK_MS, toolEnv, type Env, type FoundTool } from './tools.ts';
import type { Turns } from './turns.ts';
import { walk } from './walk.ts';

/** What charts are fetched with. */
export interface ChartTools {
  find(): Promise<FoundTool | undefined>;
  readonly env: Env;
  readonly turns: Turns;
  /** A clock in milliseconds; the machine's where nothing is said. */
  readonly now?: () => number;
}

type Fetched = Extract<ChartOutput, { readonly kind: 'fetched' }>;

/** A download, which others may wait for. */
interface Download {
  readonly done: Promise<ChartOutput>;
  readonly cancel: () => void;
  /** How many wait for it. */
  waiting: number;
}

interface Kept {
  readonly output: Fetched;
  readonly size: number;
  readonly at: number;
}

const MEBIBYTE = 1024 * 1024;
/** A chart with more is not rendered. */
const MAX_BYTES = 32 * MEBIBYTE;
/** How much is kept of all charts. */
const MAX_KEPT = 128 * MEBIBYTE;
/** Which version is the newest in a range is asked again after this. */
const RANGE_MS = 10 * 60_000;
/** So long does a download that nobody waits for go on: who types on soon asks for it again. */
const GRACE_MS = 3_000;
const MAX_OUTPUT = 1_000_000;

/**
 * Charts of registries, fetched by the machine's Helm and kept as long as this lives: one version for good, a range for
 * some minutes. What several ask for at a time is fetched once.
 */
export class ChartStore {
  readonly #tools: ChartTools;
  readonly #now: () => number;
  readonly #kept = new Map<string, Kept>();
  readonly #downloads = new Map<string, Download>();

  constructor(tools: ChartTools) {
    this.#tools = tools;
    this.#now = tools.now ?? (() => performance.now());
  }

  /** Never rejects. */
  get(chart: RegistryChart, cancellation: Cancellation): Promise<ChartOutput> {
    const key = JSON.stringify([chart.name, chart.repository ?? '', chart.version]);
    const kept = this.#kept.get(key);
    if (kept && (isExact(chart) || this.#now() - kept.at < RANGE_MS)) {
      // What was not asked for the longest goes first.
      this.#kept.delete(key);
      this.#kept.set(key, kept);
      return Promise.resolve(kept.output);
    }
    const download = this.#downloads.get(key) ?? this.#start(key, chart);
    download.waiting++;
    return new Promise((resolve) => {
      let waits = true;
      const settle = (output: ChartOutput): void => {
        if (waits) download.waiting--;
        waits = false;
        resolve(output);
      };
      void download.done.then(settle);
      cancellation.onCancelled(() => {
        settle({ kind: 'cancelled' });
        if (download.waiting === 0) setTimeout(() => download.waiting === 0 && download.cancel(), GRACE_MS).unref();
      });
    });
  }

  #start(key: string, chart: RegistryChart): Download {
    const own = cancellation();
    const cancel = (): void => {
      if (this.#downloads.get(key) === download) this.#downloads.delete(key);
      own.cancel();
    };
    const done = this.#fetch(chart, own)
      .catch((error: unknown): ChartOutput => ({
        kind: 'failed',
        message: error instanceof Error ? error.message : String(error),
      }))
      .then((output) => {
        if (this.#downloads.get(key) === download) this.#downloads.delete(key);
        if (output.kind === 'fetched') this.#keep(key, output);
        return output;
      });
    const download: Download = { done, cancel, waiting: 0 };
    this.#downloads.set(key, download);
    return download;
  }

  #keep(key: string, output: Fetched): void {
    const size = [...output.files.values()].reduce((sum, { length }) => sum + length, 0);
    this.#kept.delete(key);
    this.#kept.set(key, { output, size, at: this.#now() });
    let total = [...this.#kept.values()].reduce((sum, kept) => sum + kept.size, 0);
    for (const [oldest, kept] of this.#kept) {
      if (total <= MAX_KEPT) break;
      this.#kept.delete(oldest);
      total -= kept.size;
    }
  }

  async #fetch(chart: RegistryChart, cancellation: Cancellation): Promise<ChartOutput> {
    const helm = await this.#tools.find();
    if (!helm) return { kind: 'missing', tool: 'helm' };
    return this.#tools.turns.take(async () => {
      if (cancellation.cancelled) return { kind: 'cancelled' };
      const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'argocd-hooks-chart-')));
      try {
        return await this.#pull(helm, chart, folder, cancellation);
      } finally {
        await rm(folder, { recursive: true, force: true, maxRetries: 2 }).catch(() => undefined);
      }
    });
  }

  /** Source: argo-cd util/helm/cmd.go `Fetch`, `PullOCI`. */
  async #pull(helm: FoundTool, chart: RegistryChart, folder: string, cancellation: Cancellation): Promise<ChartOutput> {
    const [home, extra, charts] = ['home', 'extra', 'charts'].map((name) => path.join(folder, name)) as [
      string,
      string,
      string,
    ];
    for (const needed of [home, extra, charts]) await mkdir(needed);
    const { env } = this.#tools;
    const result = await execute(helm.program, [...helm.leading, ...pullArguments(chart), `--untardir=${charts}`], {
      cwd: extra,
      env: toolEnv(env, { home, extra }, true),
      timeout: NETWORK_MS,
      maxOutput: MAX_OUTPUT,
      cancellation,
    });
    if (result.kind === 'cancelled') return { kind: 'cancelled' };
    if (result.kind === 'failed') return { kind: 'failed', message: `${helm.program} ${result.why}` };
    if (result.code === 0) return readChart(charts);
    const said = shownAddress(result.stderr.trim()).replaceAll(folder + path.sep, '');
    return { kind: 'failed', message: said || `${helm.program} ended with exit code ${result.code} and said nothing` };
  }
}

/** Arguments of `helm pull`: what is written in a manifest is never taken for a flag. */
export const pullArguments = ({ name, repository, version }: RegistryChart): string[] => [
  'pull',
  ...(repository === undefined ? [] : [`--repo=${repository}`]),
  ...(version === '' ? [] : [`--version=${version}`]),
  '--untar',
  name,
];

const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function textOrBytes(bytes: Uint8Array): string | Uint8Array {
  try {
    return UTF_8.decode(bytes);
  } catch {
    return bytes;
  }
}

/** The files of the one chart in a folder. */
async function readChart(folder: string): Promise<ChartOutput> {
  const found = await walk(folder);
  const description = found
    .filter((file) => path.basename(file) === 'Chart.yaml')
    .sort((a, b) => a.length - b.length)[0];
  if (description === undefined) return { kind: 'failed', message: 'What was fetched holds no Chart.yaml.' };
  const chart = path.dirname(description);
  const files = new Map<string, string | Uint8Array>();
  let size = 0;
  for (const file of found) {
    const relative = path.relative(chart, file);
    if (relative.startsWith('..')) continue;
    size += (await stat(file)).size;
    if (size > MAX_BYTES)
      return { kind: 'failed', message: `The chart has more than ${MAX_BYTES / MEBIBYTE} MiB, which is not rendered.` };
    files.set(relative.split(path.sep).join('/'), textOrBytes(await readFile(file)));
  }
  return { kind: 'fetched', files };
}
