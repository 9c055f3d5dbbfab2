import type { Agent } from 'node:http';
import type { RequestOptions } from 'node:https';
import type { ExecEntry, ResolvedContext, UserEntry } from '#core/kubeconfig/model';
import { Stop, type Signal } from '../sync/signal.ts';
import type { ProxySettings } from '../sync/editor-settings.ts';
import { Audience } from './audience.ts';
import { CredentialError, redact, runExecPlugin, type ExecCredential } from './exec.ts';
import { proxyOf } from './proxy.ts';
import { Aborted, onAbort, unlessAborted } from './time.ts';

/** Who to act as, beside what the kubeconfig says. */
export interface Impersonation {
  readonly user?: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
}

export interface CredentialOptions {
  /**
   * May programs that the kubeconfig names be run (credential plugins)? Only a person who trusts the workspace may say
   * so, for a workspace can bring a kubeconfig of its own.
   */
  readonly allowExec: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly impersonate?: Impersonation;
  /** How the editor talks to a proxy. It does not concern a proxy that the kubeconfig names. */
  readonly proxy?: ProxySettings;
}

/** TLS material of a connection; what is absent is Node's default. */
export interface TlsMaterial {
  readonly ca?: string | Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
}

/** What a request needs to be let in. Never print it. */
export interface Material {
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly tls: TlsMaterial;
  /** Set where a proxy stands between. */
  readonly proxyAgent?: Agent;
}

/** Token files, certificate files and providers are read again after a minute, as client-go does. */
const FRESH_MS = 60_000;
/** Renew a plugin's credential before it ends. */
const EARLY_MS = 10_000;
/** A plugin whose credentials have ended already is not run for each request. */
const AT_LEAST_MS = 1000;

/**
 * The credentials of one context: had when first asked for, kept as long as they are good, and asked for anew by one for
 * all. Authentication itself is client-node's `KubeConfig`, but for exec plugins, which it runs without what the protocol
 * asks for.
 */
export class Credentials {
  readonly #context: ResolvedContext;
  readonly #options: CredentialOptions;
  readonly #audience: Audience;
  readonly #closed = new Stop();
  #material: Promise<Material> | undefined;
  #staleAt = Infinity;
  #generation = 0;

  constructor(context: ResolvedContext, options: CredentialOptions, audience = new Audience()) {
    this.#context = context;
    this.#options = options;
    this.#audience = audience;
  }

