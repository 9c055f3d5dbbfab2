import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type Diagnostic,
  type MessageConnection,
} from 'vscode-languageserver/node';
import { ROOT } from '../../client/scripts/lib/paths.ts';

const PROGRAM = path.join(ROOT, 'node_modules/yaml-language-server/bin/yaml-language-server');

/** Manifests as schemas of Kubernetes describe them, as far as annotations go: a map of texts. */
const SCHEMA = {
  type: 'object',
  properties: {
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: {
      type: 'object',
      description: 'Standard object metadata.',
      properties: {
        name: { type: 'string' },
        annotations: { type: 'object', description: 'Annotations.', additionalProperties: { type: 'string' } },
      },
    },
  },
};

/** Red Hat's language server for YAML, as its extension runs it: with a schema for every file. */
export class YamlServer {
  readonly connection: MessageConnection;
  readonly #child: ChildProcess;
  readonly #folder = fs.mkdtempSync(path.join(os.tmpdir(), 'argocd-hooks-yaml-'));
  readonly #schema = path.join(this.#folder, 'kubernetes.json');
  readonly #published = new Map<string, readonly Diagnostic[]>();

  constructor() {
    const child = spawn(process.execPath, [PROGRAM, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child = child;
    this.connection = createMessageConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    this.connection.onNotification('textDocument/publishDiagnostics', (params: Published) => {
      this.#published.set(params.uri, params.diagnostics);
    });
    this.connection.onRequest('workspace/configuration', ({ items }: Asked) =>
      items.map(({ section }) => (section === 'yaml' ? this.#settings() : null)),
    );
    this.connection.onRequest('client/registerCapability', () => null);
    this.connection.listen();
  }

  async start(): Promise<void> {
    await this.connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: null,
      capabilities: {
        workspace: { configuration: true },
        textDocument: { completion: { completionItem: { snippetSupport: true } } },
      },
    });
    await this.connection.sendNotification('initialized', {});
    fs.writeFileSync(this.#schema, JSON.stringify(SCHEMA));
    await this.connection.sendNotification('workspace/didChangeConfiguration', {
      settings: { yaml: this.#settings() },
    });
  }

  #settings(): object {
    const schemas = { [pathToFileURL(this.#schema).href]: '*.yaml' };
    return { validate: true, hover: true, completion: true, schemaStore: { enable: false }, schemas };
  }

  /** Opens a text and gives what it has to say about it. */
  async open(uri: string, text: string): Promise<readonly Diagnostic[]> {
    await this.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId: 'yaml', version: 1, text },
    });
    for (let turn = 0; turn < 400 && !this.#published.has(uri); turn++)
      await new Promise((resolve) => setTimeout(resolve, 25));
    const published = this.#published.get(uri);
    if (!published) throw new Error('the YAML server published nothing');
    return published;
  }

  end(): void {
    this.connection.dispose();
    this.#child.kill();
    fs.rmSync(this.#folder, { recursive: true });
  }
}

interface Asked {
  readonly items: readonly { readonly section?: string }[];
}

interface Published {
  readonly uri: string;
  readonly diagnostics: readonly Diagnostic[];
}
