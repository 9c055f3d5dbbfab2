import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { readJson, writeJson } from '#core/json';
import { isObject, type Json, type JsonObject } from '#core/object';
import { at, numberOf } from '../sync/json.ts';
import { ApiError } from '../sync/api-error.ts';
import type { Signal } from '../sync/signal.ts';
import { ConnectionError, type Connection, type RawRequest } from './connection.ts';
import { BackOff, sleep, stopIfAborted } from './time.ts';

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface ApiRequest {
  readonly method: RawRequest['method'];
  readonly path: string;
  readonly query?: Query;
  readonly body?: Json;
  /** Default: `application/json`. */
  readonly contentType?: string;
  /** May it be sent again when nobody knows whether the server did it? Reads always may. */
  readonly idempotent?: boolean;
}

/** The server does not know who we are, also with fresh credentials. */
export class UnauthorizedError extends Error {
  override name = 'UnauthorizedError';
}

/** How long a request is tried again while the server is away or overloaded. */
const PATIENCE_MS = 30_000;
/** The same before the server has ever answered: then it is rather the address that is wrong, or a VPN that is off. */
const FIRST_MS = 5000;
/** Attempts for an error that the server itself calls internal. */
const INTERNAL_ATTEMPTS = 4;
const ANSWER_MS = 75_000;
const unzip = promisify(gunzip);

/**
 * JSON requests to one API server, digits kept. Sends again, with back-off, what may be sent again: everything that never
 * left or that the server refused for load, and idempotent requests whose answer was lost.
 */
export class ApiClient {
  readonly connection: Connection;
  readonly #patienceMs: number;
  /** The server has answered once. */
  #reached = false;

  constructor(connection: Connection, patienceMs = PATIENCE_MS) {
    this.connection = connection;
    this.#patienceMs = patienceMs;
  }

  /**
   * The parsed answer.
   * @throws ApiError for an error of the server, ConnectionError when it stays away, UnauthorizedError, CredentialError, Aborted
   */
  async request(request: ApiRequest, signal: Signal): Promise<JsonObject> {
    const raw = rawOf(request);
    const safe = request.method === 'GET' || request.idempotent === true;
    const backOff = new BackOff(100, 2000);
    const start = Date.now();
    const end = (): number => start + (this.#reached ? this.#patienceMs : this.#firstMs);
    let renewed = false;
    let lost = false;
    for (let attempt = 1; ; attempt++) {
      stopIfAborted(signal);
      try {
        return await this.#once(raw, lost, signal);
      } catch (error) {
        if (error instanceof ApiError && error.code === 401) {
          if (renewed || !this.connection.credentials.renewable) throw this.#unauthorized(error);
          renewed = true;
          await this.connection.credentials.renew(signal);
          continue;
        }
        const again = retryOf(error, { safe, attempt, reached: this.#reached });
        if (again === undefined || Date.now() >= end()) throw error;
        lost ||= again.lost;
        await sleep(again.afterMs ?? backOff.next(), signal);
        if (error instanceof ConnectionError) await this.#ready(end(), signal);
      }
    }
  }

  /** Opens an answer that is read as it comes (watch, logs). No second attempt; errors as in `request`. */
  async open(request: ApiRequest, idleMs: number, signal: Signal): Promise<IncomingMessage> {
    const response = await this.#send({ ...rawOf(request), idleMs }, signal);
    if ((response.statusCode ?? 0) < 300) return response;
    const error = new ApiError(response.statusCode ?? 0, await this.#status(response), false);
    if (error.code !== 401) throw error;
    if (!this.connection.credentials.renewable) throw this.#unauthorized(error);
    await this.connection.credentials.renew(signal);
    throw error;
  }

  get #firstMs(): number {
    return Math.min(FIRST_MS, this.#patienceMs);
  }

  async #send(raw: RawRequest, signal: Signal): Promise<IncomingMessage> {
    const response = await this.connection.send(this.#reached ? raw : { ...raw, connectMs: this.#firstMs }, signal);
    this.#reached = true;
    return response;
  }

  async #once(raw: RawRequest, repeated: boolean, signal: Signal): Promise<JsonObject> {
    const response = await this.#send(raw, signal);
    const code = response.statusCode ?? 0;
    if (code >= 300) throw new ApiError(code, await this.#status(response), repeated);
    const body = await this.#text(response);
    let answer: Json;
    try {
      answer = readJson(body);
    } catch (error) {
      throw this.connection.broken(error);
    }
    return isObject(answer) ? answer : {};
  }

  async #status(response: IncomingMessage): Promise<JsonObject> {
    const text = await this.#text(response);
    const after = Number(response.headers['retry-after']);
    const seconds = Number.isFinite(after) ? { retryAfter: after } : {};
    try {
      const status = readJson(text);
      if (isObject(status)) return { ...status, ...seconds };
    } catch {
      // Not the API server's own answer: a proxy's page, or a plain line.
    }
    const line = text
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, 300);
    return { message: line, ...seconds };
  }

  async #text(response: IncomingMessage): Promise<string> {
    const parts: Buffer[] = [];
    try {
      for await (const part of response) parts.push(part as Buffer);
    } catch (error) {
      throw this.connection.broken(error);
    }
    const body = Buffer.concat(parts);
    return (response.headers['content-encoding'] === 'gzip' ? await unzip(body) : body).toString('utf8');
  }

  /** After a lost connection: waits until the server says that it is ready, for its permissions come last. */
  async #ready(end: number, signal: Signal): Promise<void> {
    const backOff = new BackOff(50, 500);
    while (Date.now() < end) {
      try {
        const response = await this.connection.send(
          { method: 'GET', path: '/readyz', headers: {}, idleMs: 5000 },
          signal,
        );
        response.resume();
        if ((response.statusCode ?? 0) < 500) return;
      } catch (error) {
        if (!(error instanceof ConnectionError)) throw error;
      }
      await sleep(backOff.next(), signal);
    }
  }

