import { MAX_FILE_SIZE } from '#decode';
import { configuredApplication, type ConfiguredApplication } from '#service';
import type { UsageError } from './args.ts';

/** Which files are read, and which applications they form: as the editor's settings of the same names. */
export interface FilesConfig {
  /** Applications that count before all that is found. */
  readonly applications: readonly ConfiguredApplication[];
  /** Glob patterns of files and folders that are left out. */
  readonly exclude: readonly string[];
  /** Files beyond this size are not read, in MiB. */
  readonly maxFileSize: number;
}

export const FILES_CONFIG: FilesConfig = { applications: [], exclude: [], maxFileSize: MAX_FILE_SIZE };

type Settings = Readonly<Record<string, unknown>>;
type Wrong = (what: string) => UsageError;

const TEXTS = ['name', 'path', 'namespace', 'include', 'exclude'] as const;
const KEYS = ['name', 'path', 'namespace', 'recurse', 'include', 'exclude'];

/** @throws UsageError by `wrong`, where something has another form */
export function readFilesConfig(settings: Settings, wrong: Wrong): FilesConfig {
  const { applications = [], exclude = [], maxFileSize = MAX_FILE_SIZE } = settings;
  if (!isList(applications)) throw wrong('applications is a list of mappings, each with a path');
  if (!isList(exclude) || !exclude.every((pattern) => typeof pattern === 'string'))
    throw wrong('exclude is a list of patterns, as "**/vendor"');
  if (typeof maxFileSize !== 'number' || !(maxFileSize > 0))
    throw wrong(`maxFileSize is a number of MiB above 0, not ${JSON.stringify(maxFileSize)}`);
  return { applications: applications.map((entry, i) => readApplication(entry, i, wrong)), exclude, maxFileSize };
}

function readApplication(entry: unknown, i: number, wrong: Wrong): ConfiguredApplication {
  const at = `applications[${i}]`;
  if (typeof entry !== 'object' || entry === null || isList(entry))
    throw wrong(`${at} is a mapping with a path, not ${JSON.stringify(entry)}`);
  const given = entry as Settings;
  const unknown = Object.keys(given).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) throw wrong(`${at} has no ${unknown}: an application has ${KEYS.join(', ')}`);
  const texts: Partial<Record<(typeof TEXTS)[number], string>> = {};
  for (const key of TEXTS) {
    const value = given[key];
    if (value === undefined) continue;
    if (typeof value !== 'string') throw wrong(`${at}.${key} is a text, not ${JSON.stringify(value)}`);
    texts[key] = value;
  }
  const { path = '' } = texts;
  if (path === '') throw wrong(`${at} has no path: name the folder of its manifests`);
  const recurse = given['recurse'] ?? false;
  if (typeof recurse !== 'boolean') throw wrong(`${at}.recurse is true or false, not ${JSON.stringify(recurse)}`);
  return configuredApplication({ ...texts, path, recurse });
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
