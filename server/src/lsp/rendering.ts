import type { Application } from '../workspace/model.ts';
import { RenderKeeper } from '../workspace/render/keeper.ts';
import type { Renderer } from '../workspace/render/model.ts';
import type { Folder } from './folder.ts';
import type { RenderSettings } from './settings.ts';

/** Who says whether and how to render, and is told when something was rendered. */
export interface RenderingHost {
  /** Resolves when settings and trust are known. */
  settled(): Promise<void>;
  /** How a folder is rendered; undefined where it must not be. */
  settingsOf(folderUri: string): RenderSettings | undefined;
  rendererOf(folderUri: string, settings: RenderSettings): Renderer | undefined;
  /** What has to be done for a folder to be rendered; empty: nothing, or it never is. */
  hintOf(folderUri: string): string;
  /** The plan of an application is another one. */
  changed(folder: Folder, application: Application): void;
}

/** How long an answer waits for a render, in milliseconds; after that it is given without. */
const PATIENCE_MS = 4_000;

interface Kept {
  /** Of the settings that it was made with. */
  readonly settings: string;
  readonly keeper: RenderKeeper;
  /** Applications that somebody looks at: they are rendered again when the typist pauses. */
  readonly wanted: Set<string>;
}

/**
 * Renders the applications that somebody looks at: an open file of theirs, or their plan. Nothing that is typed waits
 * for it.
 */
export class Rendering {
  readonly #host: RenderingHost;
  readonly #kept = new Map<Folder, Kept>();

  constructor(host: RenderingHost) {
    this.#host = host;
  }

  /** Takes settings, trust and folders as they are now. */
  update(folders: Iterable<Folder>): void {
    const all = new Set(folders);
    for (const folder of this.#kept.keys()) if (!all.has(folder)) this.#end(folder);
    for (const folder of all) {
      if (folder.index.hintAtRendering(this.#host.hintOf(folder.uri))) folder.rendered();
      const settings = this.#host.settingsOf(folder.uri);
      const text = JSON.stringify(settings);
      const kept = this.#kept.get(folder);
      if (kept?.settings === text) continue;
      const wanted = kept?.wanted ?? new Set<string>();
      this.#end(folder);
      const renderer = settings && this.#host.rendererOf(folder.uri, settings);
      if (!renderer) continue;
      const keeper = new RenderKeeper(folder.index, renderer);
      this.#kept.set(folder, { settings: text, keeper, wanted });
      this.paused(folder);
    }
  }

  #end(folder: Folder): void {
    const kept = this.#kept.get(folder);
    if (!kept) return;
    kept.keeper.end();
    this.#kept.delete(folder);
    folder.forgetRenderings();
    if (kept.wanted.size === 0) return;
    for (const application of folder.index.applications()) {
      if (kept.wanted.has(keyOf(application))) this.#host.changed(folder, application);
    }
  }

  /** Files changed: what is made from them is rendered again for those who look at it. */
  paused(folder: Folder, paths: Iterable<string> = []): void {
    const kept = this.#kept.get(folder);
    if (!kept) return;
    for (const path of paths) kept.keeper.touch(path);
    if (!folder.complete || kept.wanted.size === 0) return;
    for (const application of folder.index.applications()) {
      if (kept.wanted.has(keyOf(application))) void this.#refresh(folder, kept, application);
    }
  }

  /** Somebody looks at an application, now and from now on. Returns at once. */
  want(folder: Folder, application: Application): void {
    const kept = this.#kept.get(folder);
    if (!kept || kept.wanted.has(keyOf(application))) return;
    kept.wanted.add(keyOf(application));
    void this.#refresh(folder, kept, application);
  }

  /** It was rendered, and is being rendered again because something that it is made from changed. */
  isBehind(folder: Folder, application: Application): boolean {
    const kept = this.#kept.get(folder);
    if (!kept?.wanted.has(keyOf(application))) return false;
    const { renderings } = folder.index;
    const was = application.sources.some((_, i) => renderings.of(application, i)?.rendered !== undefined);
    return was && kept.keeper.isDue(application);
  }

  /** The same; resolves when it is rendered, or takes too long to be waited for. */
  async ready(folder: Folder, application: Application): Promise<void> {
    await this.#host.settled();
    const kept = this.#kept.get(folder);
    if (!kept) return;
    kept.wanted.add(keyOf(application));
    await Promise.race([this.#refresh(folder, kept, application), delay(PATIENCE_MS)]);
  }

  async #refresh(folder: Folder, { keeper }: Kept, application: Application): Promise<void> {
    if (!keeper.isDue(application)) return;
    if (await keeper.refresh(application)) this.#host.changed(folder, application);
  }
}

const keyOf = ({ path, name }: Application): string => `${path}\n${name}`;

const delay = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
