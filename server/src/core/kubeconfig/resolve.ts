import { isObject, type Json, type JsonObject } from '../object.ts';
import {
  KubeconfigError,
  type ClusterEntry,
  type Entry,
  type ExecEntry,
  type Kubeconfig,
  type ResolvedContext,
  type UserEntry,
} from './model.ts';

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const texts = (value: Json | undefined): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];

/**
 * The context to use: the one asked for, else the current one.
 * @param asked name of a context; empty for the current one
 * @throws KubeconfigError that says what is missing and which contexts there are
 */
export function resolveContext(config: Kubeconfig, asked = ''): ResolvedContext {
  const name = asked !== '' ? asked : config.currentContext;
  const where = config.files.join(', ');
  if (config.files.length === 0) {
    throw new KubeconfigError(
      'No kubeconfig was found. Set KUBECONFIG or --kubeconfig to one, or create ~/.kube/config.',
    );
  }
  if (name === '') {
    throw new KubeconfigError(`No current context is set in ${where}. Choose one with --context. ${known(config)}`);
  }
  const context = config.contexts.get(name);
  if (!context) {
    const which = asked !== '' ? `Context ${quote(name)}` : `The current context ${quote(name)}`;
    throw new KubeconfigError(`${which} does not exist in ${where}. ${known(config)}`);
  }
  const clusterName = text(context.value['cluster']);
  const cluster = config.clusters.get(clusterName);
  if (!cluster) {
    throw new KubeconfigError(
      `Context ${quote(name)} (${context.file}) names the cluster ${quote(clusterName)}, which is not defined in ${where}.`,
    );
  }
  const userName = text(context.value['user']);
  const user = config.users.get(userName);
  if (!user && userName !== '') {
    throw new KubeconfigError(
      `Context ${quote(name)} (${context.file}) names the user ${quote(userName)}, who is not defined in ${where}.`,
    );
  }
  const resolved = clusterOf(cluster);
  if (resolved.server === '') {
    throw new KubeconfigError(`Cluster ${quote(clusterName)} (${cluster.file}) has no server address.`);
  }
  return {
    context: name,
    cluster: resolved,
    user: userOf(user),
    namespace: text(context.value['namespace']) || 'default',
    origin:
      asked === '' ? `current context of ${config.currentContextFile}` : `context ${quote(name)} of ${context.file}`,
  };
}

const quote = (name: string): string => JSON.stringify(name);

function known(config: Kubeconfig): string {
  const names = [...config.contexts.keys()].sort();
  return names.length === 0 ? 'It defines no context.' : `Known contexts: ${names.join(', ')}.`;
}

function clusterOf({ name, value }: Entry): ClusterEntry {
  return {
    name,
    server: text(value['server']),
    certificateAuthority: text(value['certificate-authority']),
    certificateAuthorityData: text(value['certificate-authority-data']),
    tlsServerName: text(value['tls-server-name']),
    insecureSkipTlsVerify: value['insecure-skip-tls-verify'] === true,
    proxyUrl: text(value['proxy-url']),
    ...execConfigOf(value),
  };
}

/** Source: client-go/tools/clientcmd/client_config.go `getUserIdentificationPartialConfig`, extension of the cluster. */
function execConfigOf(cluster: JsonObject): { execConfig?: Json } {
  const extensions = Array.isArray(cluster['extensions']) ? cluster['extensions'].filter(isObject) : [];
  const found = extensions.find(({ name }) => name === 'client.authentication.k8s.io/exec')?.['extension'];
  return found === undefined ? {} : { execConfig: found };
}

function userOf(entry: Entry | undefined): UserEntry {
  const value = entry?.value ?? {};
  const exec = value['exec'];
  const provider = value['auth-provider'];
  return {
    name: entry?.name ?? '',
    clientCertificate: text(value['client-certificate']),
    clientCertificateData: text(value['client-certificate-data']),
    clientKey: text(value['client-key']),
    clientKeyData: text(value['client-key-data']),
    token: text(value['token']),
    tokenFile: text(value['tokenFile']),
    username: text(value['username']),
    password: text(value['password']),
    as: text(value['as']),
    asUid: text(value['as-uid']),
    asGroups: texts(value['as-groups']),
    asUserExtra: Object.fromEntries(
      Object.entries(objectOf(value['as-user-extra'])).map(([key, of]) => [key, texts(of)]),
    ),
    ...(isObject(exec) ? { exec: execOf(exec) } : {}),
    ...(isObject(provider)
      ? { authProvider: { name: text(provider['name']), config: objectOf(provider['config']) } }
      : {}),
  };
}

const objectOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});

function execOf(value: JsonObject): ExecEntry {
  const env = Array.isArray(value['env']) ? value['env'].filter(isObject) : [];
  return {
    apiVersion: text(value['apiVersion']) || 'client.authentication.k8s.io/v1',
    command: text(value['command']),
    args: texts(value['args']),
    env: env.map((item) => ({ name: text(item['name']), value: text(item['value']) })),
    installHint: text(value['installHint']),
    provideClusterInfo: value['provideClusterInfo'] === true,
    interactiveMode: text(value['interactiveMode']) || 'IfAvailable',
  };
}

/** A context as a list shows it. No credential is read for it. */
export interface ListedContext {
  readonly name: string;
  readonly server: string;
  readonly namespace: string;
  readonly user: string;
  readonly current: boolean;
  /** The file that defines it. */
  readonly origin: string;
}

/** Every context, the current one first, then in the order of the files; one whose cluster is missing has an empty server. */
export function contextsOf(config: Kubeconfig): ListedContext[] {
  const listed = [...config.contexts.values()].map(({ name, file, value }) => ({
    name,
    server: text(config.clusters.get(text(value['cluster']))?.value['server']),
    namespace: text(value['namespace']) || 'default',
    user: text(value['user']),
    current: name === config.currentContext,
    origin: file,
  }));
  return [...listed.filter(({ current }) => current), ...listed.filter(({ current }) => !current)];
}
