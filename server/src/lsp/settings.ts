import type { Connection } from 'vscode-languageserver';
import { MAX_FILE_SIZE } from '../decode.ts';
import { NEWEST_ARGOCD, parseVersion } from '../core/versions.ts';
import type { LevelSetting } from '../language/diagnostics/model.ts';
import { configuredApplication, type ConfiguredApplication } from '../workspace/configured.ts';
import { isRecord, stringIn } from './params.ts';

/** The settings of one workspace folder. */
export interface FolderSettings {
  readonly enable: boolean;
  readonly argocdVersion: string;
  readonly inlayHints: boolean;
  readonly levels: Readonly<Record<string, LevelSetting>>;
  /** Applications that count before all that is found. */
  readonly applications: readonly ConfiguredApplication[];
  /** Glob patterns of files and folders that are left out: `argocdHooks.exclude`, and the editor's own. */
  readonly exclude: readonly string[];
  /** Files beyond this size are not read, in MiB. */
  readonly maxFileSize: number;
  readonly render: RenderSettings;
}

/** How kustomizations and charts are rendered. */
export interface RenderSettings {
  readonly enable: boolean;
  /** Remote bases and charts of registries may be fetched. */
  readonly network: boolean;
  /** Programs; empty: found by their names. */
  readonly helmPath: string;
  readonly kustomizePath: string;
  readonly kubectlPath: string;
  /** `kustomize.buildOptions` of Argo CD's settings. */
  readonly kustomizeBuildOptions: string;
}

export const SECTION = 'argocdHooks';
/** What VS Code hides from its users. Other editors know nothing of it. */
const EDITOR_EXCLUDE = 'files.exclude';
const LEVELS: ReadonlySet<unknown> = new Set(['off', 'hint', 'info', 'warning', 'error']);

export const DEFAULT_SETTINGS: FolderSettings = {
  enable: true,
  argocdVersion: NEWEST_ARGOCD,
  inlayHints: true,
  levels: {},
  applications: [],
  exclude: [],
  maxFileSize: MAX_FILE_SIZE,
  render: { enable: true, network: false, helmPath: '', kustomizePath: '', kubectlPath: '', kustomizeBuildOptions: '' },
};

/**
 * Reads the section as a client sends it; what is missing or wrong is as if it were not set.
 * @param editorExclude what the editor itself leaves out: VS Code's `files.exclude`
 */
export function readSettings(value: unknown, editorExclude?: unknown): FolderSettings {
  const hidden = patternsIn(editorExclude);
  if (!isRecord(value)) return { ...DEFAULT_SETTINGS, exclude: hidden };
  const size = value['maxFileSize'];
  const version = value['argocdVersion'];
  const hints = value['inlayHints'];
  const rules = isRecord(value['rules']) ? value['rules'] : {};
  const levels = Object.entries(rules).filter(([, level]) => LEVELS.has(level));
  return {
    enable: value['enable'] !== false,
    argocdVersion: typeof version === 'string' && parseVersion(version) ? version.replace(/^v/, '') : NEWEST_ARGOCD,
    inlayHints: !(isRecord(hints) && hints['enable'] === false),
    levels: Object.fromEntries(levels) as Record<string, LevelSetting>,
    applications: applicationsIn(value['applications']),
    exclude: [...patternsIn(value['exclude']), ...hidden],
    maxFileSize: typeof size === 'number' && size > 0 ? size : MAX_FILE_SIZE,
    render: readRender(value['render']),
  };
}

function readRender(value: unknown): RenderSettings {
  const given = isRecord(value) ? value : {};
  const words = (key: string): string => {
    const text = given[key];
    return typeof text === 'string' ? text.trim() : '';
  };
  return {
    enable: given['enable'] !== false,
    network: given['network'] === true,
    helmPath: words('helmPath'),
    kustomizePath: words('kustomizePath'),
    kubectlPath: words('kubectlPath'),
    kustomizeBuildOptions: words('kustomizeBuildOptions'),
  };
}

/** A list of patterns, or a map in which those that count are true. */
function patternsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.filter((pattern) => typeof pattern === 'string');
  return isRecord(value) ? Object.keys(value).filter((pattern) => value[pattern] === true) : [];
}

function applicationsIn(value: unknown): ConfiguredApplication[] {
  return (Array.isArray(value) ? (value as readonly unknown[]) : []).flatMap((entry) => {
    const path = stringIn(entry, 'path');
    if (path === undefined || path === '') return [];
    return [
      configuredApplication({
        name: stringIn(entry, 'name') ?? '',
        path,
        namespace: stringIn(entry, 'namespace') ?? '',
        recurse: isRecord(entry) && entry['recurse'] === true,
        include: stringIn(entry, 'include') ?? '',
        exclude: stringIn(entry, 'exclude') ?? '',
      }),
    ];
  });
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
