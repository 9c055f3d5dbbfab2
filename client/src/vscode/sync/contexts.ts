import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { mergeKubeconfigs } from '#core/kubeconfig/merge';
import type { KubeconfigFile } from '#core/kubeconfig/model';
import { contextsOf, type ListedContext } from '#core/kubeconfig/resolve';

/** The files that kubectl would read: a setting's, else KUBECONFIG's, else ~/.kube/config. */
function kubeconfigFiles(setting: string, env: NodeJS.ProcessEnv, home: string): string[] {
  const expand = (file: string): string => (file.startsWith('~/') ? path.join(home, file.slice(2)) : file);
  if (setting !== '') return [expand(setting)];
  const listed = (env['KUBECONFIG'] ?? '').split(path.delimiter).filter((file) => file !== '');
  return listed.length > 0 ? listed : [path.join(home, '.kube/config')];
}

async function readFile(file: string, home: string): Promise<KubeconfigFile> {
  const shown = file.startsWith(home + path.sep) ? `~${file.slice(home.length)}` : file;
  const found = { shown, directory: path.dirname(path.resolve(file)) };
  let text: string;
  try {
    text = await fs.readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { ...found, content: undefined };
    throw new Error(`${shown} could not be read: ${(error as Error).message}`, { cause: error });
  }
  const content = await parseYaml(text);
  if (content instanceof Unreadable) {
    throw new Error(
      `${shown} is no YAML${content.where}. Correct the file, or name another in argocdHooks.kubeconfig.`,
    );
  }
  return { ...found, content };
}

/** Where a text is no YAML. The parser's own message is not kept: it quotes the text, which may hold a credential. */
class Unreadable {
  readonly where: string;
  constructor(line: number | undefined) {
    this.where = line === undefined ? '' : ` (line ${line + 1})`;
  }
}

async function parseYaml(text: string): Promise<unknown> {
  const yaml = await import('js-yaml');
  try {
    return text.trim() === '' ? undefined : yaml.load(text);
  } catch (error) {
    return new Unreadable(error instanceof yaml.YAMLException ? error.mark?.line : undefined);
  }
}

/**
 * The kube contexts of this machine, the current one first. Reads files only: no credential plugin is run, and no
 * cluster is asked. Rejects with a message for a person.
 */
export async function listContexts(setting: string, env = process.env, home = os.homedir()): Promise<ListedContext[]> {
  const files = await Promise.all(kubeconfigFiles(setting, env, home).map((file) => readFile(file, home)));
  const contexts = contextsOf(mergeKubeconfigs(files));
  return [...contexts.filter((context) => context.current), ...contexts.filter((context) => !context.current)];
}

/** Is this context one whose name must be typed? `*` in a pattern stands for any text. */
export function isProtected(context: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const source = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${source.join('.*')}$`, 'i').test(context);
  });
}