  #unauthorized(error: ApiError): UnauthorizedError {
    const { context, user, cluster } = this.connection.context;
    return new UnauthorizedError(
      `The API server ${cluster.server} does not accept the credentials of the user "${user.name}" (context "${context}"): ${error.message}. Log in again, or choose another context.`,
    );
  }
}

/** Is another attempt worth it, and after which time? `lost`: the server may have done it already. */
function retryOf(
  error: unknown,
  { safe, attempt, reached }: { safe: boolean; attempt: number; reached: boolean },
): { lost: boolean; afterMs?: number } | undefined {
  if (error instanceof ConnectionError) {
    if (error.final || (error.absent && !reached)) return undefined;
    return error.unsent ? { lost: false } : safe ? { lost: true } : undefined;
  }
  if (!(error instanceof ApiError)) return undefined;
  const after =
    numberOf(error.status['retryAfter'], 0) || numberOf(at(error.status, 'details', 'retryAfterSeconds'), 0);
  const afterMs = after > 0 ? { afterMs: Math.min(after, 5) * 1000 } : {};
  if (error.code === 429 || error.code === 503) return { lost: false, ...afterMs };
  const internal = error.code === 500 || error.code === 502 || error.code === 504;
  if (internal && safe && attempt < INTERNAL_ATTEMPTS && !isTypedPatch(error)) return { lost: true, ...afterMs };
  return undefined;
}

/** A manifest that the schema does not allow is answered with 500, and will be again. */
const isTypedPatch = (error: ApiError): boolean => error.message.startsWith('failed to create typed patch object');

function rawOf(request: ApiRequest): RawRequest {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined && value !== '') query.set(key, String(value));
  }
  const text = query.toString();
  return {
    method: request.method,
    path: text === '' ? request.path : `${request.path}?${text}`,
    headers: {
      accept: 'application/json',
      ...(request.query?.['watch'] === undefined ? { 'accept-encoding': 'gzip' } : {}),
      ...(request.body === undefined ? {} : { 'content-type': request.contentType ?? 'application/json' }),
    },
    ...(request.body === undefined ? {} : { body: writeJson(request.body) }),
    idleMs: ANSWER_MS,
  };
}