  /** @throws CredentialError fit for a person, Aborted */
  get(signal: Signal): Promise<Material> {
    if (this.#material === undefined || Date.now() >= this.#staleAt) this.#begin();
    return unlessAborted(this.#material, signal);
  }

  /** Counts up with each renewal: what a request was sent with. */
  get generation(): number {
    return this.#generation;
  }

  /** Asks anew, for the server refused those of a generation; of many that were refused together the first one does. */
  renew(refused: number, signal: Signal): Promise<Material> {
    if (refused === this.#generation) this.#begin();
    return this.get(signal);
  }

  /** Gives up a log-in that goes on. */
  close(): void {
    this.#closed.stop();
  }

  #begin(): void {
    this.#staleAt = Infinity;
    this.#generation++;
    const material = this.#obtain();
    this.#material = material;
    material.catch(() => {
      if (this.#material === material) this.#material = undefined;
    });
  }

  /** May a renewal give other credentials than before? */
  get renewable(): boolean {
    const { exec, authProvider, tokenFile, clientCertificate, clientCertificateData } = this.#context.user;
    const certificateFile = clientCertificate !== '' && clientCertificateData === '';
    return exec !== undefined || authProvider !== undefined || tokenFile !== '' || certificateFile;
  }

  /** The kubeconfig's proxy, else the environment's; empty: none. */
  get #proxy(): string {
    const { proxyUrl, server } = this.#context.cluster;
    return proxyUrl !== '' ? proxyUrl : proxyOf(server, this.#options.env);
  }

  /**
   * client-node makes proxy agents that open a connection for each request; this one keeps them. A proxy that the
   * environment names is told what the editor says of its proxy.
   */
  #through(agent: Agent): Agent {
    const { proxy } = this.#options;
    const own = proxy && this.#context.cluster.proxyUrl === '' ? proxyRequest(proxy) : {};
    return Object.assign(agent, { keepAlive: true, proxyRequestOptions: own });
  }

  async #obtain(): Promise<Material> {
    const { user } = this.#context;
    this.#refusePrograms();
    const plugin = user.exec && (await this.#logIn(user.exec));
    if (plugin) this.#staleAt = Math.max(plugin.expires - EARLY_MS, Date.now() + AT_LEAST_MS);
    else if (this.renewable) this.#staleAt = Date.now() + FRESH_MS;
    const options = await this.#fromClientNode();
    const headers: Record<string, string | readonly string[]> = impersonation(user, this.#options.impersonate);
    const authorization = plugin && plugin.token !== '' ? `Bearer ${plugin.token}` : authorizationOf(options);
    if (authorization !== '') headers['authorization'] = authorization;
    return {
      headers,
      tls: {
        ...tlsOf(options),
        ...(plugin && plugin.clientCertificate !== '' ? { cert: plugin.clientCertificate, key: plugin.clientKey } : {}),
      },
      ...(this.#proxy !== '' && options.agent ? { proxyAgent: this.#through(options.agent as Agent) } : {}),
    };
  }

  /** Runs the plugin; a log-in is given up when the operation is terminated, or the cluster closed. */
  async #logIn(exec: ExecEntry): Promise<ExecCredential> {
    const { context, cluster } = this.#context;
    const { terminate } = this.#audience;
    const stop = new Stop(this.#closed);
    const asked = !terminate.aborted;
    const off = asked ? onAbort(terminate, () => stop.stop()) : () => undefined;
    const say = (message: string): void =>
      this.#audience.tell({ code: 'login', message: `Log-in to context "${context}": ${message}` });
    try {
      return await runExecPlugin({ exec, cluster, env: this.#options.env, say, signal: stop });
    } catch (error) {
      if (!(error instanceof Aborted)) throw error;
      throw new CredentialError(`The log-in to context "${context}" was given up, for the operation was terminated.`);
    } finally {
      off();
    }
  }

  #refusePrograms(): void {
    const { exec, authProvider } = this.#context.user;
    const program = exec?.command ?? (authProvider?.config['cmd-path'] === undefined ? undefined : authProvider.name);
    if (program === undefined || this.#options.allowExec) return;
    throw new CredentialError(
      `Context "${this.#context.context}" gets its credentials from the program "${program}", and programs that a kubeconfig names are run only in a trusted workspace. Trust the workspace, or choose another context.`,
    );
  }

  async #fromClientNode(): Promise<RequestOptions> {
    const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js');
    const { cluster, user, namespace } = this.#context;
    const config = new KubeConfig();
    const plain = cluster.server.startsWith('http:');
    config.loadFromOptions({
      currentContext: 'pinned',
      contexts: [{ name: 'pinned', cluster: 'pinned', user: 'pinned', namespace }],
      clusters: [
        {
          name: 'pinned',
          server: cluster.server,
          // Data wins over a file, as in kubectl; the package has it the other way round.
          ...pick('caData', cluster.certificateAuthorityData, 'caFile', cluster.certificateAuthority),
          ...(cluster.tlsServerName === '' ? {} : { tlsServerName: cluster.tlsServerName }),
          // A plain http server is refused otherwise; there is no certificate to verify.
          skipTLSVerify: cluster.insecureSkipTlsVerify || plain,
          ...(this.#proxy === '' ? {} : { proxyUrl: this.#proxy }),
        },
      ],
      users: [clientNodeUser(user)],
    });
    const options: RequestOptions = { headers: {} };
    try {
      await config.applyToHTTPSOptions(options);
    } catch (error) {
      const why = error instanceof Error ? redact(error.message) : '';
      throw new CredentialError(
        `The credentials of the user "${user.name}" (context "${this.#context.context}") cannot be used: ${why}`,
      );
    }
    return options;
  }
}

const pick = (data: string, dataValue: string, file: string, fileValue: string): Record<string, string> =>
  dataValue !== '' ? { [data]: dataValue } : fileValue !== '' ? { [file]: fileValue } : {};

function clientNodeUser(user: UserEntry): Record<string, unknown> {
  return {
    name: 'pinned',
    ...pick('certData', user.clientCertificateData, 'certFile', user.clientCertificate),
    ...pick('keyData', user.clientKeyData, 'keyFile', user.clientKey),
    ...(user.tokenFile !== ''
      ? { authProvider: { name: 'tokenFile', config: { tokenFile: user.tokenFile } } }
      : user.token !== ''
        ? { token: user.token }
        : user.authProvider
          ? { authProvider: user.authProvider }
          : {}),
    ...(user.username === '' ? {} : { username: user.username, password: user.password }),
  };
}

function authorizationOf(options: RequestOptions): string {
  const headers = (options.headers ?? {}) as Record<string, unknown>;
  const value = headers['Authorization'] ?? headers['authorization'];
  if (typeof value === 'string') return value.trim();
  return typeof options.auth === 'string' ? `Basic ${Buffer.from(options.auth).toString('base64')}` : '';
}

function tlsOf(options: RequestOptions): TlsMaterial {
  const { ca, cert, key, servername, rejectUnauthorized } = options;
  return {
    ...(isMaterial(ca) ? { ca } : {}),
    ...(isMaterial(cert) ? { cert } : {}),
    ...(isMaterial(key) ? { key } : {}),
    ...(servername === undefined ? {} : { servername }),
    ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
  };
}

const isMaterial = (value: unknown): value is string | Buffer => typeof value === 'string' || Buffer.isBuffer(value);

/** How a tunnel is asked for. Whether the API server's certificate is verified the kubeconfig alone says. */
const proxyRequest = ({ authorization, strictSsl }: ProxySettings): RequestOptions => ({
  rejectUnauthorized: strictSsl,
  ...(authorization === '' ? {} : { headers: { 'Proxy-Authorization': authorization } }),
});

/** Source: k8s.io/client-go/tools/clientcmd/client_config.go `getUserIdentificationPartialConfig`: without a user nobody is meant. */
function impersonation(user: UserEntry, wanted: Impersonation = {}): Record<string, string | readonly string[]> {
  const extra = Object.entries(user.asUserExtra).map(([key, values]) => [
    `impersonate-extra-${encodeURIComponent(key).toLowerCase()}`,
    values,
  ]);
  const as = wanted.user ?? user.as;
  const groups = wanted.groups ?? user.asGroups;
  const uid = wanted.uid ?? user.asUid;
  if (as === '') return {};
  return {
    'impersonate-user': as,
    ...(groups.length === 0 ? {} : { 'impersonate-group': groups }),
    ...(uid === '' ? {} : { 'impersonate-uid': uid }),
    ...(Object.fromEntries(extra) as Record<string, readonly string[]>),
  };
}
