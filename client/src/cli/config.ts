import { readFile } from 'node:fs/promises';
import { loadAll } from 'js-yaml';
import { nearest } from '#core/annotations/nearest';
import type { ToolPaths } from '#render-node';
import { readBuildOptions, type FolderSettings } from '#service';
import { RULE_IDS, type LevelSetting } from '#service/lint';
import { PROTECTED_CONTEXTS } from '../sync/glob.ts';
import { UsageError, type Flags } from './args.ts';
import { FILES_CONFIG, readFilesConfig, type FilesConfig } from './config-files.ts';

/** What a settings file says; the names are those of the editor's settings, with or without `argocdHooks.` before them. */
export interface Config extends FilesConfig {
  readonly argocdVersion?: string;
  readonly levels: Readonly<Record<string, LevelSetting>>;
  /** Patterns of contexts whose name has to be given: `--yes` alone does not write there. */
  readonly protectedContexts: readonly string[];
  readonly render: RenderConfig;
}

/** How kustomizations and charts are rendered. */
export interface RenderConfig {
  readonly enable: boolean;
  /** Remote bases and charts of registries may be fetched. */
  readonly network: boolean;
  readonly paths: ToolPaths;
  /** `kustomize.buildOptions` of Argo CD's settings. */
  readonly kustomizeBuildOptions: string;
}

const RENDER: RenderConfig = {
  enable: true,
  network: false,
  paths: { helm: '', kustomize: '', kubectl: '' },
  kustomizeBuildOptions: '',
};

type Settings = Readonly<Record<string, unknown>>;

const VERSION = /^v?\d+\.\d+(?:\.\d+)?$/;
const LEVELS: readonly LevelSetting[] = ['error', 'warning', 'info', 'hint', 'off'];

/** The settings of `--config` or of the editor that started the process, and the flags that stand above them. @throws UsageError */
export async function configOf(flags: Flags): Promise<Config> {
  const file = flags.get('config');
  const read: Config = flags.editor
    ? editorConfig(flags.editor)
    : file === undefined
      ? { levels: {}, protectedContexts: PROTECTED_CONTEXTS, render: RENDER, ...FILES_CONFIG }
      : readConfig(file, await readSettings(file));
  const config = {
    ...read,
    render: {
      ...read.render,
      ...(flags.has('no-render') ? { enable: false } : {}),
      ...(flags.has('render-network') ? { network: true } : {}),
    },
  };
  const argocdVersion = flags.get('argocd-version');
  if (argocdVersion === undefined) return config;
  if (!VERSION.test(argocdVersion)) throw new UsageError(`--argocd-version is a version, as 3.6, not ${argocdVersion}`);
  return { ...config, argocdVersion };
}

/** What decides in an editor what is found, rendered and said. It asks for the name of a protected context by itself. */
function editorConfig({ argocdVersion, levels, applications, exclude, maxFileSize, render }: FolderSettings): Config {
  const { enable, network, helmPath, kustomizePath, kubectlPath, kustomizeBuildOptions } = render;
  const paths = { helm: helmPath, kustomize: kustomizePath, kubectl: kubectlPath };
  return {
    ...{ argocdVersion, levels, protectedContexts: PROTECTED_CONTEXTS, applications, exclude, maxFileSize },
    render: { enable, network, paths, kustomizeBuildOptions },
  };
}

async function readSettings(file: string): Promise<Settings> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(
      `The settings ${file} cannot be read: ${error instanceof Error ? error.message : 'why is unknown'}`,
    );
  }
  let value: unknown;
  try {
    value = loadAll(text)[0] ?? {};
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : '';
    throw new UsageError(`The settings ${file} are no YAML or JSON: ${why}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UsageError(`The settings ${file} are no mapping`);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key.replace(/^argocdHooks\./, ''), entry]));
}

function readConfig(file: string, settings: Settings): Config {
  const wrong = (what: string): UsageError => new UsageError(`The settings ${file}: ${what}`);
  const version = settings['argocdVersion'] ?? '';
  if (typeof version !== 'string' || (version !== '' && !VERSION.test(version)))
    throw wrong('argocdVersion is a version in quotes, as "3.6"');
  const contexts = settings['protectedContexts'] ?? PROTECTED_CONTEXTS;
  if (!isTexts(contexts)) throw wrong('protectedContexts is a list of patterns');
  return {
    levels: readLevels(settings, wrong),
    protectedContexts: contexts,
    render: readRender(settings, wrong),
    ...readFilesConfig(settings, wrong),
    ...(version === '' ? {} : { argocdVersion: version }),
  };
}

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((entry) => typeof entry === 'string');

/** The settings under `render`, and one by one as the editor writes them: `render.helmPath`. */
function readRender(settings: Settings, wrong: (what: string) => UsageError): RenderConfig {
  const group = settings['render'] ?? {};
  if (typeof group !== 'object' || group === null || Array.isArray(group)) throw wrong('render is no mapping');
  const given = group as Settings;
  const at = (key: string): unknown => settings[`render.${key}`] ?? given[key];
  const flag = (key: 'enable' | 'network'): boolean => {
    const value = at(key) ?? RENDER[key];
    if (typeof value !== 'boolean') throw wrong(`render.${key} is true or false`);
    return value;
  };
  const text = (key: string, what: string): string => {
    const value = at(key) ?? '';
    if (typeof value !== 'string') throw wrong(`render.${key} is ${what}`);
    return value;
  };
  const program = (key: string): string => text(key, 'the path of a program');
  const paths = { helm: program('helmPath'), kustomize: program('kustomizePath'), kubectl: program('kubectlPath') };
  const kustomizeBuildOptions = text('kustomizeBuildOptions', 'a text of options, as "--enable-helm"');
  const options = readBuildOptions(kustomizeBuildOptions);
  if ('wrong' in options) throw wrong(`render.kustomizeBuildOptions: ${options.wrong}`);
  return { enable: flag('enable'), network: flag('network'), paths, kustomizeBuildOptions };
}

/** Levels under `rules`, and one by one as the editor writes them: `rules.stale-hook-reused`. */
function readLevels(settings: Settings, wrong: (what: string) => UsageError): Record<string, LevelSetting> {
  const rules = settings['rules'] ?? {};
  if (typeof rules !== 'object' || rules === null || Array.isArray(rules)) throw wrong('rules is no mapping');
  const single = Object.entries(settings).flatMap(([key, level]) =>
    key.startsWith('rules.') ? [[key.slice('rules.'.length), level] as const] : [],
  );
  const levels: Record<string, LevelSetting> = {};
  for (const [id, level] of [...Object.entries(rules), ...single]) {
    if (!RULE_IDS.includes(id)) {
      const near = nearest(id, RULE_IDS);
      throw wrong(`there is no rule ${id}: ${near ? `did you mean ${near}?` : `the rules are ${RULE_IDS.join(', ')}`}`);
    }
    if (level === 'default') continue;
    const known = LEVELS.find((candidate) => candidate === level);
    if (!known)
      throw wrong(`the level of ${id} is one of ${['default', ...LEVELS].join(', ')}, not ${JSON.stringify(level)}`);
    levels[id] = known;
  }
  return levels;
}
