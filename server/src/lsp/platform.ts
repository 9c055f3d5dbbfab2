import type { Files } from '../workspace/files.ts';
import type { Renderer } from '../workspace/render/model.ts';
import type { Revisions } from '../workspace/revisions.ts';
import type { FolderSettings, RenderSettings } from '../language/folder-settings.ts';

/** What differs between Node and a web worker. */
export interface Platform {
  readonly version: string;
  /** The files of a workspace folder; undefined where the platform itself cannot reach them. */
  filesOf(folderUri: string, maxFileSize: () => number): Files | undefined;
  /** Earlier revisions of a workspace folder; absent, or undefined, where there is no reaching them. */
  revisionsOf?(folderUri: string, maxFileSize: () => number): Revisions | undefined;
  /** Renders with the tools of the machine; absent, or undefined, where none can be run. */
  rendererOf?(folderUri: string, settings: RenderSettings): Renderer | undefined;
}

/** Who is told when applications changed, and says which folders are looked at. */
export interface PlansHost {
  /** Reports of open documents may differ although they were not edited. */
  reportsChanged(): void;
  /** So may the lenses of documents that were not edited. */
  lensesChanged(): void;
  /** The typist paused, and something changed since the last time: what depends on applications follows. */
  paused(): void;
  settingsOf(folderUri: string): FolderSettings;
  /** Resolves when the settings are known. */
  readonly settingsKnown: Promise<void>;
  /** How a folder is rendered; undefined where it must not be: in a workspace that is not trusted, above all. */
  renderSettings(folderUri: string): RenderSettings | undefined;
  /** What has to be done for a folder to be rendered, as a sentence; empty where nothing has. */
  renderHint(folderUri: string): string;
}
