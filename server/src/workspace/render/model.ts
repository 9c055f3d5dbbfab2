import type { HelmParameters, KustomizeParameters } from '../model.ts';
import type { RegistryChart } from '../registry-charts.ts';

/** Tells a render that nobody waits for it any more. */
export interface Cancellation {
  readonly cancelled: boolean;
  /** Called once, at once where it is cancelled already. */
  onCancelled(listener: () => void): void;
}

/** `spec.source.helm` as a render needs it. Paths are relative to the root of the workspace. */
export interface HelmRequest extends Pick<
  HelmParameters,
  | 'ignoreMissingValueFiles'
  | 'parameters'
  | 'skipCrds'
  | 'skipTests'
  | 'skipSchemaValidation'
  | 'kubeVersion'
  | 'apiVersions'
> {
  readonly tool: 'helm';
  /** Folder of the chart; of one from a registry the folder in which it is laid out. */
  readonly folder: string;
  /** It is fetched from a registry. */
  readonly chart?: RegistryChart;
  readonly releaseName: string;
  readonly namespace: string;
  /** In the order in which they count; a later one overrides. */
  readonly valueFiles: readonly string[];
  /** Values of the Application itself, as YAML. */
  readonly values?: string;
  readonly fileParameters: readonly { readonly name: string; readonly path: string }[];
}

/** What an Application changes in a kustomization before it is built. */
export type KustomizeEdits = Omit<KustomizeParameters, 'commonAnnotationsEnvsubst' | 'kubeVersion' | 'apiVersions'>;

export interface KustomizeRequest {
  readonly tool: 'kustomize';
  /** Folder of the kustomization. */
  readonly folder: string;
  readonly edits?: KustomizeEdits;
}

/** One source of an application, as it is to be rendered. */
export type RenderRequest = HelmRequest | KustomizeRequest;

export type Tool = RenderRequest['tool'];

/** A call of a tool: the files that it sees, and its arguments. */
export interface RenderJob {
  readonly tool: Tool;
  /** Folder that the tool renders. */
  readonly folder: string;
  /** Files that it may read, copied from the disk; paths relative to the root, `..` where they lie above. */
  readonly files: readonly string[];
  /** Files of the disk that lie elsewhere for the tool: from there to here. */
  readonly copies: ReadonlyMap<string, string>;
  /** Files whose content is another one than on the disk: open editors, what an Application edits, earlier revisions. */
  readonly texts: ReadonlyMap<string, string | Uint8Array>;
  /** Files that are made for this call alone, out of the way of all others, by name. */
  readonly extra: ReadonlyMap<string, string>;
  /** Called one after the other; the last one renders. */
  readonly calls: readonly (readonly RenderArgument[])[];
  /** The same again with these texts laid over, to learn where each object comes from. */
  readonly traced?: ReadonlyMap<string, string>;
}

/** In place of `file`, and of `extra`, comes the path of that file for the tool. */
export type RenderArgument =
  string | { readonly before: string; readonly file: string } | { readonly before: string; readonly extra: string };

export type RenderOutput =
  | {
      readonly kind: 'rendered';
      readonly output: string;
      /** Of the second call, where one was asked for and did not fail. */
      readonly traced?: string;
    }
  /** The tool ran and said no; `message` is what it wrote, with paths as the workspace has them. */
  | { readonly kind: 'failed'; readonly message: string }
  /** There is no such tool on this machine. */
  | { readonly kind: 'missing'; readonly tool: Tool }
  | { readonly kind: 'cancelled' };

/** A chart that was fetched from a registry. */
export type ChartOutput =
  | {
      readonly kind: 'fetched';
      /** Its files, by their paths below its folder; bytes where they are no text in UTF-8. */
      readonly files: ReadonlyMap<string, string | Uint8Array>;
    }
  | Exclude<RenderOutput, { readonly kind: 'rendered' }>;

/** What lies at a path. */
export type EntryKind = 'file' | 'folder';

/** Runs the tools of the machine: a port. Node's is in `render-node.ts`. Nothing here rejects. */
export interface Renderer {
  /** Remote bases, remote values and charts of registries may be fetched. */
  readonly network: boolean;
  /** `kustomize.buildOptions` of the Argo CD that is meant, as written; empty or absent: none. */
  readonly kustomizeBuildOptions?: string;
  render(job: RenderJob, cancellation: Cancellation): Promise<RenderOutput>;
  /** Fetches a chart from a registry, or gives the one that was fetched; asked only where `network` is true. */
  chart(chart: RegistryChart, cancellation: Cancellation): Promise<ChartOutput>;
  /** What lies at a path on the disk; undefined where nothing does. */
  entry(path: string): Promise<EntryKind | undefined>;
  /** Text of a file; undefined where it cannot be read. */
  read(path: string): Promise<string | undefined>;
  /** All files below a folder, whatever their kind, sorted; bounded. Hidden folders are left out. */
  list(folder: string): Promise<readonly string[]>;
}
