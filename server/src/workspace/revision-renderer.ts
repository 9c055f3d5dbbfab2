import { comparePaths } from './paths.ts';
import type { Renderer, RenderJob } from './render/model.ts';

/** The files of an earlier state of a root, whatever their kind. Paths relative to the root, with `/`. */
export interface RevisionTree {
  entry(path: string): Promise<'file' | 'folder' | undefined>;
  /** Content of a file; undefined where it cannot be had. */
  bytes(path: string): Promise<Uint8Array | undefined>;
  /** Its text. */
  text(path: string): Promise<string | undefined>;
  /** All files below a folder, hidden folders left out. */
  list(folder: string): Promise<readonly string[]>;
}

/** A tool sees no more files than this; no chart has so many. */
const MAX_FILES = 5_000;

/** Renders an earlier state of a root by the tools of now: nothing of the disk goes in. */
export function revisionRenderer(renderer: Renderer, tree: RevisionTree): Renderer {
  const laidOut = async (job: RenderJob): Promise<RenderJob> => {
    const sources = new Set([...job.files, ...job.copies.values()].filter((file) => !job.texts.has(file)));
    const contents = new Map<string, string | Uint8Array>();
    await Promise.all(
      [...sources].map(async (file) => {
        const bytes = await tree.bytes(file);
        if (bytes) contents.set(file, bytes);
      }),
    );
    for (const [file, text] of job.texts) contents.set(file, text);
    return {
      ...job,
      // What the revision does not have must not be taken from the disk.
      files: job.files.filter((file) => contents.has(file)),
      copies: new Map([...job.copies].filter(([, source]) => contents.has(source))),
      texts: contents,
    };
  };
  return {
    network: renderer.network,
    kustomizeBuildOptions: renderer.kustomizeBuildOptions ?? '',
    render: async (job, cancellation) => renderer.render(await laidOut(job), cancellation),
    chart: (chart, cancellation) => renderer.chart(chart, cancellation),
    entry: (path) => tree.entry(path),
    read: (path) => tree.text(path),
    list: async (folder) => [...(await tree.list(folder))].sort(comparePaths).slice(0, MAX_FILES),
  };
}
