import type { Connection } from 'vscode-languageserver';
import { DEFAULT_SETTINGS, readSettings, type FolderSettings } from '../language/folder-settings.ts';
import { isRecord } from './params.ts';

export const SECTION = 'argocdHooks';
/** What VS Code hides from its users. Other editors know nothing of it. */
const EDITOR_EXCLUDE = 'files.exclude';

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
  #isKnown: () => void = () => undefined;
  /** Resolves when the settings were fetched once, or nobody can be asked. */
  readonly known = new Promise<void>((resolve) => (this.#isKnown = resolve));

  constructor(connection: Connection, canAsk: boolean) {
    this.#connection = connection;
    this.#canAsk = canAsk;
    if (!canAsk) this.#isKnown();
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
    const items = [SECTION, EDITOR_EXCLUDE].flatMap((section) =>
      scopes.map((scopeUri) => (scopeUri === undefined ? { section } : { scopeUri, section })),
    );
    const asked = this.#connection.workspace.getConfiguration(items).then(
      (answers: unknown) => this.#keep(folders, Array.isArray(answers) ? answers : []),
      () => false,
    );
    const ready = Promise.race([asked, delay(PATIENCE_MS)]).then(() => {
      if (this.#ready === ready) this.#ready = undefined;
      this.#isKnown();
    });
    this.#ready = ready;
    return asked;
  }

  #keep(folders: readonly string[], answers: readonly unknown[]): boolean {
    const state = (): string => JSON.stringify([this.#fallback, ...folders.map((folder) => this.of(folder))]);
    const before = state();
    const count = folders.length + 1;
    const [fallback, ...own] = answers.slice(0, count).map((answer, i) => readSettings(answer, answers[count + i]));
    this.#fallback = fallback ?? DEFAULT_SETTINGS;
    this.#byFolder = new Map(folders.map((folder, i) => [folder, own[i] ?? this.#fallback]));
    return state() !== before;
  }
}

const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
