import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { RenderArgument, RenderJob } from '../workspace/render/model.ts';

/** What keeps the files of a render from being laid out, for a person. */
export class LayoutError extends Error {}

const MAX_BYTES = 100 * 1024 * 1024;
const MAX_FILES = 5_000;
const READS = 32;

/** The files of one render: read once, by which their digest is known, and written where a tool may have its way with them. */
export class Layout {
  readonly #root: string;
  readonly #job: RenderJob;
  /** By absolute path. */
  readonly #contents: ReadonlyMap<string, Uint8Array | string>;

  /** Use `Layout.of`. */
  constructor(root: string, job: RenderJob, contents: ReadonlyMap<string, Uint8Array | string>) {
    this.#root = root;
    this.#job = job;
    this.#contents = contents;
  }

  /** Reads the files of a job. @throws LayoutError where they are too many or too large */
  static async of(root: string, job: RenderJob): Promise<Layout> {
    const from = new Map<string, string>(job.files.map((file) => [file, file]));
    for (const [file, source] of job.copies) from.set(file, source);
    if (from.size > MAX_FILES)
      throw new LayoutError(`It is made from more than ${MAX_FILES} files, which are not copied to be rendered.`);
    const contents = new Map<string, Uint8Array | string>();
    const queue = [...from];
    let size = 0;
    const reader = async (): Promise<void> => {
      for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
        const [file, source] = next;
        const bytes = job.texts.get(source) ?? (await readFile(path.resolve(root, source)).catch(() => undefined));
        if (bytes === undefined) continue;
        size += bytes.length;
        if (size > MAX_BYTES)
          throw new LayoutError(
            `It is made from more than ${MAX_BYTES / 1024 / 1024} MiB, which are not copied to be rendered.`,
          );
        contents.set(path.resolve(root, file), bytes);
      }
    };
    await Promise.all(Array.from({ length: READS }, reader));
    for (const [file, text] of job.texts) contents.set(path.resolve(root, file), text);
    return new Layout(root, job, contents);
  }

  /** A digest of everything that the outcome depends on. @param tool program and version */
  digest(tool: string): string {
    const { folder, extra, calls, traced = new Map<string, string>() } = this.#job;
    const hash = createHash('sha256');
    const add = (part: string | Uint8Array): void => {
      hash.update(`${part.length}:`);
      hash.update(part);
    };
    add(JSON.stringify([tool, folder, [...extra], calls, [...traced]]));
    for (const file of [...this.#contents.keys()].sort()) {
      add(file);
      add(this.#contents.get(file) ?? '');
    }
    return hash.digest('hex');
  }

  /** Writes the files into a folder of their own. Call `remove` when they are not needed any more. */
  async write(texts: ReadonlyMap<string, string> = new Map()): Promise<WrittenLayout> {
    const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'argocd-hooks-render-')));
    const written = new WrittenLayout(folder, this.#root);
    try {
      const contents = new Map(this.#contents);
      for (const [file, text] of texts) contents.set(path.resolve(this.#root, file), text);
      const folders = new Set([...contents.keys()].map((file) => path.dirname(written.placeOf(file))));
      folders.add(written.placeOf(path.resolve(this.#root, this.#job.folder)));
      for (const needed of [...folders, written.extra, written.home]) await mkdir(needed, { recursive: true });
      const queue = [...contents];
      const writer = async (): Promise<void> => {
        for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
          await writeFile(written.placeOf(next[0]), next[1], { mode: 0o600 });
        }
      };
      await Promise.all(Array.from({ length: READS }, writer));
      for (const [name, text] of this.#job.extra)
        await writeFile(path.join(written.extra, name), text, { mode: 0o600 });
      return written;
    } catch (error) {
      await written.remove();
      throw error;
    }
  }
}

/** Files as they lie for a tool. */
export class WrittenLayout {
  readonly #folder: string;
  readonly #root: string;
  readonly extra: string;
  /** Stands for the user's home. */
  readonly home: string;

  constructor(folder: string, root: string) {
    this.#folder = folder;
    this.#root = root;
    this.extra = path.join(folder, 'extra');
    this.home = path.join(folder, 'home');
  }

  get #files(): string {
    return path.join(this.#folder, 'files');
  }

  /** Where a file lies for the tool. The whole path is kept, so that `..` means what it means outside. */
  placeOf(absolute: string): string {
    const { root } = path.parse(absolute);
    return path.join(this.#files, root.replace(/[^A-Za-z]/g, ''), absolute.slice(root.length));
  }

  /** Folder of the workspace as the tool sees it. */
  folderOf(relative: string): string {
    return this.placeOf(path.resolve(this.#root, relative));
  }

  argument(argument: RenderArgument): string {
    if (typeof argument === 'string') return argument;
    return (
      argument.before + ('file' in argument ? this.folderOf(argument.file) : path.join(this.extra, argument.extra))
    );
  }

  /** What a tool wrote, with paths as the workspace has them. */
  readable(text: string): string {
    const root = this.placeOf(this.#root);
    return text
      .replaceAll(root + path.sep, '')
      .replaceAll(root, '.')
      .replaceAll(this.#files, '')
      .replaceAll(this.extra + path.sep, '');
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 2 }).catch(() => undefined);
  }
}
