import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';

/** A message that waits to be sent, encoded before any clock starts. */
export type Frame = Buffer;

interface Answer {
  /** When the last byte of it arrived, by `performance.now()`. */
  readonly at: number;
  readonly body: Buffer;
}

const encode = (message: object): Frame => {
  const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
  return Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]);
};

/** What the editor announces: that it pulls diagnostics, so that a server may answer at once. */
const CAPABILITIES = {
  workspace: { configuration: false, workspaceFolders: true },
  textDocument: {
    diagnostic: {},
    publishDiagnostics: { versionSupport: true },
    hover: { contentFormat: ['markdown'] },
    completion: { completionItem: { snippetSupport: true } },
  },
};

/** A language server as a process of its own, and the least client for it: what it costs to encode is not measured. */
export class BenchClient {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #published: ((answer: Answer) => void) | undefined;
  #rest: Buffer = Buffer.alloc(0);
  #id = 0;
  pulls = false;

  constructor(command: readonly string[]) {
    const [program = '', ...args] = command;
    this.#child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'] });
    this.#child.stdout?.on('data', (chunk: Buffer) => this.#take(chunk));
  }

  async initialize(folder: string | null): Promise<void> {
    const workspaceFolders = folder === null ? null : [{ uri: folder, name: 'bench' }];
    const params = { processId: process.pid, rootUri: folder, workspaceFolders, capabilities: CAPABILITIES };
    const { body } = await this.request('initialize', params);
    const { result } = JSON.parse(body.toString()) as { result: { capabilities: { diagnosticProvider?: unknown } } };
    this.pulls = result.capabilities.diagnosticProvider !== undefined;
    this.send(this.notification('initialized', {}));
  }

  notification(method: string, params: object): Frame {
    return encode({ method, params });
  }

  /** A request, and the answer to it. */
  prepared(method: string, params: object | null): { readonly frame: Frame; readonly answer: Promise<Answer> } {
    const id = ++this.#id;
    const answer = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve));
    return { frame: encode({ id, method, params }), answer };
  }

  request(method: string, params: object | null): Promise<Answer> {
    const { frame, answer } = this.prepared(method, params);
    this.send(frame);
    return answer;
  }

  send(...frames: readonly Frame[]): void {
    this.#child.stdin?.write(frames.length === 1 ? (frames[0] ?? '') : Buffer.concat(frames));
  }

  /** The next diagnostics that the server publishes. */
  published(): Promise<Answer> {
    return new Promise((resolve) => (this.#published = resolve));
  }

  /** Processor time of all the server's threads so far, in ms; 0 where the system does not tell. */
  cpu(): number {
    try {
      const stat = fs.readFileSync(`/proc/${this.#child.pid ?? 0}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return (Number(fields[11]) + Number(fields[12])) * 10;
    } catch {
      return 0;
    }
  }

  /** Resident memory in MiB; 0 where the system does not tell. */
  memory(): number {
    try {
      const status = fs.readFileSync(`/proc/${this.#child.pid ?? 0}/status`, 'utf8');
      return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024;
    } catch {
      return 0;
    }
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }

  #take(chunk: Buffer): void {
    const at = performance.now();
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const head = this.#rest.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/content-length: *(\d+)/i.exec(this.#rest.toString('latin1', 0, head))?.[1] ?? 0);
      const end = head + 4 + length;
      if (this.#rest.length < end) return;
      const body = this.#rest.subarray(head + 4, end);
      this.#rest = this.#rest.subarray(end);
      this.#deliver({ at, body });
    }
  }

  #deliver(answer: Answer): void {
    const text = answer.body.toString('utf8', 0, 200);
    if (text.includes('"textDocument/publishDiagnostics"')) {
      const waits = this.#published;
      this.#published = undefined;
      waits?.(answer);
      return;
    }
    const message = JSON.parse(answer.body.toString()) as { id?: number; method?: string };
    if (message.method !== undefined) {
      if (message.id !== undefined) this.send(encode({ id: message.id, result: null }));
      return;
    }
    const waits = this.#waiting.get(message.id ?? -1);
    this.#waiting.delete(message.id ?? -1);
    waits?.(answer);
  }
}
