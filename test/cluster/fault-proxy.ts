import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { plane } from './plane.ts';

/** What happens to a request instead of being passed on and answered. */
export type Fault =
  /** The server never sees it, and answers this. */
  | { readonly answer: number; readonly body?: unknown; readonly headers?: Record<string, string> }
  /** The server never sees it; the connection is closed. */
  | 'drop-request'
  /** The server does it; the connection is closed before the answer. */
  | 'drop-answer'
  /** The server does it; the answer comes so many milliseconds late. */
  | { readonly delay: number };

/** A plain http server in front of the API server, that fails as a test wants. It passes the caller's token on. */
export class FaultProxy {
  readonly seen: string[] = [];
  /** How many connections were ever opened. */
  connections = 0;
  /** Asked for each request; undefined passes it on. */
  fault: (request: IncomingMessage) => Fault | undefined = () => undefined;
  readonly #server: Server;
  readonly #agent: https.Agent;
  readonly #target: URL;
  readonly #sockets = new Set<Socket>();
  readonly #frozen = new WeakSet<Socket>();

  constructor() {
    const config = JSON.parse(readFileSync(plane.kubeconfig, 'utf8')) as {
      clusters: [{ cluster: { server: string; 'certificate-authority-data': string } }];
    };
    const { server, 'certificate-authority-data': ca } = config.clusters[0].cluster;
    this.#target = new URL(server);
    this.#agent = new https.Agent({ keepAlive: true, ca: Buffer.from(ca, 'base64') });
    this.#server = createServer((request, response) => this.#serve(request, response));
    this.#server.on('connection', (socket) => {
      this.connections++;
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  /** Starts to listen; the address to use in place of the API server's. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Makes every connection that is open now half-open: it stands, and nothing comes through it any more. */
  freeze(): void {
    for (const socket of this.#sockets) this.#frozen.add(socket);
  }

  /** Cuts every connection that is open now. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  stop(): void {
    this.cut();
    this.#server.close();
    this.#agent.destroy();
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    if (this.#frozen.has(request.socket)) return;
    this.seen.push(`${request.method} ${request.url}`);
    const fault = this.fault(request);
    if (fault === 'drop-request') {
      request.socket.destroy();
      return;
    }
    if (typeof fault === 'object' && 'answer' in fault) {
      request.resume();
      response.writeHead(fault.answer, { 'content-type': 'application/json', ...fault.headers });
      response.end(JSON.stringify(fault.body ?? {}));
      return;
    }
    const headers = { ...request.headers };
    delete headers.host;
    const onward = https.request(
      {
        agent: this.#agent,
        host: this.#target.hostname,
        port: this.#target.port,
        method: request.method,
        path: request.url,
        headers,
      },
      (answer) => {
        if (fault === 'drop-answer') {
          answer.resume();
          answer.on('end', () => request.socket.destroy());
          return;
        }
        const pass = (): void => {
          response.writeHead(answer.statusCode ?? 500, answer.headers);
          response.flushHeaders();
          answer.on('data', (part: Buffer) => void (this.#frozen.has(request.socket) || response.write(part)));
          answer.on('end', () => void (this.#frozen.has(request.socket) || response.end()));
          response.on('close', () => answer.destroy());
        };
        if (typeof fault === 'object') setTimeout(pass, fault.delay);
        else pass();
      },
    );
    onward.on('error', () => request.socket.destroy());
    request.pipe(onward);
  }
}
