export class ApiError extends Error {
  readonly code: number;
}

/** The least client: JSON requests over one keep-alive agent. The tests prepare and look with it. */
export class Api {
  constructor(options: { server: string; ca: string | Buffer; token: string });
  readonly agent: { destroy(): void };
  request(method: string, path: string, object?: unknown, type?: string): Promise<unknown>;
  get(path: string): Promise<unknown>;
  patchStatus(path: string, status: unknown): Promise<unknown>;
}
