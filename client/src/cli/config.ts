import { readFile } from 'node:fs/promises';
import { loadAll } from 'js-yaml';
import type { LevelSetting } from '#service';
import { PROTECTED_CONTEXTS } from '../sync/glob.ts';
import { UsageError, type Flags } from './args.ts';

/** What a settings file says; the names are those of the editor's settings, with or without `argocdHooks.` before them. */
export interface Config {
  readonly argocdVersion?: string;
  readonly levels: Readonly<Record<string, LevelSetting>>;
  /** Patterns of contexts whose name has to be given: `--yes` alone does not write there. */
  readonly protectedContexts: readonly string[];
}

const LEVELS: readonly LevelSetting[] = ['error', 'warning', 'info', 'hint', 'off'];

/** The settings of `--config`, and the flags that stand above them. @throws UsageError */
export async function configOf(flags: Flags): Promise<Config> {
  const file = flags.get('config');
  const config =
    file === undefined
      ? { levels: {}, protectedContexts: PROTECTED_CONTEXTS }
      : readConfig(file, await readSettings(file));
  const argocdVersion = flags.get('argocd-version');
  if (argocdVersion === undefined) return config;
  if (!/^v?\d+\.\d+(?:\.\d+)?$/.test(argocdVersion))
    throw new UsageError(`--argocd-version is a version, as 3.6, not ${argocdVersion}`);
  return { ...config, argocdVersion };
}

async function readSettings(file: string): Promise<Readonly<Record<string, unknown>>> {
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

function readConfig(file: string, settings: Readonly<Record<string, unknown>>): Config {
  const levels: Record<string, LevelSetting> = {};
  const rules = settings['rules'];
  if (rules !== undefined) {
    if (typeof rules !== 'object' || rules === null) throw new UsageError(`The settings ${file}: rules is no mapping`);
    for (const [id, level] of Object.entries(rules)) {
      const known = LEVELS.find((candidate) => candidate === level);
      if (!known) throw new UsageError(`The settings ${file}: the level of ${id} is one of ${LEVELS.join(', ')}`);
      levels[id] = known;
    }
  }
  const version = settings['argocdVersion'];
  const contexts = settings['protectedContexts'];
  return {
    levels,
    protectedContexts: Array.isArray(contexts)
      ? contexts.filter((pattern) => typeof pattern === 'string')
      : PROTECTED_CONTEXTS,
    ...(typeof version === 'string' && version !== '' ? { argocdVersion: version } : {}),
  };
}
