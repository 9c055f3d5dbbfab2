import http from 'node:http';
import https from 'node:https';
import type { ResolvedContext } from '#core/kubeconfig/model';
import type { Signal } from '../sync/signal.ts';
import { Audience } from './audience.ts';
import { Credentials, type CredentialOptions, type Material } from './credentials.ts';
import { Aborted, onAbort } from './time.ts';

export interface RawRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path below the server's address, with the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds without any byte after which the request counts as lost. */
  readonly idleMs: number;
  /** Milliseconds in which the connection has to stand; absent: as long as the system tries. */
  readonly connectMs?: number;
}

/** The server could not be reached or the connection broke; the message is fit for a person. */
export class ConnectionError extends Error {
  override name = 'ConnectionError';
  /** Is it certain that the server has not seen the request? */
  readonly unsent: boolean;
  /** Would the same request meet the same failure again (a certificate that does not fit)? */
  readonly final: boolean;
  /** Is there nobody at the address (refused, or no such name)? A server that starts again is so for a while. */
  readonly absent: boolean;

  constructor(
    message: string,
    { unsent, final, absent = false }: { unsent: boolean; final: boolean; absent?: boolean },
  ) {
    super(message);
    this.unsent = unsent;
    this.final = final;
    this.absent = absent;
  }
}

/**
 * One cluster and one user: a keep-alive agent, and the credentials. Context, server and user are pinned when it is made;
 * no later change of a kubeconfig redirects it.
 */
export class Connection {
  readonly context: ResolvedContext;
  readonly audience: Audience;
  readonly credentials: Credentials;
  readonly #url: URL;
  #agent: http.Agent | undefined;
  #agentOf: Material['tls'] | undefined;

  constructor(context: ResolvedContext, options: CredentialOptions, audience = new Audience()) {
    this.context = context;
    this.audience = audience;
    this.credentials = new Credentials(context, options, audience);
    try {
      this.#url = new URL(context.cluster.server);
    } catch {
      throw new ConnectionError(
        `The address of cluster "${context.cluster.name}" (context "${context.context}") is no URL. Correct it in the kubeconfig.`,
        { unsent: true, final: true },
      );
    }
  }

