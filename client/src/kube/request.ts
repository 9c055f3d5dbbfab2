import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { readJson, writeJson } from '#core/json';
import { isObject, type Json, type JsonObject } from '#core/object';
import { at, numberOf } from '../sync/json.ts';
import { ApiError } from '../sync/api-error.ts';
import type { Signal } from '../sync/signal.ts';
import { ActionSignal, Halted } from './action-signal.ts';
import { ConnectionError, type Connection, type RawRequest } from './connection.ts';
import { Outage } from './outage.ts';
import { Aborted, BackOff, sleep, stopIfAborted } from './time.ts';

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
  /** Default: `application/json`. */
  readonly accept?: string;
  /** An error of the server is the answer: of a part of it that is broken for good, nobody waits for. */
  readonly impatient?: boolean;
}

/** The server does not know who we are, also with fresh credentials. */
export class UnauthorizedError extends Error {
  override name = 'UnauthorizedError';
}

/** How long things take before they count as lost, in milliseconds. */
export interface Limits {
  /** A request is tried again so long while the server is away or overloaded. */
  readonly patienceMs: number;
  /** An answer whose next byte does not come for so long; the server itself ends a request after a minute. */
  readonly answerMs: number;
  /** The same for a watch: bookmarks come every minute. */
  readonly silenceMs: number;
  /** A person is told of a server that does not answer for so long. */
  readonly tellMs: number;
}

/** A control plane that is upgraded is away for a minute. */
const LIMITS: Limits = { patienceMs: 120_000, answerMs: 75_000, silenceMs: 90_000, tellMs: 3000 };
/** Nobody waits longer for what a server asks for with Retry-After. */
const LONGEST_PAUSE_S = 60;
/** The same before the server has ever answered: then it is rather the address that is wrong, or a VPN that is off. */
const FIRST_MS = 5000;
/** Attempts for an error that the server itself calls internal. */
const INTERNAL_ATTEMPTS = 4;
const unzip = promisify(gunzip);

/**
 * JSON requests to one API server, digits kept. Sends again, with back-off, what may be sent again: everything that never
 * left or that the server refused for load, and idempotent requests whose answer was lost.
 */
export class ApiClient {
  readonly connection: Connection;
  readonly limits: Limits;
  readonly outage: Outage;
  /** The server has answered once. */
  #reached = false;

  constructor(connection: Connection, limits: Partial<Limits> = {}) {
    this.connection = connection;
    this.limits = { ...LIMITS, ...limits };
    this.outage = new Outage(connection.audience, this.limits.tellMs);
  }

