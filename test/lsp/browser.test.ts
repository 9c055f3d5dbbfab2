import vm from 'node:vm';
import {
  AbstractMessageReader,
  AbstractMessageWriter,
  createMessageConnection,
  type CompletionList,
  type DataCallback,
  type Disposable,
  type InitializeResult,
  type Message,
  type MessageConnection,
} from 'vscode-languageserver/node';
import { beforeAll, expect, test } from 'vitest';
import { webFiles } from '../../client/scripts/lib/bundle.ts';
import {
  APPLICATIONS,
  FILE_ENTRIES,
  FIND_FILES,
  PLAN,
  READ_FILE,
  type ApplicationSummary,
  type FileParams,
  type PlanResult,
} from '../../server/src/lsp/protocol.ts';
import { MemoryTree } from '../workspace/memory-tree.ts';
import { FULL, job } from './harness.ts';

let script = '';
beforeAll(async () => {
  script = (await webFiles()).get('web/server.js') ?? '';
}, 60_000);

/** What a worker has, and nothing of Node: no process, no require, no Buffer. */
const SCOPE = {
  setTimeout,
  clearTimeout,
  setInterval,
  clearInterval,
  queueMicrotask,
  TextDecoder,
  TextEncoder,
  performance,
};

/** The end of a channel on the page's side: messages cross it as structured clones do, in a later turn. */
class PagePort extends AbstractMessageReader {
  #take: DataCallback = () => undefined;
  readonly #deliver: (text: string) => void;
  closed = false;
  readonly writer: Writer;

  constructor() {
    super();
    const self = {
      addEventListener: () => undefined,
      postMessage: (message: unknown) => {
        const text = JSON.stringify(message);
        setImmediate(() => this.#take(JSON.parse(text) as Message));
      },
      close: () => {
        this.closed = true;
      },
    };
    const context = vm.createContext({ ...SCOPE, self });
    vm.runInContext(script, context, { filename: 'server.js' });
    this.#deliver = vm.runInContext('(text) => self.onmessage({ data: JSON.parse(text) })', context) as (
      text: string,
    ) => void;
    this.writer = new Writer((text) => setImmediate(() => this.#deliver(text)));
  }

  listen(callback: DataCallback): Disposable {
    this.#take = callback;
    return { dispose: () => undefined };
  }
}

class Writer extends AbstractMessageWriter {
  readonly #send: (text: string) => void;

  constructor(send: (text: string) => void) {
    super();
    this.#send = send;
  }

  write(message: Message): Promise<void> {
    this.#send(JSON.stringify(message));
    return Promise.resolve();
  }

  end(): void {}
}

const FOLDER = 'vscode-vfs://github/acme/shop';
const FILES = new Map([
  ['apps/web/migrate.yaml', job('migrate', 'argocd.argoproj.io/hook: PreSync')],
  ['apps/web/settings.yaml', job('settings', 'argocd.argoproj.io/sync-wave: "2"', 'ConfigMap')],
]);

async function connected(): Promise<{ client: MessageConnection; port: PagePort; result: InitializeResult }> {
  const port = new PagePort();
  const client = createMessageConnection(port, port.writer);
  const tree = new MemoryTree(FILES);
  client.onRequest(FIND_FILES, () => null);
  client.onRequest(FILE_ENTRIES, ({ path }: FileParams) => tree.entries(path));
  client.onRequest(READ_FILE, ({ path }: FileParams) => tree.read(path));
  client.onRequest('workspace/configuration', ({ items }: { items: unknown[] }) => items.map(() => null));
  client.onRequest('client/registerCapability', () => null);
  client.onRequest('workspace/codeLens/refresh', () => null);
  client.onRequest('workspace/diagnostic/refresh', () => null);
  client.listen();
  const result = await client.sendRequest<InitializeResult>('initialize', {
    processId: null,
    rootUri: null,
    capabilities: FULL,
    initializationOptions: { files: true },
    workspaceFolders: [{ uri: FOLDER, name: 'shop' }],
  });
  await client.sendNotification('initialized', {});
  return { client, port, result };
}

test('the language server serves a page from a worker that has nothing of Node', async () => {
  const { client, port, result } = await connected();
  expect(result.serverInfo?.version).toMatch(/^\d+\.\d+\.\d+/);
  const [web] = await client.sendRequest<ApplicationSummary[]>(APPLICATIONS);
  expect(web).toMatchObject({ folder: FOLDER, path: 'apps/web', name: 'web', resources: 2, hooks: 1 });
  const plan = await client.sendRequest<PlanResult | null>(PLAN, { application: web });
  expect(plan?.plan.plans.sync.phases.map(({ phase }) => phase)).toEqual(['PreSync', 'Sync']);
  const uri = `${FOLDER}/apps/web/migrate.yaml`;
  const text = job('migrate', 'argocd.argoproj.io/hook: presync');
  await client.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'yaml', version: 1, text },
  });
  const textDocument = { uri };
  const report = await client.sendRequest<{ items: { code: string }[] }>('textDocument/diagnostic', { textDocument });
  expect(report.items.map(({ code }) => code)).toEqual(['unknown-hook-phase']);
  const line = text.split('\n').findIndex((l) => l.includes('hook:'));
  const position = { line, character: text.split('\n')[line]?.length ?? 0 };
  const list = await client.sendRequest<CompletionList>('textDocument/completion', { textDocument, position });
  expect(list.items.map(({ label }) => label)).toContain('PreSync');
  await client.sendRequest('shutdown');
  await client.sendNotification('exit');
  await expect.poll(() => port.closed).toBe(true);
  client.dispose();
});

test('what a browser loads asks for no module but vscode', async () => {
  const files = await webFiles();
  expect([...files.keys()].sort()).toEqual(['web/extension.js', 'web/server.js']);
  const asked = [...files.values()].flatMap((text) => [
    ...text.matchAll(/\b(?:require|import)\(["'`]([^"'`]+)["'`]\)/g),
  ]);
  expect([...new Set(asked.map((match) => match[1]))]).toEqual(['vscode']);
});
