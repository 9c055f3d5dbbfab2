import type { JsonObject } from '#core/object';
import { textOf } from './json.ts';

/** The server answered with an error: its `Status`. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly code: number;
  /** As in `Status.reason`: `NotFound`, `Conflict`, `Forbidden`, `Invalid`, … */
  readonly reason: string;
  readonly status: JsonObject;
  /** The server may have done the request in an earlier attempt, whose answer was lost. */
  readonly repeated: boolean;

  constructor(code: number, status: JsonObject, repeated: boolean) {
    super(textOf(status['message']) || `the server answered ${code}`);
    this.code = code;
    this.reason = textOf(status['reason']) || (REASONS[code] ?? '');
    this.status = status;
    this.repeated = repeated;
  }
}

const REASONS: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};