  /**
   * The parsed answer.
   * @throws ApiError for an error of the server, ConnectionError when it stays away, UnauthorizedError, CredentialError, Aborted
   */
  async request(request: ApiRequest, signal: Signal): Promise<JsonObject> {
    const raw = { ...rawOf(request), idleMs: this.limits.answerMs };
    const safe = request.method === 'GET' || request.idempotent === true;
    const backOff = new BackOff(100, 2000);
    const start = Date.now();
    const end = (): number => start + (this.#reached ? this.limits.patienceMs : this.#firstMs);
    let renewed = false;
    let lost = false;
    for (let attempt = 1; ; attempt++) {
      stopIfAborted(signal);
      if (isHalted(signal)) throw new Halted(lost);
      await this.connection.credentials.get(signal);
      const { generation } = this.connection.credentials;
      try {
        const answer = await this.#once(raw, lost, signal);
        if (signal instanceof ActionSignal && request.method !== 'GET') signal.wrote();
        return answer;
      } catch (error) {
        if (error instanceof ApiError && error.code === 401) {
          if (renewed || !this.connection.credentials.renewable) throw this.#unauthorized(error);
          renewed = true;
          await this.connection.credentials.renew(generation, signal);
          continue;
        }
        const again = retryOf(error, { safe, attempt, reached: this.#reached });
        const isOver = request.impatient === true && error instanceof ApiError && error.code !== 429;
        if (again === undefined || isOver || Date.now() >= end()) throw error;
        lost ||= again.lost;
        this.outage.failed(troubleOf(error, this.connection));
        await this.#pause(again.afterMs ?? backOff.next(), error instanceof ConnectionError ? end() : 0, lost, signal);
      }
    }
  }

  /** Waits before the next attempt; after a lost connection until the server is ready, too. */
  async #pause(ms: number, readyBy: number, lost: boolean, signal: Signal): Promise<void> {
    const pause = signal instanceof ActionSignal ? signal.pause() : signal;
    try {
      await sleep(ms, pause);
      if (readyBy > 0) await this.#ready(readyBy, pause);
    } catch (error) {
      if (error instanceof Aborted && isHalted(signal)) throw new Halted(lost);
      throw error;
    }
  }

  /** Opens an answer that is read as it comes (watch, logs). No second attempt; errors as in `request`. */
  async open(request: ApiRequest, idleMs: number, signal: Signal): Promise<IncomingMessage> {
    await this.connection.credentials.get(signal);
    const { generation } = this.connection.credentials;
    const response = await this.#send({ ...rawOf(request), idleMs }, signal);
    if ((response.statusCode ?? 0) < 300) return response;
    const error = new ApiError(response.statusCode ?? 0, await this.#status(response), false);
    if (error.code !== 401) throw error;
    if (!this.connection.credentials.renewable) throw this.#unauthorized(error);
    await this.connection.credentials.renew(generation, signal);
    throw error;
  }

  get #firstMs(): number {
    return Math.min(FIRST_MS, this.limits.patienceMs);
  }

  async #send(raw: RawRequest, signal: Signal): Promise<IncomingMessage> {
    const response = await this.connection.send(this.#reached ? raw : { ...raw, connectMs: this.#firstMs }, signal);
    this.#reached = true;
    // 429 and 503 are answers of a server that cannot work.
    if (response.statusCode !== 429 && response.statusCode !== 503) this.outage.answered();
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
    const after = secondsOf(response.headers['retry-after'] ?? '');
    const seconds = after > 0 ? { retryAfter: after } : {};
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
        this.outage.failed(error.message);
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

/** A pause in seconds, or the date at whose time it is over. 0: neither. */
function secondsOf(retryAfter: string): number {
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter);
  const date = Date.parse(retryAfter);
  return Number.isNaN(date) ? 0 : Math.max(0, (date - Date.now()) / 1000);
}

const isHalted = (signal: Signal): boolean => signal instanceof ActionSignal && signal.halted;

/** What goes wrong, for a person. */
function troubleOf(error: unknown, { context }: Connection): string {
  const message = error instanceof Error ? error.message : 'the request failed';
  if (error instanceof ConnectionError) return message;
  return `The API server ${context.cluster.server} (context "${context.context}") cannot take requests: ${message.replace(/\.$/, '')}.`;
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
  const afterMs = after > 0 ? { afterMs: Math.min(after, LONGEST_PAUSE_S) * 1000 } : {};
  if (error.code === 429 || error.code === 503) return { lost: false, ...afterMs };
  const internal = error.code === 500 || error.code === 502 || error.code === 504;
  if (internal && safe && attempt < INTERNAL_ATTEMPTS && !isTypedPatch(error)) return { lost: true, ...afterMs };
  return undefined;
}

/** A manifest that the schema does not allow is answered with 500, and will be again. */
const isTypedPatch = (error: ApiError): boolean => error.message.startsWith('failed to create typed patch object');

function rawOf(request: ApiRequest): Omit<RawRequest, 'idleMs'> {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined && value !== '') query.set(key, String(value));
  }
  const text = query.toString();
  return {
    method: request.method,
    path: text === '' ? request.path : `${request.path}?${text}`,
    headers: {
      accept: request.accept ?? 'application/json',
      ...(request.query?.['watch'] === undefined ? { 'accept-encoding': 'gzip' } : {}),
      ...(request.body === undefined ? {} : { 'content-type': request.contentType ?? 'application/json' }),
    },
    ...(request.body === undefined ? {} : { body: writeJson(request.body) }),
  };
}
