import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { connect, createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll } from 'vitest';
import type { ClusterEntry, ResolvedContext, UserEntry } from '#core/kubeconfig/model';
import type { Audience } from '../../../client/src/kube/audience.ts';
import type { CredentialOptions } from '../../../client/src/kube/credentials.ts';
import { Connection } from '../../../client/src/kube/connection.ts';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
}
export type Answer = (received: Received, response: ServerResponse) => void;

const open = new Set<Server | TcpServer>();
afterAll(() => {
  for (const server of open) server.close();
});

const listen = async (server: Server | TcpServer, port = 0): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  open.add(server);
  return (server.address() as AddressInfo).port;
};

/** An HTTP server that answers as the test says, and keeps what it was asked. */
export async function answering(answer: Answer, port = 0): Promise<{ port: number; asked: Received[]; stop(): void }> {
  const asked: Received[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    void text(request).then((body) => {
      const received = { method: request.method ?? '', path: request.url ?? '', body, headers: request.headers };
      asked.push(received);
      answer(received, response);
    });
  });
  const stop = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { port: await listen(server, port), asked, stop };
}

/**
 * A proxy that connects everybody to one port, and keeps the Proxy-Authorization of each; where that is none it asks for
 * one, if it is told to.
 */
export async function proxyTo(
  target: number,
  { asks = false }: { asks?: boolean } = {},
): Promise<{ port: number; told: (string | undefined)[] }> {
  const told: (string | undefined)[] = [];
  const server = createServer();
  server.on('connect', (request, socket) => {
    const authorization = request.headers['proxy-authorization'];
    told.push(authorization);
    if (asks && authorization === undefined)
      return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    const there = connect(target, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(there).pipe(socket);
    });
    socket.on('error', () => there.destroy());
    there.on('error', () => socket.destroy());
  });
  return { port: await listen(server), told };
}

/** A port at which a connection is taken and nothing said. */
export const silent = (): Promise<number> =>
  listen(createTcpServer((socket) => void socket.on('error', () => undefined).unref()).unref());

/** A port at which nobody is. */
export async function nobody(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export const json = (response: ServerResponse, code: number, body: object): void =>
  void response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));

export interface Party {
  readonly user?: Partial<UserEntry>;
  readonly cluster?: Partial<ClusterEntry>;
  readonly audience?: Audience;
  readonly options?: Partial<CredentialOptions>;
}

/** A connection with a token (or as the test says), to a server at an address. */
export function connectionTo(
  server: string,
  { user = {}, cluster = {}, audience, options = {} }: Party = {},
): Connection {
  const context: ResolvedContext = {
    context: 'kind-dev',
    cluster: {
      name: 'c',
      server,
      certificateAuthority: '',
      certificateAuthorityData: '',
      tlsServerName: '',
      insecureSkipTlsVerify: true,
      proxyUrl: '',
      ...cluster,
    },
    user: {
      name: 'u',
      clientCertificate: '',
      clientCertificateData: '',
      clientKey: '',
      clientKeyData: '',
      token: 'abc',
      tokenFile: '',
      username: '',
      password: '',
      as: '',
      asUid: '',
      asGroups: [],
      asUserExtra: {},
      ...user,
    },
    namespace: 'default',
    origin: 'test',
  };
  return new Connection(context, { allowExec: true, env: process.env, ...options }, audience);
}
