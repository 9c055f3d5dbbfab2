import { at, flagAt, listAt, textAt, textsAt } from '#core/fields';
import { isObject, nameOf, namespaceOf, type KubeObject } from '#core/object';
import { shellWord } from './words.ts';

/** When Argo CD syncs an Application: only when somebody asks, or by itself. */
export interface SyncPolicy {
  readonly automated: boolean;
  /** Deletes what is not in Git any more. */
  readonly prune: boolean;
  /** Takes back what is changed in the cluster. */
  readonly selfHeal: boolean;
}

/** What an Argo CD Application is made of. */
export interface NewApplication {
  readonly name: string;
  /** Namespace of the Application itself: Argo CD's. */
  readonly argocdNamespace: string;
  readonly project: string;
  readonly repoURL: string;
  /** Path of the source within the repository; `.` for its root. */
  readonly path: string;
  readonly targetRevision: string;
  /** Manifests of subfolders belong to it. */
  readonly recurse: boolean;
  /** Destination: address of a cluster as Argo CD knows it. */
  readonly server: string;
  readonly namespace: string;
  readonly policy: SyncPolicy;
  readonly createNamespace: boolean;
}

/** Argo CD's own cluster, as an Application names it. */
export const IN_CLUSTER = 'https://kubernetes.default.svc';

/** What holds where nothing says otherwise. */
export const APPLICATION_DEFAULTS = {
  argocdNamespace: 'argocd',
  project: 'default',
  targetRevision: 'HEAD',
  server: IN_CLUSTER,
  recurse: false,
  policy: { automated: false, prune: false, selfHeal: false },
  createNamespace: true,
} as const satisfies Partial<NewApplication>;

/** A name of a Kubernetes object: RFC 1123, at most 63 characters, so that it serves as a label, too. */
export const nameProblem = (name: string): string | undefined =>
  /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/.test(name)
    ? undefined
    : 'A name is lower-case letters, digits and dashes, 63 at most, and begins and ends with a letter or digit.';

/** A name made of a folder's: `Web Shop` → `web-shop`. */
export const nameFrom = (folder: string): string =>
  folder
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replaceAll(/^-+|-+$/g, '') || 'application';

/** The address of a remote in a Git configuration: `origin`, else the first one; credentials in it are taken out. */
export function remoteIn(config: string): string | undefined {
  const remotes = new Map<string, string>();
  let section: string | undefined;
  for (const line of config.split(/\r?\n/)) {
    const heading = /^\s*\[(?:remote\s+"(.+)")?.*\]\s*$/.exec(line);
    if (heading) section = heading[1];
    const url = /^\s*url\s*=\s*(\S+)\s*$/.exec(line)?.[1];
    if (section !== undefined && url !== undefined && !remotes.has(section)) remotes.set(section, url);
  }
  const [first] = remotes.values();
  const address = remotes.get('origin') ?? first;
  return address === undefined ? undefined : withoutCredentials(address);
}

/** The address of a repository without what is written in front of its host. */
export const withoutCredentials = (address: string): string => address.replace(/^(https?:\/\/)[^/@]*@/, '$1');

/**
 * Why a file cannot take the manifest: Argo CD would apply a file of the application's own source as a part of it.
 * @param source path of the source within the same folder, with `/`
 */
