import { NEWEST_ARGOCD, parseVersion } from '../core/versions.ts';
import { configuredApplication, type ConfiguredApplication } from '../workspace/configured.ts';
import { MAX_FILE_SIZE } from '../workspace/files.ts';
import type { LevelSetting } from './diagnostics/model.ts';

/** The settings of one workspace folder: what the plan of its applications and their syncs go by, and what is told of them. */
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

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

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
  const words = (key: string): string => textOf(given[key]).trim();
  return {
    enable: given['enable'] !== false,
    network: given['network'] === true,
    helmPath: words('helmPath'),
    kustomizePath: words('kustomizePath'),
    kubectlPath: words('kubectlPath'),
    kustomizeBuildOptions: words('kustomizeBuildOptions'),
  };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A list of patterns, or a map in which those that count are true. */
function patternsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.filter((pattern) => typeof pattern === 'string');
  return isRecord(value) ? Object.keys(value).filter((pattern) => value[pattern] === true) : [];
}

function applicationsIn(value: unknown): ConfiguredApplication[] {
  return (Array.isArray(value) ? (value as readonly unknown[]) : []).flatMap((entry) => {
    const given = isRecord(entry) ? entry : {};
    const text = (key: string): string => textOf(given[key]);
    const path = text('path');
    if (path === '') return [];
    const texts = { name: text('name'), path, namespace: text('namespace') };
    const patterns = { include: text('include'), exclude: text('exclude') };
    return [configuredApplication({ ...texts, ...patterns, recurse: given['recurse'] === true })];
  });
}
