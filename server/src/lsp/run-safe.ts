import { LSPErrorCodes, ResponseError, type CancellationToken, type Connection } from 'vscode-languageserver';

/** A handler of requests: it may answer at once, later, or throw a ResponseError. */
export type Handler<Result> = (params: unknown, token: CancellationToken) => Result | Promise<Result>;

const cancelled = (): ResponseError<void> =>
  new ResponseError(LSPErrorCodes.RequestCancelled, 'The request was cancelled.');

/**
 * Answers a request through one place: a cancelled one with RequestCancelled, a wrong one with its own error, and where
 * the handler breaks the error goes to the log and the client gets the answer that means "nothing".
 */
export function answer<Result extends object | null>(
  connection: Connection,
  method: string,
  nothing: Result,
  handler: Handler<Result>,
): void {
  // Where a request has no params the connection passes the token alone.
  const run = (first: unknown, second?: CancellationToken): unknown => {
    const [params, token] = second ? [first, second] : [undefined, first as CancellationToken];
    if (token.isCancellationRequested) return cancelled();
    try {
      const result = handler(params, token);
      if (!(result instanceof Promise)) return result;
      return result.then(
        (value) => (token.isCancellationRequested ? cancelled() : value),
        (error: unknown) => failed(connection, method, nothing, error),
      );
    } catch (error) {
      return failed(connection, method, nothing, error);
    }
  };
  connection.onRequest(method, run);
}

function failed<Result>(
  connection: Connection,
  method: string,
  nothing: Result,
  error: unknown,
): Result | ResponseError<unknown> {
  if (error instanceof ResponseError) return error as ResponseError<unknown>;
  report(connection, method, error);
  return nothing;
}

/** Takes a notification; where the handler breaks the error goes to the log. */
export function listen(
  connection: Connection,
  method: string,
  handler: (params: unknown) => void | Promise<void>,
): void {
  connection.onNotification(method, (params: unknown) => {
    try {
      const done = handler(params);
      if (done instanceof Promise) done.catch((error: unknown) => report(connection, method, error));
    } catch (error) {
      report(connection, method, error);
    }
  });
}

/** Writes an error of ours to the client's log, with where it happened and never with what the documents hold. */
export function report(connection: Connection, where: string, error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  connection.console.error(`${where} failed. Please report this. ${text}`);
}
