import type { Json, JsonObject } from '../object.ts';

/** One file of the kubeconfig chain, already parsed. */
export interface KubeconfigFile {
  /** The path as a person knows it (`~/.kube/config`); it is named in origins and errors. */
  readonly shown: string;
  /** The folder that relative paths of this file resolve against, absolute. */
  readonly directory: string;
  /** Its content; undefined where the file is missing or empty (such a file is skipped). */
  readonly content: unknown;
}

/** A named entry and the file that it came from. */
export interface Entry {
  readonly name: string;
  readonly file: string;
  /** The entry's own mapping, paths in it absolute. Holds credentials: never print it. */
  readonly value: JsonObject;
}

/** Several kubeconfig files as one, by kubectl's rules. */
export interface Kubeconfig {
  /** The files that were read, as shown; those that were missing or empty are not among them. */
  readonly files: readonly string[];
  readonly currentContext: string;
  /** The file that set `current-context`; empty where none did. */
  readonly currentContextFile: string;
  readonly contexts: ReadonlyMap<string, Entry>;
  readonly clusters: ReadonlyMap<string, Entry>;
  readonly users: ReadonlyMap<string, Entry>;
}

export interface ClusterEntry {
  readonly name: string;
  readonly server: string;
  readonly certificateAuthority: string;
  readonly certificateAuthorityData: string;
  readonly tlsServerName: string;
  readonly insecureSkipTlsVerify: boolean;
  readonly proxyUrl: string;
  /** What the cluster's extension `client.authentication.k8s.io/exec` holds for a credential plugin. */
  readonly execConfig?: Json;
}

/** An exec credential plugin (`client.authentication.k8s.io`). */
export interface ExecEntry {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly installHint: string;
  readonly provideClusterInfo: boolean;
  /** `Never`, `IfAvailable` or `Always`. */
  readonly interactiveMode: string;
}

/** Credentials. Every field is empty where the file does not say; nothing of this may be printed but the name. */
export interface UserEntry {
  readonly name: string;
  readonly clientCertificate: string;
  readonly clientCertificateData: string;
  readonly clientKey: string;
  readonly clientKeyData: string;
  readonly token: string;
  readonly tokenFile: string;
  readonly username: string;
  readonly password: string;
  readonly as: string;
  readonly asUid: string;
  readonly asGroups: readonly string[];
  readonly asUserExtra: Readonly<Record<string, readonly string[]>>;
  readonly exec?: ExecEntry;
  readonly authProvider?: { readonly name: string; readonly config: JsonObject };
}

/** A context with what it points at: what one connection needs. */
export interface ResolvedContext {
  readonly context: string;
  readonly cluster: ClusterEntry;
  readonly user: UserEntry;
  /** `default` where the context names none. */
  readonly namespace: string;
  /** Where the choice was read, in words: `current context of ~/.kube/config`. */
  readonly origin: string;
}

/** The kubeconfig cannot be used; the message is fit for a person and holds no credential. */
export class KubeconfigError extends Error {
  override name = 'KubeconfigError';
}
