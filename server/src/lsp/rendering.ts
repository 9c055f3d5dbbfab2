import { applicationKey, type Application } from '../workspace/model.ts';
import { RenderKeeper } from '../workspace/render/keeper.ts';
import type { Renderer } from '../workspace/render/model.ts';
import type { Folder } from './folder.ts';
import type { RenderSettings } from '../language/folder-settings.ts';

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
}

/**
 * Renders the applications that somebody looks at: an open file of theirs, or their plan. Nothing that is typed waits
 * for it.
 */
export class Rendering {
  readonly #host: RenderingHost;
  readonly #kept = new Map<Folder, Kept>();
  /** Applications that somebody looks at: they are rendered again when the typist pauses, and as soon as they may be. */
  readonly #wanted = new WeakMap<Folder, Set<string>>();

  constructor(host: RenderingHost) {
    this.#host = host;
  }

  /** Takes settings, trust and folders as they are now. */
  update(folders: Iterable<Folder>): void {
    const all = new Set(folders);
    for (const folder of this.#kept.keys()) if (!all.has(folder)) this.#end(folder);
    for (const folder of all) {
      const hinted = folder.index.hintAtRendering(this.#host.hintOf(folder.uri));
      const settings = this.#host.settingsOf(folder.uri);
      const text = JSON.stringify(settings);
      const renewed = this.#kept.get(folder)?.settings !== text;
      if (renewed) {
        this.#end(folder);
        const renderer = settings && this.#host.rendererOf(folder.uri, settings);
        if (renderer) this.#kept.set(folder, { settings: text, keeper: new RenderKeeper(folder.index, renderer) });
      }
      if (!renewed && !hinted) continue;
      folder.rendered();
      for (const application of this.#wantedOf(folder)) this.#host.changed(folder, application);
      this.paused(folder);
    }
  }

  #end(folder: Folder): void {
    this.#kept.get(folder)?.keeper.end();
    if (this.#kept.delete(folder)) folder.forgetRenderings();
  }

  /** The applications of a folder that somebody looks at. */
  #wantedOf(folder: Folder): readonly Application[] {
    const wanted = this.#wanted.get(folder);
    if (!wanted || !folder.complete) return [];
    return folder.index.applications().filter((application) => wanted.has(applicationKey(application)));
  }

  /** Notes that somebody looks at an application; false where that is known. */
  #note(folder: Folder, application: Application): boolean {
    const wanted = this.#wanted.get(folder) ?? new Set<string>();
    this.#wanted.set(folder, wanted);
    const isNew = !wanted.has(applicationKey(application));
    wanted.add(applicationKey(application));
    return isNew;
  }

  /** Files changed: what is made from them is rendered again for those who look at it. */
  paused(folder: Folder, paths: Iterable<string> = []): void {
    const kept = this.#kept.get(folder);
    if (!kept) return;
    for (const path of paths) kept.keeper.touch(path);
    for (const application of this.#wantedOf(folder)) void this.#refresh(folder, kept, application);
  }

  /** Everything that somebody looks at is rendered anew: what a render needs beside the files may be another one. */
  again(folder: Folder): void {
    this.#kept.get(folder)?.keeper.touchAll();
    this.paused(folder);
  }

  /** Somebody looks at an application, now and from now on. Returns at once. */
  want(folder: Folder, application: Application): void {
    const isNew = this.#note(folder, application);
    const kept = this.#kept.get(folder);
    if (kept && isNew) void this.#refresh(folder, kept, application);
  }

  /** It was rendered, and is being rendered again because something that it is made from changed. */
  isBehind(folder: Folder, application: Application): boolean {
    const kept = this.#kept.get(folder);
    if (!kept || this.#wanted.get(folder)?.has(applicationKey(application)) !== true) return false;
    const { renderings } = folder.index;
    const was = application.sources.some((_, i) => renderings.of(application, i)?.rendered !== undefined);
    return was && kept.keeper.isDue(application);
  }

  /** The same; resolves when it is rendered, or takes too long to be waited for. */
  async ready(folder: Folder, application: Application): Promise<void> {
    await this.#host.settled();
    this.#note(folder, application);
    const kept = this.#kept.get(folder);
    if (!kept) return;
    await Promise.race([this.#refresh(folder, kept, application), delay(PATIENCE_MS)]);
  }

  async #refresh(folder: Folder, { keeper }: Kept, application: Application): Promise<void> {
    if (!keeper.isDue(application)) return;
    if (await keeper.refresh(application)) this.#host.changed(folder, application);
  }
}

const delay = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
