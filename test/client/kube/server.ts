import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll } from 'vitest';
import type { ClusterEntry, ResolvedContext, UserEntry } from '#core/kubeconfig/model';
import type { Audience } from '../../../client/src/kube/audience.ts';
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
}

/** A connection with a token (or as the test says), to a server at an address. */
export function connectionTo(server: string, { user = {}, cluster = {}, audience }: Party = {}): Connection {
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
  return new Connection(context, { allowExec: true, env: process.env }, audience);
}
