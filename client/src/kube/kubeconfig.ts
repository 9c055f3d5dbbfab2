import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { mergeKubeconfigs } from '#core/kubeconfig/merge';
import { KubeconfigError, type Kubeconfig, type KubeconfigFile } from '#core/kubeconfig/model';
import { contextsOf, type ListedContext } from '#core/kubeconfig/resolve';

/** Where kubeconfig files are looked for. */
export interface KubeconfigSource {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's home folder, absolute. */
  readonly home: string;
  /** The folder that relative paths on the command line and in KUBECONFIG start from; default: the process's own. */
  readonly cwd?: string;
  /** The file of `--kubeconfig` or of the setting: then no other is read, and it has to exist. */
  readonly explicit?: string;
  /** Where a pod has its service account; default: where Kubernetes puts it. */
  readonly serviceAccount?: string;
}

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * Reads and merges the kubeconfig files, in kubectl's order: the explicit one alone, else those of KUBECONFIG, else
 * `~/.kube/config`. Runs nothing and reads no file that they name.
 * @throws KubeconfigError where a file cannot be read
 */
export async function loadKubeconfig(source: KubeconfigSource): Promise<Kubeconfig> {
  const explicit = source.explicit ?? '';
  const files = await Promise.all(kubeconfigPaths(source).map((file) => readOne(file, source, explicit !== '')));
  const merged = mergeKubeconfigs(files);
  const inCluster = merged.files.length === 0 && explicit === '' ? await ownPod(source) : undefined;
  return inCluster ? mergeKubeconfigs([inCluster]) : merged;
}

/**
 * Where no kubeconfig is there and this runs in a pod (a CI job): its service account, as kubectl does.
 * Source: k8s.io/client-go/rest/config.go `InClusterConfig`.
 */
async function ownPod({
  env,
  serviceAccount = SERVICE_ACCOUNT,
}: KubeconfigSource): Promise<KubeconfigFile | undefined> {
  const host = env['KUBERNETES_SERVICE_HOST'] ?? '';
  const port = env['KUBERNETES_SERVICE_PORT'] ?? '';
  if (host === '' || port === '') return undefined;
  const read = (name: string) => readFile(path.join(serviceAccount, name), 'utf8').catch(() => undefined);
  const [token, namespace] = await Promise.all([read('token'), read('namespace')]);
  if (token === undefined) return undefined;
  const name = 'in-cluster';
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
  return {
    shown: 'the service account of this pod',
    directory: serviceAccount,
    content: {
      'current-context': name,
      contexts: [{ name, context: { cluster: name, user: name, namespace: namespace?.trim() ?? '' } }],
      clusters: [{ name, cluster: { server, 'certificate-authority': 'ca.crt' } }],
      users: [{ name, user: { tokenFile: 'token' } }],
    },
  };
}

/** The contexts to choose from, for a quick pick. Reads no credential and runs nothing. */
export async function listContexts(source: KubeconfigSource): Promise<ListedContext[]> {
  return contextsOf(await loadKubeconfig(source));
}

/** The files that are read, in kubectl's order, absolute; not all of them need be there. */
export function kubeconfigPaths(source: KubeconfigSource): string[] {
  const cwd = source.cwd ?? process.cwd();
  const absolute = (file: string) => path.resolve(cwd, expandHome(file, source.home));
  if (source.explicit !== undefined && source.explicit !== '') return [absolute(source.explicit)];
  const listed = (source.env['KUBECONFIG'] ?? '').split(path.delimiter).filter((file) => file !== '');
  if (listed.length > 0) return [...new Set(listed.map(absolute))];
  return [path.join(source.home, '.kube', 'config')];
}

const expandHome = (file: string, home: string): string =>
  file === '~' || file.startsWith('~/') ? path.join(home, file.slice(1)) : file;

/** The path as a person writes it: with `~` for the home folder. */
function shownPath(file: string, home: string): string {
  return home !== '' && file.startsWith(home + path.sep) ? `~${file.slice(home.length)}` : file;
}

async function readOne(file: string, source: KubeconfigSource, required: boolean): Promise<KubeconfigFile> {
  const shown = shownPath(file, source.home);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if ((code === 'ENOENT' || code === 'ENOTDIR') && !required) {
      return { shown, directory: path.dirname(file), content: undefined };
    }
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EACCES' ? 'you may not read it' : code;
    throw new KubeconfigError(`The kubeconfig ${shown} cannot be read: ${why}.`);
  }
  return { shown, directory: path.dirname(file), content: await parse(text, shown) };
}

/** The parser's own message quotes the text, which may hold a credential: only the line is told. */
async function parse(text: string, shown: string): Promise<unknown> {
  if (text.trim() === '') return undefined;
  const { load } = await import('js-yaml');
  try {
    return load(text);
  } catch (error) {
    const mark: unknown = error instanceof Error && 'mark' in error ? error.mark : undefined;
    const line = typeof mark === 'object' && mark !== null && 'line' in mark ? ` (line ${Number(mark.line) + 1})` : '';
    throw new KubeconfigError(`The kubeconfig ${shown} is no valid YAML${line}. Correct it, or choose another file.`);
  }
}
