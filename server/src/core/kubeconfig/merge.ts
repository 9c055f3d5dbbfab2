import { isObject, type Json, type JsonObject } from '../object.ts';
import { KubeconfigError, type Entry, type Kubeconfig, type KubeconfigFile } from './model.ts';

const CLUSTER_PATHS = ['certificate-authority'];
const USER_PATHS = ['client-certificate', 'client-key', 'tokenFile'];

/**
 * Merges kubeconfig files with kubectl's rules: the first file wins for each name and for `current-context`, missing and
 * empty files are skipped, relative paths resolve against the file that they stand in.
 * Source: k8s.io/client-go/tools/clientcmd/loader.go `ClientConfigLoadingRules.Load`, `ResolveLocalPaths`.
 * @throws KubeconfigError where a file is no kubeconfig, or names an entry twice (kubectl refuses such a file too)
 */
export function mergeKubeconfigs(files: readonly KubeconfigFile[]): Kubeconfig {
  const contexts = new Map<string, Entry>();
  const clusters = new Map<string, Entry>();
  const users = new Map<string, Entry>();
  const read: string[] = [];
  let currentContext = '';
  let currentContextFile = '';
  for (const file of files) {
    const content = contentOf(file);
    if (!content) continue;
    read.push(file.shown);
    const current = content['current-context'];
    if (currentContext === '' && typeof current === 'string' && current !== '') {
      currentContext = current;
      currentContextFile = file.shown;
    }
    const add = (
      into: Map<string, Entry>,
      list: string,
      inner: string,
      absolute: (value: JsonObject) => JsonObject,
    ) => {
      for (const entry of entriesOf(file, content, list, inner)) {
        if (!into.has(entry.name)) into.set(entry.name, { ...entry, value: absolute(entry.value) });
      }
    };
    add(contexts, 'contexts', 'context', (value) => value);
    add(clusters, 'clusters', 'cluster', (value) => absolutePaths(value, CLUSTER_PATHS, file.directory));
    add(users, 'users', 'user', (value) => absoluteCommand(absolutePaths(value, USER_PATHS, file.directory), file));
  }
  return { files: read, currentContext, currentContextFile, contexts, clusters, users };
}

function contentOf(file: KubeconfigFile): JsonObject | undefined {
  const { content } = file;
  if (content === undefined || content === null) return undefined;
  if (!isObject(content as Json)) {
    throw new KubeconfigError(
      `${file.shown} is no kubeconfig: a mapping with clusters, contexts and users is expected. Correct the file, or choose another with --kubeconfig.`,
    );
  }
  return content as JsonObject;
}

function entriesOf(file: KubeconfigFile, content: JsonObject, list: string, inner: string): Entry[] {
  const value = content[list];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new KubeconfigError(`${file.shown}: "${list}" is no list.`);
  const seen = new Set<string>();
  return value.map((item) => {
    const name = isObject(item) ? item['name'] : undefined;
    if (!isObject(item) || typeof name !== 'string' || name === '') {
      throw new KubeconfigError(`${file.shown}: an entry of "${list}" has no name.`);
    }
    if (seen.has(name)) {
      throw new KubeconfigError(
        `${file.shown}: "${list}" names ${JSON.stringify(name)} twice. kubectl refuses such a file; remove one of them.`,
      );
    }
    seen.add(name);
    const body = item[inner];
    return { name, file: file.shown, value: isObject(body) ? body : {} };
  });
}

function absolutePaths(value: JsonObject, keys: readonly string[], directory: string): JsonObject {
  const result = { ...value };
  for (const key of keys) {
    const path = result[key];
    if (typeof path === 'string' && path !== '') result[key] = resolvePath(directory, path);
  }
  return result;
}

/** A plugin's command that is a relative path stands beside its file; a bare name is looked up in PATH. */
function absoluteCommand(user: JsonObject, file: KubeconfigFile): JsonObject {
  const exec = user['exec'];
  if (!isObject(exec)) return user;
  const command = exec['command'];
  if (typeof command !== 'string' || !/[/\\]/.test(command)) return user;
  return { ...user, exec: { ...exec, command: resolvePath(file.directory, command) } };
}

const isAbsolute = (path: string): boolean => /^([/\\]|[A-Za-z]:[/\\])/.test(path);

/** Joins a folder and a path that may be relative, with the separator that the folder uses. */
function resolvePath(directory: string, path: string): string {
  if (isAbsolute(path)) return path;
  const separator = directory.includes('\\') ? '\\' : '/';
  return directory.endsWith(separator) ? directory + path : directory + separator + path;
}
