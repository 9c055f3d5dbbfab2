import { PassThrough } from 'node:stream';
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type ClientCapabilities,
  type CodeLens,
  type Diagnostic,
  type InitializeResult,
  type MessageConnection,
} from 'vscode-languageserver/node';
import { connect } from '../../server/src/lsp/connection.ts';
import { FrameReader, FrameWriter } from '../../server/src/lsp/framing.ts';
import { startServer } from '../../server/src/lsp/server.ts';
import { FILE_ENTRIES, FIND_FILES, type FileParams } from '../../server/src/lsp/protocol.ts';
import type { Files } from '../../server/src/workspace/files.ts';
import type { Revisions } from '../../server/src/workspace/revisions.ts';
import type { Cancellation, RenderJob, RenderOutput } from '../../server/src/workspace/render/model.ts';
import { MemoryRenderer } from '../workspace/render/memory-renderer.ts';
import { MemoryTree } from '../workspace/memory-tree.ts';

export const ROOT = 'file:///work%20space/shop';

/** What a modern editor announces, as far as the server looks at it. */
export const FULL: ClientCapabilities = {
  workspace: {
    configuration: true,
    workspaceFolders: true,
    didChangeConfiguration: { dynamicRegistration: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
    codeLens: { refreshSupport: true },
    diagnostics: { refreshSupport: true },
  },
  textDocument: {
    diagnostic: { dynamicRegistration: true },
    publishDiagnostics: { codeDescriptionSupport: true, versionSupport: true },
    hover: { contentFormat: ['markdown', 'plaintext'] },
    codeAction: {
      isPreferredSupport: true,
      codeActionLiteralSupport: { codeActionKind: { valueSet: ['', 'quickfix', 'source', 'source.fixAll'] } },
    },
    completion: {
      completionItem: {
        snippetSupport: true,
        documentationFormat: ['markdown', 'plaintext'],
        insertTextModeSupport: { valueSet: [1, 2] },
      },
      completionList: { itemDefaults: ['editRange'] },
    },
  },
};

/** The same of a client that waits for diagnostics to be published. */
export const WITHOUT_PULL: ClientCapabilities = { ...FULL, textDocument: withoutPull(FULL.textDocument) };

function withoutPull(textDocument: ClientCapabilities['textDocument']): NonNullable<typeof textDocument> {
  const less = { ...textDocument };
  delete less.diagnostic;
  return less;
}

export interface SessionOptions {
  readonly capabilities?: ClientCapabilities;
  /** Files on the imaginary disk, by path. */
  readonly files?: Record<string, string>;
  /** Answers to `workspace/configuration`: the section by the scope's URI, `''` for none. */
  readonly settings?: Record<string, unknown>;
  /** `workspace/configuration` is answered when this resolves; at once where it is absent. */
  readonly configuring?: Promise<void>;
  readonly folders?: readonly string[] | null;
  /** Folders that cannot be read, each with why. */
  readonly unreadable?: Readonly<Record<string, string>>;
  /** The workspace's files are listed when this resolves; at once where it is absent. */
  readonly listing?: Promise<void>;
  /** The server reaches no files itself: they come from the client. `walk`: the client's editor has no search. */
  readonly clientFiles?: 'search' | 'walk';
  /** Earlier states of the files. */
  readonly revisions?: Revisions;
  readonly initializationOptions?: object;
  /** The tool of a renderer over the imaginary disk. */
  readonly tool?: (job: RenderJob, cancellation: Cancellation) => RenderOutput | Promise<RenderOutput>;
  readonly trusted?: boolean;
}

/** A whole server in this process, and a client that talks to it over streams. */
export class TestSession {
  readonly client: MessageConnection;
  /** Everything that the server sent by itself: method and params. */
  readonly received: { method: string; params: unknown }[] = [];
  readonly exits: number[] = [];
  readonly disk: Map<string, string>;
  settings: Record<string, unknown>;
  result: InitializeResult | undefined;
  readonly #options: SessionOptions;

  constructor(options: SessionOptions = {}) {
    this.#options = options;
    this.disk = new Map(Object.entries(options.files ?? {}));
    this.settings = options.settings ?? {};
    const up = new PassThrough();
    const down = new PassThrough();
    const exits = this.exits;
    const connection = connect(new FrameReader(up), new FrameWriter(down), {
      shutdownReceived: false,
      initialize: () => undefined,
      exit: (code) => exits.push(code),
    });
    const files: Files = {
      read: (path) => Promise.resolve(this.disk.get(path)),
      list: async () => {
        await options.listing;
        return [...this.disk.keys()].sort();
      },
      unreadableFolders: () => new Map(Object.entries(options.unreadable ?? {})),
    };
    const { tool } = options;
    startServer(connection, {
      version: '0.0.0',
      filesOf: () => (options.clientFiles ? undefined : files),
      revisionsOf: () => options.revisions,
      ...(tool ? { rendererOf: (_folder, { network }) => new MemoryRenderer(this.disk, tool, network) } : {}),
    });
    connection.listen();
    this.client = createMessageConnection(new StreamMessageReader(down), new StreamMessageWriter(up));
    this.client.onRequest((method: string, params: unknown) => this.#answer(method, params));
    this.client.onNotification((method: string, params: unknown) => void this.received.push({ method, params }));
    this.client.listen();
  }

  #answer(method: string, params: unknown): unknown {
    this.received.push({ method, params });
    if (method.startsWith('argocdHooks/files/')) return this.#file(method, params as FileParams);
    if (method !== 'workspace/configuration') return null;
    return this.#configuration((params as { items: { scopeUri?: string }[] }).items);
  }

  async #configuration(items: readonly { scopeUri?: string }[]): Promise<unknown[]> {
    await this.#options.configuring;
    return items.map(({ scopeUri }) => this.settings[scopeUri ?? ''] ?? null);
  }

  /** What an editor answers of its files. */
  async #file(method: string, { path }: FileParams): Promise<unknown> {
    if (method === FIND_FILES) return this.#options.clientFiles === 'search' ? [...this.disk.keys()] : null;
    const tree = new MemoryTree(this.disk);
    return method === FILE_ENTRIES ? tree.entries(path) : tree.read(path);
  }

  async start(): Promise<this> {
    const { capabilities = FULL, folders = [ROOT] } = this.#options;
    this.result = await this.client.sendRequest<InitializeResult>('initialize', {
      processId: null,
      rootUri: null,
      capabilities,
      initializationOptions: {
        ...(this.#options.clientFiles ? { files: true } : {}),
        ...this.#options.initializationOptions,
        ...(this.#options.trusted ? { trusted: true } : {}),
      },
      workspaceFolders: folders?.map((uri) => ({ uri, name: uri })) ?? null,
    });
    await this.client.sendNotification('initialized', {});
    return this;
  }

  open(path: string, text: string, version = 1): Promise<void> {
    const textDocument = { uri: `${ROOT}/${path}`, languageId: 'yaml', version, text };
    return this.client.sendNotification('textDocument/didOpen', { textDocument });
  }

  change(path: string, version: number, ...contentChanges: readonly object[]): Promise<void> {
    return this.client.sendNotification('textDocument/didChange', {
      textDocument: { uri: `${ROOT}/${path}`, version },
      contentChanges,
    });
  }

  close(path: string): Promise<void> {
    return this.client.sendNotification('textDocument/didClose', { textDocument: { uri: `${ROOT}/${path}` } });
  }

  ask<Result>(method: string, path: string, params: object = {}): Promise<Result> {
    return this.client.sendRequest<Result>(method, { textDocument: { uri: `${ROOT}/${path}` }, ...params });
  }

  async diagnostics(path: string): Promise<Diagnostic[]> {
    return (await this.ask<{ items: Diagnostic[] }>('textDocument/diagnostic', path)).items;
  }

  /** The lenses of a file as they look when all of them are in sight. */
  async lenses(path: string): Promise<CodeLens[]> {
    const lenses = await this.ask<CodeLens[]>('textDocument/codeLens', path);
    return Promise.all(
      lenses.map(async (lens) => (lens.command ? lens : this.client.sendRequest<CodeLens>('codeLens/resolve', lens))),
    );
  }

  /** Params of everything of one method that came so far. */
  sent(method: string): unknown[] {
    return this.received.filter((message) => message.method === method).map(({ params }) => params);
  }

  /** Waits until something holds. */
  async until(holds: () => boolean): Promise<void> {
    for (let i = 0; i < 400 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
    if (!holds()) throw new Error(`waited in vain; received ${this.received.map(({ method }) => method).join(', ')}`);
  }

  async end(): Promise<void> {
    await this.client.sendRequest('shutdown');
    await this.client.sendNotification('exit');
    this.client.dispose();
  }
}

export const job = (name: string, annotations: string, kind = 'Job'): string =>
  `apiVersion: ${kind === 'Job' ? 'batch/v1' : 'v1'}\nkind: ${kind}\nmetadata:\n  name: ${name}\n  annotations:\n${annotations
    .split('\n')
    .map((line) => `    ${line}\n`)
    .join('')}`;
