import type { IncomingMessage } from 'node:http';
import { readJson } from '#core/json';
import { isObject, type JsonObject, type KubeObject } from '#core/object';
import { numberOf, textOf } from '../sync/json.ts';
import type { Signal } from '../sync/signal.ts';
import { ApiError } from '../sync/api-error.ts';
import type { ApiClient, Query } from './request.ts';
import { Aborted } from './time.ts';

export interface ServerEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: KubeObject;
}

const NEWLINE = 10;

/** The lines of an answer as they come, without their ends; ends with the answer. */
export async function* linesOf(response: IncomingMessage): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  for await (const chunk of response) {
    let rest = chunk as Buffer;
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
      parts.push(rest.subarray(0, end));
      yield Buffer.concat(parts).toString('utf8');
      parts = [];
      rest = rest.subarray(end + 1);
    }
    if (rest.length > 0) parts.push(rest);
  }
  if (parts.length > 0) yield Buffer.concat(parts).toString('utf8');
}

/**
 * One watch request: its events until the server ends it.
 * @throws ApiError (410: the version is too old), ConnectionError when it breaks, Aborted
 */
export async function* watchEvents(
  client: ApiClient,
  path: string,
  query: Query,
  signal: Signal,
): AsyncGenerator<ServerEvent> {
  const request = { method: 'GET', path, query: { ...query, watch: 1, allowWatchBookmarks: true } } as const;
  const response = await client.open(request, client.limits.silenceMs, signal);
  try {
    for await (const line of linesOf(response)) {
      const event = readJson(line);
      if (!isObject(event) || !isObject(event['object'])) continue;
      const { type, object } = event as { type: ServerEvent['type'] | 'ERROR'; object: JsonObject };
      if (type === 'ERROR') throw new ApiError(numberOf(object['code'], 500), object, false);
      yield { type, object };
    }
  } catch (error) {
    if (signal.aborted) throw new Aborted();
    throw error instanceof ApiError ? error : client.connection.broken(error);
  } finally {
    response.destroy();
  }
}

/** `metadata.resourceVersion` of a list or an object. */
export const versionOf = (value: JsonObject): string =>
  isObject(value['metadata']) ? textOf(value['metadata']['resourceVersion']) : '';
