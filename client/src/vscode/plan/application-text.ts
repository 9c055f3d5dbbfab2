/** What an Argo CD Application is made of. */
export interface NewApplication {
  readonly name: string;
  /** Destination namespace. */
  readonly namespace: string;
  readonly repoURL: string;
  /** Path of the source within the repository; `.` for its root. */
  readonly path: string;
}

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
  return (remotes.get('origin') ?? first)?.replace(/^(https?:\/\/)[^/@]*@/, '$1');
}

const quoted = (text: string): string =>
  /^[\w./@:-]+$/.test(text) && !/^[-:@]|:$/.test(text) ? text : JSON.stringify(text);

/** The manifest of an Application that syncs a folder by hand: pruning and automation are for the person to add. */
export const applicationText = ({ name, namespace, repoURL, path }: NewApplication): string =>
  `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: ${name}
  namespace: argocd
spec:
  project: default
  source:
    repoURL: ${quoted(repoURL)}
    path: ${quoted(path)}
    targetRevision: HEAD
  destination:
    server: https://kubernetes.default.svc
    namespace: ${namespace}
  syncPolicy:
    syncOptions:
      - CreateNamespace=true
`;
