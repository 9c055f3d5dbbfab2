import type { Connection } from 'vscode-languageserver';
import { NEWEST_ARGOCD, parseVersion } from '../core/versions.ts';
import type { LevelSetting } from '../language/diagnostics/model.ts';
import { isRecord } from './params.ts';

/** The settings of one workspace folder. */
export interface FolderSettings {
  readonly enable: boolean;
  readonly argocdVersion: string;
  readonly inlayHints: boolean;
  readonly levels: Readonly<Record<string, LevelSetting>>;
}

export const SECTION = 'argocdHooks';
const LEVELS: ReadonlySet<unknown> = new Set(['off', 'hint', 'info', 'warning', 'error']);

export const DEFAULT_SETTINGS: FolderSettings = {
  enable: true,
  argocdVersion: NEWEST_ARGOCD,
  inlayHints: true,
  levels: {},
};

/** Reads the section as a client sends it; what is missing or wrong is as if it were not set. */
export function readSettings(value: unknown): FolderSettings {
  if (!isRecord(value)) return DEFAULT_SETTINGS;
  const version = value['argocdVersion'];
  const hints = value['inlayHints'];
  const rules = isRecord(value['rules']) ? value['rules'] : {};
  const levels = Object.entries(rules).filter(([, level]) => LEVELS.has(level));
  return {
    enable: value['enable'] !== false,
    argocdVersion: typeof version === 'string' && parseVersion(version) ? version.replace(/^v/, '') : NEWEST_ARGOCD,
    inlayHints: !(isRecord(hints) && hints['enable'] === false),
    levels: Object.fromEntries(levels) as Record<string, LevelSetting>,
  };
}

/** How long an answer to `workspace/configuration` is waited for, before the defaults hold until it comes. */
const PATIENCE_MS = 2_000;

/**
 * Settings by folder. They are fetched when the session begins and when the client says that they changed; in between
 * they are at hand without asking.
 */
export class Settings {
  readonly #connection: Connection;
  readonly #canAsk: boolean;
  #byFolder = new Map<string, FolderSettings>();
  #fallback = DEFAULT_SETTINGS;
  #ready: Promise<void> | undefined;

  constructor(connection: Connection, canAsk: boolean) {
    this.#connection = connection;
    this.#canAsk = canAsk;
  }

  /** Resolves when the settings are known; undefined when they are. */
  get pending(): Promise<void> | undefined {
    return this.#ready;
  }

  /** Settings of a folder, or of documents outside of every folder. */
  of(folder: string | undefined): FolderSettings {
    return (folder === undefined ? undefined : this.#byFolder.get(folder)) ?? this.#fallback;
  }

  /** Takes what a client pushes that cannot be asked (`workspace/didChangeConfiguration`). */
  take(settings: unknown): void {
    if (this.#canAsk) return;
    this.#fallback = readSettings(isRecord(settings) ? settings[SECTION] : undefined);
  }

  /** Asks the client for the settings of these folders. Resolves to whether anything changed. */
  fetch(folders: readonly string[]): Promise<boolean> {
    if (!this.#canAsk) return Promise.resolve(false);
    const scopes = [undefined, ...folders];
    const items = scopes.map((scopeUri) =>
      scopeUri === undefined ? { section: SECTION } : { scopeUri, section: SECTION },
    );
    const asked = this.#connection.workspace.getConfiguration(items).then(
      (answers: unknown) => this.#keep(folders, Array.isArray(answers) ? answers : []),
      () => false,
    );
    const ready = Promise.race([asked, delay(PATIENCE_MS)]).then(() => {
      if (this.#ready === ready) this.#ready = undefined;
    });
    this.#ready = ready;
    return asked;
  }

  #keep(folders: readonly string[], answers: readonly unknown[]): boolean {
    const state = (): string => JSON.stringify([this.#fallback, ...folders.map((folder) => this.of(folder))]);
    const before = state();
    const [fallback, ...own] = answers.map(readSettings);
    this.#fallback = fallback ?? DEFAULT_SETTINGS;
    this.#byFolder = new Map(folders.map((folder, i) => [folder, own[i] ?? this.#fallback]));
    return state() !== before;
  }
}

const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