export function fileProblem(file: string, source: string, recurse: boolean): string | undefined {
  const path = file.trim();
  if (!/\.ya?ml$/.test(path) || /(^|\/)\.\.?(\/|$)|^\//.test(path))
    return 'A YAML file of this folder: argocd/shop.yaml';
  const within = source === '.' ? path : path.startsWith(`${source}/`) ? path.slice(source.length + 1) : undefined;
  if (within === undefined || (source === '.' && !recurse && within.includes('/'))) return undefined;
  return `${source === '.' ? 'This folder' : source} is what the Application syncs: it would apply itself. Choose a file elsewhere.`;
}

/** Do files of a source lie in subfolders of it, so that Argo CD has to be told to look there? */
export const needsRecursion = (source: string, files: readonly string[]): boolean => {
  const start = source === '.' ? '' : `${source}/`;
  return files.some((file) => file.startsWith(start) && file.slice(start.length).includes('/'));
};

const PLAIN = /^[A-Za-z][\w./@:+-]*$/;
/** Words that YAML takes for something else than a text. */
const WORDS = /^(?:y|n|yes|no|on|off|true|false|null)$/i;

const quoted = (text: string): string =>
  PLAIN.test(text) && !WORDS.test(text) && !text.endsWith(':') ? text : JSON.stringify(text);

/** The manifest of an Application. */
export function applicationText(application: NewApplication): string {
  const { name, argocdNamespace, project, repoURL, path, targetRevision, recurse, server, namespace } = application;
  const { policy, createNamespace } = application;
  const lines = [
    'apiVersion: argoproj.io/v1alpha1',
    'kind: Application',
    'metadata:',
    `  name: ${quoted(name)}`,
    `  namespace: ${quoted(argocdNamespace)}`,
    'spec:',
    `  project: ${quoted(project)}`,
    '  source:',
    `    repoURL: ${quoted(repoURL)}`,
    `    path: ${quoted(path)}`,
    `    targetRevision: ${quoted(targetRevision)}`,
    ...(recurse ? ['    directory:', '      recurse: true'] : []),
    '  destination:',
    `    server: ${quoted(server)}`,
    `    namespace: ${quoted(namespace)}`,
    ...(policy.automated || createNamespace ? ['  syncPolicy:'] : []),
    ...(policy.automated
      ? ['    automated:', `      prune: ${policy.prune}`, `      selfHeal: ${policy.selfHeal}`]
      : []),
    ...(createNamespace ? ['    syncOptions:', '      - CreateNamespace=true'] : []),
  ];
  return `${lines.join('\n')}\n`;
}

/**
 * The call of Argo CD's own command line that creates the same; what it has no flag for is left out, so it stands for an
 * Application with one source from Git. Source: cmd/util/app.go `AddAppFlags`.
 */
export function argocdCreate(object: KubeObject): string {
  const spec = at(object, 'spec');
  const source = at(spec, 'source');
  const automated = at(spec, 'syncPolicy', 'automated');
  const isAutomated = isObject(automated) && automated['enabled'] !== false;
  const flags: (readonly [string, string])[] = [
    ['--repo', textAt(source, 'repoURL')],
    ['--path', textAt(source, 'path')],
    ['--revision', textAt(source, 'targetRevision')],
    ['--dest-server', textAt(spec, 'destination', 'server')],
    ['--dest-name', textAt(spec, 'destination', 'name')],
    ['--dest-namespace', textAt(spec, 'destination', 'namespace')],
    ['--project', textAt(spec, 'project')],
    ...(isAutomated ? [['--sync-policy', 'automated'] as const] : []),
    ...textsAt(spec, 'syncPolicy', 'syncOptions').map((option) => ['--sync-option', option] as const),
  ];
  const namespace = namespaceOf(object);
  const switches = [
    ...(flagAt(source, 'directory', 'recurse') ? ['--directory-recurse'] : []),
    ...(isAutomated && flagAt(automated, 'prune') ? ['--auto-prune'] : []),
    ...(isAutomated && flagAt(automated, 'selfHeal') ? ['--self-heal'] : []),
    ...(namespace === '' || namespace === APPLICATION_DEFAULTS.argocdNamespace
      ? []
      : [`--app-namespace ${shellWord(namespace)}`]),
  ];
  const given = flags.filter(([, value]) => value !== '').map(([flag, value]) => `${flag} ${shellWord(value)}`);
  return [`argocd app create ${shellWord(nameOf(object))}`, ...given, ...switches].join(' \\\n  ');
}

/** Is there anything that `argocdCreate` says nothing of? */
export const hasMoreThanFlags = (object: KubeObject): boolean => {
  const source = at(object, 'spec', 'source');
  return (
    listAt(object, 'spec', 'sources').length > 0 ||
    (isObject(source) && ['helm', 'kustomize', 'plugin', 'chart'].some((key) => key in source))
  );
};

/** The object that the manifest of an Application is. */
export const applicationObject = (application: NewApplication): KubeObject => {
  const { name, argocdNamespace, project, repoURL, path, targetRevision, recurse, server, namespace } = application;
  const { automated, prune, selfHeal } = application.policy;
  const policy = {
    ...(automated ? { automated: { prune, selfHeal } } : {}),
    ...(application.createNamespace ? { syncOptions: ['CreateNamespace=true'] } : {}),
  };
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace: argocdNamespace },
    spec: {
      project,
      source: { repoURL, path, targetRevision, ...(recurse ? { directory: { recurse: true } } : {}) },
      destination: { server, namespace },
      ...(Object.keys(policy).length > 0 ? { syncPolicy: policy } : {}),
    },
  };
};