  /** Sends one request; resolves with the answer's head, its body still to be read. */
  async send(request: RawRequest, signal: Signal): Promise<http.IncomingMessage> {
    const material = await this.credentials.get(signal);
    if (signal.aborted) throw new Aborted();
    const agent = this.#agentFor(material);
    const options: https.RequestOptions = {
      agent,
      host: this.#url.hostname.replace(/^\[|\]$/g, ''),
      port: this.#url.port === '' ? (this.#url.protocol === 'http:' ? 80 : 443) : Number(this.#url.port),
      method: request.method,
      path: this.#url.pathname.replace(/\/$/, '') + request.path,
      headers: {
        'user-agent': 'argocd-hooks',
        ...request.headers,
        ...(material.headers as Record<string, string | string[]>),
        ...(request.body === undefined ? {} : { 'content-length': Buffer.byteLength(request.body) }),
      },
    };
    return new Promise((resolve, reject) => {
      const sent = this.#url.protocol === 'http:' ? http.request(options) : https.request(options);
      const abort = onAbort(signal, () => sent.destroy(new Aborted()));
      let connected = false;
      // Behind a proxy the agent makes the connection, and nobody tells when it stands.
      const late = (): void => void (connected || sent.destroy(timedOut()));
      const { connectMs } = request;
      const timer = connectMs === undefined || material.proxyAgent ? undefined : setTimeout(late, connectMs);
      const off = (): void => {
        clearTimeout(timer);
        abort();
      };
      sent.on('socket', (socket) => {
        if (sent.reusedSocket) connected = true;
        else socket.once(this.#url.protocol === 'http:' ? 'connect' : 'secureConnect', () => (connected = true));
      });
      sent.setTimeout(request.idleMs, () => sent.destroy(new Error('no answer')));
      sent.once('response', (response) => {
        clearTimeout(timer);
        response.once('close', off);
        resolve(response);
      });
      sent.once('error', (error) => {
        off();
        reject(error instanceof Aborted ? error : this.#failure(error, !connected));
      });
      sent.end(request.body);
    });
  }

  /** Makes an Error of a connection that broke while its answer was read. */
  broken(error: unknown): ConnectionError {
    return this.#failure(error, false);
  }

  close(): void {
    this.credentials.close();
    this.#agent?.destroy();
    this.#agent = undefined;
  }

  #agentFor(material: Material): http.Agent {
    if (material.proxyAgent) return material.proxyAgent;
    if (this.#agent !== undefined && sameTls(this.#agentOf, material.tls)) return this.#agent;
    // A former agent is left to its running requests; its idle connections end by themselves.
    const common = { keepAlive: true, keepAliveMsecs: 30_000, maxFreeSockets: 16 };
    this.#agent =
      this.#url.protocol === 'http:' ? new http.Agent(common) : new OneServerAgent({ ...common, ...material.tls });
    this.#agentOf = material.tls;
    return this.#agent;
  }

  #failure(error: unknown, unsent: boolean): ConnectionError {
    const { code, message } = codeOf(error);
    const where = `the API server ${this.#url.origin} (context "${this.context.context}")`;
    const refusal = /^Bad response: (\d+)$/.exec(message)?.[1];
    const advice =
      ADVICE[code] ?? (/CERT|TLS|SSL/.test(code) ? TLS_ADVICE : refusal === undefined ? undefined : refusedBy(refusal));
    const why = advice ?? `${message.replace(/\s+/g, ' ')}${message.endsWith('.') ? '' : '.'}`;
    return new ConnectionError(`Cannot talk to ${where}: ${why}`, {
      unsent,
      final: advice === TLS_ADVICE || refusal === NO_LOGIN,
      absent: code === 'ECONNREFUSED' || code === 'ENOTFOUND',
    });
  }
}

/** An agent for one server and one user: which socket fits is no question, and asking it costs a walk over certificates. */
class OneServerAgent extends https.Agent {
  override getName(): string {
    return 'server';
  }
}

const timedOut = (): Error => Object.assign(new Error('no connection'), { code: 'ETIMEDOUT' });

/** The status of a proxy that wants to know who asks. */
const NO_LOGIN = '407';
const refusedBy = (status: string): string =>
  status === NO_LOGIN
    ? 'the proxy between asks for a log-in (407). Put user and password into its address, or set http.proxyAuthorization in the editor.'
    : `the proxy between does not connect (${status}). Does it allow this address, or should NO_PROXY or http.noProxy name it?`;

const TLS_ADVICE =
  'its certificate does not fit. Check certificate-authority and tls-server-name of the cluster in the kubeconfig.';

const ADVICE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused. Is the cluster running, and the address right?',
  ENOTFOUND: 'its name is not known. Is the VPN on, and the address right?',
  EAI_AGAIN: 'its name could not be looked up. Is the network up?',
  ETIMEDOUT: 'it does not answer. Is the VPN on?',
  EHOSTUNREACH: 'there is no way to it. Is the VPN on?',
  ENETUNREACH: 'there is no way to it. Is the network up?',
  ECONNRESET: 'the connection was closed in the middle of a request.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: TLS_ADVICE,
  SELF_SIGNED_CERT_IN_CHAIN: TLS_ADVICE,
  DEPTH_ZERO_SELF_SIGNED_CERT: TLS_ADVICE,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: TLS_ADVICE,
};

function codeOf(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: '', message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return { code, message: error.message };
}

function sameTls(a: Material['tls'] | undefined, b: Material['tls']): boolean {
  if (a === undefined) return false;
  return (['ca', 'cert', 'key', 'servername', 'rejectUnauthorized'] as const).every(
    (key) => String(a[key] ?? '') === String(b[key] ?? ''),
  );
}
